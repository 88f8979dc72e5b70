"""Where the emulated DashScope takes files from, and which files it takes."""

import base64
import io
import socket
from contextlib import asynccontextmanager
from functools import partial

import aiohttp
import pytest
from aiohttp import web
from PIL import Image

from playground.services.dashscope import DashScope
from playground.services.dashscope.clips import Clip, read_clip
from playground.services.dashscope.pictures import Picture, read_picture
from playground.services.dashscope.sounds import read_sound
from playground.services.service import CLIP
from tests.services.dashscope_kit import (
    I2V,
    PICTURE,
    RESOLVE,
    Caller,
    clip,
    inline,
    mp3,
    picture,
    wav,
)

SAMPLES = CLIP.parent


@pytest.fixture
async def service():
    async with DashScope() as service:
        service.rates.enforced = False
        yield service


@pytest.fixture
async def caller(service):
    async with aiohttp.ClientSession() as session:
        yield Caller(service, session)


@asynccontextmanager
async def hosting(data=b"", **answer):
    """Someone else's server with one file; what it was asked lies in the second value."""
    asked = []

    async def give(request):
        asked.append(request)
        return web.Response(body=data, **answer)

    app = web.Application()
    app.add_routes([web.get("/{name}", give)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    try:
        yield f"http://{host}:{port}/a%20b.jpg?sign=a%2Bb", asked
    finally:
        await runner.cleanup()


async def verdict(caller, model, given, parameters=None):
    status, body = await caller.create(model, given, parameters, headers=RESOLVE)
    return "fits" if status == 200 else body["code"]


async def picture_verdict(caller, data, model="wan2.2-i2v-flash"):
    return await verdict(caller, model, {"img_url": await caller.stored(data, model=model)})


@pytest.mark.parametrize(
    ("sides", "answer"),
    [
        ((360, 2000), "fits"),
        ((2000, 360), "fits"),
        ((359, 640), "InvalidFile.Resolution"),
        ((640, 359), "InvalidFile.Resolution"),
        ((2001, 640), "InvalidFile.Resolution"),
        ((640, 2001), "InvalidFile.Resolution"),
    ],
)
async def test_the_sides_of_a_picture(caller, sides, answer):
    assert await picture_verdict(caller, picture(*sides)) == answer
    frames = {"first_frame_url": PICTURE, "last_frame_url": inline(picture(*sides))}
    assert await verdict(caller, "wan2.2-kf2v-flash", frames) == answer


@pytest.mark.parametrize(
    ("sides", "answer"),
    [
        ((240, 240), "fits"),
        ((8000, 1000), "fits"),
        ((239, 300), "InvalidFile.Resolution"),
        ((8001, 2000), "InvalidFile.Resolution"),
        ((240, 1921), "InvalidFile.AspectRatio"),
        ((1920, 240), "fits"),
    ],
)
async def test_the_sides_of_a_picture_for_wan27(caller, sides, answer):
    url = await caller.stored(picture(*sides), model="wan2.7-i2v")
    media = [{"type": "first_frame", "url": url}]
    assert await verdict(caller, "wan2.7-i2v", {"media": media}) == answer


@pytest.mark.parametrize(
    ("kind", "mode", "answer"),
    [
        ("JPEG", "RGB", "fits"),
        ("JPEG", "L", "fits"),
        ("PNG", "RGB", "fits"),
        ("PNG", "P", "fits"),
        ("PNG", "RGBA", "InvalidFile.Format"),
        ("PNG", "LA", "InvalidFile.Format"),
        ("BMP", "RGB", "fits"),
        ("WEBP", "RGB", "fits"),
        ("GIF", "P", "InvalidFile.Format"),
        ("TIFF", "RGB", "InvalidFile.Format"),
    ],
)
async def test_the_format_of_a_picture(caller, kind, mode, answer):
    assert await picture_verdict(caller, picture(kind=kind, mode=mode)) == answer


async def test_a_palette_with_a_transparent_colour(caller):
    data = picture(kind="PNG", mode="P", transparency=0)
    assert await picture_verdict(caller, data) == "InvalidFile.Format"


async def test_a_picture_that_is_none(caller):
    for data in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"RIFF\0\0\0\0WEBP", wav(4)):
        assert await picture_verdict(caller, data) == "InvalidFile.Format"


async def test_the_bytes_of_a_picture(caller):
    for model, most in (("wan2.2-i2v-flash", 10_000_000), ("wan2.7-i2v", 20_000_000)):
        for size, answer in ((most, "fits"), (most + 1, "InvalidFile.Size")):
            url = await caller.stored(picture().ljust(size, b"\0"), f"{size}.jpg", model)
            given = {"img_url": url}
            if model == "wan2.7-i2v":
                given = {"media": [{"type": "first_frame", "url": url}]}
            assert await verdict(caller, model, given) == answer


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("jpeg", {}),
        ("jpeg", {"progressive": True}),
        ("jpeg", {"exif": Image.Exif().tobytes(), "comment": b"\xff" * 9}),
        ("png", {}),
        ("webp", {}),
        ("webp", {"lossless": True}),
        ("webp", {"exif": b"Exif\0\0" + bytes(9)}),
        ("bmp", {}),
    ],
)
def test_the_size_of_a_picture_is_read(kind, options):
    assert read_picture(picture(640, 481, kind, **options)) == Picture(kind, 640, 481)


@pytest.mark.parametrize("name", ["cat.jpg", "coffee.jpg", "astronaut.jpg"])
def test_the_size_of_a_sample_is_read(name):
    with Image.open(SAMPLES / name) as image:
        assert read_picture((SAMPLES / name).read_bytes()) == Picture("jpeg", *image.size)


def test_the_length_and_size_of_a_clip_are_read():
    assert read_clip(CLIP.read_bytes()) == Clip(2, 320, 180)


@pytest.mark.parametrize(
    ("read", "make"),
    [
        (read_picture, partial(picture, 400, 400)),
        (read_picture, partial(picture, 400, 400, "PNG")),
        (read_picture, partial(picture, 400, 400, "WEBP")),
        (read_picture, partial(picture, 400, 400, "WEBP", lossless=True)),
        (read_picture, partial(picture, 400, 400, "BMP")),
        (read_sound, partial(wav, 0.5)),
        (read_sound, partial(mp3, 0.5)),
        (read_clip, partial(clip, 1)),
    ],
)
def test_a_broken_file_is_read_without_a_fall(read, make):
    data = make()
    for length in range(len(data))[:2000]:
        read(data[:length])
        read(data[:length] + b"\0" * 100)
        read(data[:length] + b"\xff" * 100)


def test_a_jpeg_with_padding_between_its_parts():
    data = picture(400, 300)
    padded = data[:2] + b"\xff\xff" + data[2:]
    assert read_picture(padded) == Picture("jpeg", 400, 300)
    assert read_picture(b"\xff\xd8\xff\xd0" + data[2:]) == Picture("jpeg", 400, 300)
    assert read_picture(data[:2] + b"\xff\xd9\0" + data[2:]) is None


@pytest.mark.parametrize("rate", [16000, 24000, 44100, 48000])
def test_the_length_of_a_sound_is_read(rate):
    assert read_sound(wav(4.5, rate)).seconds == pytest.approx(4.5)
    bitrate = 64000 if rate < 44100 else 128000
    assert read_sound(mp3(4.8, rate, bitrate)).seconds == pytest.approx(4.8, abs=0.15)


async def sound_verdict(caller, data, model="wan2.6-i2v-flash"):
    url = await caller.stored(data, f"{len(data)}.bin", model)
    return await verdict(caller, model, {"img_url": PICTURE, "audio_url": url})


@pytest.mark.parametrize(
    ("make", "answer"),
    [
        (partial(wav, 3), "fits"),
        (partial(wav, 30), "fits"),
        (partial(wav, 2.99), "InvalidFile.Duration"),
        (partial(wav, 30.01), "InvalidFile.Duration"),
        (partial(mp3, 4), "fits"),
        (partial(mp3, 2), "InvalidFile.Duration"),
        (lambda: b"ID3\x04\0\0\0\0\x02\0" + bytes(256) + mp3(4), "fits"),
        ((SAMPLES / "hello.ogg").read_bytes, "InvalidFile.Format"),
        (bytes, "InvalidFile.Format"),
        (picture, "InvalidFile.Format"),
    ],
)
async def test_the_sound_of_an_order(caller, make, answer):
    data = make()
    assert await sound_verdict(caller, data) == answer
    assert await sound_verdict(caller, data, "wan2.5-i2v-preview") == answer


async def test_the_bytes_of_a_sound(caller):
    assert await sound_verdict(caller, mp3(4).ljust(15_000_000, b"\0")) == "fits"
    assert await sound_verdict(caller, mp3(4).ljust(15_000_001, b"\0")) == "InvalidFile.Size"


async def listed(caller, *types, seconds=3):
    made = {
        "first_frame": picture(),
        "last_frame": picture(),
        "driving_audio": wav(seconds),
        "first_clip": clip(seconds),
    }
    policy = await caller.policy("wan2.7-i2v")
    media = []
    for number, kind in enumerate(types):
        name = f"{number}.bin"
        await caller.upload(policy, made.get(kind, picture()), name)
        media.append({"type": kind, "url": f"oss://{policy['upload_dir']}/{name}"})
    return media


TOGETHER = [
    ["first_frame"],
    ["first_frame", "driving_audio"],
    ["driving_audio", "first_frame"],
    ["first_frame", "last_frame"],
    ["first_frame", "last_frame", "driving_audio"],
    ["first_clip"],
    ["first_clip", "last_frame"],
]
APART = [
    ["last_frame"],
    ["driving_audio"],
    ["last_frame", "driving_audio"],
    ["first_frame", "first_frame"],
    ["first_frame", "first_clip"],
    ["first_clip", "driving_audio"],
    ["first_clip", "last_frame", "driving_audio"],
    ["reference_image"],
]


@pytest.mark.parametrize("types", TOGETHER)
async def test_media_that_go_together(caller, types):
    assert await verdict(caller, "wan2.7-i2v", {"media": await listed(caller, *types)}) == "fits"


@pytest.mark.parametrize("types", APART)
async def test_media_that_do_not(caller, types):
    given = {"media": await listed(caller, *types)}
    assert await verdict(caller, "wan2.7-i2v", given) == "InvalidParameter"


@pytest.mark.parametrize(
    "media",
    [
        None,
        [],
        "x",
        ["x"],
        [{"type": "first_frame"}],
        [{"type": "first_frame", "url": ""}],
        [{"type": ["first_frame"], "url": "x"}],
        [{"type": "first_frame", "url": "x", "more": 1}],
    ],
)
async def test_a_list_of_media_has_its_shape(caller, media):
    assert await verdict(caller, "wan2.7-i2v", {"media": media}) == "InvalidParameter"


@pytest.mark.parametrize(
    "extra",
    [{"img_url": PICTURE}, {"audio_url": "x"}, {"template": "flying"}, {"first_frame_url": "x"}],
)
async def test_wan27_takes_nothing_beside_the_list(caller, extra):
    given = {"media": await listed(caller, "first_frame"), **extra}
    assert await verdict(caller, "wan2.7-i2v", given) == "InvalidParameter"
    for name in ("shot_type", "audio"):
        given = {"media": await listed(caller, "first_frame")}
        assert await verdict(caller, "wan2.7-i2v", given, {name: "single"}) == "InvalidParameter"


@pytest.mark.parametrize("seconds", [1.99, 2, 30, 30.01])
async def test_the_sound_of_wan27(caller, seconds):
    media = await listed(caller, "first_frame", "driving_audio", seconds=seconds)
    answer = "fits" if 2 <= seconds <= 30 else "InvalidFile.Duration"
    assert await verdict(caller, "wan2.7-i2v", {"media": media}) == answer


@pytest.mark.parametrize(
    ("make", "answer"),
    [
        (partial(clip, 2), "fits"),
        (partial(clip, 3, kind="mov"), "fits"),
        (partial(clip, 1), "InvalidFile.Duration"),
        (partial(clip, 11), "InvalidFile.Duration"),
        (partial(clip, 3, 224, 240), "InvalidFile.Resolution"),
        (partial(clip, 2, 2176, 240), "InvalidFile.AspectRatio"),
        (lambda: clip(3)[:100], "InvalidFile.Format"),
        (picture, "InvalidFile.Format"),
    ],
)
async def test_the_clip_of_wan27(caller, make, answer):
    data = make()
    url = await caller.stored(data, "a.mp4", "wan2.7-i2v")
    given = {"media": [{"type": "first_clip", "url": url}]}
    assert await verdict(caller, "wan2.7-i2v", given) == answer


async def test_the_length_of_the_video_has_room_for_the_clip(caller):
    media = await listed(caller, "first_clip", seconds=5)
    given = {"media": media}
    assert await verdict(caller, "wan2.7-i2v", given, {"duration": 4}) == "InvalidParameter"
    status, body = await caller.create("wan2.7-i2v", given, {"duration": 9}, headers=RESOLVE)
    assert status == 200
    usage = (await caller.look(body["output"]["task_id"]))["usage"]
    assert (usage["duration"], usage["input_video_duration"]) == (9, 5)
    assert usage["output_video_duration"] == 4


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "WEBP"])
async def test_a_picture_in_the_order_itself(caller, kind):
    data = picture(400, 400, kind)
    right, wrong = f"image/{kind.lower()}", "image/png" if kind == "JPEG" else "image/jpeg"
    for mime, answer in (
        (right, "fits"),
        (wrong, "InvalidFile.Format"),
        ("image/gif", "InvalidURL"),
    ):
        given = {"img_url": inline(data, mime)}
        assert await verdict(caller, "wan2.2-i2v-flash", given) == answer


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("data:image/jpeg;base64,", "InvalidFile.Format"),
        ("data:image/jpeg;base64,*", "InvalidParameter.DataInspection"),
        ("data:image/jpeg;base64,猫", "InvalidParameter.DataInspection"),
        ("data:image/jpeg,abc", "InvalidURL"),
        (base64.b64encode(picture()).decode(), "InvalidURL"),
        ("first.jpg", "InvalidURL"),
        ("file:///etc/hostname", "InvalidURL"),
        ("ftp://127.0.0.1/a.jpg", "InvalidURL"),
        ("http://", "InvalidParameter.DataInspection"),
    ],
)
async def test_an_address_that_is_none(caller, url, code):
    assert await verdict(caller, "wan2.2-i2v-flash", {"img_url": url}) == code


async def test_only_pictures_of_the_older_models_may_stand_in_the_order(caller):
    sound = inline(wav(4), "audio/wav")
    given = {"img_url": PICTURE, "audio_url": sound}
    assert await verdict(caller, "wan2.6-i2v-flash", given) == "InvalidURL"
    media = [{"type": "first_frame", "url": PICTURE}]
    assert await verdict(caller, "wan2.7-i2v", {"media": media}) == "InvalidURL"


async def test_a_file_from_the_network(caller):
    async with hosting(picture()) as (url, asked):
        assert await verdict(caller, "wan2.2-i2v-flash", {"img_url": url}) == "fits"
        [request] = asked
        assert request.path_qs == "/a%20b.jpg?sign=a%2Bb"
    async with hosting(wav(4)) as (url, _):
        given = {"img_url": PICTURE, "audio_url": url}
        assert await verdict(caller, "wan2.6-i2v-flash", given) == "fits"


async def test_a_file_that_the_network_does_not_give(caller):
    for status in (403, 404, 500, 206):
        async with hosting(picture(), status=status) as (url, _):
            answer = await verdict(caller, "wan2.2-i2v-flash", {"img_url": url})
            assert answer == "InvalidParameter.DataInspection"


async def test_redirects_are_not_followed(caller):
    async with (
        hosting(picture()) as (there, asked),
        hosting(status=302, headers={"Location": there}) as (url, _),
    ):
        answer = await verdict(caller, "wan2.2-i2v-flash", {"img_url": url})
        assert answer == "InvalidParameter.DataInspection"
        assert not asked


async def test_a_file_of_the_network_that_is_too_large(caller):
    async with hosting(picture().ljust(10_000_001, b"\0")) as (url, _):
        assert await verdict(caller, "wan2.2-i2v-flash", {"img_url": url}) == "InvalidFile.Size"


async def test_a_host_that_is_not_there(caller):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/a.jpg"
        answer = await verdict(caller, "wan2.2-i2v-flash", {"img_url": url})
        assert answer == "InvalidURL.ConnectionRefused"
    answer = await verdict(caller, "wan2.2-i2v-flash", {"img_url": "http://a.invalid/a.jpg"})
    assert answer == "InvalidParameter.DataInspection"


async def test_a_host_that_never_answers(caller, service):
    service.patience = 0.05
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/a.jpg"
        answer = await verdict(caller, "wan2.2-i2v-flash", {"img_url": url})
        assert answer == "InvalidURL.Timeout"


async def test_media_may_also_fail_the_task(caller, service):
    service.media_verdict = "task"
    task_id = await caller.made(given={"img_url": inline(picture(300, 300))})
    body = await caller.look(task_id)
    assert body["output"]["task_status"] == "FAILED"
    assert body["output"]["code"] == "InvalidFile.Resolution"
    assert service.studio.billable == 0
    task_id = await caller.made()
    assert (await caller.look(task_id))["output"]["task_status"] == "SUCCEEDED"


BEGUN = b'"data:image/png;base64,'


@pytest.mark.parametrize(
    ("begin", "size", "end", "times", "status"),
    [
        (b"", 16 << 20, b"", 1, 400),
        (b"", (16 << 20) + 1, b"", 1, 413),
        (BEGUN, (20 << 20) - 22, b'"', 1, 400),
        (BEGUN, 20 << 20, b'"', 1, 413),
        (BEGUN, 12 << 20, b'"', 2, 413),
        (BEGUN + b'xx"', 64 << 20, b"", 1, 413),
        (BEGUN + b'xx"', 63 << 20, b"", 1, 400),
    ],
)
async def test_the_gateway_takes_no_large_body(caller, begin, size, end, times, status):
    body = times * (begin + b"x" * size + end)
    headers = {"X-DashScope-Async": "enable", "Content-Type": "application/json"}
    answer, text = await caller.call("POST", I2V, data=io.BytesIO(body), headers=headers)
    assert answer == status
    assert isinstance(text, str) is (status == 413)
