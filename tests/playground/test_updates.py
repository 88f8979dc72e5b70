"""Polling: confirmation, lifetimes, subscriptions, conflicts, disorder on demand."""

import asyncio

import aiohttp
import pytest

from playground.server import Playground
from playground.telegram import Telegram

OTHER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


def texts(updates):
    return [update["message"]["text"] for update in updates]


async def test_an_update_stays_until_it_is_confirmed(api, world, anna):
    world.send_text(anna, "one")
    world.send_text(anna, "two")
    first = await api.updates()
    assert texts(first) == ["one", "two"] == texts(await api.updates())
    assert first[1]["update_id"] == first[0]["update_id"] + 1
    assert texts(await api.updates(offset=first[1]["update_id"])) == ["two"]
    assert await api.updates(offset=first[1]["update_id"] + 1) == []
    world.send_text(anna, "three")
    assert (await api.updates())[0]["update_id"] == first[1]["update_id"] + 1


async def test_limit_and_negative_offset(api, world, anna):
    for number in range(105):
        world.send_text(anna, str(number))
    assert len(await api.updates(limit=1000)) == 100
    assert len(await api.updates(limit=0)) == 1
    assert len(await api.updates(limit=3)) == 3
    assert texts(await api.updates(offset=-2)) == ["103", "104"]
    assert texts(await api.updates()) == ["103", "104"]


async def test_a_poll_waits_for_the_update(api, world, anna):
    poll = asyncio.create_task(api.updates(timeout=30))
    await world.wait_for(lambda: world.bot.poll_ticket)
    assert not poll.done()
    world.send_text(anna, "there")
    assert texts(await poll) == ["there"]


async def test_a_poll_confirms_before_it_waits(api, world, anna):
    world.send_text(anna, "seen")
    (update,) = await api.updates()
    poll = asyncio.create_task(api.updates(offset=update["update_id"] + 1, timeout=30))
    await world.wait_for(lambda: not world.bot.mailbox.waiting)
    world.send_text(anna, "new")
    assert texts(await poll) == ["new"]


async def test_the_older_poll_is_terminated(api, world):
    older = asyncio.create_task(api("getUpdates", timeout=30))
    await world.wait_for(lambda: world.bot.poll_ticket == 1)
    younger = asyncio.create_task(api("getUpdates", timeout=30))
    assert (await older).refusal == (409, OTHER)
    assert not younger.done()
    world.start(world.person)
    assert (await younger).result


async def test_webhook_and_polling_exclude_each_other(api, world, play):
    poll = asyncio.create_task(api("getUpdates", timeout=30))
    await world.wait_for(lambda: world.bot.poll_ticket)
    await api("setWebhook", url=play.url + "/nowhere")
    assert (await poll).refusal == (409, "Conflict: terminated by setWebhook request")
    assert (await api("getUpdates")).refusal == (409, ACTIVE)
    await api("deleteWebhook")
    assert await api.updates() == []


async def test_a_killed_bot_takes_nothing_with_it(api, world, anna, play):
    world.send_text(anna, "seen")
    (seen,) = await api.updates()
    line = f"/bot{play.token}/getUpdates?timeout=50&offset={seen['update_id'] + 1}"
    host, port = play.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {line} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await world.wait_for(lambda: world.bot.poll_ticket == 2)
    writer.close()
    await writer.wait_closed()
    # One turn over the network tells the server that the connection is gone.
    await api("getMe")
    world.redeliver(seen["update_id"])
    await world.wait_for(lambda: len(world.calls("getUpdates")) == 2)
    assert await api.updates(offset=seen["update_id"] + 1) == [seen]


async def test_the_end_does_not_wait_for_a_poll(session):
    async with Playground() as play:
        url = f"{play.url}/bot{play.token}/getUpdates?timeout=50"
        poll = asyncio.create_task(session.get(url))
        await play.telegram.wait_for(lambda: play.telegram.bot.poll_ticket)
        begin = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - begin < 1
    with pytest.raises(aiohttp.ClientError):
        await poll


async def test_updates_live_for_a_day(api, world, anna):
    world.send_text(anna, "old")
    world.advance(86_399)
    assert texts(await api.updates()) == ["old"]
    world.advance(2)
    assert await api.updates() == []


async def test_callback_queries_live_for_150_seconds(api, world, anna):
    world.start(anna)
    await api.updates(offset=-1)
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await api("sendMessage", chat_id=anna.id, text="x", reply_markup=keyboard)
    message = world.history(anna)[-1]
    late = world.press(anna, message, "Go")
    world.advance(151)
    kinds = [set(update) - {"update_id"} for update in await api.updates()]
    assert kinds == [{"message"}]
    answer = await api("answerCallbackQuery", callback_query_id=late.id)
    assert answer.refusal[0] == 400


async def test_a_press_is_answered_once(api, world, anna):
    world.start(anna)
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await api("sendMessage", chat_id=anna.id, text="x", reply_markup=keyboard)
    query = world.press(anna, world.history(anna)[-1], "go")
    update = (await api.updates())[-1]["callback_query"]
    assert (update["id"], update["data"]) == (query.id, "go")
    assert update["message"]["text"] == "x"
    too_long = await api("answerCallbackQuery", callback_query_id=query.id, text="x" * 201)
    assert too_long.refusal == (400, "Bad Request: MESSAGE_TOO_LONG")
    assert query.answer is None
    await api("answerCallbackQuery", callback_query_id=query.id, text="done", show_alert=True)
    assert (query.answer.text, query.answer.show_alert) == ("done", True)
    assert (await api("answerCallbackQuery", callback_query_id=query.id)).refusal[0] == 400


async def test_subscription_is_sticky_and_applied_at_creation(api, world, anna):
    world.send_text(anna, "before")
    await api.updates(allowed_updates=["edited_message"])
    world.send_text(anna, "not wanted")
    await api.updates()
    message = world.send_text(anna, "also not wanted")
    world.edit(anna, message, "edited")
    await api.updates(allowed_updates=[])
    world.send_text(anna, "after")
    (first, second, third) = await api.updates()
    assert texts([first, third]) == ["before", "after"]
    assert second["edited_message"]["text"] == "edited"
    assert second["edited_message"]["edit_date"] > 0


async def test_drop_pending_updates(api, world, anna):
    world.send_text(anna, "old")
    assert (await api("getWebhookInfo")).result["pending_update_count"] == 1
    await api("deleteWebhook", drop_pending_updates=True)
    assert await api.updates() == []


async def test_redelivery_of_a_confirmed_update(api, world, anna):
    world.send_text(anna, "again")
    (update,) = await api.updates()
    assert await api.updates(offset=update["update_id"] + 1) == []
    assert world.redeliver(update["update_id"])
    assert await api.updates(offset=update["update_id"] + 1) == [update]
    assert await api.updates(offset=update["update_id"] + 1) == []
    assert not world.redeliver(1)


async def test_a_withheld_update_arrives_after_younger_ones(api, world, anna):
    world.withhold_update()
    world.send_text(anna, "first")
    world.send_text(anna, "second")
    (second,) = await api.updates()
    assert world.release_updates() == 1
    (first,) = await api.updates(offset=second["update_id"] + 1)
    assert texts([second, first]) == ["second", "first"]
    assert first["update_id"] == second["update_id"] - 1


def identifiers(seed):
    world = Telegram(seed=seed)
    bot = world.create_bot()
    message = world.send_document(world.create_user(), b"x")
    return bot.token, bot.mailbox.next_id, world.file_id(bot, message.media.file)


def test_the_seed_decides_every_identifier():
    assert identifiers(1) == identifiers(1)
    assert not set(identifiers(1)) & set(identifiers(2))
