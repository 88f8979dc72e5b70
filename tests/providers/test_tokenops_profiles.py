"""Other servers of the same shape: their dialects, their answers, and OpenAI's own client."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from core.capabilities import Stops
from core.errors import DownloadError, ProviderError
from playground.services.gateway import Gateway, OpenAiVideos
from playground.services.service import CLIP, Result
from playground.services.studio import Studio
from providers.base import Blame, Lost, Pending, Ready, Refused
from tests import lazily
from tests.providers.tokenops_kit import Desk, fields_of, header, jpeg
from tests.world import COFFEE

openai = lazily.Module("openai")
SORA, VIDEO = "tokenops/sora-2", "tokenops/video"
PHOTO = {"first": COFFEE}
HEADERS_OF_THE_SDK = {
    "accept", "accept-encoding", "connection", "content-length", "content-type", "host",
    "user-agent", "authorization",
}  # fmt: skip


@pytest.fixture
async def service():
    async with OpenAiVideos() as service:
        yield service


@pytest.fixture
async def desks(service, tmp_path):
    made = []

    def desk(profile="openai", **more):
        made.append(Desk(service, tmp_path, TOKENOPS_PROFILE=profile, **more))
        return made[-1]

    yield desk
    for one in made:
        await one.close()


@pytest.fixture
def desk(desks):
    return desks()


def size_of(content):
    return Image.open(io.BytesIO(content)).size


# OpenAI's own shape


@pytest.mark.parametrize("ratio", ["16:9", "9:16", None])
@pytest.mark.parametrize("seconds", [4, 8, 12, None])
@pytest.mark.parametrize("files", [{}, PHOTO], ids=["words", "photo"])
@pytest.mark.filterwarnings("ignore:The Sora API is scheduled:DeprecationWarning")
async def test_an_order_reads_like_one_of_the_official_client(
    service, desk, ratio, seconds, files
):
    ours = await desk.asked(SORA, files=files, ratio=ratio, seconds=seconds)
    given = {"seconds": str(seconds or 4), "size": "720x1280" if ratio == "9:16" else "1280x720"}
    if files:
        given["input_reference"] = (
            ours["input_reference"][0],
            ours["input_reference"][2],
            "image/jpeg",
        )
    async with openai.AsyncOpenAI(
        api_key="sk-playground", base_url=f"{service.url}/v1", max_retries=0
    ) as sdk:
        await sdk.videos.create(model="sora-2", prompt="a slow walk", **given)

    first, second = service.sent_to("create")
    assert ours == fields_of(second)
    assert header(first, "authorization") == header(second, "authorization")
    # What it says of itself beside that is no part of the order.
    more = {name.lower() for name, _ in second.headers} - {
        name.lower() for name, _ in first.headers
    }
    assert all(name.startswith(("x-stainless-", "idempotency")) for name in more)
    # We always choose seconds and size: the client may leave them out for the server to choose.
    assert {"model", "prompt", "seconds", "size"} <= ours.keys()


@pytest.mark.parametrize(("ratio", "size"), [("16:9", (1280, 720)), ("9:16", (720, 1280))])
@pytest.mark.parametrize("sides", [(640, 640), (300, 900), (4000, 2000), (1280, 720)])
async def test_a_picture_has_exactly_the_size_asked_for(desk, tmp_path, sides, ratio, size):
    order = await desk.asked(SORA, files={"first": jpeg(*sides)}, ratio=ratio)

    name, kind, content = order["input_reference"]
    assert (name, kind) == ("first.jpg", "image/jpeg")
    assert size_of(content) == size
    assert order["size"] == f"{size[0]}x{size[1]}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.jpg"]


async def test_without_a_choice_the_photo_decides(desk):
    order = await desk.asked(SORA, files={"first": jpeg(600, 900)})

    assert order["size"] == "720x1280"


async def test_a_picture_that_cannot_be_opened_is_refused(service, desk):
    order = desk.order(SORA, files=PHOTO)
    order.first.write_bytes(COFFEE[:100])

    answer = await desk.provider.submit(order)

    assert answer.blame is Blame.INPUT
    assert "damaged" in str(answer.reason)
    assert not service.requests


async def test_a_video_comes_with_its_progress(tmp_path):
    now = [1000.0]
    studio = Studio(seconds=(100, 100), clock=lambda: now[0], seats=1)
    async with OpenAiVideos(studio=studio) as service:
        desk = Desk(service, tmp_path)
        first, second = desk.order(SORA, files=PHOTO), desk.order(SORA)
        remotes = [await desk.provider.submit(order) for order in (first, second)]

        now[0] += 40
        soon = timedelta(milliseconds=service.poll_after_ms)
        running = Pending(begun=True, percent=40, look_in=soon)
        assert await desk.provider.look(remotes[0], first) == running
        assert await desk.provider.look(remotes[1], second) == Pending(begun=False, look_in=soon)
        now[0] += 61
        ready = await desk.provider.look(remotes[0], first)
        await desk.provider.fetch(ready, first)
        assert first.target.read_bytes() == CLIP.read_bytes()
        await desk.close()


# Other dialects


@pytest.mark.parametrize(
    ("profile", "given", "expected"),
    [
        ("vllm-omni", {}, {"prompt": "a slow walk", "seconds": "5", "size": "832x480"}),
        (
            "vllm-omni",
            {"files": PHOTO, "seed": 4, "negative_prompt": "rain", "seconds": 3, "ratio": "1:1"},
            {
                "prompt": "a slow walk",
                "negative_prompt": "rain",
                "seed": "4",
                "seconds": "3",
                "size": "624x624",
            },
        ),
        ("sglang", {}, {"prompt": "a slow walk", "seconds": 5, "size": "832x480"}),
        (
            "sglang",
            {"seed": 4},
            {"prompt": "a slow walk", "seconds": 5, "seed": 4, "size": "832x480"},
        ),
        (
            "sglang",
            {"files": PHOTO, "resolution": "720p", "ratio": "9:16"},
            {"prompt": "a slow walk", "seconds": "5", "size": "720x1280"},
        ),
        (
            "new-api",
            {"files": PHOTO},
            {"model": "sora-2", "prompt": "a slow walk", "seconds": "5", "size": "832x480"},
        ),
        (
            "new-api:kling-v1",
            {},
            {"model": "kling-v1", "prompt": "a slow walk", "seconds": "5", "size": "832x480"},
        ),
    ],
)
async def test_every_dialect_is_spoken(service, desks, profile, given, expected):
    desk = desks(profile)
    desk.answer({"id": "video_1", "status": "queued"}, route="create")

    sent = await desk.asked(VIDEO, **given)

    picture = sent.pop("input_reference", None)
    assert sent == expected
    assert bool(picture) is ("files" in given)
    assert not picture or "x".join(map(str, size_of(picture[2]))) == expected["size"]
    form = header(service.requests[0], "content-type").startswith("multipart/form-data")
    assert form is (profile != "sglang" or "files" in given)


async def test_two_pictures_are_two_files_of_one_name(desks):
    desk = desks("new-api")
    desk.answer({"task_id": "t1"}, route="create")

    sent = await desk.asked(VIDEO, files={"first": COFFEE, "last": jpeg(color="teal")})

    assert [name for name, _, _ in sent["input_reference"]] == ["first.jpg", "last.jpg"]


@pytest.mark.parametrize("profile", ["vllm-omni", "sglang", "new-api"])
async def test_every_size_that_is_offered_is_known(desks, profile):
    desk = desks(profile)
    model = desk.model(VIDEO)
    desk.answer({"id": 1}, route="create", times=0)

    for resolution in model.resolutions:
        for ratio in model.ratios:
            width, height = map(
                int,
                (await desk.asked(VIDEO, resolution=resolution, ratio=ratio))["size"].split("x"),
            )
            across, down = map(int, ratio.split(":"))
            assert abs(width / height / (across / down) - 1) < 0.03
            assert width % 16 == height % 16 == 0


# What servers answer


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"id": "video_1"}, "video_1"),
        ({"id": 10762451179911711518}, "10762451179911711518"),
        ({"id": None, "task_id": "t-1"}, "t-1"),
        ({"code": "success", "data": {"id": "d-1"}}, "d-1"),
        ({"data": {"task_id": 7}}, "7"),
        ({"id": "a/b?c d:e"}, "a/b?c d:e"),
    ],
)
async def test_an_id_has_many_forms(service, desk, status, body, name):
    desk.answer(body, status=status)
    order = desk.order(SORA)

    remote = await desk.provider.submit(order)
    await desk.provider.look(remote, order)

    assert remote.partition(":")[2] == name
    seen = service.requests[1].url.removeprefix("/v1/videos/")
    assert "/" not in seen
    assert "?" not in seen


WAITING = ["queued", "in_queue", "pending", "submitted", "created", "not_start", "QUEUED"]
RUNNING = ["in_progress", "processing", "running", "generating", "preprocessing", "IN_PROGRESS"]
DONE = ["completed", "succeeded", "success", "done", "SUCCESS"]


async def look(desk, body, **more):
    desk.answer({"id": "v"})
    desk.answer(body, route="retrieve", **more)
    order = desk.order(SORA)
    return await desk.provider.look(await desk.provider.submit(order), order)


@pytest.mark.parametrize("status", WAITING)
async def test_what_waits_has_no_progress_whatever_it_says(desk, status):
    assert await look(desk, {"id": "v", "status": status, "progress": 100}) == Pending(begun=False)


@pytest.mark.parametrize("status", RUNNING)
async def test_what_runs_is_pending(desk, status):
    answer = await look(desk, {"status": status, "progress": 100})

    assert answer == Pending(begun=True, percent=100)


@pytest.mark.parametrize(
    ("asked", "seconds"), [("15000", 15), ("250", 0.25), ("99999999999", 600)]
)
@pytest.mark.parametrize(
    ("status", "begun"), [("queued", False), ("in_progress", True), ("dreaming", None)]
)
async def test_a_server_says_when_to_look_again(desk, status, begun, asked, seconds):
    headers = {"openai-poll-after-ms": asked}

    answer = await look(desk, {"status": status}, headers=headers)

    assert answer == Pending(begun=begun, look_in=timedelta(seconds=seconds))


@pytest.mark.parametrize("asked", ["", "soon", "-5", "1.5", "\u00b2"])
async def test_what_is_no_time_to_look_again_is_none(desk, asked):
    headers = {"openai-poll-after-ms": asked}
    assert await look(desk, {"status": "queued"}, headers=headers) == Pending(begun=False)


async def test_the_emulated_server_of_openai_says_when_to_look_again(tmp_path):
    async with OpenAiVideos(studio=Studio(manual=True), poll_after_ms=2500) as service:
        desk = Desk(service, tmp_path)
        _, answer = await desk.made(SORA)
        await desk.close()

    assert isinstance(answer, Pending)
    assert answer.look_in == timedelta(seconds=2.5)


@pytest.mark.parametrize("status", DONE)
async def test_what_is_done_is_ready(desk, status):
    assert isinstance(await look(desk, {"status": status, "progress": 0}), Ready)


@pytest.mark.parametrize("status", ["cancelled", "canceled", "deleted", "expired", "Expired"])
async def test_what_is_gone_is_lost(desk, status):
    assert await look(desk, {"status": status}) == Lost()


@pytest.mark.parametrize("status", ["failed", "error", "failure", "rejected", "FAILURE"])
async def test_what_failed_is_refused(desk, status):
    assert isinstance(await look(desk, {"status": status, "error": None}), Refused)


@pytest.mark.parametrize("status", ["unknown", "", None, 7, {"a": 1}, "nobody knows"])
async def test_any_other_word_means_to_wait(desk, status):
    assert await look(desk, {"id": "v", "status": status, "progress": 100}) == Pending()


async def test_a_status_may_lie_one_level_deeper(desk):
    body = {"code": "success", "data": {"task_id": "v", "status": "SUCCESS"}}

    assert isinstance(await look(desk, body), Ready)


@pytest.mark.parametrize(
    ("progress", "percent"),
    [
        (0, 0), (40, 40), (40.5, 40.5), ("41", 41), ("42%", 42), (" 43 % ", 43), (250, 100),
        (None, None), ("", None), ("soon", None), (True, None), ([1], None), (-1, None), ("-", None),
    ],
)  # fmt: skip
async def test_progress_has_many_forms(desk, progress, percent):
    body = {"status": "in_progress", "progress": progress}

    assert await look(desk, body) == Pending(begun=True, percent=percent)


# The bytes


@pytest.fixture
async def elsewhere():
    async with Gateway() as host:
        host.results["film"] = Result()
        yield host


async def finished(desk, service, **more):
    """A finished video, its object with `more` in it."""
    order = desk.order(SORA)
    remote = await desk.provider.submit(order)
    if more:
        desk.answer({"id": "v", "status": "completed", **more}, route="retrieve", times=0)
    ready = await desk.provider.look(remote, order)
    return order, ready


FORMS = {
    "url": lambda url: {"url": url},
    "video_url": lambda url: {"url": None, "video_url": url},
    "metadata": lambda url: {"metadata": {"url": url}},
    "data": lambda url: {"data": [{"url": url}]},
    "output": lambda url: {"output": [{"url": url}], "file_path": "/srv/video.mp4"},
}


@pytest.mark.parametrize("status", [404, 405, 501])
@pytest.mark.parametrize("form", FORMS)
async def test_without_a_content_route_the_object_says_where(
    service, desk, elsewhere, form, status
):
    order, ready = await finished(desk, service, **FORMS[form](elsewhere.result_url("film")))
    desk.answer(b"{}", route="content", status=status)

    await desk.provider.fetch(ready, order)

    assert order.target.read_bytes() == CLIP.read_bytes()
    assert header(elsewhere.requests[0], "authorization") is None


async def test_an_error_in_place_of_the_video_leads_elsewhere_too(service, desk, elsewhere):
    order, ready = await finished(desk, service, url=elsewhere.result_url("film"))
    desk.answer({"error": {"message": "no file"}}, route="content")

    await desk.provider.fetch(ready, order)

    assert order.target.read_bytes() == CLIP.read_bytes()


async def test_the_content_route_comes_first(service, desk, elsewhere):
    order, ready = await finished(desk, service)
    await desk.provider.fetch(ready, order)

    assert service.sent_to("content")
    assert not elsewhere.requests


@pytest.mark.parametrize("url", [None, "", 7, "/srv/video.mp4", "file:///etc/passwd"])
async def test_what_is_no_address_leads_nowhere(service, desk, url):
    order, ready = await finished(desk, service, url=url)
    desk.answer(b"", route="content", status=404)

    with pytest.raises(DownloadError):
        await desk.provider.fetch(ready, order)


@pytest.mark.parametrize("status", [404, 409, 425, 429, 500])
async def test_right_after_its_end_a_video_may_not_be_there_yet(service, desk, status):
    order, ready = await finished(desk, service)
    desk.answer(b"{}", route="content", status=status)

    with pytest.raises(ProviderError) as error:
        await desk.provider.fetch(ready, order)
    assert error.value.retry_in is not None
    await desk.provider.fetch(ready, order)
    assert order.target.read_bytes() == CLIP.read_bytes()


async def test_bytes_that_lag_come_in_the_end(service, desk):
    service.content_lag = 2
    order, ready = await finished(desk, service)

    for _ in range(2):
        with pytest.raises(ProviderError):
            await desk.provider.fetch(ready, order)
    await desk.provider.fetch(ready, order)


@pytest.mark.parametrize("status", [405, 501])
async def test_where_there_is_no_way_to_the_video_nobody_tries_again(service, desk, status):
    order, ready = await finished(desk, service)
    desk.answer(b"", route="content", status=status)

    with pytest.raises(ProviderError) as error:
        await desk.provider.fetch(ready, order)
    assert error.value.retry_in is None


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (Result(body=b"<html>", kind="text/html"), "text/html"),
        (Result(body=b'{"error": {}}', kind="application/json"), "application/json"),
        (Result(status=200, body=b"", kind="text/plain"), "text/plain"),
        (Result(cut=100), "connection"),
    ],
    ids=["HTML", "JSON", "nothing", "cut off"],
)
async def test_what_is_no_whole_video_is_asked_for_again(service, desk, result, text):
    order, ready = await finished(desk, service)
    service.results[service.studio.renders[0].id] = result

    with pytest.raises(ProviderError, match=text) as error:
        await desk.provider.fetch(ready, order)
    assert error.value.retry_in is not None


async def test_a_video_by_any_name_is_a_video(service, desk):
    order, ready = await finished(desk, service)
    service.results[service.studio.renders[0].id] = Result(kind="application/binary")

    await desk.provider.fetch(ready, order)

    assert order.target.read_bytes() == CLIP.read_bytes()


async def test_the_key_stays_with_its_server_when_it_sends_us_away(service, desk, elsewhere):
    order, ready = await finished(desk, service)
    away = elsewhere.result_url("film")
    desk.answer(b"", route="content", status=302, headers={"Location": away})

    await desk.provider.fetch(ready, order)

    assert order.target.read_bytes() == CLIP.read_bytes()
    assert header(service.sent_to("content")[0], "authorization") == "Bearer sk-playground"
    assert header(elsewhere.requests[0], "authorization") is None
    assert "sk-playground" not in f"{ready!r} {order!r}"


async def test_a_redirect_to_the_same_server_is_followed(service, desk):
    service.redirects = True
    order, ready = await finished(desk, service)

    await desk.provider.fetch(ready, order)

    assert order.target.read_bytes() == CLIP.read_bytes()


async def test_a_plain_address_is_fetched_as_it_is(service, desk, elsewhere):
    order = desk.order(SORA)

    await desk.provider.fetch(Ready(url=elsewhere.result_url("film")), order)

    assert order.target.read_bytes() == CLIP.read_bytes()
    assert header(elsewhere.requests[0], "authorization") is None


# Stopping


@pytest.fixture
async def slow(tmp_path):
    async with OpenAiVideos(studio=Studio(manual=True), deletes_unfinished=True) as service:
        desk = Desk(service, tmp_path)
        yield service, desk, await desk.submit(SORA)
        await desk.close()


async def test_an_unfinished_video_is_deleted(slow):
    service, desk, remote = slow

    assert await desk.provider.cancel(remote) is True
    assert not service.studio.renders


async def test_where_deleting_is_refused_the_render_goes_on(slow):
    service, desk, remote = slow
    service.deletes_unfinished = False

    assert await desk.provider.cancel(remote) is False


@pytest.mark.parametrize("status", [404, 405, 409, 501])
async def test_where_nothing_can_be_deleted_the_render_goes_on(slow, status):
    _, desk, remote = slow
    desk.answer(b"", route="delete", status=status)

    assert await desk.provider.cancel(remote) is False


async def test_a_finished_video_is_paid_and_stays(slow):
    service, desk, remote = slow
    service.studio.finish(service.studio.renders[0].id)

    assert await desk.provider.cancel(remote) is False
    assert not service.sent_to("delete")


async def test_a_delete_that_fails_may_be_repeated(slow):
    _, desk, remote = slow
    desk.answer(b"", route="delete", status=503)

    with pytest.raises(ProviderError) as error:
        await desk.provider.cancel(remote)
    assert error.value.retry_in is not None
    assert await desk.provider.cancel(remote) is True


@pytest.mark.parametrize("profile", ["sglang", "new-api"])
async def test_where_deleting_stops_nothing_it_is_not_asked_for(service, desks, profile):
    desk = desks(profile)
    desk.answer({"id": "v"}, route="create")

    assert await desk.provider.cancel(await desk.submit(VIDEO)) is False
    assert len(service.requests) == 1
    assert desk.model(VIDEO).cancel is Stops.NEVER
