"""Sending, replying, editing, deleting, copying: what the person then sees."""

import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup
from telegram.error import BadRequest

from playground.telegram import ClientRefusalError


@pytest.fixture
def chat(world, anna):
    return world.start(anna).chat


async def test_numbers_of_messages(world, anna, supergroup, group, client):
    boris = world.create_user("Boris")
    first = world.start(anna)
    second = world.start(boris)
    third = world.send_text(anna, "x", chat=group)
    # One count per bot over private chats and basic groups ...
    assert second.message_id == first.message_id + 1
    assert third.message_id == second.message_id + 1
    # ... and one for each supergroup.
    fourth = world.send_text(anna, "x", chat=supergroup)
    assert fourth.message_id == supergroup.last_message_id
    assert fourth.message_id < third.message_id


async def test_reply(client, world, anna, chat):
    question = world.history(anna)[0]
    sent = await client.send_message(anna.id, "answer", reply_to_message_id=question.message_id)
    assert sent.reply_to_message.text == "/start"
    assert world.history(anna)[-1].reply_to is question


async def test_reply_to_a_deleted_message(client, world, anna, chat):
    question = world.history(anna)[0]
    world.delete_by_person(anna, question)
    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await client.send_message(anna.id, "x", reply_to_message_id=question.message_id)
    sent = await client.send_message(
        anna.id, "x", reply_to_message_id=question.message_id, allow_sending_without_reply=True
    )
    assert sent.reply_to_message is None


async def test_keyboards_shown_and_echoed(client, world, anna, chat):
    sent = await client.send_message(anna.id, "x", reply_markup=ReplyKeyboardMarkup([["A"]]))
    assert sent.reply_markup is None
    assert world.history(anna)[-1].shown_markup["keyboard"] == [[{"text": "A"}]]
    rows = [[InlineKeyboardButton("Site", url="https://example.com")]]
    sent = await client.send_message(anna.id, "x", reply_markup=InlineKeyboardMarkup(rows))
    assert sent.reply_markup.inline_keyboard[0][0].url == "https://example.com/"


async def test_edit_replaces_text_and_keyboard(client, world, anna, chat):
    rows = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    sent = await client.send_message(anna.id, "one", reply_markup=rows)
    edited = await sent.edit_text("two")
    seen = world.history(anna)[-1]
    assert (seen.text, seen.labels) == ("two", [])
    assert edited.edit_date is not None
    assert world.events(kind="edited")[-1].data["text"] == "two"
    await sent.edit_reply_markup(rows)
    assert seen.labels == ["A"]


async def test_edit_caption_and_media(client, world, anna, chat, jpeg, mp4):
    sent = await client.send_photo(anna.id, jpeg(), caption="one")
    await sent.edit_caption("two")
    assert world.history(anna)[-1].text == "two"
    changed = await sent.edit_media(telegram.InputMediaVideo(mp4(), caption="three"))
    assert (changed.video.width, changed.caption) == (640, "three")
    assert world.history(anna)[-1].media.content == mp4()


async def test_a_text_can_become_media(client, world, anna, chat, jpeg):
    sent = await client.send_message(anna.id, "wait")
    changed = await sent.edit_media(telegram.InputMediaPhoto(jpeg()))
    assert changed.photo
    assert world.history(anna)[-1].kind == "photo"


async def test_delete(client, world, anna, chat):
    sent = await client.send_message(anna.id, "x")
    assert await sent.delete()
    assert sent.message_id not in [message.message_id for message in world.history(anna)]
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await sent.delete()


async def test_a_bot_deletes_for_two_days(client, world, anna, chat):
    sent = await client.send_message(anna.id, "x")
    world.advance(48 * 3600)
    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
        await sent.delete()


async def test_delete_many_skips_unknown_ones(client, world, anna, chat):
    sent = await client.send_message(anna.id, "x")
    assert await client.delete_messages(anna.id, [sent.message_id, 999])
    assert len(world.history(anna)) == 1


async def test_the_person_deletes_what_the_bot_wrote(client, world, anna, chat):
    sent = await client.send_message(anna.id, "x")
    world.delete_by_person(anna, world.history(anna)[-1])
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await sent.edit_text("y")


async def test_copy_and_forward(client, world, anna, chat, jpeg):
    sent = await client.send_photo(anna.id, jpeg(), caption="one")
    copied = await client.copy_message(anna.id, anna.id, sent.message_id, caption="two")
    seen = world.history(anna)[-1]
    assert (seen.message_id, seen.text, seen.origin) == (copied.message_id, "two", {})
    forwarded = await client.forward_message(anna.id, anna.id, sent.message_id)
    assert forwarded.forward_origin.sender_user.id == world.bot.id
    assert forwarded.caption == "one"
    ids = await client.copy_messages(anna.id, anna.id, [sent.message_id, 999])
    assert len(ids) == 1
    ids = await client.forward_messages(anna.id, anna.id, [sent.message_id])
    assert world.history(anna)[-1].origin


async def test_protected_messages_are_not_forwarded(client, world, anna, chat):
    sent = await client.send_message(anna.id, "x", protect_content=True)
    assert sent.has_protected_content
    with pytest.raises(BadRequest, match=r"(?i)message can't be forwarded"):
        await client.forward_message(anna.id, anna.id, sent.message_id)


async def test_what_a_person_cannot_do(client, world, anna, chat, group):
    sent = await client.send_message(anna.id, "x")
    message = world.history(anna)[-1]
    with pytest.raises(ClientRefusalError, match="own messages"):
        world.edit(anna, message, "y")
    with pytest.raises(ClientRefusalError, match="too long"):
        world.edit(anna, world.history(anna)[0], "x" * 4097)
    with pytest.raises(ClientRefusalError, match="no button"):
        world.press(anna, message, "A")
    await sent.delete()
    with pytest.raises(ClientRefusalError, match="cannot see"):
        world.press(anna, message, "A")


async def test_a_press_in_a_group_goes_to_the_author(world, anna, group):
    other = world.create_bot("Other")
    world.add(group, other)
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    params = {"chat_id": group.id, "text": "x", "reply_markup": keyboard}
    world.call(other, "sendMessage", params)
    query = world.press(anna, world.history(group)[-1], "A")
    assert query.bot is other
    assert other.mailbox.waiting[-1].kind == "callback_query"
    assert world.bot.mailbox.waiting[-1].kind != "callback_query"


async def test_pin_and_reaction(client, world, anna, chat):
    sent = await client.send_message(anna.id, "x")
    await sent.pin()
    assert (await client.get_chat(anna.id)).pinned_message.message_id == sent.message_id
    await sent.unpin()
    assert (await client.get_chat(anna.id)).pinned_message is None
    await sent.pin()
    await client.unpin_all_chat_messages(anna.id)
    assert not chat.pinned
    await sent.set_reaction("👍")
    assert world.from_bot(anna)[-1].reactions[world.bot.id][0]["emoji"] == "👍"


async def test_chat_action(client, world, anna, chat):
    assert await client.send_chat_action(anna.id, "upload_video")
    (event,) = world.events(kind="chat_action")
    assert (event.data["chat_id"], event.data["action"]) == (anna.id, "upload_video")


async def test_forwarded_by_a_person(api, world, anna, channel):
    post = world.send_text(anna, "post", chat=channel)
    world.send_text(anna, "x", forwarded_from="Hidden Name")
    world.send_text(anna, "x", forwarded_from=world.create_user("Boris"))
    world.send_text(anna, "x", forwarded_from=channel)
    world.send_text(anna, "x", forwarded_from=post)
    await api.updates(offset=-4)
    origins = [update["message"]["forward_origin"] for update in await api.updates()]
    assert [origin["type"] for origin in origins] == ["hidden_user", "user", "channel", "channel"]
    assert origins[3]["message_id"] == post.message_id
