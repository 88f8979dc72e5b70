"""Groups, privacy, channels, topics, membership and blocking."""

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden

from playground.telegram import ClientRefusalError


async def arrived(client, kind="message"):
    return [
        getattr(update, kind) for update in await client.get_updates() if getattr(update, kind)
    ]


async def forget(api):
    await api.updates(offset=-1)
    await api.updates(offset=(await api.updates())[-1]["update_id"] + 1)


# Privacy


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("hello", False),
        ("@{bot} hello", False),
        ("/help", True),
        ("/help@{bot} me", True),
        ("/help@other_bot", False),
        ("see /help", False),
    ],
)
async def test_privacy(client, world, anna, group, api, text, seen):
    await forget(api)
    world.send_text(anna, text.format(bot=world.bot.username), chat=group)
    assert bool(await arrived(client)) is seen


async def test_replies_to_the_bot_pass_privacy(client, world, anna, group, api):
    await forget(api)
    await client.send_message(group.id, "question")
    world.send_text(anna, "answer", chat=group, reply_to=world.history(group)[-1])
    other = world.send_text(anna, "aside", chat=group)
    world.send_text(anna, "reply", chat=group, reply_to=other)
    assert [message.text for message in await arrived(client)] == ["answer"]


async def test_photos_with_a_command_as_caption_pass_privacy(
    client, world, anna, group, api, jpeg
):
    await forget(api)
    world.send_photo(anna, jpeg(), "look", chat=group)
    world.send_photo(anna, jpeg(), "/video dance", chat=group)
    assert [message.caption for message in await arrived(client)] == ["/video dance"]


async def test_an_administrator_sees_everything(client, world, anna, group, api):
    world.promote(group, world.bot)
    await forget(api)
    world.send_text(anna, "hello", chat=group)
    assert len(await arrived(client)) == 1


async def test_privacy_counts_from_the_moment_of_joining(client, world, anna, group, api):
    world.bot.privacy = False
    world.promote(group, world.bot)
    world.demote(group, world.bot)
    await forget(api)
    world.send_text(anna, "hello", chat=group)
    assert not await arrived(client)
    world.remove(group, world.bot)
    world.add(group, world.bot)
    await forget(api)
    world.send_text(anna, "hello", chat=group)
    assert len(await arrived(client)) == 1
    assert (await client.get_me()).can_read_all_group_messages


async def test_bots_do_not_see_bots(world, anna, group, api):
    other = world.create_bot("Other", privacy=False)
    world.add(group, other)
    await api("sendMessage", chat_id=group.id, text="/hello")
    kinds = [update.body for update in other.mailbox.waiting if "text" in update.body]
    assert kinds == []


async def test_two_bots_count_their_messages_apart(world, anna, group, api):
    other = world.create_bot("Other", privacy=False)
    world.add(group, other)
    message = world.send_text(anna, "/hello", chat=group)
    seen = world.bot.mailbox.waiting[-1].body["message_id"]
    assert other.mailbox.waiting[-1].body["message_id"] != seen
    assert world.find(world.bot, group, seen) is message


# Belonging


async def test_added_promoted_and_removed(client, world, anna, group):
    world.promote(group, world.bot, can_delete_messages=False)
    admin = await client.get_chat_member(group.id, world.bot.id)
    assert (admin.status, admin.can_delete_messages) == ("administrator", False)
    assert {member.status for member in await client.get_chat_administrators(group.id)} == {
        "creator",
        "administrator",
    }
    assert await client.get_chat_member_count(group.id) == 2
    world.remove(group, world.bot)
    updates = await client.get_updates()
    changes = [update.my_chat_member for update in updates if update.my_chat_member]
    steps = [(c.old_chat_member.status, c.new_chat_member.status) for c in changes]
    assert steps == [("left", "member"), ("member", "administrator"), ("administrator", "kicked")]
    joined = [
        u.message.new_chat_members for u in updates if u.message and u.message.new_chat_members
    ]
    assert joined[0][0].id == world.bot.id
    assert updates[-2].message.left_chat_member.id == world.bot.id
    with pytest.raises(Forbidden, match="kicked from the group chat"):
        await client.send_message(group.id, "x")


async def test_other_bots_are_not_listed_as_administrators(client, world, anna, group):
    for bot in (world.bot, world.create_bot("Other")):
        world.add(group, bot)
        world.promote(group, bot)
    listed = await client.get_chat_administrators(group.id)
    assert {member.user.id for member in listed} == {anna.id, world.bot.id}


async def test_members_known_and_unknown(client, world, anna, group):
    boris = world.create_user("Boris")
    assert (await client.get_chat_member(group.id, anna.id)).status == "creator"
    assert (await client.get_chat_member(group.id, boris.id)).status == "left"
    with pytest.raises(BadRequest, match=r"(?i)participant_id_invalid"):
        await client.get_chat_member(group.id, 5)
    with pytest.raises(ClientRefusalError):
        world.send_text(boris, "x", chat=group)


async def test_restricted(client, world, group):
    world.restrict(group, world.bot, can_send_messages=False)
    assert (await client.get_chat_member(group.id, world.bot.id)).status == "restricted"
    with pytest.raises(BadRequest, match=r"(?i)not enough rights to send text messages"):
        await client.send_message(group.id, "x")


async def test_leaving(client, world, group):
    assert await client.leave_chat(group.id)
    with pytest.raises(Forbidden, match=r"(?i)bot is not a member of the group chat"):
        await client.send_message(group.id, "x")
    assert world.history(group)[-1].service["left_chat_member"]["id"] == world.bot.id


async def test_migration(client, world, anna, group):
    new = world.migrate(group)
    with pytest.raises(ChatMigrated) as caught:
        await client.send_message(group.id, "x")
    assert caught.value.new_chat_id == new.id
    assert str(new.id).startswith("-100")
    services = await arrived(client)
    assert services[-2].migrate_to_chat_id == new.id
    assert services[-1].migrate_from_chat_id == group.id
    assert await client.send_message(new.id, "here")


async def test_blocking(client, world, anna):
    world.start(anna)
    world.block(anna)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await client.send_message(anna.id, "x")
    with pytest.raises(ClientRefusalError):
        world.send_text(anna, "x")
    with pytest.raises(ClientRefusalError):
        world.block(anna)
    world.unblock(anna)
    assert await client.send_message(anna.id, "x")
    changes = await arrived(client, "my_chat_member")
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]


async def test_anonymous_administrators_and_channels(client, world, anna, group, channel, api):
    await forget(api)
    world.send_text(anna, "/a", chat=group, as_chat=group)
    world.send_text(anna, "/b", chat=group, as_chat=channel)
    anonymous, voice = await arrived(client)
    assert anonymous.from_user.username == "GroupAnonymousBot"
    assert anonymous.sender_chat.id == group.id
    assert voice.sender_chat.id == channel.id


async def test_who_may_delete(client, world, anna, group, supergroup):
    theirs = world.send_text(anna, "/x", chat=supergroup)
    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
        await client.delete_message(supergroup.id, theirs.message_id)
    world.promote(supergroup, world.bot)
    world.advance(72 * 3600)
    assert await client.delete_message(supergroup.id, theirs.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
        await client.delete_message(supergroup.id, 1)
    boris = world.create_user("Boris")
    world.add(group, boris)
    message = world.send_text(anna, "/x", chat=group)
    with pytest.raises(ClientRefusalError):
        world.delete_by_person(boris, message)


# Channels


async def test_channel_posts(client, world, anna, channel, jpeg):
    world.send_photo(anna, jpeg(), "/video dance", chat=channel)
    (post,) = await arrived(client, "channel_post")
    assert (post.caption, post.from_user, post.sender_chat.id) == (
        "/video dance",
        None,
        channel.id,
    )
    sent = await client.send_message(channel.id, "x")
    assert sent.from_user is None
    assert await sent.edit_text("y")
    world.edit(anna, world.history(channel)[-2], "/video sing")
    (edited,) = await arrived(client, "edited_channel_post")
    assert edited.caption == "/video sing"


async def test_channels_need_rights(client, world, anna, channel):
    world.demote(channel, world.bot)
    world.send_text(anna, "post", chat=channel)
    assert not await arrived(client, "channel_post")
    with pytest.raises(BadRequest, match=r"(?i)need administrator rights in the channel chat"):
        await client.send_message(channel.id, "x")


async def test_a_public_channel_is_known_by_name(client, world, anna):
    channel = world.create_channel("News", anna, world.bot, username="news")
    assert (await client.send_message("@news", "x")).chat.id == channel.id
    assert (await client.get_chat("@news")).active_usernames == ("news",)


# Topics


async def test_topics(client, world, anna, forum):
    made = await client.create_forum_topic(forum.id, "Videos")
    thread = made.message_thread_id
    world.send_text(anna, "/video", chat=forum, thread=thread)
    message = (await arrived(client))[-1]
    assert (message.message_thread_id, message.is_topic_message) == (thread, True)
    assert message.reply_to_message.forum_topic_created.name == "Videos"
    sent = await client.send_message(forum.id, "x", message_thread_id=thread)
    assert sent.message_thread_id == thread
    reply = await message.reply_text("y", do_quote=True)
    assert reply.message_thread_id == thread
    assert [m.text for m in world.history(forum, thread)][-2:] == ["x", "y"]
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await client.send_message(forum.id, "x", message_thread_id=thread + 100)


async def test_the_general_topic_has_no_number(client, world, anna, forum):
    sent = await client.send_message(forum.id, "x", message_thread_id=1)
    assert sent.message_thread_id is None
    assert sent.chat.is_forum


async def test_closed_topics(client, world, anna, forum, api):
    topic = world.create_topic(forum, anna, "Videos")
    world.close_topic(forum, anna, topic)
    assert (await arrived(client))[-1].forum_topic_closed
    assert await client.send_message(forum.id, "x", message_thread_id=topic.thread_id)
    world.demote(forum, world.bot)
    boris = world.create_user("Boris")
    world.add(forum, boris)
    with pytest.raises(ClientRefusalError, match="topic is closed"):
        world.send_text(boris, "x", chat=forum, thread=topic.thread_id)
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await client.send_message(forum.id, "x", message_thread_id=topic.thread_id)
    within = world.send_text(anna, "x", chat=forum, thread=topic.thread_id)
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await client.send_message(forum.id, "x", reply_to_message_id=within.message_id)
    world.close_topic(forum, anna, topic, closed=False)
    assert await client.send_message(forum.id, "x", message_thread_id=topic.thread_id)


async def test_the_general_topic_closes_like_any_other(client, world, anna, forum):
    topic = world.create_topic(forum, anna, "Videos")
    first = world.send_text(anna, "before", chat=forum)
    assert await client.close_general_forum_topic(forum.id)
    closed = world.history(forum)[-1]
    assert (closed.service, closed.thread_id) == ({"forum_topic_closed": {}}, 0)
    with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
        await client.close_general_forum_topic(forum.id)
    assert await client.send_message(forum.id, "an administrator may")
    world.demote(forum, world.bot)

    for where in ({}, {"message_thread_id": 1}, {"reply_to_message_id": first.message_id}):
        with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
            await client.send_message(forum.id, "x", **where)
    assert await client.send_message(forum.id, "x", message_thread_id=topic.thread_id)
    boris = world.create_user("Boris")
    world.add(forum, boris)
    with pytest.raises(ClientRefusalError, match="topic is closed"):
        world.send_text(boris, "x", chat=forum)

    world.close_topic(forum, anna, closed=False)
    assert await client.send_message(forum.id, "x")
    assert (await arrived(client))[-1].forum_topic_reopened


async def test_a_hidden_general_topic_is_closed_until_it_is_opened(client, world, forum):
    assert await client.hide_general_forum_topic(forum.id)
    assert world.history(forum)[-1].service == {"general_forum_topic_hidden": {}}
    with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
        await client.close_general_forum_topic(forum.id)
    assert await client.unhide_general_forum_topic(forum.id)
    assert forum.general.closed
    assert await client.hide_general_forum_topic(forum.id)
    assert await client.reopen_general_forum_topic(forum.id)
    with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
        await client.unhide_general_forum_topic(forum.id)


async def test_a_plain_group_has_no_general_topic(client, supergroup):
    with pytest.raises(BadRequest, match=r"(?i)the chat is not a forum"):
        await client.close_general_forum_topic(supergroup.id)


async def test_topics_managed_by_the_bot(client, world, anna, forum):
    topic = await client.create_forum_topic(forum.id, "Videos")
    where = {"chat_id": forum.id, "message_thread_id": topic.message_thread_id}
    assert await client.edit_forum_topic(**where, name="Films")
    assert await client.edit_forum_topic(**where, icon_custom_emoji_id="5")
    edited = world.history(forum)[-1].service["forum_topic_edited"]
    assert edited == {"icon_custom_emoji_id": "5"}
    with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
        await client.edit_forum_topic(**where, name="Films")
    assert await client.close_forum_topic(**where)
    with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
        await client.close_forum_topic(**where)
    assert await client.reopen_forum_topic(**where)
    assert await client.delete_forum_topic(**where)
    assert topic.message_thread_id not in forum.topics
    assert not world.history(forum, topic.message_thread_id)
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await client.close_forum_topic(**where)


async def test_managing_topics_needs_the_right(client, world, forum):
    world.promote(forum, world.bot, can_manage_topics=False)
    with pytest.raises(BadRequest, match=r"(?i)not enough rights"):
        await client.create_forum_topic(forum.id, "x")


async def test_topics_in_a_private_chat(client, world, anna, play):
    world.bot.has_topics = True
    world.start(anna)
    topic = await client.create_forum_topic(anna.id, "Project")
    sent = await client.send_message(anna.id, "x", message_thread_id=topic.message_thread_id)
    assert sent.message_thread_id == topic.message_thread_id
    assert (await client.get_me()).has_topics_enabled
