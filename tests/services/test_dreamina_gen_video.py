"""The other style of a draft, `gen_video`, which is opt-in."""

import io
import json

import pytest
from PIL import Image

from playground.services.dreamina import Dreamina, Switches
from playground.services.dreamina.models import MODELS
from playground.services.studio import Studio
from tests.services.dreamina_kit import (
    CAT,
    COMMON,
    GENERATE,
    NOW,
    QUERY,
    Client,
    Clock,
    draft,
    new_id,
    node,
    submission,
)

VERSION = "3.3.8"
NEWER = {**QUERY, "region": "cn", "da_version": VERSION, "web_version": "7.5.0"}
MODEL = "dreamina_ic_generate_video_model_vgfm_3.0"
THREE = "basic_video_operation_vgfm_v_three"
SHOT = ("abilities", "gen_video", "text_to_video_params", "video_gen_inputs", 0)
PARAMS = SHOT[:-2]


@pytest.fixture
async def service():
    studio = Studio(clock=Clock(), manual=True)
    async with Dreamina(Switches(draft_style="gen_video"), studio=studio) as running:
        yield running


@pytest.fixture
async def client(service):
    async with Client(service) as one:
        yield one


@pytest.fixture
async def uri(client):
    return await client.upload()


def image(uri, data=CAT):
    width, height = Image.open(io.BytesIO(data)).size
    return {
        "type": "image",
        "id": new_id(),
        "name": "",
        "source_from": "upload",
        "platform_type": 1,
        "image_uri": uri,
        "uri": uri,
        "width": width,
        "height": height,
        "format": "",
    }


def gen_video(uri, *, end=None, model=MODEL, seconds=5, **more):
    component_id = new_id()
    shot = node(
        min_version="3.0.5",
        prompt="she smiles",
        video_mode=2,
        fps=24,
        duration_ms=seconds * 1000,
        resolution="720p",
        first_frame_image=image(uri),
        idip_meta_list=[],
    )
    if end:
        shot["end_frame_image"] = image(end)
    params = node(
        video_gen_inputs=[{**shot, **more}],
        video_aspect_ratio="16:9",
        seed=2**32 - 1,
        model_req_key=model,
        priority=0,
    )
    metadata = node(
        created_platform=3,
        created_platform_version="",
        created_time_in_ms=str(int(NOW * 1000)),
        created_did="",
    )
    component = {
        "type": "video_base_component",
        "id": component_id,
        "min_version": "1.0.0",
        "metadata": metadata,
        "generate_type": "gen_video",
        "aigc_mode": "workbench",
        "process_type": 1,
        "abilities": node(
            gen_video=node(text_to_video_params=params, video_task_extra='{"promptSource":"x"}')
        ),
    }
    return {
        "type": "draft",
        "id": new_id(),
        "min_version": "3.0.5",
        "min_features": [],
        "is_from_tsn": True,
        "version": VERSION,
        "main_component_id": component_id,
        "component_list": [component],
    }


def order(tree, *, benefit=THREE, model=MODEL, **fields):
    info = {
        "benefit_type": benefit,
        "resource_id": "generate_video",
        "resource_id_type": "str",
        "resource_sub_type": "aigc",
    }
    extend = {
        "root_model": model,
        "m_video_commerce_info": info,
        "m_video_commerce_info_list": [info],
    }
    return submission(tree, extend=extend, **fields)


async def ret(client, body, query=NEWER, **how):
    return (await client.generate(body, query=query, **how))["ret"]


async def test_the_newer_style_is_accepted(service, client, uri):
    tree = gen_video(uri, end=await client.upload())
    assert await ret(client, order(tree, metrics_extra='{"promptSource":"x"}')) == "0"
    taken = service.studio.renders[0].order
    assert (taken["model"], taken["resolution"], len(taken["pictures"])) == (MODEL, "720p", 2)


async def test_either_version_of_the_site_may_be_named(service, client, uri):
    service.switches.at_once = 9
    newer = client.headers(GENERATE, version="8.4.0")
    assert await ret(client, order(gen_video(uri)), headers=newer) == "0"
    assert await ret(client, order(gen_video(uri)), query={**NEWER, "region": "CN"}) == "0"
    older = client.headers(GENERATE, version="5.0.0")
    assert await ret(client, order(gen_video(uri)), headers=older) == "3018"
    assert await ret(client, order(gen_video(uri)), query=QUERY) == "3018"


async def test_more_cookies_and_parameters_pass(client, uri):
    headers = client.headers(GENERATE, Cookie=f"sid_tt=1; sessionid={client.session}")
    query = {**NEWER, "webId": "1"}
    assert await ret(client, order(gen_video(uri)), query=query, headers=headers) == "0"


async def test_the_styles_do_not_mix(service, client, uri):
    assert await ret(client, submission(draft(uri))) == "1000"
    assert await ret(client, submission(gen_video(uri))) == "1000"  # an empty extend
    service.switches.draft_style = "i2v"
    assert await ret(client, submission(gen_video(uri)), query=QUERY) == "1000"


def at(tree, path):
    found = tree["component_list"][0]
    for key in path:
        found = found[key]
    return found


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ((), "min_version", "3.2.2"),
        ((), "process_type", None),
        (("metadata",), "created_time_in_ms", int(NOW * 1000)),
        (("metadata",), "created_time_in_ms", str(int(NOW))),
        (("metadata",), "created_did", None),
        (SHOT, "duration_ms", 6000),
        (SHOT, "duration_ms", 5),
        (SHOT, "duration_ms", "5000"),
        (SHOT, "resolution", "480p"),
        (SHOT, "prompt", ""),
        (SHOT, "fps", 30),
        (SHOT, "video_mode", 1),
        (SHOT, "last_frame_image", {}),
        (PARAMS, "video_aspect_ratio", 1),
        (PARAMS, "video_aspect_ratio", "5:4"),
        (PARAMS, "seed", -1),
        (PARAMS, "seed", 2**32),
        (PARAMS, "seed", "1"),
        (PARAMS, "model_req_key", "other"),
        (PARAMS, "video_gen_inputs", []),
        (("abilities", "gen_video"), "video_task_extra", {}),
        (("abilities", "gen_video"), "video_task_extra", "x"),
        ((*SHOT, "first_frame_image"), "width", 0),
        ((*SHOT, "first_frame_image"), "height", "1"),
        ((*SHOT, "first_frame_image"), "name", None),
        ((*SHOT, "first_frame_image"), "uri", "other"),
    ],
)
async def test_a_wrong_value(service, client, uri, path, key, value):
    tree = gen_video(uri)
    at(tree, path)[key] = value
    assert await ret(client, order(tree)) == "1000"
    assert service.studio.renders == []


async def test_every_field_is_needed(client, uri):
    def objects(value):
        if isinstance(value, dict):
            yield value
        for inner in value.values() if isinstance(value, dict) else value:
            if isinstance(inner, dict | list):
                yield from objects(inner)

    tree = gen_video(uri)
    for place in objects(tree):
        for key in list(place):
            # An id or a type that is gone from a copy, so that the others stay as they are.
            kept = place.pop(key)
            assert await ret(client, order(tree)) == "1000", key
            place[key] = kept
    assert await ret(client, order(tree)) == "0"


async def test_the_end_frame_is_checked_too(client, uri):
    assert await ret(client, order(gen_video(uri, end="other"))) == "1000"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"root_model": "other"}, "1000"),
        ({"m_video_commerce_info_list": []}, "1000"),
        ({"m_video_commerce_info": {}}, "1000"),
        ({"strange": 1}, "1000"),
        ({"workspace_id": 0}, "0"),
    ],
)
async def test_what_is_to_be_paid_for(client, uri, change, code):
    body = order(gen_video(uri))
    body["extend"] |= change
    assert await ret(client, body) == code


async def test_the_list_says_the_same(client, uri):
    body = order(gen_video(uri))
    first = body["extend"]["m_video_commerce_info"]
    body["extend"]["m_video_commerce_info_list"] = [{**first, "benefit_type": "other"}]
    assert await ret(client, body) == "1000"


async def test_the_statistics_agree(client, uri):
    assert await ret(client, order(gen_video(uri), metrics_extra="{}")) == "1000"
    assert await ret(client, order(gen_video(uri), metrics_extra={})) == "1000"


@pytest.mark.parametrize(
    ("model", "seconds", "resolution", "benefit", "code"),
    [
        ("vgfm_3.0", 10, "1080p", THREE, "0"),
        ("vgfm_3.0", 12, "720p", THREE, "1000"),
        ("vgfm_3.0", 5, "720p", "other", "1006"),
        ("vgfm_3.0", 5, None, THREE, "1000"),
        ("vgfm_3.0_fast", 5, "720p", THREE, "0"),
        ("vgfm_3.0_fast", 5, "1080p", THREE + "_1080", "0"),
        ("vgfm_3.0_fast", 5, "1080p", THREE, "1006"),
        ("vgfm_3.0_pro", 5, None, THREE + "_pro", "0"),
        ("vgfm_3.0_pro", 5, None, THREE, "1006"),
        ("vgfm_3.5_pro", 12, None, "dreamina_video_seedance_15_pro", "0"),
        ("vgfm_3.5_pro", 12, None, "dreamina_video_seedance_15", "0"),
        ("vgfm_lite", 5, None, THREE, "0"),
        ("vgfm1.0", 10, None, THREE, "0"),
        ("dreamina_seedance_40", 15, None, "dreamina_seedance_20_fast_x", "0"),
        ("dreamina_seedance_40", 4, None, "seedance_20_x", "1006"),
        ("dreamina_seedance_40_mini", 3, None, "seedance_20_x", "1000"),
    ],
)
async def test_each_model_has_its_lengths_and_benefits(
    client, uri, model, seconds, resolution, benefit, code
):
    key = model if model in MODELS else "dreamina_ic_generate_video_model_" + model
    tree = gen_video(uri, model=key, seconds=seconds)
    shot = at(tree, SHOT)
    del shot["resolution"]
    if resolution:
        shot["resolution"] = resolution
    assert await ret(client, order(tree, benefit=benefit, model=key)) == code


async def test_the_whole_way(service, client, uri):
    body = order(gen_video(uri))
    assert json.loads(body["draft_content"])["version"] == VERSION
    assert await ret(client, body) == "0"
    history_id = service.studio.renders[0].id
    service.studio.finish(history_id)
    asked = {"history_ids": [history_id], "http_common_info": COMMON}
    answer = await client.post("/mweb/v1/get_history_by_ids", asked, query=NEWER)
    assert answer["data"][history_id]["status"] == 50
    assert service.leaks == []
