"""aiogram's models, which follow the newest Bot API, as judges of every object we produce."""

import json

import pytest
from pydantic import TypeAdapter

from playground.telegram import Upload


def method(name):
    """A method's model. Four seconds to import: only the worker that runs these tests pays."""
    import aiogram.methods

    return getattr(aiogram.methods, name)


def valid(kind, value):
    return TypeAdapter(kind).validate_python(value)


def unknown(model, path=""):
    """Fields that the Bot API does not have."""
    found = []
    if isinstance(model, list):
        for number, item in enumerate(model):
            found += unknown(item, f"{path}[{number}]")
    elif hasattr(type(model), "model_fields"):
        found += [f"{path}.{name}" for name in model.model_extra or {}]
        for name in type(model).model_fields:
            found += unknown(getattr(model, name), f"{path}.{name}")
    return found


@pytest.fixture
def busy(world, anna, group, supergroup, forum, channel, jpeg, mp4):
    """A world in which everything that makes an update has happened."""
    bot = world.bot
    bot.privacy = False
    bot.mailbox.allowed = []
    world.promote(group, bot)
    world.promote(supergroup, bot)
    world.start(anna, "payload")
    world.send_photo(anna, jpeg(), "caption #x", spoiler=True)
    world.send_album(anna, [jpeg(), jpeg()], "both")
    world.send_document(anna, b"x", "a.bin")
    world.send_voice(anna, b"OggS", 1)
    world.send_audio(anna, b"ID3", 1, title="t", performer="p")
    world.send_video(anna, mp4())
    world.send_video(anna, mp4(), kind="animation")
    world.send_video(anna, mp4(), kind="video_note")
    world.send_sticker(anna, jpeg())
    for source in ("Hidden", anna, channel, group):
        world.send_text(anna, "forwarded", forwarded_from=source)
    for place in (group, supergroup, forum, channel):
        first = world.send_text(anna, "hello", chat=place)
        world.edit(anna, first, "edited")
        world.send_text(anna, "reply", chat=place, reply_to=first)
    world.send_text(anna, "x", chat=group, as_chat=group)
    world.send_text(anna, "x", chat=group, as_chat=channel)
    topic = world.create_topic(forum, anna, "Topic")
    world.send_text(anna, "x", chat=forum, thread=topic.thread_id)
    world.close_topic(forum, anna, topic)
    world.close_topic(forum, anna, topic, closed=False)
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "a", "style": "danger"}]]}
    params = {
        "chat_id": anna.id,
        "text": "<b>x</b>",
        "parse_mode": "HTML",
        "reply_markup": keyboard,
    }
    world.call(bot, "sendMessage", params)
    world.press(anna, world.history(anna)[-1], "A")
    world.add(group, world.create_user("Boris", username="boris", last_name="B", is_premium=True))
    world.call(bot, "pinChatMessage", {"chat_id": group.id, "message_id": first_id(world, group)})
    world.restrict(supergroup, bot, can_send_videos=False)
    world.block(anna)
    world.unblock(anna)
    world.remove(supergroup, bot)
    world.migrate(group)
    return world


def first_id(world, chat):
    return next(m.message_id for m in world.history(chat) if not m.service)


async def test_every_update(busy, api):
    body = await api.updates()
    updates = valid(method("GetUpdates").__returning__, body)
    assert unknown(updates) == []
    kinds = {kind for update in body for kind in update} - {"update_id"}
    assert kinds == {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "callback_query",
        "my_chat_member",
    }
    assert len(updates) > 50


async def test_every_message_sent(api, world, anna, jpeg, mp4):
    world.start(anna)
    bot = world.bot
    question = world.history(anna)[0].message_id

    def send(method, **params):
        files = {
            name: Upload(f"{name}.x", v) for name, v in params.items() if isinstance(v, bytes)
        }
        rest = {name: v for name, v in params.items() if not isinstance(v, bytes)}
        return world.call(bot, method, {"chat_id": anna.id, **rest}, files)

    reply = json.dumps({"message_id": question, "quote": "/start"})
    photo = send("sendPhoto", photo=jpeg(), caption="*x*", parse_mode="Markdown", has_spoiler=True)
    sent = [
        send("sendMessage", text="x https://a.com", reply_parameters=reply, protect_content=True),
        photo,
        send("sendVideo", video=mp4(), thumbnail=jpeg(90, 90), cover=jpeg()),
        send("sendAnimation", animation=mp4(sound=False)),
        send("sendDocument", document=b"x"),
        send("sendAudio", audio=b"ID3", performer="p"),
        send("sendVoice", voice=b"OggS"),
        send("sendVideoNote", video_note=mp4()),
        send("sendSticker", sticker=jpeg()),
        send("forwardMessage", from_chat_id=anna.id, message_id=photo["message_id"]),
        send("editMessageCaption", message_id=photo["message_id"], caption="y"),
    ]
    messages = [valid(method("ForwardMessage").__returning__, body) for body in sent]
    assert unknown(messages) == []
    assert messages[0].quote.text == "/start"


async def test_other_results(api, world, anna, forum, channel, group):
    world.start(anna)
    world.send_document(anna, b"x")
    file_id = (await api.updates())[-1]["message"]["document"]["file_id"]
    await api("setMyCommands", commands=[{"command": "a", "description": "b"}])
    checks = [
        ("GetMe", {}),
        ("GetFile", {"file_id": file_id}),
        ("GetMyCommands", {}),
        ("GetMyDescription", {}),
        ("GetChatMenuButton", {}),
        ("GetWebhookInfo", {}),
        ("CreateForumTopic", {"chat_id": forum.id, "name": "x"}),
        ("GetChatAdministrators", {"chat_id": channel.id}),
        ("GetChatMember", {"chat_id": group.id, "user_id": anna.id}),
        *[
            ("GetChat", {"chat_id": chat_id})
            for chat_id in (anna.id, forum.id, channel.id, group.id)
        ],
    ]
    for name, params in checks:
        model = method(name)
        answer = await api(model.__api_method__, **params)
        assert unknown([valid(model.__returning__, answer.result)]) == []
