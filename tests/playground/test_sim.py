"""The person's side over HTTP, and the program on its own."""

import asyncio
import json
import os
import signal
import sys

import aiohttp
import pytest

from playground.actions import ACTIONS


class Person:
    def __init__(self, session, url):
        self.session = session
        self.url = url + "/sim/"

    async def do(self, action, files=(), **params):
        if files:
            form = aiohttp.FormData()
            for name, value in params.items():
                form.add_field(name, str(value))
            for name, content in files:
                form.add_field(name, content, filename=name)
            request = self.session.post(self.url + action, data=form)
        else:
            request = self.session.post(self.url + action, json=params)
        async with request as answer:
            return await answer.json()

    async def see(self, what, **params):
        async with self.session.get(self.url + what, params=params) as answer:
            return await answer.json()


@pytest.fixture
def person(session, play):
    return Person(session, play.url)


async def test_a_conversation(person, api, anna, world, jpeg):
    boris = await person.do("user", first_name="Boris", language_code="ru", id=77)
    assert boris["id"] == 77
    sent = await person.do("text", user=77, text="/start")
    assert sent["from"]["first_name"] == "Boris"
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    reply = await api(
        "sendPhoto", {"photo": jpeg()}, chat_id=77, caption="hi", reply_markup=json.dumps(keyboard)
    )
    seen = (await person.see("history", user=77))[-1]
    assert (seen["kind"], seen["text"], seen["buttons"]) == (
        "photo",
        "hi",
        keyboard["inline_keyboard"],
    )
    assert seen["message_id"] == reply.result["message_id"]
    query = await person.do("press", user=77, message=seen["message_id"], button="Go")
    await api("answerCallbackQuery", callback_query_id=query["query_id"], text="yes")
    assert (await person.see(f"queries/{query['query_id']}"))["answer"]["text"] == "yes"
    async with person.session.get(f"{person.url}files/{seen['media']['file_id']}") as answer:
        assert (await answer.read()).startswith(b"\xff\xd8")
    assert (await person.do("delete", user=77, message=seen["message_id"]))["deleted"]
    assert len(await person.see("history", user=77)) == 1


async def test_every_kind_of_message(person, api, jpeg, mp4, world, anna):
    await person.do("photo", [("file", jpeg())], caption="p", forwarded_from="Hidden")
    album = await person.do(
        "album", [("file", jpeg()), ("file", jpeg())], captions='["", "second"]', swap="[0, 1]"
    )
    await person.do("document", [("file", b"x")], name="a.bin", claimed_size=99)
    await person.do("voice", [("file", b"OggS")], duration=3)
    await person.do("audio", [("file", b"ID3")], title="Song")
    await person.do("video", [("file", mp4())], reply_to=album[0]["message_id"])
    text = await person.do("text", text="x")
    await person.do("edit", message=text["message_id"], text="y")
    messages = [update["message"] for update in await api.updates() if "message" in update]
    assert messages[0]["forward_origin"]["sender_user_name"] == "Hidden"
    assert [m.get("caption") for m in messages[:3]] == ["p", "second", None]
    assert messages[3]["document"]["file_size"] == 99
    assert messages[4]["voice"]["duration"] == 3
    assert messages[5]["audio"]["title"] == "Song"
    assert messages[6]["reply_to_message"]["message_id"] == album[0]["message_id"]
    assert world.history(anna)[-1].text == "y"


async def test_places(person, api, world, anna, play):
    second = await person.do("bot", first_name="Second", privacy=False)
    group = await person.do("group", title="G", members=[world.bot.id, second["id"]])
    assert group["members"][str(world.bot.id)] == "member"
    await person.do("promote", chat=group["id"])
    assert (await api("getChatMember", chat_id=group["id"], user_id=world.bot.id)).result[
        "status"
    ] == "administrator"
    await person.do("demote", chat=group["id"])
    await person.do("remove", chat=group["id"], member=second["id"])
    await person.do("add", chat=group["id"], member=second["id"])
    new = await person.do("migrate", chat=group["id"])
    assert new["type"] == "supergroup"
    forum = await person.do("supergroup", title="F", forum=True, members=[world.bot.id])
    topic = await person.do("topic", chat=forum["id"], name="T")
    await person.do("text", chat=forum["id"], thread=topic["thread_id"], text="/x")
    closed = await person.do("close_topic", chat=forum["id"], thread=topic["thread_id"])
    assert closed["topics"][0]["closed"]
    assert not closed["general_closed"]
    assert (await person.do("close_topic", chat=forum["id"]))["general_closed"]
    channel = await person.do("channel", title="C", members=[world.bot.id])
    await person.do("text", chat=channel["id"], text="post")
    await person.do("text", chat=new["id"], as_chat=channel["id"], text="voice")
    assert (await person.do("block"))["blocked"]
    assert not (await person.do("unblock"))["blocked"]
    state = await person.see("state")
    assert {chat["id"] for chat in state["chats"]} >= {group["id"], new["id"], forum["id"]}
    assert state["bots"][0]["token"] == play.token


async def test_refusals(person, world):
    assert "no such action" in (await person.do("dance"))["error"]
    assert "nothing to send" in (await person.do("text", text=""))["error"]
    assert "unknown" in (await person.do("text", user=5, text="x"))["error"]
    assert "unknown" in (await person.do("press", message=5, button="x"))["error"]
    assert "error" in await person.do("faults", code=1)
    assert "error" in await person.see("queries/1")
    assert "error" in await person.see("files/1")


async def test_every_action_is_described():
    import pathlib

    import playground

    readme = (pathlib.Path(playground.__file__).parent / "README.md").read_text()
    missing = [name for name in ACTIONS if name not in readme]
    assert not missing


async def test_watching(person, api, world, anna):
    world.start(anna)
    seq = (await person.see("state"))["last_seq"]
    watching = asyncio.create_task(person.see("events", after=seq, timeout=10))
    await person.see("state")
    assert not watching.done()
    await api("sendMessage", chat_id=anna.id, text="news")
    (event, *_) = await watching
    assert (event["kind"], event["text"], event["chat_id"]) == ("message", "news", anna.id)
    assert await person.see("events", after=world.journal.seq, timeout=0.01) == []
    (call,) = await person.see("calls", method="sendMessage")
    assert (call["ok"], call["params"]["text"]) == (True, "news")
    assert await person.see("calls", after=call["seq"]) == []


async def test_faults_and_clock(person, api, world, anna):
    world.start(anna)
    fault = await person.do("faults", method="sendMessage", hold=True, times=1)
    sending = asyncio.create_task(api("sendMessage", chat_id=anna.id, text="x"))
    await world.wait_for(lambda: world.events(kind="held"))
    assert (await person.see("faults"))[0]["waiting"] == 1
    await person.do(f"faults/{fault['id']}/release")
    assert (await sending).status == 200
    async with person.session.delete(person.url + "faults") as answer:
        assert await answer.json() == []
    await person.do("clock", advance=90_000)
    assert await api.updates() == []
    await person.do("flood", enabled=True)
    assert {(await api("sendMessage", chat_id=anna.id, text="x")).status for _ in range(4)} == {
        200,
        429,
    }
    await person.do("withhold")
    await person.do("text", text="late")
    assert await api.updates() == []
    assert (await person.do("release"))["released"] == 1
    (update,) = await api.updates()
    await api.updates(offset=update["update_id"] + 1)
    assert (await person.do("redeliver", update_id=update["update_id"]))["done"]
    assert await api.updates() == [update]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_the_program(session, how):
    token = "1234567:program"
    command = [sys.executable, "-m", "playground", "--port", "0", "--token", token]
    program = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=os.environ
    )
    line = json.loads(await program.stdout.readline())
    assert line["token"] == token
    async with session.get(f"{line['url']}/bot{token}/getMe") as answer:
        assert (await answer.json())["result"]["id"] == 1234567
    person = Person(session, line["url"])
    assert (await person.do("text", text="/start"))["text"] == "/start"
    program.send_signal(how)
    _, errors = await program.communicate()
    assert (program.returncode, errors) == (0, b"")
