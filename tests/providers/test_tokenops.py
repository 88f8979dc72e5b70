"""Orders at the gateway that sells Jimeng and OmniHuman: settings, requests, results."""

import base64

import pytest

from core.errors import ProviderError, SettingsError, ThrottledError
from media.runner import MediaRunner
from playground.services.gateway import Gateway
from playground.services.service import CLIP, Result
from playground.services.studio import Studio
from providers import verdicts
from providers.base import Blame, Kit, Pending, Ready, Refused
from providers.tokenops import build
from providers.tokenops.profiles import PROFILES
from providers.volcengine.models import CAMERAS
from providers.web.wire import Web
from tests.providers.tokenops_kit import JIMENG, OMNI, Desk, fields_of, header, jpeg, sound
from tests.world import COFFEE

KEY = {"TOKENOPS_API_KEY": "sk-1"}
PHOTO = {"first": COFFEE}
PHOTOS = {"first": jpeg(), "last": jpeg(color="teal")}
VOICE = {"first": COFFEE, "audio": sound()}


def built(environment, **more):
    return build(Kit(environment=environment, runner=MediaRunner(), web=Web(), **more))


@pytest.fixture
async def service():
    async with Gateway() as service:
        yield service


@pytest.fixture
async def desk(service, tmp_path):
    desk = Desk(service, tmp_path)
    yield desk
    await desk.close()


@pytest.fixture
async def link():
    """Our own server with public links, as the gateway sees it."""
    async with Gateway() as host:

        def link(path):
            host.results[path.name] = Result(body=path.read_bytes())
            return host.result_url(path.name)

        yield link


# Settings


def test_without_a_key_there_is_nothing():
    assert built({}) is None
    assert built({"TOKENOPS_API_KEY": " , "}) is None


@pytest.mark.parametrize(
    ("environment", "text"),
    [
        ({"TOKENOPS_PROFILE": "sora"}, f"TOKENOPS_PROFILE: must be one of {', '.join(PROFILES)}"),
        ({"TOKENOPS_PROFILE": "tokenops:x"}, "TOKENOPS_PROFILE: must be one of tokenops, openai"),
        ({"TOKENOPS_BASE_URL": "api.tokenops.ai"}, "TOKENOPS_BASE_URL: must be an address"),
        ({"TOKENOPS_API_KEY": "sk-1,s k"}, "TOKENOPS_API_KEY: a key cannot hold"),
        ({"TOKENOPS_API_KEY": "sk-ключ"}, "TOKENOPS_API_KEY: a key cannot hold"),
    ],
)
def test_a_malformed_setting_is_named(environment, text):
    with pytest.raises(SettingsError) as error:
        built(KEY | environment)

    assert str(error.value).startswith(text)


@pytest.mark.parametrize(
    ("profile", "models"),
    [
        ("", {f"{JIMENG}720P", f"{JIMENG}1080P", f"{JIMENG}pro", OMNI}),
        ("tokenops", {f"{JIMENG}720P", f"{JIMENG}1080P", f"{JIMENG}pro", OMNI}),
        ("openai", {"tokenops/sora-2"}),
        ("vllm-omni", {"tokenops/video"}),
        ("sglang", {"tokenops/video"}),
        ("new-api", {"tokenops/video"}),
        ("new-api:kling-v1", {"tokenops/video"}),
    ],
)
def test_the_profile_says_what_is_offered(profile, models):
    provider = built(KEY | {"TOKENOPS_PROFILE": profile}, links=True)

    assert {one.model for one in provider.models} == models
    assert not provider.off


def test_without_links_a_talking_picture_is_off_and_says_why():
    provider = built(KEY)

    assert OMNI not in {one.model for one in provider.models}
    assert list(provider.off) == [OMNI]
    assert "PUBLIC_URL" in str(provider.off[OMNI])


def test_every_key_has_seats_of_its_own():
    assert built(KEY | {"TOKENOPS_API_KEY": "a,b,c"}).lanes == {"tokenops": 6}


@pytest.mark.parametrize("end", ["", "/", "/v1", "/v1/"])
async def test_the_address_may_end_in_any_way(service, tmp_path, end):
    desk = Desk(service, tmp_path, TOKENOPS_BASE_URL=service.url + end)

    assert ":" in await desk.submit(f"{JIMENG}pro")
    assert [one.url for one in service.requests] == ["/v1/videos"]
    await desk.close()


# What is asked for


def image(content):
    data = f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"
    return {"type": "image_base64", "image_url": {"url": data}}


ROWS = {
    "words 720": ("720P", {}, "jimeng_t2v_v30"),
    "photo 720": ("720P", {"files": PHOTO}, "jimeng_i2v_first_v30"),
    "photos 720": ("720P", {"files": PHOTOS}, "jimeng_i2v_first_tail_v30"),
    "camera 720": (
        "720P",
        {"files": PHOTO, "camera": "robo_arm:strong"},
        "jimeng_i2v_recamera_v30",
    ),
    "words 1080": ("1080P", {}, "jimeng_t2v_v30_1080p"),
    "photo 1080": ("1080P", {"files": PHOTO}, "jimeng_i2v_first_v30_1080"),
    "photos 1080": ("1080P", {"files": PHOTOS}, "jimeng_i2v_first_tail_v30_1080"),
    "words pro": ("pro", {}, "jimeng_ti2v_v30_pro"),
    "photo pro": ("pro", {"files": PHOTO}, "jimeng_ti2v_v30_pro"),
}


@pytest.mark.parametrize("row", ROWS)
async def test_every_row_becomes_a_video(service, desk, row):
    model, given, req_key = ROWS[row]

    order, ready = await desk.made(JIMENG + model, **given)
    await desk.provider.fetch(ready, order)

    expected = {
        "model": f"jimeng-video-3.0-{model}",
        "req_key": req_key,
        "prompt": "a slow walk",
        "seconds": "5",
    }
    if files := given.get("files"):
        expected["content"] = [image(content) for content in files.values()]
    if "camera" in given:
        expected |= {"template_id": "robo_arm", "camera_strength": "strong"}
    assert fields_of(service.sent_to("create")[0]) == expected
    assert order.target.read_bytes() == CLIP.read_bytes()
    assert [one.route for one in service.requests] == ["create", "retrieve", "content"]
    assert {header(one, "authorization") for one in service.requests} == {"Bearer sk-playground"}


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        ({"seconds": 10}, "seconds", "10"),
        ({"seed": 0}, "seed", 0),
        ({"seed": 7, "files": PHOTO}, "seed", 7),
        ({"ratio": "21:9"}, "aspect_ratio", "21:9"),
        ({"camera": "handheld", "files": PHOTO}, "camera_strength", "medium"),
        ({"camera": "handheld:weak", "files": PHOTO}, "camera_strength", "weak"),
    ],
)
async def test_every_option_has_its_field(desk, given, field, value):
    assert (await desk.asked(f"{JIMENG}720P", **given))[field] == value


@pytest.mark.parametrize("camera", CAMERAS)
async def test_every_camera_move_is_taken(desk, camera):
    order = await desk.asked(f"{JIMENG}720P", files=PHOTO, camera=camera)

    assert order["template_id"] == camera


@pytest.mark.parametrize("ratio", ["16:9", "4:3", "1:1", "3:4", "9:16", "21:9"])
@pytest.mark.parametrize("model", ["720P", "1080P", "pro"])
async def test_every_ratio_is_taken_for_words_alone(desk, model, ratio):
    assert ratio in desk.model(JIMENG + model).ratios
    assert (await desk.asked(JIMENG + model, ratio=ratio))["aspect_ratio"] == ratio


# A picture that talks


def talking(link, desk, **more):
    return {
        "model": "OmniHuman_1.5",
        "req_key": "jimeng_realman_avatar_picture_omni_v15",
        "generation_type": "omni_human",
        "content": [
            {"type": "image_url", "image_url": {"url": link(desk.folder / "first.jpg")}},
            {"type": "audio_url", "audio_url": {"url": link(desk.folder / "audio.mp3")}},
        ],
        **more,
    }


async def test_a_photo_and_a_voice_become_a_talking_picture(service, desk, link):
    order, ready = await desk.made(OMNI, files=VOICE, link=link, prompt="smiles", seed=3)
    await desk.provider.fetch(ready, order)

    assert fields_of(service.sent_to("create")[0]) == talking(
        link, desk, prompt="smiles", seed=3, output_resolution=1080, pe_fast_mode=False
    )
    assert order.target.read_bytes() == CLIP.read_bytes()
    assert [one.route for one in service.requests] == [
        "recognition", "create", "retrieve", "content",
    ]  # fmt: skip


async def test_the_small_one_is_made_in_the_fast_mode(desk, link):
    order = await desk.asked(OMNI, files=VOICE, link=link, prompt="", resolution="720p")

    assert order == talking(link, desk, output_resolution=720, pe_fast_mode=True)


async def test_the_people_in_a_picture_are_found(service, desk, link):
    service.subjects = 3
    desk.order(OMNI, files=VOICE)

    masks = await desk.provider.subjects(link(desk.folder / "first.jpg"))

    assert len(masks) == 3
    assert fields_of(service.sent_to("detection")[0]) == {
        "model": "OmniHuman_1.5",
        "req_key": "jimeng_realman_avatar_object_detection",
        "image_url": link(desk.folder / "first.jpg"),
    }


async def test_masks_come_to_the_disk(service, desk, link, tmp_path):
    service.subjects = 2
    desk.order(OMNI, files=VOICE)
    files = iter([tmp_path / "a.png", tmp_path / "b.png"])

    masks = await desk.provider.people(link(desk.folder / "first.jpg"), lambda: next(files))

    assert [mask.read_bytes()[:4] for mask in masks] == [b"\x89PNG"] * 2


async def test_nobody_is_found_where_nobody_is(service, desk, link):
    service.subjects = 0
    desk.order(OMNI, files=VOICE)

    assert await desk.provider.subjects(link(desk.folder / "first.jpg")) == []


async def test_a_picture_that_is_refused_to_be_looked_at_is_an_error(service, desk, link):
    service.refuse_next("50411", route="detection")
    desk.order(OMNI, files=VOICE)

    with pytest.raises(ProviderError, match="content rules") as error:
        await desk.provider.subjects(link(desk.folder / "first.jpg"))
    assert error.value.retry_in is None


@pytest.mark.parametrize("subject", [0, 1])
async def test_the_one_who_was_chosen_speaks(service, desk, link, subject):
    service.subjects = 2
    order = await desk.asked(OMNI, files=VOICE, link=link, subject=subject)

    masks = service._gallery._masks
    assert [one.route for one in service.requests][:2] == ["detection", "recognition"]
    assert len(order["mask_urls"]) == 1
    assert list(masks)[subject] in order["mask_urls"][0]


async def test_someone_who_is_not_found_any_more_cannot_speak(service, desk, link):
    answer = await desk.submit(OMNI, files=VOICE, link=link, subject=1)

    assert answer == Refused(blame=Blame.INPUT, reason=verdicts.NOBODY)
    assert not service.sent_to("create")


async def test_a_refused_look_at_the_people_is_the_end(service, desk, link):
    service.refuse_next("50411", route="detection")

    answer = await desk.submit(OMNI, files=VOICE, link=link, subject=0)

    assert answer == Refused(blame=Blame.INPUT, reason=verdicts.PICTURE)
    assert not service.sent_to("create")


async def test_a_picture_without_a_person_is_refused_before_it_costs_anything(service, desk, link):
    service.subjects = 0

    answer = await desk.submit(OMNI, files=VOICE, link=link)

    assert answer == Refused(blame=Blame.INPUT, reason=verdicts.NOBODY)
    assert fields_of(service.sent_to("recognition")[0]) == {
        "model": "OmniHuman_1.5",
        "req_key": "jimeng_realman_avatar_picture_create_role_omni_v15",
        "image_url": link(desk.folder / "first.jpg"),
    }
    assert not service.sent_to("create")


@pytest.mark.parametrize(
    "broken",
    [
        {"status": 500, "body": b"{}"},
        {"status": 404, "body": b""},
        {"status": 200, "body": b"<html>"},
        {"status": 200, "body": b"{}"},
        {"status": 400, "body": b'{"error": {"code": "50411"}}'},
        {"drop": "before"},
    ],
)
async def test_a_recognition_that_fails_is_no_reason_not_to_order(desk, link, broken):
    desk.answer(broken.pop("body", b""), route="recognition", **broken)

    assert ":" in await desk.submit(OMNI, files=VOICE, link=link)


async def test_a_recognition_without_a_useful_key_is_the_owners_matter(service, desk, link):
    service.keys.clear()

    answer = await desk.submit(OMNI, files=VOICE, link=link)

    assert answer.blame is Blame.ACCOUNT
    assert [one.route for one in service.requests] == ["recognition"]


async def test_a_recognition_that_is_told_to_wait_keeps_the_order_back(service, desk, link):
    service.refuse_next("rate_limit_exceeded", status=429, route="recognition")

    with pytest.raises(ThrottledError):
        await desk.submit(OMNI, files=VOICE, link=link)
    assert not service.sent_to("create")


async def test_without_a_link_nothing_is_sent(service, desk):
    answer = await desk.submit(OMNI, files=VOICE)

    assert answer.blame is Blame.ACCOUNT
    assert "PUBLIC_URL" in answer.owners
    assert not service.requests


async def test_a_sound_that_is_too_long_is_told_by_the_task(desk, link):
    files = {**VOICE, "audio": sound(61)}

    _, answer = await desk.made(OMNI, files=files, link=link)

    assert answer.blame is Blame.INPUT
    assert "50215" in str(answer.reason)


# The way of a video


async def test_a_video_is_looked_at_until_it_is_there(tmp_path):
    async with Gateway(studio=Studio(manual=True)) as service:
        desk = Desk(service, tmp_path)
        order = desk.order(f"{JIMENG}pro")
        remote = await desk.provider.submit(order)
        video = service.studio.renders[0].id

        assert remote.endswith(f":{video}")
        assert desk.provider.tells_begun
        assert await desk.provider.look(remote, order) == Pending(begun=False)
        service.studio.begin(video)
        assert await desk.provider.look(remote, order) == Pending(begun=True)
        service.studio.finish(video)
        assert isinstance(await desk.provider.look(remote, order), Ready)
        await desk.close()


async def test_the_gateway_cannot_be_told_to_stop(service, desk):
    remote = await desk.submit(f"{JIMENG}pro")

    assert await desk.provider.cancel(remote) is False
    assert [one.route for one in service.requests] == ["create"]
