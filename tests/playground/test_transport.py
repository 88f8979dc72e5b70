"""How calls come in: paths, tokens, methods, body formats, sizes."""

import json

import pytest
from telegram.error import NetworkError

from playground.telegram.media import MAX_UPLOAD


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot1:wrong/getMe", 401, "Unauthorized"),
        ("/botnonsense/getMe", 401, "Unauthorized: invalid token specified"),
        ("/bot", 404, "Not Found"),
        ("/bot1:wrong", 404, "Not Found"),
        ("/bot1:wrong/a/b", 404, "Not Found"),
        ("/file/bot1:wrong/photos/a.jpg", 401, "Unauthorized"),
    ],
)
async def test_bad_addresses(session, play, path, status, description):
    async with session.get(play.url + path) as answer:
        body = await answer.json()
    assert (answer.status, body["description"]) == (status, description)
    assert body["ok"] is False


async def test_get_with_query_and_any_case(session, play):
    async with session.get(f"{play.url}/bot{play.token}/GETME") as answer:
        me = (await answer.json())["result"]
    assert me["is_bot"] is True
    flags = {"can_join_groups", "can_read_all_group_messages", "supports_inline_queries"}
    flags |= {"can_connect_to_business", "has_main_web_app"}
    assert flags <= me.keys()
    assert me["can_read_all_group_messages"] is False


@pytest.mark.parametrize("how", ["query", "form", "json", "multipart"])
async def test_every_way_to_pass_parameters(session, play, world, anna, how):
    world.start(anna)
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    params = {"chat_id": str(anna.id), "text": "hello", "reply_markup": json.dumps(keyboard)}
    url = f"{play.url}/bot{play.token}/sendMessage"
    match how:
        case "query":
            request = session.post(url, params=params)
        case "form":
            request = session.post(url, data=params)
        case "json":
            request = session.post(
                url, json=params | {"chat_id": anna.id, "reply_markup": keyboard}
            )
        case _:
            import aiohttp

            form = aiohttp.FormData(default_to_multipart=True)
            for name, value in params.items():
                form.add_field(name, value)
            request = session.post(url, data=form)
    async with request as answer:
        sent = (await answer.json())["result"]
    assert (sent["text"], sent["reply_markup"]) == ("hello", keyboard)
    assert world.history(anna)[-1].labels == ["A"]


async def test_body_over_fifty_megabytes(session, play):
    async def endless():
        chunk = bytes(1 << 20)
        for _ in range(MAX_UPLOAD // len(chunk) + 1):
            yield chunk

    head = b'--x\r\nContent-Disposition: form-data; name="video"; filename="v"\r\n\r\n'

    async def body():
        yield head
        async for chunk in endless():
            yield chunk
        yield b"\r\n--x--\r\n"

    url = f"{play.url}/bot{play.token}/sendVideo"
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with session.post(url, data=body(), headers=headers) as answer:
        refusal = await answer.json()
    assert answer.status == 413
    assert refusal["description"] == "Request Entity Too Large"


async def test_announced_size_is_enough_to_refuse(session, play):
    import asyncio

    host, port = play.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        f"POST /bot{play.token}/sendVideo HTTP/1.1\r\nHost: x\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: {MAX_UPLOAD + 1}\r\n\r\n".encode(),
    )
    assert b" 413 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


async def test_broken_json_is_a_refusal(session, play):
    url = f"{play.url}/bot{play.token}/sendMessage"
    headers = {"Content-Type": "application/json"}
    async with session.post(url, data=b"{", headers=headers) as answer:
        assert answer.status == 400


async def test_log_out_ends_the_token(api):
    assert (await api("logOut")).result is True
    assert (await api("getMe")).refusal == (401, "Unauthorized")


async def test_close(api, world):
    assert (await api("close")).result is True
    assert world.events(kind="closed")


async def test_every_call_is_recorded(api, world, play, jpeg, anna):
    world.start(anna)
    await api("sendPhoto", {"photo": jpeg()}, chat_id=anna.id, caption="hi")
    await api("sendPhoto", chat_id=anna.id)
    await api("getMe", token="1:wrong")
    sent, refused, stranger = world.calls()
    assert (sent.method, sent.ok, sent.bot_id) == ("sendPhoto", True, world.bot.id)
    assert sent.params["photo"] == {"file_name": "photo.bin", "file_size": len(jpeg())}
    assert sent.result["caption"] == "hi"
    assert (refused.ok, refused.error_code) == (False, 400)
    assert refused.description == "Bad Request: there is no photo in the request"
    assert (stranger.error_code, stranger.bot_id) == (401, 0)
    assert world.calls("SENDPHOTO", ok=False) == [refused]


async def test_an_upload_that_is_too_large_for_this_server_is_refused_and_recorded(
    client, world, anna, mp4
):
    world.start(anna)
    world.max_upload = 100_000
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await client.send_video(anna.id, mp4() + bytes(200_000))
    (refused,) = world.calls("sendVideo")
    assert (refused.ok, refused.error_code) == (False, 413)
    assert await client.send_video(anna.id, mp4())
