import asyncio
import base64
import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from core.errors import (
    AccountError,
    ProviderError,
    SettingsError,
    ThrottledError,
    UncertainError,
)
from core.problems import problems, settled
from playground.services.faults import Fault
from playground.services.service import CLIP
from playground.services.studio import Studio
from playground.services.volcengine import CAPABILITIES, Manner, Volcengine
from playground.services.volcengine.errors import MESSAGES
from playground.services.volcengine.signature import Signed
from playground.services.volcengine.signature import check as check_signature
from providers import verdicts
from providers.base import Blame, Lost, Pending, Ready, Refused
from providers.volcengine.models import CAMERAS, STRENGTHS
from providers.volcengine.signing import sign
from tests.factories import make_picture, make_request, make_sound
from tests.providers.volcengine_kit import (
    Client,
    Host,
    action,
    aged,
    body,
    make_files,
    number,
    sdk,
)

VECTORS = json.loads(
    (Path(__file__).parent / "vectors" / "volcengine-signature.json").read_text(encoding="utf-8")
)
SYNC = "CVSync2AsyncSubmitTask", "CVSync2AsyncGetResult"
PLAIN = "CVSubmitTask", "CVGetResult"
OMNI = "omnihuman-1.5"
SECRET = "cGxheWdyb3VuZA=="


class Clock:
    def __init__(self):
        self.ahead = 0.0

    def __call__(self):
        return datetime.now(UTC).timestamp() + self.ahead


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")
    asyncio.run(make_files(folder))
    return folder


@pytest.fixture
async def host(folder):
    async with Host(folder) as host:
        yield host


@pytest.fixture
def studio():
    return Studio(manual=True, clock=Clock())


@pytest.fixture
def manner():
    return Manner(concurrency=100)


@pytest.fixture
async def service(studio, manner):
    async with Volcengine(studio=studio, manner=manner) as service:
        yield service


@pytest.fixture
async def make(service, folder, host):
    made = []

    def make(**options):
        made.append(Client(service, folder, host, **options))
        return made[-1]

    yield make
    for one in made:
        await one.close()


@pytest.fixture
def client(make):
    return make()


# The signature


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_official_signatures_are_ours(vector):
    query = "&".join(f"{name}={value}" for name, value in vector["query"].items())
    headers = sign(
        httpx.URL(f"https://{vector['host']}{vector['path']}?{query}"),
        vector["body_utf8"].encode(),
        (vector["ak"], vector["sk"]),
        datetime.strptime(vector["x_date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC),
        token=vector["session_token"],
    )

    assert headers["authorization"] == vector["authorization"]
    assert headers["x-content-sha256"] == vector["x_content_sha256"]
    assert headers["x-date"] == vector["x_date"]
    assert headers["content-type"] == vector["content_type"]
    assert headers.get("x-security-token", "") == vector["session_token"]


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://a.example:443/?B=2&A=1", "https://a.example/?A=1&B=2"),
        ("http://a.example:80/?A=x%20y", "http://a.example/?A=x+y"),
        ("http://a.example/?A=1&A=0", "http://a.example/?A=0&A=1"),
    ],
)
def test_what_is_signed_has_one_shape(url, signed):
    one, other = (
        sign(httpx.URL(address), b"", ("a", "s"), datetime(2026, 1, 2, tzinfo=UTC))
        for address in (url, signed)
    )
    assert one == other


def test_the_server_reads_the_same_from_an_odd_address():
    url = httpx.URL("http://a.example:8080/deep/?B=x%20y%2F%7E&A=%E4%BA%BA")
    headers = sign(url, b"{}", ("a", "s"), datetime(2026, 1, 2, tzinfo=UTC))
    received = Signed(
        method="POST",
        target=url.raw_path.decode(),
        headers=[*headers.items(), ("Host", "a.example:8080")],
        body=b"{}",
    )
    moment = datetime(2026, 1, 2, tzinfo=UTC).timestamp()

    assert check_signature(received, {"a": "s"}, moment) == "a"


# Requests, compared with the official SDK's. It sends what it is given, so that these forms stand
# for the manual; its action, version and fields must be ours. Different by intent: the SDK writes
# blanks after separators and \u escapes, we write compact UTF-8; both mean the same.

PHOTO = object()  # stands for the photo in base64
PHOTOS = object()  # for both of them
THREE = {"prompt": "a slow walk", "frames": 121}
FULL_HD = "jimeng-3.0-1080p"
PRO = "jimeng-3.0-pro"
OLD = "jimeng-s2.0-pro"

FORMS = {
    "720p, words alone": (
        {"photos": 0},
        {"req_key": "jimeng_t2v_v30", **THREE},
    ),
    "720p, words alone, with all options": (
        {"photos": 0, "seconds": 10, "ratio": "9:16", "seed": 7, "prompt": "人物转身微笑"},
        {
            "req_key": "jimeng_t2v_v30",
            "prompt": "人物转身微笑",
            "frames": 241,
            "aspect_ratio": "9:16",
            "seed": 7,
        },
    ),
    "720p, first frame": (
        {},
        {"req_key": "jimeng_i2v_first_v30", **THREE, "binary_data_base64": PHOTO},
    ),
    "720p, first frame, with all options": (
        {"seconds": 10, "seed": 0},
        {
            "req_key": "jimeng_i2v_first_v30",
            "prompt": "a slow walk",
            "frames": 241,
            "seed": 0,
            "binary_data_base64": PHOTO,
        },
    ),
    "720p, first and last frame": (
        {"photos": 2},
        {"req_key": "jimeng_i2v_first_tail_v30", **THREE, "binary_data_base64": PHOTOS},
    ),
    "1080p, words alone": (
        {"name": FULL_HD, "photos": 0, "ratio": "21:9"},
        {"req_key": "jimeng_t2v_v30_1080p", **THREE, "aspect_ratio": "21:9"},
    ),
    "1080p, first frame": (
        {"name": FULL_HD},
        {"req_key": "jimeng_i2v_first_v30_1080", **THREE, "binary_data_base64": PHOTO},
    ),
    "1080p, first and last frame": (
        {"name": FULL_HD, "photos": 2},
        {"req_key": "jimeng_i2v_first_tail_v30_1080", **THREE, "binary_data_base64": PHOTOS},
    ),
    "pro, words alone": (
        {"name": PRO, "photos": 0, "ratio": "1:1"},
        {"req_key": "jimeng_ti2v_v30_pro", **THREE, "aspect_ratio": "1:1"},
    ),
    "pro, first frame": (
        {"name": PRO},
        {"req_key": "jimeng_ti2v_v30_pro", **THREE, "binary_data_base64": PHOTO},
    ),
    "pro, first frame without words": (
        {"name": PRO, "prompt": ""},
        {"req_key": "jimeng_ti2v_v30_pro", "frames": 121, "binary_data_base64": PHOTO},
    ),
    "S2.0, words alone": (
        {"name": OLD, "photos": 0, "ratio": "9:21"},
        {"req_key": "jimeng_vgfm_t2v_l20", "prompt": "a slow walk", "aspect_ratio": "9:21"},
    ),
    "S2.0, first frame": (
        {"name": OLD, "seed": 3},
        {
            "req_key": "jimeng_vgfm_i2v_l20",
            "prompt": "a slow walk",
            "aspect_ratio": "16:9",
            "seed": 3,
            "binary_data_base64": PHOTO,
        },
    ),
    **{
        f"720p, {template} {strength or 'as usual'}": (
            {"camera": f"{template}:{strength}" if strength else template},
            {
                "req_key": "jimeng_i2v_recamera_v30",
                **THREE,
                "binary_data_base64": PHOTO,
                "template_id": template,
                "camera_strength": strength or "medium",
            },
        )
        for template in CAMERAS
        for strength in ("", *STRENGTHS)
    },
}


def filled(form, folder):
    """A form with the pictures of an order in it."""
    photo = base64.b64encode((folder / "photo.jpg").read_bytes()).decode()
    last = base64.b64encode((folder / "last.jpg").read_bytes()).decode()
    pictures = {PHOTO: [photo], PHOTOS: [photo, last]}
    return {
        name: pictures[value] if value in (PHOTO, PHOTOS) else value
        for name, value in form.items()
    }


def signed_names(received):
    headers = dict(received.headers)
    return headers["Authorization"].partition("SignedHeaders=")[2].partition(",")[0]


async def test_the_photos_can_be_told_apart(folder, client, service):
    (folder / "other.jpg").write_bytes((folder / "photo.jpg").read_bytes() + b" ")
    order = client.order(photos=2)
    order = type(order)(
        **{name: getattr(order, name) for name in order.__slots__} | {"last": folder / "other.jpg"}
    )
    await client.provider.submit(order)
    first, last = body(service.sent_to("submit")[-1])["binary_data_base64"]
    assert base64.b64decode(last) == base64.b64decode(first) + b" "


@pytest.mark.parametrize("row", FORMS)
async def test_every_row_is_asked_for_as_the_sdk_does(row, client, service, folder):
    options, form = FORMS[row]
    form = filled(form, folder)

    await client.take(**options)
    await sdk(service, "cv_sync2async_submit_task", form)

    ours, theirs = service.sent_to("submit")
    assert body(ours) == body(theirs) == form
    assert action(ours) == action(theirs) == (SYNC[0], "2022-08-31")
    assert signed_names(ours) == signed_names(theirs)
    assert dict(ours.headers)["Content-Type"] == dict(theirs.headers)["Content-Type"]


@pytest.mark.parametrize(
    ("options", "form"),
    [
        ({}, {"output_resolution": 1080, "pe_fast_mode": False}),
        (
            {"resolution": "1080p", "prompt": "she speaks calmly", "seed": 9},
            {
                "prompt": "she speaks calmly",
                "seed": 9,
                "output_resolution": 1080,
                "pe_fast_mode": False,
            },
        ),
        ({"resolution": "720p"}, {"output_resolution": 720, "pe_fast_mode": True}),
    ],
)
async def test_talking_pictures_are_asked_for_as_the_sdk_does(
    options, form, client, service, host
):
    form = {
        "req_key": "jimeng_realman_avatar_picture_omni_v15",
        "image_url": f"{host.url}/photo.jpg",
        "audio_url": f"{host.url}/voice.mp3",
        **form,
    }

    await client.take(OMNI, audio=True, **{"prompt": "", **options})
    await sdk(service, "cv_submit_task", form)

    ours, theirs = service.sent_to("submit")
    assert body(ours) == body(theirs) == form
    assert action(ours) == action(theirs) == (PLAIN[0], "2022-08-31")
    assert host.asked.count("voice.mp3") == 2


@pytest.mark.parametrize(
    ("options", "look", "method"),
    [
        ({}, SYNC[1], "cv_sync2async_get_result"),
        ({"name": OMNI, "audio": True}, PLAIN[1], "cv_get_result"),
    ],
)
async def test_looks_are_asked_as_the_sdk_does(options, look, method, client, service):
    remote = await client.take(**options)
    key = body(service.sent_to("submit")[0])["req_key"]

    await client.look(remote)
    await sdk(service, method, {"req_key": key, "task_id": number(remote)})

    ours, theirs = service.sent_to("look")
    assert body(ours) == body(theirs) == {"req_key": key, "task_id": number(remote)}
    assert action(ours) == action(theirs) == (look, "2022-08-31")


async def test_a_cancel_is_asked_for_as_the_sdk_does(client, service):
    remote, other = await client.take(), await client.take()
    form = {"req_key": "jimeng_i2v_first_v30", "task_id": number(other)}

    assert await client.provider.cancel(remote)
    await sdk(service, "cv_cancel_task", form)

    ours, theirs = service.sent_to("cancel")
    assert body(ours) == {**body(theirs), "task_id": number(remote)}
    assert action(ours) == action(theirs) == ("CVCancelTask", "2024-06-06")


async def test_people_are_looked_for_as_the_sdk_does(client, service, host):
    form = {
        "req_key": "jimeng_realman_avatar_object_detection",
        "image_url": f"{host.url}/photo.jpg",
    }

    await client.provider.subjects(form["image_url"])
    await sdk(service, "cv_process", form)

    ours, theirs = service.sent_to("process")
    assert body(ours) == body(theirs) == form
    assert action(ours) == action(theirs) == ("CVProcess", "2022-08-31")


async def test_every_req_key_of_a_video_is_used(client):
    used = {
        key for jimeng in client.provider._jimengs.values() for key in jimeng.req_keys.values()
    }
    videos = {
        key for key, capability in CAPABILITIES.items() if capability.kind in {"video", "talking"}
    }

    assert used == videos


# What the bot checks before anything is ordered


def test_models_and_their_names(client):
    assert [model.model for model in client.provider.models] == [
        "volcengine/jimeng-3.0-720p",
        "volcengine/jimeng-3.0-1080p",
        "volcengine/jimeng-3.0-pro",
        "volcengine/jimeng-s2.0-pro",
        "volcengine/omnihuman-1.5",
    ]
    assert client.provider.off == {}
    assert [model.model for model in client.provider.models if model.subjects] == [
        "volcengine/omnihuman-1.5"
    ]


def test_what_retires_or_is_untried_is_not_chosen_by_itself(make):
    provider = make(VOLC_REQ_KEYS="new=jimeng_new").provider
    usual = {model.model.partition("/")[2]: model.preference for model in provider.models}
    assert usual.pop("jimeng-s2.0-pro") == usual.pop("new") > max(usual.values())


@pytest.mark.parametrize(
    ("name", "changes", "word"),
    [
        ("jimeng-3.0-720p", {"ratio": "16:9"}, "the photo's shape"),
        (PRO, {"ratio": "16:9"}, "the photo's shape"),
        ("jimeng-3.0-720p", {"first_frame": None, "ratio": "9:21"}, "--ar 9:21"),
        ("jimeng-3.0-720p", {"camera": "spin"}, "hitchcock_dolly_in, hitchcock_dolly_out"),
        ("jimeng-3.0-720p", {"camera": "handheld:wild"}, "weak, medium, strong"),
        ("jimeng-3.0-720p", {"camera": "handheld", "first_frame": None}, "one photo"),
        (
            "jimeng-3.0-720p",
            {"camera": "handheld", "last_frame": make_picture()},
            "one photo",
        ),
        (FULL_HD, {"camera": "handheld:weak"}, "--camera is not possible with"),
        (PRO, {"last_frame": make_picture()}, "last frame"),
        ("jimeng-3.0-720p", {"prompt": " "}, "words"),
        ("jimeng-3.0-720p", {"prompt": "x" * 801}, "801"),
        (OLD, {"prompt": "x" * 151}, "151"),
        (OLD, {"seconds": 10}, "--dur 10"),
        ("jimeng-3.0-720p", {"seconds": 7}, "--dur 7"),
        ("jimeng-3.0-720p", {"resolution": "1080p"}, "--res 1080p"),
        ("jimeng-3.0-720p", {"audio": make_sound()}, "sound"),
        ("jimeng-3.0-720p", {"negative_prompt": "fog"}, "--neg"),
        ("jimeng-3.0-720p", {"first_frame": make_picture(width=1000, height=300)}, "narrow"),
        ("jimeng-3.0-720p", {"first_frame": make_picture(width=120, height=100)}, "107"),
        (OMNI, {"audio": make_sound(), "prompt": "x" * 301}, "301"),
        (OMNI, {}, "voice"),
        (OMNI, {"audio": make_sound(), "first_frame": None}, "photo"),
    ],
)
def test_what_does_not_fit_is_said_first(name, changes, word, client):
    found = problems(make_request(**changes), client.model(name))

    assert len(found) == 1
    assert word in str(found[0])


@pytest.mark.parametrize(
    "camera", ["handheld", "handheld:", *(f"robo_arm:{strength}" for strength in STRENGTHS)]
)
def test_a_camera_move_has_a_strength_or_none(camera, client):
    assert problems(make_request(camera=camera), client.model("jimeng-3.0-720p")) == []


def test_two_pictures_of_one_shape_may_differ_by_a_pixel(client):
    request = make_request(last_frame=make_picture(width=1279, height=720))

    assert problems(request, client.model(FULL_HD)) == []


def test_the_ratio_is_left_to_the_photo_where_it_decides(client):
    wide = make_request(first_frame=make_picture(width=2100, height=900))

    assert settled(wide, client.model("jimeng-3.0-720p")).ratio is None
    assert settled(wide, client.model(OLD)).ratio == "21:9"


def test_a_talking_picture_lasts_as_long_as_its_sound(client):
    model = client.model(OMNI)

    assert settled(make_request(audio=make_sound(seconds=12.2)), model).seconds == 13
    assert settled(make_request(audio=make_sound(seconds=90)), model).seconds == 59


# The whole way


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("jimeng-3.0-720p", {}),
        ("jimeng-3.0-720p", {"photos": 0}),
        (FULL_HD, {"photos": 2}),
        (PRO, {}),
        (OLD, {}),
        (OMNI, {"audio": True}),
    ],
)
async def test_an_order_becomes_a_video(name, options, client, service, studio):
    order = client.order(name, **options)
    remote = await client.provider.submit(order)
    task = number(remote)

    assert client.provider.tells_begun
    assert await client.provider.look(remote, order) == Pending(begun=False)
    studio.begin(task)
    assert await client.provider.look(remote, order) == Pending(begun=True)
    studio.finish(task)
    ready = await client.provider.look(remote, order)
    assert isinstance(ready, Ready)
    await client.provider.fetch(ready, order)

    assert order.target.read_bytes() == CLIP.read_bytes()
    assert studio.billable == 1
    assert "Authorization" not in dict(service.sent_to("result")[0].headers)


async def test_another_process_goes_on_with_a_task(client, make, studio, host):
    remotes = [await client.take(), await client.take(OMNI, audio=True)]
    other = make()
    for remote in remotes:
        studio.finish(number(remote))
        assert isinstance(await other.look(remote), Ready)


async def test_the_secret_stays_here(client, service, studio, caplog):
    caplog.set_level(logging.DEBUG)
    remote = await client.take()
    service.gate.secrets.clear()
    with pytest.raises(AccountError) as error:
        await client.look(remote)

    wires = b"".join(one.wire for one in service.requests)
    assert SECRET.encode() not in wires
    shown = f"{error.value} {remote} {client.provider.accounts.all()} {caplog.text}"
    assert SECRET not in shown
    assert "AKLTplayground" not in shown


# What a look says


@pytest.mark.parametrize("manner", [Manner(unseen_looks=2)])
async def test_a_task_just_taken_may_be_unseen(client, studio):
    remote = await client.take()
    studio.finish(number(remote))
    assert await client.look(remote) == Pending()
    assert await client.look(remote) == Pending()
    assert isinstance(await client.look(remote), Ready)


@pytest.mark.parametrize("manner", [Manner(), Manner(unknown_task="50215")])
async def test_a_forgotten_task_is_waited_for_no_longer_than_a_minute(client, studio, manner):
    remote = await client.take()
    studio.forget(number(remote))

    assert await client.look(remote) == Pending()
    assert await client.look(aged(remote, 40)) == Pending()
    old = await client.look(aged(remote, 13 * 3600))
    assert old == Lost()
    if manner.unknown_task == "not_found":
        assert await client.look(aged(remote, 70)) == Lost()


async def test_a_failure_for_an_unfit_input_is_one(client, studio):
    remote = await client.take()
    studio.fail(number(remote), "50215", "Audio too long")
    answer = await client.look(aged(remote, 70))
    assert (answer.blame, answer.once_more) == (Blame.INPUT, False)
    assert "50215" in str(answer.reason)


async def test_an_expired_task_is_lost(client, service):
    remote = await client.take()
    service.expire(number(remote))
    assert await client.look(remote) == Lost()


async def test_a_task_of_a_key_that_is_gone_is_lost(client, make, service):
    remote = await client.take()
    service.gate.secrets["other"] = "other"
    other = make(VOLC_ACCESSKEY="other", VOLC_SECRETKEY="other")
    assert await other.look(remote) == Lost()


async def test_a_video_that_is_withheld_is_made_once_more(client, service, studio):
    remote = await client.take()
    service.withhold(number(remote))
    studio.finish(number(remote))
    answer = await client.look(remote)
    assert (answer.blame, answer.once_more) == (Blame.BUSY, True)


@pytest.mark.parametrize("manner", [Manner(link_in_resp_data=True)])
async def test_a_link_may_lie_elsewhere(client, studio):
    order = client.order(OLD)
    remote = await client.provider.submit(order)
    studio.finish(number(remote))
    await client.provider.fetch(await client.provider.look(remote, order), order)
    assert order.target.read_bytes() == CLIP.read_bytes()


@pytest.mark.parametrize("text", ["none", "[]", '{"urls": []}', '{"urls": 1}', ""])
async def test_another_resp_data_is_no_link(text, client, service):
    remote = await client.take()
    data = {"status": "done", "video_url": "", "resp_data": text}
    answer = json.dumps({"code": 10000, "data": data}).encode()
    service.faults.add(Fault(route="look", status=200, body=answer))
    assert (await client.look(remote)).blame is Blame.BUSY


@pytest.mark.parametrize("data", [None, {}, {"status": "cooking"}, {"status": None}, [], "x"])
async def test_an_unknown_state_is_waited_out(data, client, service):
    remote = await client.take()
    answer = json.dumps({"code": 10000, "data": data}).encode()
    service.faults.add(Fault(route="look", status=200, body=answer))
    assert await client.look(remote) == Pending()


@pytest.mark.parametrize("manner", [Manner(fresh_links=True)])
async def test_an_expired_link_is_replaced_by_looking_again(client, studio):
    order = client.order()
    remote = await client.provider.submit(order)
    studio.finish(number(remote))
    ready = await client.provider.look(remote, order)
    studio.clock.ahead += 3601
    with pytest.raises(ProviderError) as error:
        await client.provider.fetch(ready, order)
    assert error.value.retry_in is not None
    await client.provider.fetch(await client.provider.look(remote, order), order)
    assert order.target.read_bytes() == CLIP.read_bytes()


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, None),
        (
            {"VOLC_AIGC_PRODUCER": "我们", "VOLC_AIGC_PROPAGATOR": "us"},
            {"aigc_meta": {"producer_id": "我们", "content_propagator": "us"}},
        ),
    ],
)
async def test_a_label_goes_with_looks(variables, expected, make, service, studio):
    client = make(**variables)
    for options in ({}, {"name": OMNI, "audio": True}):
        remote = await client.take(**options)
        studio.finish(number(remote))
        assert isinstance(await client.look(remote), Ready)
        asked = body(service.sent_to("look")[-1])
        assert asked.get("req_json") is None if expected is None else True
        if expected:
            assert json.loads(asked["req_json"]) == expected


# Codes

ONCE_MORE = {50511, 50516, 50517, 50519}
KINDS = [
    (verdicts.PICTURE, {50411, 60208}),
    (verdicts.WORDS, {50412, 50413}),
    (verdicts.SOUND, {50514}),
    (verdicts.CONTENT, {50513, 50218}),
    (verdicts.RESULT, {50511, 50512, 50516, 50517}),
    (verdicts.COPYRIGHT, {50518, 50519}),
    (verdicts.NOBODY, {60102}),
]
UNFIT_PICTURE = {50205, 50206, 50207, 50209, 50210, 50211, 50213, 50214}
UNFIT = {50200, 50201, 50215}
ACCOUNT = {50204, 50400, 50402, 30403, 30404}
OUT_OF_ORDER = {50520, 50521, 50522}
THROTTLED = {50429, 50430}
BROKEN = {50500, 50501}


def check_refusal(answer, code):
    assert isinstance(answer, Refused)
    assert answer.once_more == (code in ONCE_MORE)
    if code in ACCOUNT:
        assert (answer.blame, answer.reason) == (Blame.ACCOUNT, verdicts.OURS)
        assert str(code) in answer.owners
        return
    assert answer.owners is None
    if code in OUT_OF_ORDER:
        assert (answer.blame, answer.reason) == (Blame.BUSY, verdicts.FAILED)
        return
    assert answer.blame is Blame.INPUT
    if code in UNFIT_PICTURE | UNFIT:
        verdict = verdicts.UNFIT_PICTURE if code in UNFIT_PICTURE else verdicts.UNFIT
        assert answer.reason.template == verdict.template
        assert str(code) in str(answer.reason)
        return
    assert answer.reason == next(reason for reason, codes in KINDS if code in codes)


def test_every_code_has_its_kind():
    kinds = [
        *(codes for _, codes in KINDS),
        UNFIT_PICTURE,
        UNFIT,
        ACCOUNT,
        OUT_OF_ORDER,
        THROTTLED,
        BROKEN,
    ]
    assert sorted(code for codes in kinds for code in codes) == sorted(set(MESSAGES) - {10000})


@pytest.mark.parametrize("code", sorted(set(MESSAGES) - {10000} - THROTTLED - BROKEN))
async def test_an_order_that_is_refused(code, client, service):
    service.refuse_next(code)

    check_refusal(await client.submit(), code)

    assert not service.studio.renders
    assert isinstance(await client.submit(), str)  # the key is as good as before


@pytest.mark.parametrize("manner", [Manner(), Manner(failed_with_data=True)])
@pytest.mark.parametrize("code", sorted(set(MESSAGES) - {10000} - THROTTLED - BROKEN))
async def test_a_task_that_failed(code, client, studio):
    remote = await client.take()
    studio.fail(number(remote), str(code), "no")

    check_refusal(await client.look(aged(remote, 70)), code)


async def test_a_new_code_is_a_refusal(client, service):
    service.refuse_next(59999, "Something new")
    answer = await client.submit()
    assert (answer.blame, answer.once_more) == (Blame.INPUT, False)
    assert "59999" in str(answer.reason)


@pytest.mark.parametrize(("code", "pause"), [(50429, 2), (50430, 20)])
async def test_a_throttled_order_gives_the_key_a_rest(code, pause, client, service):
    service.refuse_next(code)
    with pytest.raises(ThrottledError) as error:
        await client.submit()
    assert pause - 1 < error.value.retry_in.total_seconds() <= pause
    with pytest.raises(ThrottledError):
        await client.submit()
    assert len(service.sent_to("submit")) == 1


@pytest.mark.parametrize("code", sorted(THROTTLED))
async def test_a_throttled_look_is_repeated(code, client, service):
    remote = await client.take()
    service.refuse_next(code, route="look")
    with pytest.raises(ThrottledError) as error:
        await client.look(remote)
    assert error.value.retry_in is not None
    assert await client.look(remote) == Pending(begun=False)


@pytest.mark.parametrize("body", [b"", b"<html>slow down</html>", b'{"code": 1}'])
async def test_the_pause_that_is_asked_for_is_kept(body, client, service):
    headers = {"Retry-After": "45"}
    service.faults.add(Fault(route="submit", status=429, body=body, headers=headers))
    with pytest.raises(ThrottledError) as error:
        await client.submit()
    assert 44 < error.value.retry_in.total_seconds() <= 45


@pytest.mark.parametrize("code", sorted(BROKEN))
async def test_nobody_knows_what_became_of_an_order_with_an_internal_error(code, client, service):
    service.refuse_next(code)
    with pytest.raises(UncertainError):
        await client.submit()


@pytest.mark.parametrize("code", sorted(BROKEN))
async def test_a_look_with_an_internal_error_is_repeated_before_it_counts(
    code, client, service, studio
):
    remote = await client.take()
    for _ in range(5):
        service.refuse_next(code, route="look")
        with pytest.raises(ProviderError) as error:
            await client.look(remote)
        assert error.value.retry_in is not None
    assert await client.look(remote) == Pending(begun=False)  # it was the look, and begins anew

    studio.fail(number(remote), str(code), "Internal error")
    for _ in range(5):
        with pytest.raises(ProviderError):
            await client.look(remote)
    answer = await client.look(remote)
    assert (answer.blame, answer.once_more) == (Blame.BUSY, False)


@pytest.mark.parametrize("manner", [Manner(failed_with_data=True)])
@pytest.mark.parametrize("code", sorted(BROKEN))
async def test_a_task_that_ended_with_an_internal_error_is_made_once_more(code, client, studio):
    remote = await client.take()
    studio.fail(number(remote), str(code), "Internal error")
    answer = await client.look(remote)
    assert (answer.blame, answer.once_more) == (Blame.BUSY, True)


async def test_a_capability_that_is_not_opened_costs_no_key(client, service):
    service.closed.add("jimeng_i2v_first_v30")
    answer = await client.submit()
    assert answer.blame is Blame.ACCOUNT
    assert "jimeng_i2v_first_v30" in answer.owners
    assert isinstance(await client.submit(PRO), str)


# The gateway


USELESS = {
    "unknown": (lambda gate: gate.secrets.clear(), "VOLC_ACCESSKEY"),
    "of another secret": (
        lambda gate: gate.secrets.update(AKLTplayground="other"),
        "VOLC_SECRETKEY",
    ),
    "without a policy": (lambda gate: setattr(gate, "lacks_policy", True), "VOLC_ACCESSKEY"),
    "temporary": (lambda gate: setattr(gate, "session_token", "token"), "VOLC_ACCESSKEY"),
}


@pytest.mark.parametrize("key", USELESS)
async def test_a_key_without_use_waits_for_its_owner(key, client, service):
    change, variable = USELESS[key]
    change(service.gate)
    for _ in range(2):
        answer = await client.submit()
        assert (answer.blame, answer.reason) == (Blame.ACCOUNT, verdicts.OURS)
        assert variable in answer.owners
    assert len(service.sent_to("submit")) == 1


async def test_a_wrong_clock_is_no_fault_of_the_key(client, service):
    remote = await client.take()
    service.gate.wall = lambda: datetime.now(UTC).timestamp() + 1000
    answer = await client.submit()
    assert answer.blame is Blame.ACCOUNT
    assert "clock" in answer.owners
    with pytest.raises(ProviderError) as error:
        await client.look(remote)
    assert error.value.retry_in is not None
    service.gate.wall = lambda: datetime.now(UTC).timestamp()
    assert isinstance(await client.submit(), str)


def gateway(code):
    return json.dumps({"ResponseMetadata": {"Error": {"Code": code, "CodeN": 1}}}).encode()


async def test_an_address_without_the_action_is_said_to_the_owners(client, service):
    fault = gateway("InvalidActionOrVersion")
    service.faults.add(Fault(route="submit", status=404, body=fault))
    answer = await client.submit()
    assert answer.blame is Blame.ACCOUNT
    assert "VOLC_VISUAL_URL" in answer.owners
    assert isinstance(await client.submit(), str)


async def test_the_gateway_throttles_too(client, service):
    service.faults.add(Fault(route="submit", status=429, body=gateway("FlowLimitExceeded")))
    with pytest.raises(ThrottledError):
        await client.submit()


async def test_a_gateway_that_gave_up_waiting_leaves_it_open(client, service, studio):
    fault = Fault(route="submit", status=504, body=gateway("ServiceTimeout"), work=True)
    service.faults.add(fault)
    with pytest.raises(UncertainError):
        await client.submit()
    assert studio.billable == 1


async def test_a_gateway_with_another_fault_took_nothing(client, service):
    service.faults.add(Fault(route="submit", status=400, body=gateway("Strange")))
    with pytest.raises(ProviderError) as error:
        await client.submit()
    assert not isinstance(error.value, UncertainError)
    assert error.value.retry_in is not None


# Calls that break

OPEN = {
    "reset before it was read": {"drop": "before"},
    "reset after it was taken": {"drop": "after"},
    "a page with 502": {"status": 502, "body": b"<html>Bad Gateway</html>", "work": True},
    "an empty 500": {"status": 500, "work": True},
    "an unknown code with 500": {"status": 500, "body": b'{"code": 59999}', "work": True},
    "a success that is no JSON": {"status": 200, "body": b"<html>", "work": True},
    "a success without a code": {"status": 200, "body": b"{}", "work": True},
    "a success of another kind": {"status": 200, "body": b"[1]", "work": True},
    "a success without a task": {"status": 200, "body": b'{"code": 10000}', "work": True},
    "a task that is none": {
        "status": 200,
        "body": b'{"code": 10000, "data": {"task_id": null}}',
        "work": True,
    },
    "a redirect": {"status": 302, "headers": {"Location": "http://a.example/"}},
}


@pytest.mark.parametrize("fault", OPEN)
async def test_an_order_whose_fate_is_open(fault, client, service):
    service.faults.add(Fault(route="submit", **OPEN[fault]))
    with pytest.raises(UncertainError) as error:
        await client.submit()
    assert "http" not in str(error.value)
    assert len(service.sent_to("submit")) == 1


@pytest.mark.parametrize("fault", [one for one in OPEN if "task" not in one])
async def test_a_look_that_breaks_is_repeated(fault, client, service, studio):
    remote = await client.take()
    service.faults.add(Fault(route="look", **OPEN[fault]))
    with pytest.raises(ProviderError) as error:
        await client.look(remote)
    assert error.value.retry_in is not None
    assert not isinstance(error.value, UncertainError)
    assert await client.look(remote) == Pending(begun=False)


@pytest.mark.parametrize("status", [400, 404, 413])
async def test_a_door_that_stays_shut_took_nothing(status, client, service):
    service.faults.add(Fault(route="submit", status=status, body=b"<html>No</html>"))
    with pytest.raises(ProviderError) as error:
        await client.submit()
    assert not isinstance(error.value, UncertainError)
    assert error.value.retry_in is not None


async def test_a_server_that_is_not_there_took_nothing(client, service, studio):
    await service.stop()
    with pytest.raises(ProviderError) as error:
        await client.submit()
    assert not isinstance(error.value, UncertainError)
    assert error.value.retry_in is not None


@pytest.mark.parametrize(
    "task", ["7392616336519610409", 7392616336519610409], ids=["text", "number"]
)
async def test_a_number_of_64_bits_stays_whole(task, client, service):
    answer = json.dumps({"code": 10000, "data": {"task_id": task}}).encode()
    service.faults.add(Fault(route="submit", status=200, body=answer))
    assert number(await client.take()) == "7392616336519610409"


async def test_a_task_may_be_called_anything(client, service):
    answer = json.dumps({"code": 10000, "data": {"task_id": "a/b:c"}}).encode()
    service.faults.add(Fault(route="submit", status=200, body=answer))
    await client.look(await client.take())
    assert body(service.sent_to("look")[0])["task_id"] == "a/b:c"


# Keys and lanes


@pytest.fixture
def pair(make, service):
    service.gate.secrets |= {"one": "1", "two": "2"}
    return make(VOLC_ACCESSKEY="one, two", VOLC_SECRETKEY="1,2")


def key_of(received):
    return dict(received.headers)["Authorization"].partition("Credential=")[2].partition("/")[0]


async def test_keys_take_turns_and_tasks_stay_with_theirs(pair, service):
    remotes = [await pair.take(), await pair.take()]
    assert {key_of(one) for one in service.sent_to("submit")} == {"one", "two"}
    for remote in remotes:
        assert await pair.look(remote) == Pending(begun=False)
    assert [key_of(one) for one in service.sent_to("look")] == [
        key_of(one) for one in service.sent_to("submit")
    ]


@pytest.mark.parametrize("fate", ["rests", "is retired"])
async def test_the_other_key_goes_on(fate, pair, service):
    if fate == "rests":
        service.refuse_next(50430)
    else:
        del service.gate.secrets["one"]
    assert isinstance(await pair.submit(), str)
    assert isinstance(await pair.submit(), str)
    assert [key_of(one) for one in service.sent_to("submit")] == ["one", "two", "two"]


def test_every_model_has_a_lane_of_its_own(client, pair):
    lanes = {f"volcengine.{model.model.partition('/')[2]}" for model in client.provider.models}
    assert client.provider.lanes == dict.fromkeys(lanes, 1)
    assert {model.lane for model in client.provider.models} == lanes
    assert pair.provider.lanes == dict.fromkeys(lanes, 2)


# Cancelling


async def test_only_what_waits_is_cancelled(client, studio):
    waiting, running = await client.take(), await client.take(OMNI, audio=True)
    studio.begin(number(running))
    assert await client.provider.cancel(waiting)
    assert not await client.provider.cancel(running)
    assert studio.billable == 1
    assert await client.look(aged(waiting, 70)) == Lost()


@pytest.mark.parametrize("code", [50429, 50500])
async def test_a_cancel_that_breaks_can_be_repeated(code, client, service):
    remote = await client.take()
    service.refuse_next(code, route="cancel")
    with pytest.raises(ProviderError) as error:
        await client.provider.cancel(remote)
    assert error.value.retry_in is not None
    assert await client.provider.cancel(remote)


# People in a picture


async def test_people_are_found_the_largest_first(client, service, host):
    service.subjects = 3
    masks = await client.provider.subjects(f"{host.url}/photo.jpg")
    assert len(masks) == 3
    async with httpx.AsyncClient() as web:
        sizes = [(await web.get(mask)).content for mask in masks]
    assert all(one.startswith(b"\x89PNG") for one in sizes)


async def test_a_picture_without_people(client, service, host):
    service.subjects = 0
    assert await client.provider.subjects(f"{host.url}/photo.jpg") == []
    answer = await client.submit(OMNI, audio=True, subject=0)
    assert (answer.blame, answer.reason) == (Blame.INPUT, verdicts.NOBODY)
    assert not service.sent_to("submit")


@pytest.mark.parametrize("chosen", [0, 1, 2])
async def test_the_chosen_one_speaks(chosen, client, service, studio):
    service.subjects = 3
    remote = await client.take(OMNI, audio=True, subject=chosen)
    order = studio.get(number(remote)).order
    shown = [one.url.partition("?")[0] for one in service.sent_to("mask")]
    assert len(order["mask_url"]) == 1
    assert shown == [order["mask_url"][0].removeprefix(service.url).partition("?")[0]]
    drawn = list(service._gallery._masks)
    assert drawn[chosen] == shown[0]


async def test_a_chosen_one_who_is_not_found_again(client, service):
    answer = await client.submit(OMNI, audio=True, subject=1)
    assert (answer.blame, answer.reason) == (Blame.INPUT, verdicts.NOBODY)
    assert not service.sent_to("submit")


async def test_without_a_choice_nobody_is_looked_for(client, service):
    await client.take(OMNI, audio=True)
    assert not service.sent_to("process")


async def test_a_picture_that_may_not_be_searched(client, service, host):
    service.refuse_next(50411, route="process")
    with pytest.raises(ProviderError) as error:
        await client.provider.subjects(f"{host.url}/photo.jpg")
    assert "http" not in str(error.value)
    service.refuse_next(50411, route="process")
    answer = await client.submit(OMNI, audio=True, subject=0)
    assert (answer.blame, answer.reason) == (Blame.INPUT, verdicts.PICTURE)


@pytest.mark.parametrize("data", [None, {"resp_data": "?"}, {"resp_data": "[]"}])
async def test_people_found_in_an_unknown_way(data, client, service, host):
    answer = json.dumps({"code": 10000, "data": data}).encode()
    service.faults.add(Fault(route="process", status=200, body=answer, times=0))
    with pytest.raises(ProviderError):
        await client.provider.subjects(f"{host.url}/photo.jpg")
    with pytest.raises(ProviderError) as error:
        await client.submit(OMNI, audio=True, subject=0)
    assert not isinstance(error.value, UncertainError)
    assert not service.sent_to("submit")


# Settings


def test_talking_pictures_need_links(make):
    provider = make(links=False).provider
    assert not any(model.model.endswith(OMNI) for model in provider.models)
    assert list(provider.off) == [f"volcengine/{OMNI}"]
    assert "PUBLIC_URL" in str(provider.off[f"volcengine/{OMNI}"])
    assert f"volcengine.{OMNI}" not in provider.lanes


def test_without_keys_it_is_off(make):
    assert make(VOLC_ACCESSKEY="", VOLC_SECRETKEY=" , ").provider is None


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"VOLC_ACCESSKEY": ""}, "VOLC_ACCESSKEY, VOLC_SECRETKEY"),
        ({"VOLC_SECRETKEY": "one,two"}, "VOLC_ACCESSKEY, VOLC_SECRETKEY"),
        ({"VOLC_VISUAL_URL": "visual"}, "VOLC_VISUAL_URL"),
        ({"VOLC_AIGC_PRODUCER": "us"}, "VOLC_AIGC_PROPAGATOR"),
        ({"VOLC_AIGC_PROPAGATOR": "us"}, "VOLC_AIGC_PRODUCER"),
        (
            {"VOLC_AIGC_PRODUCER": "x" * 257, "VOLC_AIGC_PROPAGATOR": "us"},
            "VOLC_AIGC_PRODUCER",
        ),
        ({"VOLC_REQ_KEYS": "jimeng_new"}, "VOLC_REQ_KEYS"),
        ({"VOLC_REQ_KEYS": "New=jimeng_new"}, "VOLC_REQ_KEYS"),
        ({"VOLC_REQ_KEYS": "new=a/b"}, "VOLC_REQ_KEYS"),
        ({"VOLC_REQ_KEYS": "new=a,new=b"}, "VOLC_REQ_KEYS"),
        ({"VOLC_REQ_KEYS": "jimeng-3.0-pro=a"}, "VOLC_REQ_KEYS"),
    ],
)
def test_a_malformed_setting_is_named(variables, named, make):
    with pytest.raises(SettingsError) as error:
        make(**variables)
    assert str(error.value).startswith(named)
    assert SECRET not in str(error.value)


async def test_a_new_req_key_needs_no_release(folder, host):
    new = {"jimeng_new": CAPABILITIES["jimeng_ti2v_v30_pro"]}
    async with Volcengine(further=new, manner=Manner(concurrency=9)) as service:
        client = Client(service, folder, host, VOLC_REQ_KEYS="new-4.0 = jimeng_new")
        for options in ({"seconds": 10}, {"photos": 0, "ratio": "1:1"}):
            remote = await client.take("new-4.0", **options)
            assert isinstance(await client.look(remote), Ready)
        await client.close()
        first, words = map(body, service.sent_to("submit"))
        assert first["req_key"] == words["req_key"] == "jimeng_new"
        assert (first["frames"], words["frames"]) == (241, 121)
        assert "aspect_ratio" not in first
        assert words["aspect_ratio"] == "1:1"
        assert "volcengine.new-4.0" in client.provider.lanes
