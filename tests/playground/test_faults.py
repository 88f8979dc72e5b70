"""Faults on order: refusals, floods, lost answers, held calls, broken downloads."""

import asyncio

import aiohttp
import pytest
import telegram
from telegram.error import BadRequest, NetworkError, RetryAfter


@pytest.fixture(autouse=True)
def chat(world, anna):
    return world.start(anna).chat


async def test_a_refusal_for_one_call(client, world, anna):
    world.fail("sendMessage", 400, "Bad Request: invented")
    with pytest.raises(BadRequest, match=r"(?i)invented"):
        await client.send_message(anna.id, "x")
    await client.send_message(anna.id, "x")
    first, second = world.calls("sendMessage")
    assert (first.ok, first.fault, second.ok, second.fault) == (False, "400", True, None)


async def test_which_calls_a_fault_meets(api, world, anna):
    other = world.create_bot("Other")
    world.start(anna, bot=other)
    fault = world.fail("*", 500, bot=world.bot, contains="särskild", times=2)
    for text in ("usual", "särskild", "särskild 2", "särskild 3"):
        await api("sendMessage", chat_id=anna.id, text=text)
        await api("sendMessage", chat_id=anna.id, text=text, token=other.token)
    refused = world.calls(ok=False)
    assert [call.params["text"] for call in refused] == ["särskild", "särskild 2"]
    assert {call.bot_id for call in refused} == {world.bot.id}
    assert refused[0].description == "Internal Server Error"
    assert fault.used == 2


async def test_a_fault_without_end(api, world):
    world.fail("getMe", 502, times=0)
    assert {(await api("getMe")).status for _ in range(3)} == {502}
    world.faults.clear()
    assert (await api("getMe")).status == 200


async def test_retry_after(api, client, world, anna):
    world.fail("sendMessage", retry_after=7, times=2)
    answer = await api("sendMessage", chat_id=anna.id, text="x")
    assert answer.refusal == (429, "Too Many Requests: retry after 7")
    assert answer.body["parameters"] == {"retry_after": 7}
    assert answer.headers["Retry-After"] == "7"
    with pytest.raises(RetryAfter) as caught:
        await client.send_message(anna.id, "x")
    assert caught.value.retry_after.seconds == 7


async def test_delay(api, world):
    world.fail("getMe", delay=0.02)
    begin = asyncio.get_running_loop().time()
    assert (await api("getMe")).status == 200
    assert asyncio.get_running_loop().time() - begin >= 0.02


@pytest.mark.parametrize(("drop", "done"), [("before", 0), ("after", 1)])
async def test_dropped_connection(client, world, anna, drop, done):
    world.fail("sendMessage", drop=drop)
    with pytest.raises(NetworkError):
        await client.send_message(anna.id, "lost")
    assert len(world.from_bot(anna, "lost")) == done
    (call,) = world.calls("sendMessage")
    assert (call.answered, call.ok, call.fault) == (False, bool(done), f"drop {drop}")
    assert await client.send_message(anna.id, "next")


async def test_a_held_call_waits(api, world, anna):
    fault = world.fail("sendMessage", hold=True)
    sending = asyncio.create_task(api("sendMessage", chat_id=anna.id, text="x"))
    event = await world.wait_for(lambda: world.events(kind="held"))
    assert event[0].data["params"]["text"] == "x"
    assert fault.waiting == 1
    assert not world.from_bot(anna)
    assert not sending.done()
    world.release(fault)
    assert (await sending).result["text"] == "x"
    assert fault.waiting == 0


async def killed_while(world, play, anna):
    """A client that goes away in the middle of its call."""
    host, port = play.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    path = f"/bot{play.token}/sendMessage?chat_id={anna.id}&text=x"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await world.wait_for(lambda: world.events(kind="held"))
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize(("drop", "done"), [("", 0), ("after", 1)])
async def test_the_client_dies_while_held(world, play, anna, drop, done):
    fault = world.fail("sendMessage", hold=True, drop=drop)
    await killed_while(world, play, anna)
    # One turn over the network tells the server that the connection is gone.
    async with aiohttp.ClientSession() as session, session.get(play.url + "/sim/state"):
        pass
    world.release(fault)
    (call,) = await world.wait_for(lambda: world.calls("sendMessage"))
    assert len(world.from_bot(anna)) == done
    assert not call.answered


async def test_message_id_zero(client, world, anna, mp4):
    world.fail("sendVideo", zero_id=True)
    sent = await client.send_video(anna.id, mp4())
    assert sent.message_id == 0
    assert world.from_bot(anna)[0].message_id > 0


async def test_broken_downloads(client, world, anna):
    world.send_document(anna, bytes(100_000))
    file = await (await client.get_updates())[-1].message.document.get_file()
    world.fail("file", 502)
    world.fail("file", drop="after")
    world.fail("file", drop="before")
    for _ in range(3):
        with pytest.raises(NetworkError):
            await file.download_as_bytearray()
    assert len(await file.download_as_bytearray()) == 100_000


async def test_a_fault_in_polling(client, world):
    world.fail("getUpdates", 502)
    with pytest.raises(NetworkError):
        await client.get_updates()
    assert await client.get_updates()


async def test_a_lost_batch_comes_again(client, world):
    world.fail("getUpdates", drop="after")
    with pytest.raises(NetworkError):
        await client.get_updates()
    assert world.calls("getUpdates")[0].ok
    assert len(await client.get_updates()) == 1


async def test_waiting_tells_what_happened(world):
    with pytest.raises(TimeoutError, match="message"):
        await world.wait_for(lambda: False, timeout=0.01)


# Flood control


async def burst(api, chat_id, count, **params):
    answers = [await api("sendMessage", chat_id=chat_id, text="x", **params) for _ in range(count)]
    return [answer.status for answer in answers]


async def test_no_flood_control_unless_switched_on(api, anna):
    assert set(await burst(api, anna.id, 40)) == {200}


async def test_one_message_a_second_after_a_burst(api, world, anna):
    world.flood.enabled = True
    assert await burst(api, anna.id, 4) == [200, 200, 200, 429]
    answer = await api("sendMessage", chat_id=anna.id, text="x")
    assert answer.body["parameters"] == {"retry_after": 1}
    world.advance(1)
    assert (await burst(api, anna.id, 2)) == [200, 429]


async def test_thirty_messages_a_second_overall(api, world):
    world.flood.enabled = True
    world.clock.now = lambda: 1_000_000.0
    people = [world.create_user(str(number)) for number in range(31)]
    for person in people:
        world.start(person)
    statuses = [(await burst(api, person.id, 1))[0] for person in people]
    assert statuses == [200] * 30 + [429]


async def test_twenty_messages_a_minute_in_a_group(api, world, group):
    world.flood.enabled = True
    for _ in range(20):
        assert await burst(api, group.id, 1) == [200]
        world.advance(1.01)
    answer = await api("sendMessage", chat_id=group.id, text="x")
    assert answer.status == 429
    assert 35 <= answer.body["parameters"]["retry_after"] <= 40


async def test_an_album_counts_for_each_item(client, world, anna, jpeg):
    world.flood.enabled = True
    album = [telegram.InputMediaPhoto(jpeg(50, 50)) for _ in range(5)]
    await client.send_media_group(anna.id, album)
    with pytest.raises(RetryAfter) as caught:
        await client.send_message(anna.id, "x")
    assert caught.value.retry_after.seconds == 3


async def test_edits_count(client, world, anna):
    sent = await client.send_message(anna.id, "0")
    world.flood.enabled = True
    for number in range(1, 4):
        await sent.edit_text(str(number))
    with pytest.raises(RetryAfter):
        await sent.edit_text("4")
    assert world.from_bot(anna)[-1].text == "3"
