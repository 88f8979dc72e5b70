"""What our DashScope client asks for: bodies, paths, headers, uploads, models and regions."""

import re

import pytest
from PIL import Image

from core.capabilities import Need, Shows
from core.errors import ProviderError, SettingsError, UncertainError
from core.problems import mends, problems, settled
from media.runner import MediaRunner
from playground.services.dashscope.sounds import read_sound
from playground.services.faults import Fault
from playground.services.service import CLIP
from providers import verdicts
from providers.base import Blame, Pending, Ready, Refused
from providers.dashscope.models import MODELS
from providers.dashscope.regions import Region, region_of
from tests.factories import make_picture, make_request, make_sound
from tests.providers.dashscope_kit import (
    body,
    headers,
    parts,
    readable,
    task,
)
from tests.services.dashscope_kit import I2V, KF2V, wav

FLASH = "wan2.6-i2v-flash"
NEW = "wan2.7-i2v"
INTL = "dashscope-intl.aliyuncs.com"


# Requests: every model as it is asked for at the least, and with everything it knows.

WORDS = {"prompt": "a slow walk"}
ALL_WORDS = {"prompt": "Кот поёт 猫", "negative_prompt": "blur"}
ALL = {**ALL_WORDS, "seed": 7, "rewrite": False, "watermark": True}
ALL_SAID = {"seed": 7, "prompt_extend": False, "watermark": True}
PLAIN = {"resolution": "720P", "prompt_extend": True, "watermark": False}
FIVE = {**PLAIN, "duration": 5}
ONE = {"img_url": "inline small.jpg"}
TWO = {"first_frame_url": "inline small.jpg", "last_frame_url": "inline last.jpg"}
HEARD = {"img_url": "inline small.jpg", "audio_url": "stored voice.mp3"}


def media(*given):
    roles = "first_frame", "last_frame", "driving_audio"
    files = "small.jpg", "last.jpg", "voice.mp3"
    return {
        "media": [
            {"type": role, "url": f"stored {file}"}
            for role, file in zip(roles, files, strict=True)
            if role in given
        ]
    }


FORMS = {
    f"{FLASH} at the least": (FLASH, {}, {**WORDS, **ONE}, {**FIVE, "audio": True}),
    f"{FLASH} without words": (FLASH, {"prompt": ""}, ONE, {**FIVE, "audio": True}),
    f"{FLASH} with everything": (
        FLASH,
        {**ALL, "resolution": "1080p", "seconds": 15, "shots": "single", "sound": True},
        {**ALL_WORDS, **ONE},
        {
            **ALL_SAID,
            "resolution": "1080P",
            "duration": 15,
            "shot_type": "single",
            "audio": True,
        },
    ),
    f"{FLASH} in several shots": (
        FLASH,
        {"shots": "multi", "rewrite": True},
        {**WORDS, **ONE},
        {**FIVE, "shot_type": "multi", "audio": True},
    ),
    f"{FLASH} silent": (FLASH, {"sound": False}, {**WORDS, **ONE}, {**FIVE, "audio": False}),
    f"{FLASH} with an own sound": (
        FLASH,
        {"audio": "voice.mp3"},
        {**WORDS, **HEARD},
        {**PLAIN, "duration": 4, "audio": True},
    ),
    f"{FLASH} with an own sound that is switched on": (
        FLASH,
        {"audio": "voice.mp3", "sound": True},
        {**WORDS, **HEARD},
        {**PLAIN, "duration": 4, "audio": True},
    ),
    f"{FLASH} with an own sound that is switched off": (
        FLASH,
        {"audio": "voice.mp3", "sound": False},
        {**WORDS, **HEARD},
        {**PLAIN, "duration": 4, "audio": False},
    ),
    "wan2.6-i2v at the least": ("wan2.6-i2v", {}, {**WORDS, **ONE}, FIVE),
    "wan2.6-i2v with everything": (
        "wan2.6-i2v",
        {**ALL, "resolution": "1080p", "shots": "single", "audio": "voice.mp3", "heard": 11.1},
        {**ALL_WORDS, **HEARD},
        {**ALL_SAID, "resolution": "1080P", "duration": 12, "shot_type": "single"},
    ),
    "wan2.5-i2v-preview at the least": ("wan2.5-i2v-preview", {}, {**WORDS, **ONE}, FIVE),
    "wan2.5-i2v-preview with everything": (
        "wan2.5-i2v-preview",
        {**ALL, "resolution": "480p", "audio": "voice.mp3", "heard": 5.2},
        {**ALL_WORDS, **HEARD},
        {**ALL_SAID, "resolution": "480P", "duration": 10},
    ),
    "wan2.2-i2v-flash at the least": ("wan2.2-i2v-flash", {}, {**WORDS, **ONE}, PLAIN),
    "wan2.2-i2v-flash with everything": (
        "wan2.2-i2v-flash",
        {**ALL, "resolution": "1080p"},
        {**ALL_WORDS, **ONE},
        {**ALL_SAID, "resolution": "1080P"},
    ),
    "wan2.2-i2v-plus at the least": (
        "wan2.2-i2v-plus",
        {},
        {**WORDS, **ONE},
        {**PLAIN, "resolution": "1080P"},
    ),
    "wan2.2-i2v-plus with everything": (
        "wan2.2-i2v-plus",
        {**ALL, "resolution": "480p"},
        {**ALL_WORDS, **ONE},
        {**ALL_SAID, "resolution": "480P"},
    ),
    "wanx2.1-i2v-turbo at the least": ("wanx2.1-i2v-turbo", {}, {**WORDS, **ONE}, FIVE),
    "wanx2.1-i2v-turbo with everything": (
        "wanx2.1-i2v-turbo",
        {**ALL, "resolution": "480p", "seconds": 3},
        {**ALL_WORDS, **ONE},
        {**ALL_SAID, "resolution": "480P", "duration": 3},
    ),
    "wanx2.1-i2v-plus at the least": ("wanx2.1-i2v-plus", {}, {**WORDS, **ONE}, PLAIN),
    "wanx2.1-i2v-plus with everything": (
        "wanx2.1-i2v-plus",
        ALL,
        {**ALL_WORDS, **ONE},
        {**ALL_SAID, "resolution": "720P"},
    ),
    "wan2.2-kf2v-flash at the least": (
        "wan2.2-kf2v-flash",
        {"last": "last.jpg", "prompt": ""},
        TWO,
        PLAIN,
    ),
    "wan2.2-kf2v-flash with everything": (
        "wan2.2-kf2v-flash",
        {**ALL, "last": "last.jpg", "resolution": "1080p"},
        {**ALL_WORDS, **TWO},
        {**ALL_SAID, "resolution": "1080P"},
    ),
    "wanx2.1-kf2v-plus with everything": (
        "wanx2.1-kf2v-plus",
        {**ALL, "last": "last.jpg"},
        {**ALL_WORDS, **TWO},
        {**ALL_SAID, "resolution": "720P"},
    ),
    f"{NEW} at the least": (NEW, {}, {**WORDS, **media("first_frame")}, FIVE),
    f"{NEW} with a sound": (
        NEW,
        {"audio": "voice.mp3"},
        {**WORDS, **media("first_frame", "driving_audio")},
        {**PLAIN, "duration": 4},
    ),
    f"{NEW} with a last frame": (
        NEW,
        {"last": "last.jpg", "prompt": ""},
        media("first_frame", "last_frame"),
        FIVE,
    ),
    f"{NEW} with everything": (
        NEW,
        {**ALL, "last": "last.jpg", "audio": "voice.mp3", "resolution": "1080p"},
        {**ALL_WORDS, **media("first_frame", "last_frame", "driving_audio")},
        {**ALL_SAID, "resolution": "1080P", "duration": 4},
    ),
    "an effect with everything": (
        "wanx2.1-i2v-turbo",
        {**ALL, "effect": "squish", "resolution": "480p", "seconds": 4},
        {"template": "squish", **ONE},
        {"resolution": "480P", "duration": 4, "seed": 7, "watermark": True},
    ),
    "an effect that takes no notice of a last frame": (
        "wanx2.1-kf2v-plus",
        {"effect": "mech1", "last": "last.jpg", "watermark": True},
        {"template": "mech1", "first_frame_url": "inline small.jpg"},
        {"resolution": "720P", "watermark": True},
    ),
}


@pytest.mark.parametrize("row", FORMS)
async def test_every_model_is_asked_in_its_own_way(row, client, service, folder):
    name, options, given, parameters = FORMS[row]

    await client.take(name, **options)

    (sent,) = service.sent_to("create")
    expected = {"model": name, "input": given, "parameters": parameters}
    assert readable(service, folder, sent) == expected
    assert (sent.method, sent.url) == ("POST", f"/api/v1{KF2V if 'kf2v' in name else I2V}")
    told = headers(sent)
    assert told["authorization"] == f"Bearer {service.key}"
    assert told["content-type"] == "application/json"
    assert told["x-dashscope-async"] == "enable"
    resolved = told.get("x-dashscope-ossresourceresolve")
    assert resolved == ("enable" if "stored" in str(given) else None)
    assert given.get("prompt", "").encode() in sent.body  # as it is, without \u


async def test_every_model_of_beijing_has_a_row(client):
    assert set(client.names) == {name for name, *_ in FORMS.values()}


async def test_every_length_and_resolution_is_taken(client, service, studio):
    asked = []
    for model in client.provider.models:
        name = model.model.partition("/")[2]
        last = "last.jpg" if model.last_frame is Need.REQUIRED else None
        for resolution in model.resolutions:
            for seconds in model.seconds:
                await client.take(name, last=last, resolution=resolution, seconds=seconds)
                asked.append((name, resolution.upper(), seconds))

    taken = [
        (one.order["model"], one.order["resolution"], one.order["duration"])
        for one in studio.renders
    ]
    assert taken == asked
    # What has one length only is not asked for it.
    without = {
        body(one)["model"] for one in service.sent_to("create") if b"duration" not in one.body
    }
    assert without == {name for name in client.names if client.model(name).seconds == (5,)}


async def test_the_models_are_those_of_the_service(client, service):
    theirs = service.models.keys() - {"wan2.7-i2v-2026-04-25"}  # a snapshot of wan2.7-i2v
    assert set(client.names) == theirs
    for name in client.names:
        ours, told = client.model(name), service.models[name]
        assert {one.upper() for one in ours.resolutions} == set(told.tiers), name
        assert set(ours.seconds) == told.durations, name
        assert ours.prompt_chars == told.prompt, name
        assert ours.negative_chars == 500
        assert (ours.audio is Need.OPTIONAL) == (told.sound != "none"), name
        assert ours.sound == (told.sound == "switch"), name
        assert ours.shots == told.shot_type, name
        assert {one.name for one in ours.effects} == told.templates, name
        assert ours.picture.min_side >= told.picture.sides[0], name
        assert ours.picture.max_side <= told.picture.sides[1], name
        assert ours.picture.max_bytes <= told.picture.size, name
        assert ours.picture.max_aspect <= (told.picture.ratio or 2000 / 360), name
        if ours.audio is not Need.NONE:
            limits = ours.audio_limits
            assert (limits.min_seconds, limits.max_seconds) == told.driving.seconds, name
            assert limits.max_bytes <= told.driving.size


# A sound of one's own


@pytest.mark.parametrize(
    ("name", "heard", "seconds", "used"),
    [
        (FLASH, 3.0, 3, 3.0),
        (FLASH, 4.2, 5, 4.2),
        (FLASH, 29.0, 15, 15.0),
        (NEW, 2.0, 2, 2.0),
        (NEW, 20.0, 15, 15.0),
        ("wan2.5-i2v-preview", 4.2, 5, 4.2),
        ("wan2.5-i2v-preview", 5.1, 10, 5.1),
        ("wan2.5-i2v-preview", 14.0, 10, 10.0),
    ],
)
async def test_the_video_is_as_long_as_the_sound_and_the_model_allow(
    name, heard, seconds, used, client, service, tmp_path
):
    (tmp_path / "source.wav").write_bytes(wav(heard, rate=16000))
    model = client.model(name)
    runner = MediaRunner()
    await runner.run(
        "convert_sound",
        {
            "source": str(tmp_path / "source.wav"),
            "target": str(tmp_path / "voice.mp3"),
            "max_seconds": model.longest_sound,
        },
    )
    await runner.close()
    request = settled(make_request(audio=make_sound(seconds=heard)), model)
    assert any("only its first" in str(note) for note in mends(request, model)) == (heard > used)

    await client.take(name, audio=tmp_path / "voice.mp3", heard=heard)

    (sent,) = service.sent_to("create")
    assert body(sent)["parameters"]["duration"] == seconds
    (stored,) = [
        sound
        for one in service.bucket.objects.values()
        if (sound := read_sound(one.data)) is not None
    ]
    assert stored.seconds == pytest.approx(used, abs=0.12)


# What the bot checks before anything is ordered


@pytest.mark.parametrize(
    ("name", "changes", "word"),
    [
        (FLASH, {"seconds": 16}, "--dur 16"),
        (FLASH, {"resolution": "480p"}, "--res 480p"),
        (FLASH, {"prompt": "x" * 1501}, "1501"),
        (FLASH, {"negative_prompt": "x" * 501}, "500"),
        (FLASH, {"last_frame": make_picture()}, "last frame"),
        (FLASH, {"audio": make_sound(seconds=2.9)}, "at least 3 s"),
        (FLASH, {"effect": "squish"}, "--effect"),
        (FLASH, {"ratio": "16:9"}, "--ar"),
        (FLASH, {"seed": 2**31}, "--seed"),
        (FLASH, {"first_frame": None}, "photo"),
        (FLASH, {"first_frame": make_picture(width=2000, height=350)}, "narrow"),
        ("wan2.6-i2v", {"sound": False}, "--sound"),
        ("wan2.5-i2v-preview", {"seconds": 6}, "--dur 6"),
        ("wan2.5-i2v-preview", {"shots": "multi"}, "--shots"),
        ("wan2.2-i2v-flash", {"audio": make_sound()}, "sound"),
        ("wan2.2-i2v-flash", {"prompt": "x" * 801}, "801"),
        ("wan2.2-i2v-plus", {"resolution": "720p"}, "--res 720p"),
        ("wanx2.1-i2v-turbo", {"effect": "melt"}, "--effect melt"),
        ("wanx2.1-kf2v-plus", {}, "second photo"),
        ("wanx2.1-kf2v-plus", {"effect": "squish"}, "--effect squish"),
        (NEW, {"sound": False}, "--sound"),
        (NEW, {"shots": "multi"}, "--shots"),
        (NEW, {"prompt": "x" * 5001}, "5001"),
        (NEW, {"audio": make_sound(seconds=1.9)}, "at least 2 s"),
    ],
)
async def test_what_does_not_fit_is_said_first(name, changes, word, client):
    found = problems(make_request(**changes), client.model(name))

    assert word in str(found[0])


# Effects: which model has which, and what the photo must show

BOTH = {
    Shows.ANYTHING: "squish rotation poke inflate dissolve",
    Shows.PERSON: "carousel singleheart",
    Shows.LIVING: "flying rose crystalrose",
    Shows.COUPLE: "hug frenchkiss coupleheart",
}
PLUS_ONLY = {
    Shows.ANYTHING: "melt icecream",
    Shows.PERSON: (
        "dance1 dance2 dance3 dance4 dance5 mermaid graduation dragon money jellyfish pupil"
    ),
}
KEYFRAME = {Shows.PERSON: "hanfu-1 solaron magazine mech1 mech2"}
EFFECTS = {
    "wanx2.1-i2v-turbo": [BOTH],
    "wanx2.1-i2v-plus": [BOTH, PLUS_ONLY],
    "wanx2.1-kf2v-plus": [KEYFRAME],
}
TEMPLATES = {
    (name, effect): shows
    for name, groups in EFFECTS.items()
    for group in groups
    for shows, effects in group.items()
    for effect in effects.split()
}


async def test_the_effects_are_those_of_the_manual(client):
    found = {
        (name, effect.name): effect.shows
        for name in client.names
        for effect in client.model(name).effects
    }
    assert found == TEMPLATES
    assert len({effect for _, effect in TEMPLATES}) == 31
    titles = {str(one.title) for name in client.names for one in client.model(name).effects}
    assert len(titles) == 31


async def test_every_effect_is_taken_by_its_models(client, service, folder):
    for name, effect in TEMPLATES:
        await client.take(name, effect=effect)

    field = {True: "first_frame_url", False: "img_url"}
    for (name, effect), sent in zip(TEMPLATES, service.sent_to("create"), strict=True):
        said = readable(service, folder, sent)
        assert said["input"] == {"template": effect, field["kf2v" in name]: "inline small.jpg"}
        assert sent.url.endswith(KF2V if "kf2v" in name else I2V)
        duration = {"duration": 5} if name == "wanx2.1-i2v-turbo" else {}
        assert said["parameters"] == {"resolution": "720P", "watermark": False, **duration}


# Files: in the request where small, uploaded where not


@pytest.mark.parametrize(
    ("name", "options", "given"),
    [
        ("wan2.2-i2v-flash", {"first": "large.jpg"}, {"img_url": "stored large.jpg"}),
        (
            "wan2.2-kf2v-flash",
            {"first": "large.jpg", "last": "last.jpg"},
            {"first_frame_url": "stored large.jpg", "last_frame_url": "inline last.jpg"},
        ),
        (
            "wan2.2-kf2v-flash",
            {"last": "large-last.jpg"},
            {"first_frame_url": "inline small.jpg", "last_frame_url": "stored large-last.jpg"},
        ),
        (
            "wan2.2-kf2v-flash",
            {"first": "large.jpg", "last": "large-last.jpg"},
            {"first_frame_url": "stored large.jpg", "last_frame_url": "stored large-last.jpg"},
        ),
        (
            "wanx2.1-kf2v-plus",
            {"first": "large.jpg", "last": "last.jpg", "effect": "mech2", "prompt": ""},
            {"first_frame_url": "stored large.jpg", "template": "mech2"},
        ),
        (
            FLASH,
            {"first": "large.jpg", "audio": "voice.mp3"},
            {"img_url": "stored large.jpg", "audio_url": "stored voice.mp3"},
        ),
        (
            NEW,
            {"first": "large.jpg", "last": "last.jpg", "audio": "voice.mp3"},
            {
                "media": [
                    {"type": "first_frame", "url": "stored large.jpg"},
                    {"type": "last_frame", "url": "stored last.jpg"},
                    {"type": "driving_audio", "url": "stored voice.mp3"},
                ]
            },
        ),
    ],
)
async def test_large_files_go_up_first_with_one_policy(
    name, options, given, client, service, folder
):
    await client.take(name, **options)

    (sent,) = service.sent_to("create")
    said = readable(service, folder, sent)["input"]
    said.pop("prompt", None)
    assert said == given
    assert headers(sent)["x-dashscope-ossresourceresolve"] == "enable"
    (policy,) = service.sent_to("policy")
    assert policy.url == f"/api/v1/uploads?action=getPolicy&model={name}"
    assert headers(policy)["authorization"] == f"Bearer {service.key}"
    assert len(service.sent_to("upload")) == str(given).count("stored")


async def test_the_form_of_an_upload(client, service, folder):
    await client.take(FLASH, first="large.jpg", audio="voice.mp3")

    kinds = {}
    for upload in service.sent_to("upload"):
        names = [name for name, _ in parts(upload)]
        assert names == [
            "OSSAccessKeyId",
            "Signature",
            "policy",
            "key",
            "x-oss-object-acl",
            "x-oss-forbid-overwrite",
            "success_action_status",
            "x-oss-content-type",
            "file",
        ]
        fields = dict(parts(upload))
        assert fields["success_action_status"] == b"200"
        kinds[fields["x-oss-content-type"]] = fields["file"]
        # A name of chance: overwriting is forbidden, and whose picture it is says nothing.
        assert re.fullmatch(rb".+/[0-9a-f]{24}\.(jpg|mp3)", fields["key"])
        assert "authorization" not in headers(upload)
        assert service.key.encode() not in upload.wire
    assert kinds == {
        b"image/jpeg": (folder / "large.jpg").read_bytes(),
        b"audio/mpeg": (folder / "voice.mp3").read_bytes(),
    }


async def test_the_limit_of_what_travels_in_a_request(client, service, folder, tmp_path):
    data = (folder / "small.jpg").read_bytes()
    for size in (200_000, 200_001):
        path = tmp_path / f"{size}.jpg"
        path.write_bytes(data.ljust(size, b"\0"))
        Image.open(path).verify()
        await client.take(first=path)

    at, above = (body(one)["input"]["img_url"][:6] for one in service.sent_to("create"))
    assert (at, above) == ("data:i", "oss://")


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ({"route": "upload", "status": 204}, FLASH),
        (
            {
                "route": "upload",
                "status": 403,
                "body": b"<Error><Code>AccessDenied</Code></Error>",
            },
            FLASH,
        ),
        ({"route": "upload", "status": 500}, NEW),
        ({"route": "upload", "drop": "before"}, NEW),
        ({"route": "upload", "drop": "after"}, NEW),
        ({"route": "policy", "status": 500}, FLASH),
        ({"route": "policy", "status": 503, "body": b"{}"}, FLASH),
        ({"route": "policy", "status": 200, "body": b"{}"}, FLASH),
        ({"route": "policy", "status": 404}, FLASH),
        ({"route": "policy", "drop": "after", "times": 2}, FLASH),  # aiohttp asks once more
    ],
    ids=str,
)
async def test_an_upload_that_breaks_has_ordered_nothing(fault, name, client, service):
    service.faults.add(Fault(**fault))

    with pytest.raises(ProviderError) as error:
        await client.submit(name, audio="voice.mp3")

    assert not isinstance(error.value, UncertainError)
    assert error.value.retry_in
    assert "://" not in str(error.value)
    assert not service.sent_to("create")
    assert isinstance(await client.submit(name, audio="voice.mp3"), str)


async def test_a_policy_for_a_model_that_is_closed(client, service):
    service.models.pop(FLASH)

    answer = await client.submit(FLASH, audio="voice.mp3")

    assert isinstance(answer, Refused)
    assert (answer.blame, answer.reason) == (Blame.ACCOUNT, verdicts.OURS)
    assert not service.sent_to("create")
    assert client.provider.is_up()


# Regions

BEIJING = [wan.name for wan in MODELS if Region.BEIJING in wan.regions]
SINGAPORE = [
    FLASH,
    "wan2.6-i2v",
    NEW,
    "wan2.5-i2v-preview",
    "wan2.2-i2v-flash",
    "wan2.2-i2v-plus",
    "wan2.1-i2v-turbo",
    "wan2.1-i2v-plus",
    "wan2.1-kf2v-plus",
]


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://dashscope.aliyuncs.com/api/v1", Region.BEIJING),
        ("https://dashscope-intl.aliyuncs.com/api/v1", Region.SINGAPORE),
        ("https://dashscope-us.aliyuncs.com/api/v1/", Region.VIRGINIA),
        ("https://ws-us.cn-beijing.maas.aliyuncs.com/api/v1", Region.BEIJING),
        ("https://ws.ap-southeast-1.maas.aliyuncs.com/api/v1", Region.SINGAPORE),
        ("https://ws.eu-central-1.maas.aliyuncs.com/api/v1", Region.FRANKFURT),
        ("https://ws.us-east-1.maas.aliyuncs.com/api/v1", Region.VIRGINIA),
        ("https://ws.cn-hongkong.maas.aliyuncs.com/api/v1", Region.SINGAPORE),
        ("https://ws.ap-northeast-1.maas.aliyuncs.com/api/v1", Region.SINGAPORE),
        ("http://127.0.0.1:8080/api/v1", Region.BEIJING),
        ("https://proxy.example/dashscope-intl", Region.BEIJING),
    ],
)
async def test_the_region_of_a_base_url(base, expected, make):
    assert region_of(base) is expected
    names = make(DASHSCOPE_HTTP_BASE_URL=base).names
    assert names == [wan.name for wan in MODELS if expected in wan.regions]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("region", ["singapore"])
async def test_singapore_has_its_own_names(client, service, studio):
    assert client.names == SINGAPORE
    assert set(SINGAPORE) == service.models.keys() - {"wan2.7-i2v-2026-04-25"}
    for name in client.names:
        model = client.model(name)
        last = "last.jpg" if model.last_frame is Need.REQUIRED else None
        remote = await client.take(name, last=last, first="large.jpg")
        studio.finish(task(remote))
        assert isinstance(await client.look(remote), Ready)
    assert [body(one)["model"] for one in service.sent_to("create")] == SINGAPORE
    assert not any(client.model(name).effects for name in SINGAPORE)


@pytest.mark.parametrize("region", ["virginia"])
async def test_virginia_makes_multiples_of_five_seconds(client, service):
    assert client.names == ["wan2.6-i2v", "wan2.6-i2v-us"]
    assert service.models.keys() == set(client.names)
    for name in client.names:
        for seconds in (5, 10, 15):
            await client.take(name, seconds=seconds)
        await client.take(name, audio="voice.mp3")
        assert body(service.sent_to("create")[-1])["parameters"]["duration"] == 5
        assert problems(make_request(seconds=6), client.model(name)) != []


async def test_what_a_region_has_not_is_off_with_the_reason(make):
    off = make().provider.off
    assert set(off) == {
        "dashscope/wan2.6-i2v-us",
        "dashscope/wan2.1-i2v-turbo",
        "dashscope/wan2.1-i2v-plus",
        "dashscope/wan2.1-kf2v-plus",
    }
    abroad = make(host=INTL).provider.off
    assert set(abroad) == {
        "dashscope/wan2.6-i2v-us",
        "dashscope/wanx2.1-i2v-turbo",
        "dashscope/wanx2.1-i2v-plus",
        "dashscope/wan2.2-kf2v-flash",
        "dashscope/wanx2.1-kf2v-plus",
    }
    assert all("DASHSCOPE_HTTP_BASE_URL" in str(why) for why in (*off.values(), *abroad.values()))


@pytest.mark.parametrize("region", ["singapore"])
async def test_a_key_of_another_region_is_the_owners_matter(make, service):
    client = make(DASHSCOPE_API_KEY="sk-11111111111111111111111111111111")

    answer = await client.submit(FLASH)

    assert answer.blame is Blame.ACCOUNT
    assert "DASHSCOPE_API_KEY" in answer.owners
    assert "region" in answer.owners
    assert "sk-" not in answer.owners


@pytest.mark.parametrize("region", ["singapore"])
async def test_a_model_of_another_region_is_the_owners_matter_but_the_key_goes_on(make, service):
    client = make()  # its address does not tell the region: Beijing's models are offered

    answer = await client.submit("wanx2.1-i2v-turbo")

    assert (answer.blame, answer.reason) == (Blame.ACCOUNT, verdicts.OURS)
    assert "ModelNotFound" in answer.owners
    assert client.provider.is_up()
    assert isinstance(await client.submit(FLASH), str)


# The whole way


@pytest.mark.parametrize(
    ("name", "options"),
    [
        (FLASH, {"audio": "voice.mp3"}),
        (NEW, {"last": "last.jpg", "audio": "voice.mp3"}),
        ("wan2.2-kf2v-flash", {"last": "last.jpg"}),
        ("wanx2.1-i2v-plus", {"effect": "melt"}),
    ],
)
async def test_an_order_becomes_a_video(name, options, client, service, studio):
    order = client.order(name, **options)
    remote = await client.provider.submit(order)

    assert client.provider.tells_begun
    assert await client.provider.look(remote, order) == Pending(begun=False)
    studio.begin(task(remote))
    assert await client.provider.look(remote, order) == Pending(begun=True)
    studio.finish(task(remote))
    ready = await client.provider.look(remote, order)
    assert ready == Ready(url=service.result_url(task(remote)))
    await client.provider.fetch(ready, order)

    assert order.target.read_bytes() == CLIP.read_bytes()
    assert studio.billable == 1
    assert "authorization" not in headers(service.sent_to("result")[0])
    for one in service.sent_to("look"):
        assert (one.method, one.url) == ("GET", f"/api/v1/tasks/{task(remote)}")
        assert headers(one)["authorization"] == f"Bearer {service.key}"
        assert not any(name.startswith("x-dashscope") for name in headers(one))


# Settings


async def test_without_a_key_it_is_off(make):
    assert make(DASHSCOPE_API_KEY=" , ").provider is None


@pytest.mark.parametrize("base", ["dashscope", "ftp://a.example", "https://key@a.example/v1"])
async def test_a_malformed_base_url_is_named(base, make):
    with pytest.raises(SettingsError) as error:
        make(DASHSCOPE_HTTP_BASE_URL=base)
    assert str(error.value).startswith("DASHSCOPE_HTTP_BASE_URL")


async def test_without_a_base_url_it_is_beijing(make):
    assert make(DASHSCOPE_HTTP_BASE_URL="").names == BEIJING


async def test_groups_of_models_have_lanes_for_every_key(make):
    lanes = {"dashscope": 5, "dashscope.older": 2}
    assert make().provider.lanes == lanes
    two = make(DASHSCOPE_API_KEY="sk-a, sk-b").provider
    assert two.lanes == {lane: seats * 2 for lane, seats in lanes.items()}
    new = {one.model.partition("/")[2] for one in two.models if one.lane == "dashscope"}
    assert new == {FLASH, "wan2.6-i2v", "wan2.5-i2v-preview", NEW}
    assert {one.lane for one in two.models} == set(lanes)
