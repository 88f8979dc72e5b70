"""What the emulated DashScope takes and refuses of an order, apart from its files."""

import aiohttp
import pytest

from playground.services.dashscope import DashScope
from playground.services.dashscope.models import models_of
from tests.services.dashscope_kit import I2V, KF2V, PICTURE, RESOLVE, Caller, picture, wav

FRAMES = {"first_frame_url": PICTURE, "last_frame_url": PICTURE}
ALL_TIERS = {"480P", "720P", "1080P"}


@pytest.fixture
async def service():
    async with DashScope() as service:
        service.rates.enforced = False
        service.studio.manual = True
        yield service


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def caller(service, session):
    return Caller(service, session)


@pytest.fixture
async def hosted(caller):
    """A picture and a sound where wan2.7 and the sound models take them from."""

    async def store(model, **files):
        made = {"picture": picture(), "sound": wav(4)}
        return {
            role: await caller.stored(made[kind], f"{role}.bin", model)
            for role, kind in files.items()
        }

    return store


def given(model):
    return FRAMES if "kf2v" in model else {"img_url": PICTURE}


def last_order(service):
    return service.studio.renders[-1].order


# Every line: the model, its default tier, the other tiers, seconds, the cut of the prompt.
TABLE = [
    ("beijing", "wan2.6-i2v-flash", "1080P", {"720P"}, {*range(2, 16)}, 1500),
    ("beijing", "wan2.6-i2v", "1080P", {"720P"}, {*range(2, 16)}, 1500),
    ("virginia", "wan2.6-i2v", "1080P", {"720P"}, {5, 10, 15}, 1500),
    ("virginia", "wan2.6-i2v-us", "1080P", {"720P"}, {5, 10, 15}, 1500),
    ("beijing", "wan2.5-i2v-preview", "1080P", {"480P", "720P"}, {5, 10}, 1500),
    ("beijing", "wan2.2-i2v-flash", "720P", {"480P", "1080P"}, {5}, 800),
    ("beijing", "wan2.2-i2v-plus", "1080P", {"480P"}, {5}, 800),
    ("beijing", "wanx2.1-i2v-turbo", "720P", {"480P"}, {3, 4, 5}, 800),
    ("singapore", "wan2.1-i2v-turbo", "720P", {"480P"}, {3, 4, 5}, 800),
    ("beijing", "wanx2.1-i2v-plus", "720P", set(), {5}, 800),
    ("singapore", "wan2.1-i2v-plus", "720P", set(), {5}, 800),
    ("beijing", "wan2.2-kf2v-flash", "720P", {"480P", "1080P"}, {5}, 800),
    ("beijing", "wanx2.1-kf2v-plus", "720P", set(), {5}, 800),
    ("singapore", "wan2.1-kf2v-plus", "720P", set(), {5}, 800),
]


@pytest.mark.parametrize(("region", "model", "tier", "tiers", "seconds", "cut"), TABLE)
async def test_what_a_model_takes(session, region, model, tier, tiers, seconds, cut):
    async with DashScope(region=region) as service:
        service.rates.enforced = False
        caller = Caller(service, session)
        await caller.made(model, given(model) | {"prompt": "猫" * (cut + 1)})
        order = last_order(service)
        assert (order["resolution"], order["duration"]) == (tier, 5)
        assert order["prompt"] == "猫" * cut
        for one in ALL_TIERS | {"720p", 720, None}:
            status, _ = await caller.create(model, given(model), {"resolution": one})
            assert (status == 200) is (one in {tier, *tiers}), one
        for one in (*range(1, 17), 5.0, "5", None, True):
            status, _ = await caller.create(model, given(model), {"duration": one})
            is_fit = type(one) is int and one in seconds
            assert (status == 200) is is_fit, one


async def test_what_wan27_takes(service, caller, hosted):
    for model in ("wan2.7-i2v", "wan2.7-i2v-2026-04-25"):
        media = [{"type": "first_frame", "url": (await hosted(model, a="picture"))["a"]}]
        await caller.made(model, {"media": media, "prompt": "a" * 5001}, headers=RESOLVE)
        order = last_order(service)
        assert (order["resolution"], order["duration"], len(order["prompt"])) == ("1080P", 5, 5000)
        for one in ALL_TIERS:
            status, _ = await caller.create(
                model, {"media": media}, {"resolution": one}, headers=RESOLVE
            )
            assert (status == 200) is (one != "480P")
        for one in range(1, 17):
            status, _ = await caller.create(
                model, {"media": media}, {"duration": one}, headers=RESOLVE
            )
            assert (status == 200) is (2 <= one <= 15)


def test_no_model_is_left_out_of_these_tests():
    tested = {(region, model) for region, model, *_ in TABLE}
    for name in ("wan2.7-i2v", "wan2.7-i2v-2026-04-25"):
        tested |= {("beijing", name), ("singapore", name)}
    shared = ("wan2.6-i2v-flash", "wan2.6-i2v", "wan2.5-i2v-preview")
    tested |= {("singapore", name) for name in (*shared, "wan2.2-i2v-flash", "wan2.2-i2v-plus")}
    offered = {
        (region, name)
        for region in ("beijing", "singapore", "virginia")
        for name in models_of(region)
    }
    assert offered == tested


async def test_a_model_of_another_region_is_not_there(session):
    async with DashScope(region="singapore") as service:
        caller = Caller(service, session)
        for name in ("wanx2.1-i2v-turbo", "wanx2.1-kf2v-plus", "wan2.2-kf2v-flash", "gpt", "x"):
            assert await caller.refused(name, given(name)) == (404, "ModelNotFound")
        effect = {"img_url": PICTURE, "template": "flying"}
        assert await caller.refused("wan2.1-i2v-turbo", effect) == (400, "InvalidParameter")


async def test_a_key_of_another_region_is_no_key(service, caller):
    async with DashScope(region="singapore") as abroad:
        caller.key = abroad.key
        assert await caller.refused("wan2.2-i2v-flash", given("")) == (401, "InvalidApiKey")


@pytest.mark.parametrize("header", [None, "", "sk-1", "Basic {key}", "Bearer x{key}", "{key}"])
async def test_a_key_is_needed_everywhere(service, caller, header):
    header = header and header.format(key=service.key)
    headers = {"Authorization": header}
    for method, path in [
        ("POST", I2V),
        ("GET", "/tasks"),
        ("GET", "/tasks/1"),
        ("POST", "/tasks/1/cancel"),
        ("GET", "/uploads?action=getPolicy&model=wan2.6-i2v"),
    ]:
        status, body = await caller.call(method, path, headers=headers)
        assert (status, body["code"]) == (401, "InvalidApiKey")


async def test_only_the_asynchronous_way_is_open(caller):
    for value in (None, "disable"):
        status, body = await caller.create(
            "wan2.2-i2v-flash", given(""), headers={"X-DashScope-Async": value}
        )
        assert (status, body["code"]) == (403, "AccessDenied")
        assert "synchronous" in body["message"]


@pytest.mark.parametrize(
    ("model", "path"),
    [("wan2.2-kf2v-flash", I2V), ("wan2.6-i2v", KF2V), ("wan2.6-i2v", "/services/aigc/x")],
)
async def test_the_path_belongs_to_the_model(caller, model, path):
    status, body = await caller.create(model, given(model), path=path)
    assert (status, body["message"]) == (400, "url error, please check url!")


async def test_a_slash_at_the_end_of_a_path_does_not_matter(caller):
    task_id = await caller.made(path=I2V + "/")
    status, body = await caller.call("GET", f"/tasks/{task_id}/")
    assert (status, body["output"]["task_status"]) == (200, "PENDING")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "BadRequest.IllegalInput"),
        (b"[]", "BadRequest.IllegalInput"),
        (b'{"input": {"img_url": "x"}}', "BadRequest.EmptyModel"),
        (b'{"model": "wan2.6-i2v"}', "BadRequest.EmptyInput"),
        (b'{"model": "wan2.6-i2v", "input": {}}', "BadRequest.EmptyInput"),
        (b'{"model": "wan2.6-i2v", "input": "x"}', "BadRequest.IllegalInput"),
        (b'{"model": ["x"], "input": {"img_url": "x"}}', "BadRequest.IllegalInput"),
        (
            b'{"model": "wan2.6-i2v", "input": {"a": 1}, "parameters": []}',
            "BadRequest.IllegalInput",
        ),
    ],
)
async def test_a_body_has_its_shape(caller, body, code):
    headers = {"X-DashScope-Async": "enable", "Content-Type": "application/json"}
    status, answer = await caller.call("POST", I2V, data=body, headers=headers)
    assert (status, answer["code"]) == (400, code)


async def test_a_body_has_no_more_than_three_parts(caller):
    refused = await caller.refused("wan2.6-i2v", given(""), callback="http://a.invalid")
    assert refused == (400, "InvalidParameter")


async def test_a_body_says_that_it_is_json(caller):
    headers = {"X-DashScope-Async": "enable", "Content-Type": "text/plain"}
    status, answer = await caller.call("POST", I2V, data=b"{}", headers=headers)
    assert (status, answer["code"]) == (400, "BadRequest.IllegalInput")


@pytest.mark.parametrize(
    ("name", "value", "is_fit"),
    [
        ("seed", 0, True),
        ("seed", 2147483647, True),
        ("seed", 2147483648, False),
        ("seed", -1, False),
        ("seed", 1.0, False),
        ("seed", True, False),
        ("seed", None, False),
        ("prompt_extend", False, True),
        ("prompt_extend", "true", False),
        ("watermark", True, True),
        ("watermark", 1, False),
        ("size", "1280*720", False),
        ("ratio", "16:9", False),
        ("negative_prompt", "n", False),
    ],
)
async def test_a_parameter_has_its_range(caller, name, value, is_fit):
    status, body = await caller.create("wan2.6-i2v", given(""), {name: value})
    assert (status == 200) is is_fit, body


@pytest.mark.parametrize(
    ("name", "value", "models"),
    [
        ("shot_type", "multi", {"wan2.6-i2v-flash", "wan2.6-i2v"}),
        ("shot_type", "single", {"wan2.6-i2v-flash", "wan2.6-i2v"}),
        ("shot_type", "many", set()),
        ("shot_type", ["multi"], set()),
        ("audio", True, {"wan2.6-i2v-flash"}),
        ("audio", False, {"wan2.6-i2v-flash"}),
        ("audio", "false", set()),
    ],
)
async def test_a_parameter_belongs_to_its_models(caller, name, value, models):
    for model in models_of("beijing"):
        if model.startswith("wan2.7"):
            continue
        status, body = await caller.create(model, given(model), {name: value})
        assert (status == 200) is (model in models), (model, body)


async def test_several_shots_need_the_prompt_to_be_extended(service, caller):
    for extend, shots in ((True, "multi"), (False, "single")):
        parameters = {"shot_type": "multi", "prompt_extend": extend}
        await caller.made("wan2.6-i2v", parameters=parameters)
        assert last_order(service)["shot_type"] == shots


async def test_the_negative_prompt_is_cut(service, caller):
    await caller.made(given={"img_url": PICTURE, "negative_prompt": "猫" * 501})
    assert last_order(service)["negative_prompt"] == "猫" * 500


async def test_prompts_are_strings(caller):
    for name in ("prompt", "negative_prompt"):
        refused = await caller.refused("wan2.6-i2v", {"img_url": PICTURE, name: 1})
        assert refused == (400, "InvalidParameter")


async def test_what_the_sdk_adds_does_no_harm(caller):
    noise = {"prompt": None, "extend_prompt": True, "function": "video-synthesis"}
    await caller.made(given={"img_url": PICTURE, **noise})


@pytest.mark.parametrize(
    "extra", [{"img": "x"}, {"template": "flying"}, {"media": []}, {"last_frame_url": PICTURE}]
)
async def test_fields_of_other_models_are_refused(caller, extra):
    refused = await caller.refused("wan2.6-i2v", {"img_url": PICTURE, **extra})
    assert refused == (400, "InvalidParameter")


async def test_only_some_models_take_a_sound(service, caller, hosted):
    for model in models_of("beijing"):
        if model.startswith("wan2.7"):
            continue
        sound = (await hosted(model, a="sound"))["a"]
        status, _ = await caller.create(
            model,
            given(model) | {"audio_url": sound},
            headers=RESOLVE,
        )
        takes = {"wan2.6-i2v-flash", "wan2.6-i2v", "wan2.5-i2v-preview"}
        assert (status == 200) is (model in takes), model


@pytest.mark.parametrize(
    ("parameters", "own", "sound"),
    [
        ({}, False, "invented"),
        ({}, True, "own"),
        ({"audio": True}, True, "own"),
        ({"audio": False}, False, "none"),
        ({"audio": False}, True, "none"),
    ],
)
async def test_the_switch_of_the_sound_beats_an_own_sound(
    service, caller, hosted, parameters, own, sound
):
    model = "wan2.6-i2v-flash"
    files = await hosted(model, audio_url="sound") if own else {}
    task_id = await caller.made(
        model,
        {"img_url": PICTURE, **files},
        parameters,
        headers=RESOLVE,
    )
    assert last_order(service)["sound"] == sound
    service.studio.finish(task_id)
    assert (await caller.look(task_id))["usage"]["audio"] is (sound != "none")


@pytest.mark.parametrize("model", ["wan2.2-kf2v-flash", "wanx2.1-kf2v-plus"])
async def test_both_frames_are_needed(caller, model):
    for role in FRAMES:
        part = {name: url for name, url in FRAMES.items() if name != role}
        assert await caller.refused(model, part) == (400, "InvalidParameter")
    await caller.made(model, FRAMES)
    assert await caller.refused(model, {"prompt": "x"}) == (400, "InvalidParameter")


async def test_the_picture_is_needed(caller):
    for missing in ({}, {"img_url": None}, {"img_url": ""}, {"img_url": [PICTURE]}):
        refused = await caller.refused("wan2.6-i2v", {"prompt": "x", **missing})
        assert refused == (400, "InvalidParameter")


TURBO = [
    "squish",
    "rotation",
    "poke",
    "inflate",
    "dissolve",
    "carousel",
    "singleheart",
    "flying",
    "rose",
    "crystalrose",
    "hug",
    "frenchkiss",
    "coupleheart",
]
PLUS = [
    "melt",
    "icecream",
    "dance1",
    "dance2",
    "dance3",
    "dance4",
    "dance5",
    "mermaid",
    "graduation",
    "dragon",
    "money",
    "jellyfish",
    "pupil",
]
KEYFRAMES = ["hanfu-1", "solaron", "magazine", "mech1", "mech2"]


async def test_the_templates_and_their_models(caller):
    assert len(TURBO + PLUS + KEYFRAMES) == 31
    for template in (*TURBO, *PLUS, *KEYFRAMES, "hufu-1", "balloon", ""):
        for model in models_of("beijing"):
            if model.startswith("wan2.7"):
                continue
            effect = {next(iter(given(model))): PICTURE, "template": template}
            status, body = await caller.create(model, effect, {"resolution": "720P"})
            fits = {
                "wanx2.1-i2v-turbo": template in TURBO,
                "wanx2.1-i2v-plus": template in TURBO + PLUS,
                "wanx2.1-kf2v-plus": template in KEYFRAMES,
            }
            assert (status == 200) is fits.get(model, False), (model, template, body)


async def test_an_effect_ignores_the_prompt_and_the_last_frame(service, caller):
    effect = {"template": "mech1", "prompt": "x", "last_frame_url": "nowhere"}
    await caller.made("wanx2.1-kf2v-plus", {"first_frame_url": PICTURE, **effect})
    assert last_order(service)["prompt"] is None
    only_last = {"template": "mech1", "last_frame_url": PICTURE}
    assert await caller.refused("wanx2.1-kf2v-plus", only_last) == (400, "InvalidParameter")


async def test_a_workspace_must_exist(caller):
    for workspace, status in (("ws-playground", 200), ("ws-x", 404)):
        answer, _ = await caller.create(
            "wan2.6-i2v", given(""), headers={"X-DashScope-WorkSpace": workspace}
        )
        assert answer == status


async def test_doors_that_are_closed(service, caller):
    service.access.in_arrears.add("1000000000000001")
    assert await caller.refused("wan2.6-i2v", given("")) == (400, "Arrearage")
    service.access.in_arrears.clear()
    service.access.closed_models.add("wan2.6-i2v")
    assert await caller.refused("wan2.6-i2v", given("")) == (403, "Model.AccessDenied")
    await caller.made("wan2.6-i2v-flash")


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("DataInspectionFailed", 400),
        ("IPInfringementSuspect", 400),
        ("AccessDenied.Unpurchased", 403),
        ("AllocationQuota.FreeTierOnly", 403),
        ("Throttling", 429),
        ("Throttling.AllocationQuota", 429),
        ("PostpaidBillOverdue", 429),
        ("InternalError.Algo", 500),
        ("ModelUnavailable", 503),
    ],
)
async def test_a_refusal_that_was_ordered(service, caller, code, status):
    service.refuse_next(code, "Because.")
    assert await caller.refused("wan2.6-i2v", given("")) == (status, code)
    assert not service.studio.renders
    await caller.made()


async def test_a_refusal_may_come_with_status_200(service, caller):
    service.refuse_next("DataInspectionFailed", status=200)
    assert await caller.refused("wan2.6-i2v", given("")) == (200, "DataInspectionFailed")


async def test_too_fast(session):
    now = [0.0]
    async with DashScope(rate_clock=lambda: now[0]) as service:
        caller = Caller(service, session)
        for model, most in (("wan2.6-i2v", 5), ("wan2.2-i2v-flash", 2)):
            for _ in range(most):
                await caller.made(model)
            refused = await caller.refused(model, given(model))
            assert refused == (429, "Throttling.RateQuota")
        # One line of the figures is shared by its models, and not by the other accounts.
        flash = await caller.refused("wan2.6-i2v-flash", given(""))
        assert flash == (429, "Throttling.RateQuota")
        service.access.keys["sk-other"] = "2"
        other = Caller(service, session)
        other.key = "sk-other"
        await other.made("wan2.6-i2v")
        now[0] = 1.0
        await caller.made("wan2.6-i2v-flash")


async def test_the_frames_of_singapore_are_slower(session):
    async with DashScope(region="singapore", rate_clock=lambda: 0) as service:
        caller = Caller(service, session)
        await caller.made("wan2.1-kf2v-plus", FRAMES)
        refused = await caller.refused("wan2.1-kf2v-plus", FRAMES)
        assert refused == (429, "Throttling.RateQuota")
