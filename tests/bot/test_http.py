import asyncio
import socket
import sqlite3
from contextlib import closing

import aiohttp
import pytest

SECRET = "webhook-secret"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
KNOWN = {HEADER: SECRET}
NUMBER = 4242
UPDATE = {"update_id": NUMBER}


@pytest.fixture
async def url(telegram, start_here):
    """The root of a running bot's own server; the bot gets its updates by webhook."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = "{}:{}".format(*free.getsockname())
    settings = {
        "LISTEN": address,
        "WEBHOOK_URL": f"http://{address}/hook",
        "WEBHOOK_SECRET": SECRET,
    }
    async with start_here(**settings):
        await telegram.wait_for(lambda: telegram.calls("setWebhook", ok=True))
        yield f"http://{address}"


@pytest.fixture
async def client(url):
    async with aiohttp.ClientSession(url) as session:
        yield session


@pytest.fixture
def database(tmp_path, url):
    """The bot's database, opened beside the bot."""
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as database:
        yield database


@pytest.fixture
def stored(database):
    """The numbers of the updates that the bot has written down."""
    return lambda: [number for (number,) in database.execute("SELECT update_id FROM inbox")]


async def post(client, headers, **body):
    async with client.post("/hook", headers=headers, **body) as answer:
        return answer.status


async def test_a_running_bot_says_that_it_is_well(client):
    async with client.get("/health") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok"})


async def test_an_update_is_written_down_once_it_is_confirmed(client, stored):
    status = await post(client, KNOWN, json=UPDATE)

    assert (status, stored()) == (200, [NUMBER])


async def test_an_update_is_not_confirmed_as_long_as_it_cannot_be_written(
    client, database, stored
):
    database.execute("BEGIN IMMEDIATE")
    answer = asyncio.create_task(post(client, KNOWN, json=UPDATE))
    for _ in range(5):
        async with client.get("/health") as health:
            assert health.status == 200

    assert not answer.done()
    database.execute("ROLLBACK")
    assert (await answer, stored()) == (200, [NUMBER])


async def test_an_update_that_comes_twice_is_confirmed_and_kept_once(client, stored):
    statuses = [await post(client, KNOWN, json=UPDATE) for _ in range(2)]

    assert (statuses, stored()) == ([200, 200], [NUMBER])


@pytest.mark.parametrize(
    "headers",
    [{}, {HEADER: ""}, {HEADER: "wrong"}, {HEADER: SECRET.upper()}, {HEADER: "schlüssel"}],
    ids=["missing", "empty", "wrong", "upper", "umlaut"],
)
async def test_an_update_without_the_right_secret_is_refused_and_not_kept(client, stored, headers):
    status = await post(client, headers, json=UPDATE)

    assert (status, stored()) == (403, [])


async def test_a_stranger_is_refused_before_the_update_is_read(client):
    assert await post(client, {HEADER: "wrong"}, data=b"no JSON") == 403


async def test_more_than_a_megabyte_is_refused_and_not_kept(client, stored):
    status = await post(client, KNOWN, json=UPDATE | {"padding": "x" * 1_000_000})

    assert (status, stored()) == (413, [])


async def test_only_the_path_of_the_webhook_takes_updates(client, stored):
    async with client.post("/", headers=KNOWN, json=UPDATE) as answer:
        assert (answer.status, stored()) == (404, [])


async def test_a_polling_bot_takes_no_updates_over_http(telegram, start_here):
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = "{}:{}".format(*free.getsockname())
    async with start_here(LISTEN=address), aiohttp.ClientSession(f"http://{address}") as client:
        for path in ("/", "/hook"):
            async with client.post(path, headers={HEADER: ""}, json=UPDATE) as answer:
                assert answer.status == 404
        async with client.get("/health") as answer:
            assert answer.status == 200


async def test_who_writes_to_a_bot_with_a_webhook_is_answered(telegram, url):
    telegram.start(telegram.person)

    answers = await telegram.wait_for(lambda: telegram.from_bot(telegram.person))

    assert answers[0].text.startswith("Send me a photo with a caption")
    assert telegram.events(kind="webhook_ok")
    assert not telegram.calls("getUpdates")


@pytest.mark.parametrize(
    "body", [b"no JSON", b"\xff\xfe", b"", b"[1]", b"null", b"{}", b'{"update_id": "1"}']
)
async def test_what_is_no_update_is_refused_and_not_kept(client, stored, body):
    assert (await post(client, KNOWN, data=body), stored()) == (400, [])


async def test_a_secret_of_bytes_that_are_no_text_is_refused(url):
    host, _, port = url.removeprefix("http://").rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))

    head = f"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n{HEADER}: ".encode()
    writer.write(head + b"\xff\xfe\r\n\r\n{}")
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()

    assert line == b"HTTP/1.1 403 Forbidden\r\n"
