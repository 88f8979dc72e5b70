import asyncio
import base64
import io
import time
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from playground.services.faults import Fault
from playground.services.gateway import OpenAiVideos
from playground.services.service import CLIP, Result
from playground.services.studio import Studio
from tests import lazily

openai = lazily.Module("openai")

SAMPLES = Path(__file__).parents[2] / "playground" / "samples"
# The client says with every call that the service itself is to be shut down.
pytestmark = pytest.mark.filterwarnings("ignore:The Sora API is scheduled:DeprecationWarning")


def picture(width=720, height=1280, kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "orange").save(out, kind)
    return out.getvalue()


DATA = f"data:image/png;base64,{base64.b64encode(picture()).decode()}"


class Clock:
    def __init__(self):
        self.now = time.time()

    def __call__(self):
        return self.now


@pytest.fixture
async def service():
    async with OpenAiVideos(poll_after_ms=1) as service:
        yield service


def client_of(service, key="sk-playground"):
    return openai.AsyncOpenAI(api_key=key, base_url=f"{service.url}/v1", max_retries=0)


@pytest.fixture
async def sdk(service):
    async with client_of(service) as sdk:
        yield sdk


@pytest.fixture
async def session(service):
    headers = {"Authorization": "Bearer sk-playground"}
    async with aiohttp.ClientSession(service.url, headers=headers) as session:
        yield session


async def post(session, body=None, **more):
    async with session.post("/v1/videos", json=body, **more) as answer:
        return answer.status, await answer.json()


# The official SDK


async def test_sdk_makes_a_video_from_a_file(service, sdk):
    video = await sdk.videos.create(
        prompt="a cat",
        model="sora-2-pro",
        seconds="8",
        size="1280x720",
        input_reference=("a.png", picture(1280, 720), "image/png"),
    )
    assert (video.status, video.progress, video.object) == ("queued", 0, "video")
    assert (video.model, video.seconds, video.size) == ("sora-2-pro", "8", "1280x720")
    assert video.prompt == "a cat"
    assert video.completed_at is None
    video = await sdk.videos.poll(video.id)
    assert (video.status, video.progress, video.error) == ("completed", 100, None)
    assert video.completed_at >= video.created_at
    assert video.expires_at == video.completed_at + 3600
    content = await sdk.videos.download_content(video.id)
    assert await content.aread() == CLIP.read_bytes()
    assert content.response.headers["content-type"] == "video/mp4"
    assert [one.route for one in service.requests] == ["create", "retrieve", "content"]


async def test_sdk_gets_what_was_left_out(sdk):
    video = await sdk.videos.create(prompt="a cat")
    assert (video.model, video.seconds, video.size) == ("sora-2", "4", "720x1280")


async def test_sdk_polls_as_it_is_told(service, sdk):
    service.studio.manual = True
    fault = service.faults.add(Fault(route="retrieve", hold=True))
    created = await sdk.videos.create(prompt="a cat")
    polling = asyncio.create_task(sdk.videos.poll(created.id))
    await fault.reached.wait()
    service.studio.finish(created.id)
    fault.released.set()
    assert (await polling).status == "completed"


async def test_sdk_lists(sdk):
    made = [(await sdk.videos.create(prompt=str(number))).id for number in range(5)]
    assert [video.id async for video in sdk.videos.list(limit=2)] == made[::-1]
    assert [video.id async for video in sdk.videos.list(limit=2, order="asc")] == made
    page = await sdk.videos.list(limit=5)
    assert (page.has_more, page.last_id) == (False, made[0])
    page = await sdk.videos.list(after=made[1])
    assert [video.id for video in page.data] == [made[0]]


async def test_sdk_deletes(sdk):
    video = await sdk.videos.create(prompt="a cat")
    gone = await sdk.videos.delete(video.id)
    assert (gone.id, gone.deleted, gone.object) == (video.id, True, "video.deleted")
    with pytest.raises(openai.NotFoundError):
        await sdk.videos.retrieve(video.id)


@pytest.mark.parametrize(("variant", "kind"), [("thumbnail", "WEBP"), ("spritesheet", "JPEG")])
async def test_sdk_gets_stills(sdk, variant, kind):
    video = await sdk.videos.create(prompt="a cat")
    content = await sdk.videos.download_content(video.id, variant=variant)
    assert Image.open(io.BytesIO(await content.aread())).format == kind


async def test_sdk_sees_failures(service, sdk):
    service.studio.manual = True
    video = await sdk.videos.create(prompt="a cat")
    service.studio.fail(video.id, "moderation_blocked", "Not this one")
    video = await sdk.videos.poll(video.id)
    assert video.status == "failed"
    assert (video.error.code, video.error.message) == ("moderation_blocked", "Not this one")
    assert video.completed_at is None


async def test_sdk_sees_refusals(service, sdk):
    service.refuse_next("rate_limit_exceeded", "Slowly", status=429)
    with pytest.raises(openai.RateLimitError) as error:
        await sdk.videos.create(prompt="a cat")
    assert error.value.code == "rate_limit_exceeded"
    assert error.value.type == "rate_limit_error"
    assert not service.studio.renders


# The request


@pytest.mark.parametrize("key", ["", "Bearer ", "Bearer other", "Basic sk-playground"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/videos"),
        ("GET", "/v1/videos"),
        ("GET", "/v1/videos/x"),
        ("GET", "/v1/videos/x/content"),
        ("DELETE", "/v1/videos/x"),
    ],
)
async def test_key_is_asked_for_everywhere(session, method, path, key):
    async with session.request(method, path, headers={"Authorization": key}) as answer:
        assert answer.status == 401
        error = (await answer.json())["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["code"], error["type"]) == ("invalid_api_key", "authentication_error")


async def test_key_can_be_withdrawn(service, session):
    service.keys.clear()
    assert (await post(session, {"prompt": "x"}))[0] == 401


async def test_environment(service):
    assert service.environment == {
        "TOKENOPS_API_KEY": "sk-playground",
        "TOKENOPS_BASE_URL": f"{service.url}/v1",
        "TOKENOPS_PROFILE": "openai",
        "ALLOW_PRIVATE_HOSTS": "true",
    }


@pytest.mark.parametrize("seconds", ["4", "8", "12"])
@pytest.mark.parametrize("size", ["720x1280", "1280x720", "1024x1792", "1792x1024"])
async def test_json_is_taken_too(session, seconds, size):
    status, video = await post(session, {"prompt": "x", "seconds": seconds, "size": size})
    assert (status, video["seconds"], video["size"]) == (200, seconds, size)


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"prompt": 1}, "prompt"),
        ({"seconds": "5"}, "seconds"),
        ({"seconds": 4}, "seconds"),
        ({"size": "1920x1080"}, "size"),
        ({"model": "sora-1"}, "model"),
        ({"req_key": "x"}, "req_key"),
        ({"input_reference": "x"}, "input_reference"),
        ({"input_reference": {}}, "input_reference"),
        ({"input_reference": {"image_url": 1}}, "input_reference"),
        ({"input_reference": {"url": DATA}}, "input_reference"),
        ({"input_reference": {"image_url": "x", "file_id": "y"}}, "input_reference"),
        ({"input_reference": {"image_url": "ftp://a.example/b"}}, "input_reference"),
        ({"input_reference": {"image_url": "http://127.0.0.1:1/b"}}, "input_reference"),
        ({"input_reference": {"image_url": "data:image/png;base64,%"}}, "input_reference"),
        ({"input_reference": {"image_url": "data:image/png;base64,AAAA"}}, "input_reference"),
        ({"input_reference": {"file_id": "file-unknown"}}, "input_reference"),
    ],
)
async def test_wrong_value_is_refused(session, change, param):
    status, answer = await post(session, {"prompt": "x", **change})
    assert (status, answer["error"]["param"]) == (400, param)
    assert answer["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("body", [b"", b"[]", b"{"])
async def test_body_is_an_object(session, body):
    headers = {"Content-Type": "application/json"}
    assert (await post(session, data=body, headers=headers))[0] == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
async def test_body_is_a_form_or_json(session, kind):
    headers = {"Content-Type": kind}
    assert (await post(session, data=b'{"prompt": "x"}', headers=headers))[0] == 400


def form(*parts, end=b"--b--\r\n"):
    whole = b"".join(
        b"--b\r\nContent-Disposition: form-data; " + head + b"\r\n\r\n" + data + b"\r\n"
        for head, data in parts
    )
    return {
        "data": io.BytesIO(whole + end),
        "headers": {"Content-Type": "multipart/form-data; boundary=b"},
    }


PROMPT = b'name="prompt"', "猫".encode()


async def test_form_as_it_stands(session):
    status, video = await post(session, **form(PROMPT))
    assert (status, video["prompt"]) == (200, "猫")


@pytest.mark.parametrize(
    "parts",
    [
        form(PROMPT, PROMPT),
        form(PROMPT, (b'name="other"', b"x")),
        form(PROMPT, (b'name="input_reference"', picture())),
        form(PROMPT, (b'name="input_reference"; filename="a.png"', picture(1280, 720))),
        form(PROMPT, (b'name="input_reference"; filename="a.bmp"', picture(kind="BMP"))),
        form(PROMPT, (b'name="input_reference"; filename="a"', b"nothing")),
        form(
            PROMPT,
            (b'name="input_reference"; filename="a.png"', picture()),
            (b'name="input_reference[file_id]"', b"f"),
        ),
    ],
)
async def test_form_is_refused(session, parts):
    assert (await post(session, **parts))[0] == 400


@pytest.mark.parametrize(
    "parts",
    [
        form(PROMPT, end=b""),
        form((b'filename="x"', b"x")),
        {**form(PROMPT), "headers": {"Content-Type": "multipart/form-data"}},
        {**form(PROMPT), "headers": {"Content-Type": "multipart/form-data; boundary=c"}},
        {"data": b"\r\n----", "headers": {"Content-Type": "multipart/form-data"}},
    ],
)
async def test_form_that_cannot_be_read(session, parts):
    status, answer = await post(session, **parts)
    assert (status, answer["error"]["code"]) == (400, "invalid_request")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_picture_of_the_right_size_is_taken(session, kind):
    upload = b'name="input_reference"; filename="a"', picture(kind=kind)
    assert (await post(session, **form(PROMPT, upload)))[0] == 200


@pytest.mark.parametrize(("head", "mode"), [(b"VP8 ", "RGB"), (b"VP8L", "RGB"), (b"VP8X", "RGBA")])
async def test_webp_of_every_kind_is_measured(session, head, mode):
    out = io.BytesIO()
    Image.new(mode, (720, 1280), "#ff000080").save(out, "WEBP", lossless=head == b"VP8L")
    assert out.getvalue()[12:16] == head
    for data, status in ((out.getvalue(), 200), (out.getvalue()[:-9], 400)):
        upload = b'name="input_reference"; filename="a"', data
        assert (await post(session, **form(PROMPT, upload)))[0] == status


async def test_picture_by_address_file_or_data(service, session):
    service.files["file-1"] = picture()
    service.results["photo"] = Result(body=picture())
    for reference in (
        {"file_id": "file-1"},
        {"image_url": DATA},
        {"image_url": service.result_url("photo")},
    ):
        body = {"prompt": "x", "input_reference": reference}
        assert (await post(session, body))[0] == 200
    inner = b'name="input_reference[image_url]"', DATA.encode()
    assert (await post(session, **form(PROMPT, inner)))[0] == 200
    assert len(service.sent_to("result")) == 1


# The life of a video


async def test_states_and_progress():
    clock = Clock()
    async with (
        OpenAiVideos(studio=Studio(clock=clock, seconds=(40, 40), seats=1)) as service,
        client_of(service) as sdk,
    ):
        video = await sdk.videos.create(prompt="first")
        second = await sdk.videos.create(prompt="second")
        raw = await sdk.videos.with_raw_response.retrieve(video.id)
        assert raw.headers["openai-poll-after-ms"] == "1000"
        assert (raw.parse().status, raw.parse().progress) == ("in_progress", 0)
        assert (await sdk.videos.retrieve(second.id)).status == "queued"
        clock.now += 10
        assert (await sdk.videos.retrieve(video.id)).progress == 25
        clock.now += 30
        raw = await sdk.videos.with_raw_response.retrieve(video.id)
        assert raw.parse().status == "completed"
        assert "openai-poll-after-ms" not in raw.headers
        service.poll_after_ms = None
        raw = await sdk.videos.with_raw_response.retrieve(second.id)
        assert "openai-poll-after-ms" not in raw.headers


@pytest.mark.parametrize("variant", ["video", "thumbnail"])
async def test_bytes_too_early(service, sdk, variant):
    service.studio.manual = True
    video = await sdk.videos.create(prompt="x")
    for status in (404, 409):
        with pytest.raises(openai.APIStatusError) as error:
            await sdk.videos.download_content(video.id, variant=variant)
        assert error.value.status_code == status
        service.early_status = 409


async def test_bytes_of_a_failure(service, sdk):
    service.studio.manual = True
    video = await sdk.videos.create(prompt="x")
    service.studio.fail(video.id, "x", "x")
    with pytest.raises(openai.NotFoundError):
        await sdk.videos.download_content(video.id)


async def test_bytes_end_after_an_hour(service, sdk):
    clock = service.studio.clock = Clock()
    video = await sdk.videos.create(prompt="x")
    clock.now += 3599
    await sdk.videos.download_content(video.id)
    clock.now += 1
    with pytest.raises(openai.NotFoundError):
        await sdk.videos.download_content(video.id)
    assert (await sdk.videos.retrieve(video.id)).status == "completed"


async def test_bytes_may_lag(service, sdk):
    service.content_lag = 1
    video = await sdk.videos.create(prompt="x")
    with pytest.raises(openai.NotFoundError):
        await sdk.videos.download_content(video.id)
    await sdk.videos.download_content(video.id)


async def test_bytes_may_lie_elsewhere(service, sdk, session):
    service.redirects = True
    video = await sdk.videos.create(prompt="x")
    async with session.get(f"/v1/videos/{video.id}/content", allow_redirects=False) as answer:
        assert answer.status == 302
        link = answer.headers["Location"]
    async with aiohttp.ClientSession() as other, other.get(link) as answer:
        assert await answer.read() == CLIP.read_bytes()


async def test_bytes_can_be_changed(service, sdk):
    video = await sdk.videos.create(prompt="x")
    service.results[video.id] = Result(body=b"{}", kind="application/json")
    content = await sdk.videos.download_content(video.id)
    assert await content.aread() == b"{}"


@pytest.mark.parametrize("query", ["variant=film", "other=1"])
async def test_unknown_variant(sdk, session, query):
    video = await sdk.videos.create(prompt="x")
    async with session.get(f"/v1/videos/{video.id}/content?{query}") as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "order=up", "after=x", "a=b"]
)
async def test_wrong_list(session, query):
    async with session.get(f"/v1/videos?{query}") as answer:
        assert answer.status == 400


async def test_empty_list(sdk):
    page = await sdk.videos.list()
    assert (page.data, page.has_more, page.last_id) == ([], False, None)


async def test_unfinished_cannot_be_deleted(service, sdk):
    service.studio.manual = True
    video = await sdk.videos.create(prompt="x")
    with pytest.raises(openai.ConflictError):
        await sdk.videos.delete(video.id)
    service.deletes_unfinished = True
    await sdk.videos.delete(video.id)


async def test_videos_of_another_key_are_unknown(service, sdk):
    service.keys.add("other")
    video = await sdk.videos.create(prompt="x")
    async with client_of(service, "other") as other:
        with pytest.raises(openai.NotFoundError):
            await other.videos.retrieve(video.id)
        with pytest.raises(openai.NotFoundError):
            await other.videos.download_content(video.id)
        with pytest.raises(openai.NotFoundError):
            await other.videos.delete(video.id)
        assert not (await other.videos.list()).data


async def test_lost_video(service, sdk):
    video = await sdk.videos.create(prompt="x")
    service.studio.forget(video.id)
    with pytest.raises(openai.NotFoundError) as error:
        await sdk.videos.retrieve(video.id)
    assert error.value.code == "not_found"


@pytest.mark.parametrize("route", ["retrieve", "list", "delete", "content"])
async def test_refusals_of_other_routes(service, sdk, route):
    video = await sdk.videos.create(prompt="x")
    service.refuse_next("server_error", status=503, route=route)
    calls = {
        "retrieve": lambda: sdk.videos.retrieve(video.id),
        "list": sdk.videos.list,
        "delete": lambda: sdk.videos.delete(video.id),
        "content": lambda: sdk.videos.download_content(video.id),
    }
    with pytest.raises(openai.InternalServerError):
        await calls[route]()
    await calls[route]()
