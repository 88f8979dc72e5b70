"""Our requests beside those of the official SDK, on the same emulation and with the same input.

What differs on purpose, everywhere: the SDK names itself in `user-agent` and
`x-dashscope-sdk-*`, asks for `Accept: application/json` by name, and calls its JSON
`; charset=utf-8`, which JSON is anyway; it writes blanks after separators, we write none.
"""

import asyncio

import pytest

from providers.base import Pending
from tests import lazily
from tests.providers.dashscope_kit import (
    SDK_NOISE,
    headers,
    parts,
    readable,
    task,
    traced,
)

dashscope = lazily.Module("dashscope")
http_request = lazily.Module("dashscope.api_entities.http_request")
video_synthesis = lazily.Module("dashscope.aigc.video_synthesis")
FLASH = "wan2.6-i2v-flash"
NEW = "wan2.7-i2v"
OUR_OWN_WAYS = {"host", "user-agent", "accept", "accept-encoding", "connection", "content-length"}


@pytest.fixture
async def old(service, monkeypatch):
    """The layer that everybody uses; its address can be set in this way only."""
    url = service.environment["DASHSCOPE_HTTP_BASE_URL"]
    monkeypatch.setattr("dashscope.base_http_api_url", url)

    async def call(method, *arguments, **options):
        answer = await asyncio.to_thread(method, *arguments, api_key=service.key, **options)
        assert answer.status_code == 200, answer
        return answer

    yield call
    http_request.close_shared_sync_session()


@pytest.fixture
def new(service):
    base = service.environment["DASHSCOPE_HTTP_BASE_URL"]
    with dashscope.Client(api_key=service.key, base_url=base) as one:
        yield one


@pytest.fixture
def local(folder):
    return lambda name: f"file://{folder / name}"


def told(received):
    """The headers that say something of the order."""
    return {
        name: value.partition(";")[0]
        for name, value in headers(received).items()
        if name not in OUR_OWN_WAYS and not name.startswith("x-dashscope-sdk")
    }


def compare(service, folder, *, noise, ours_only):
    """Both orders, ours first: the same but for the SDK's noise and what we always say."""
    ours, theirs = service.sent_to("create")
    mine, other = (readable(service, folder, one) for one in (ours, theirs))
    for name, value in noise.items():
        assert other["input"].pop(name, "absent") == value, name
    for name, value in ours_only.items():
        assert name not in other["parameters"]
        assert mine["parameters"].pop(name) == value, name
    assert mine == other
    assert (ours.method, ours.url) == (theirs.method, theirs.url)
    assert told(ours) == told(theirs)


async def test_a_picture_and_a_sound(client, old, service, folder, local):
    await client.take(
        FLASH,
        first="large.jpg",
        audio="voice.mp3",
        prompt="Кот поёт 猫",
        negative_prompt="blur",
        seed=7,
        shots="multi",
        sound=True,
    )
    await old(
        video_synthesis.VideoSynthesis.async_call,
        model=FLASH,
        prompt="Кот поёт 猫",
        negative_prompt="blur",
        img_url=local("large.jpg"),
        audio_url=local("voice.mp3"),
        resolution="720P",
        duration=4,
        seed=7,
        prompt_extend=True,
        watermark=False,
        shot_type="multi",
        audio=True,
    )

    compare(service, folder, noise=SDK_NOISE, ours_only={})
    ours, theirs = service.sent_to("create")
    assert "Кот поёт 猫".encode() in ours.body
    assert "Кот поёт 猫".encode() in theirs.body


async def test_two_pictures(client, old, service, folder, local):
    await client.take(
        "wan2.2-kf2v-flash",
        first="large.jpg",
        last="large-last.jpg",
        prompt="turns",
        negative_prompt="n",
        seed=3,
    )
    await old(
        video_synthesis.VideoSynthesis.async_call,
        model="wan2.2-kf2v-flash",
        prompt="turns",
        negative_prompt="n",
        first_frame_url=local("large.jpg"),
        last_frame_url=local("large-last.jpg"),
        resolution="720P",
        seed=3,
        prompt_extend=True,
    )

    # We say the service's own default aloud: it is what the person was told.
    compare(service, folder, noise=SDK_NOISE, ours_only={"watermark": False})


@pytest.mark.parametrize(
    ("model", "template", "field"),
    [
        ("wanx2.1-i2v-plus", "flying", "img_url"),
        ("wanx2.1-kf2v-plus", "mech1", "first_frame_url"),
    ],
)
async def test_an_effect(model, template, field, client, old, service, folder, local):
    await client.take(model, first="large.jpg", effect=template, watermark=True)
    await old(
        video_synthesis.VideoSynthesis.async_call,
        model=model,
        template=template,
        resolution="720P",
        watermark=True,
        **{field: local("large.jpg")},
    )

    # The SDK says that there are no words; we say nothing of them.
    compare(service, folder, noise={**SDK_NOISE, "prompt": None}, ours_only={})


@pytest.mark.parametrize("last", [None, "large-last.jpg"])
@pytest.mark.parametrize("audio", [None, "voice.mp3"])
async def test_the_list_of_media(last, audio, client, new, service, folder, local):
    files = {"first_frame": "large.jpg", "last_frame": last, "driving_audio": audio}
    await client.take(NEW, first="large.jpg", last=last, audio=audio, seed=5)
    await asyncio.to_thread(
        new.videos.jobs.create,
        model=NEW,
        prompt="a slow walk",
        media=[{"type": role, "url": local(name)} for role, name in files.items() if name],
        duration=4 if audio else 5,
        resolution="720P",
        prompt_extend=True,
        watermark=False,
        seed=5,
    )

    compare(service, folder, noise={}, ours_only={})
    # One policy for all files of an order, as the new layer has it.
    ours, theirs = service.sent_to("policy")
    assert (ours.url, told(ours)) == (theirs.url, told(theirs))


async def test_the_list_of_media_in_the_old_layer(client, old, service, folder, local):
    await client.take(NEW, first="large.jpg", last="large-last.jpg", audio="voice.mp3")
    await old(
        video_synthesis.VideoSynthesis.async_call,
        model=NEW,
        prompt="a slow walk",
        media=[
            {"type": "first_frame", "url": local("large.jpg")},
            {"type": "last_frame", "url": local("large-last.jpg")},
            {"type": "driving_audio", "url": local("voice.mp3")},
        ],
        duration=4,
        resolution="720P",
        prompt_extend=True,
        watermark=False,
    )

    compare(service, folder, noise=SDK_NOISE, ours_only={})


async def test_an_upload(client, old, service, folder, local):
    await client.take(first="large.jpg")
    await old(
        video_synthesis.VideoSynthesis.async_call,
        model="wan2.2-i2v-flash",
        img_url=local("large.jpg"),
    )

    ours, theirs = service.sent_to("policy")
    assert (ours.method, ours.url) == (theirs.method, theirs.url)
    assert told(ours) == told(theirs)
    ours, theirs = service.sent_to("upload")
    mine, other = dict(parts(ours)), dict(parts(theirs))
    assert list(mine) == list(other)
    # By chance where the SDK tells the file's own name; the rest belongs to each policy.
    own = {"key", "policy", "Signature"}
    assert {name: mine[name] for name in mine.keys() - own} == {
        name: other[name] for name in other.keys() - own
    }
    # The SDK dates its upload; what the form's signature covers has no date in it.
    assert {**told(ours), "date": told(theirs)["date"]} == told(theirs)
    assert told(ours) == {"content-type": "multipart/form-data"}


async def test_looking_and_cancelling(client, old, service):
    remote = await client.take()
    other = task(await client.take())

    await client.look(remote)
    await old(video_synthesis.VideoSynthesis.fetch, other)
    assert await client.provider.cancel(remote)
    await old(video_synthesis.VideoSynthesis.cancel, other)

    for route, extra in (
        ("look", {}),
        # aiohttp, which carries our calls, gives an empty body a type; the SDK's library does not.
        ("cancel", {"content-type": "application/octet-stream"}),
    ):
        ours, theirs = service.sent_to(route)
        assert ours.method == theirs.method
        assert ours.url.replace(task(remote), other) == theirs.url
        assert ours.body == theirs.body == b""
        assert told(ours) == {**told(theirs), **extra}


async def test_the_list_of_tasks(client, old, service):
    await client.take()

    assert await client.provider.find(client.order(), traced()) == Pending()
    await old(
        video_synthesis.VideoSynthesis.list,
        model_name="wan2.2-i2v-flash",
        page_no=1,
        page_size=100,
    )

    ours, theirs = service.sent_to("list")
    path, _, query = ours.url.partition("?")
    assert theirs.url.partition("?")[0] == path
    assert sorted(theirs.url.partition("?")[2].split("&")) == sorted(query.split("&"))
    assert told(ours) == told(theirs)
