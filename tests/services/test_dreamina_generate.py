"""What a generate call must look like, and every way in which it is refused."""

import json

import pytest

from playground.services.dreamina import Dreamina
from playground.services.dreamina.refusals import MEANINGS
from playground.services.studio import Studio
from tests.services.dreamina_kit import (
    CREDITS,
    GENERATE,
    HISTORY,
    NOW,
    QUERY,
    Client,
    Clock,
    draft,
    new_id,
    submission,
)


@pytest.fixture
async def service():
    async with Dreamina(studio=Studio(clock=Clock(), manual=True)) as running:
        yield running


@pytest.fixture
async def client(service):
    async with Client(service) as one:
        yield one


@pytest.fixture
async def body(client):
    return submission(draft(await client.upload()))


def paths(value, so_far=()):
    """Every place in a tree."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*so_far, key)
        if isinstance(inner, dict | list):
            yield from paths(inner, (*so_far, key))


def changed(tree, path, change):
    tree = json.loads(json.dumps(tree))
    at = tree
    for key in path[:-1]:
        at = at[key]
    change(at, path[-1])
    return tree


def other_type(value):
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return str(value)
    return 7


async def test_the_seed_is_accepted(service, client, body):
    assert (await client.generate(body))["ret"] == "0"
    assert len(service.studio.renders) == 1


async def assert_refused(client, body, ret="1000"):
    answer = await client.generate(body)
    assert (answer["ret"], len(client.service.studio.renders)) == (ret, 0), answer
    return answer


async def test_every_field_of_the_draft_is_needed(client, body):
    tree = json.loads(body["draft_content"])
    places = [path for path in paths(tree) if isinstance(path[-1], str)]
    assert len(places) == 40  # counted in the seed
    for path in places:
        less = changed(tree, path, lambda at, key: at.pop(key))
        await assert_refused(client, {**body, "draft_content": json.dumps(less)})


async def test_every_field_of_the_draft_has_its_type(client, body):
    tree = json.loads(body["draft_content"])
    for path in paths(tree):
        odd = changed(tree, path, lambda at, key: at.__setitem__(key, other_type(at[key])))
        await assert_refused(client, {**body, "draft_content": json.dumps(odd)})
        null = changed(tree, path, lambda at, key: at.__setitem__(key, None))
        await assert_refused(client, {**body, "draft_content": json.dumps(null)})


async def test_no_field_of_the_draft_may_be_added(client, body):
    tree = json.loads(body["draft_content"])
    for path in [(), *paths(tree)]:
        at = tree
        for key in path:
            at = at[key]
        if isinstance(at, dict):
            more = changed(tree, (*path, "more"), lambda at, key: at.__setitem__(key, 1))
            await assert_refused(client, {**body, "draft_content": json.dumps(more)})


CORE = ("component_list", 0, "abilities", "i2v", "core_param")
IMAGE = ("component_list", 0, "abilities", "i2v", "first_frame_image")
META = ("component_list", 0, "metadata")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("type",), "drafts"),
        (("version",), "3.3.8"),
        (("min_version",), "3.0.5"),
        (("is_from_tsn",), False),
        (("id",), "not-a-uuid"),
        (("id",), "0c9c4f7e-7d1a-11ee-b962-0242ac120002"),
        (("id",), "9B1DEB4D-3B7D-4BAD-9BDD-2B0D7B3DCB6D"),
        (("main_component_id",), "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"),
        (("component_list",), []),
        (("component_list", 0, "generate_type"), "gen_video"),
        (("component_list", 0, "aigc_mode"), "other"),
        ((*META, "created_platform"), 1),
        ((*META, "created_time_in_ms"), int(NOW)),
        ((*META, "created_time_in_ms"), NOW * 1000),
        ((*META, "created_time_in_ms"), str(int(NOW * 1000))),
        ((*CORE, "prompt"), ""),
        ((*CORE, "prompt"), " \n"),
        ((*CORE, "duration"), 5),
        ((*CORE, "duration"), 2000),
        ((*CORE, "duration"), 11000),
        ((*CORE, "duration"), 5500),
        ((*CORE, "duration"), 5000.0),
        ((*CORE, "video_ratio"), 2),
        ((*CORE, "video_ratio"), "16:9"),
        ((*CORE, "resolution"), "720p"),
        ((*IMAGE, "source_from"), "url"),
        ((*IMAGE, "platform_type"), 2),
        ((*IMAGE, "uri"), "tos-cn-i-tb4s082cfz/" + "0" * 32),
        ((*IMAGE, "image_uri"), "tos-cn-i-tb4s082cfz/" + "0" * 32),
    ],
)
async def test_a_wrong_value_in_the_draft(client, body, path, value):
    tree = json.loads(body["draft_content"])
    odd = changed(tree, path, lambda at, key: at.__setitem__(key, value))
    await assert_refused(client, {**body, "draft_content": json.dumps(odd)})


async def test_an_id_used_twice(client, body):
    tree = json.loads(body["draft_content"])
    odd = changed(tree, (*META, "id"), lambda at, key: at.__setitem__(key, tree["id"]))
    await assert_refused(client, {**body, "draft_content": json.dumps(odd)})


async def test_a_picture_that_nobody_uploaded(client):
    uri = "tos-cn-i-tb4s082cfz/" + "0" * 32
    await assert_refused(client, submission(draft(uri)))


@pytest.mark.parametrize(
    ("ratio", "name"), [(1, "16:9"), (6, "9:16"), (8, "1:1"), (3, "4:3"), (4, "3:4")]
)
async def test_the_ratios_of_the_seed(service, client, ratio, name):
    await client.submit(ratio=ratio)
    assert service.studio.renders[0].order["ratio"] == name


@pytest.mark.parametrize("seconds", range(3, 11))
async def test_the_lengths_of_the_seed(service, client, seconds):
    await client.submit(duration=seconds)
    assert service.studio.renders[0].order["seconds"] == seconds


async def test_a_draft_that_cannot_be_read(client, body):
    tree = json.loads(body["draft_content"])
    for draft_content in (tree, None, "", "{", "[]"):
        await assert_refused(client, {**body, "draft_content": draft_content}, "1002")


@pytest.mark.parametrize(
    "change",
    [
        {"extend": {"root_model": "x"}},
        {"extend": None},
        {"submit_id": "1"},
        {"http_common_info": {"aid": "513695"}},
        {"http_common_info": {"aid": 1}},
        {"metrics_extra": "{}"},
    ],
)
async def test_the_body_is_that_of_the_seed(client, body, change):
    await assert_refused(client, {**body, **change})


@pytest.mark.parametrize("gone", ["extend", "submit_id", "http_common_info"])
async def test_nothing_of_the_body_may_be_missing(client, body, gone):
    await assert_refused(client, {key: value for key, value in body.items() if key != gone})


async def test_the_body_is_an_object(client, body):
    assert (await client.post(GENERATE, [body]))["ret"] == "1000"


@pytest.mark.parametrize(
    ("change", "ret"),
    [
        ({"aid": "513641"}, "1000"),
        ({"device_platform": "app"}, "1000"),
        ({"region": "cn"}, "1000"),
        ({"da_version": "3.3.8"}, "3018"),
        ({"webId": "1"}, "1000"),
    ],
)
async def test_the_query_is_that_of_the_seed(client, body, change, ret):
    answer = await client.generate(body, query={**QUERY, **change})
    assert answer["ret"] == ret


@pytest.mark.parametrize("gone", list(QUERY))
async def test_nothing_of_the_query_may_be_missing(client, body, gone):
    query = {name: value for name, value in QUERY.items() if name != gone}
    assert (await client.generate(body, query=query))["ret"] == "1000"


@pytest.mark.parametrize(
    ("name", "value", "ret"),
    [
        ("Content-Type", "text/plain", "1000"),
        ("Appid", "1", "1000"),
        ("Pf", "1", "1000"),
        ("Origin", "http://127.0.0.1", "1000"),
        ("Referer", "http://127.0.0.1", "1000"),
        ("Appid", None, "1000"),
        ("Pf", None, "1000"),
        ("Origin", None, "1000"),
        ("Referer", None, "1000"),
        ("Appvr", None, "1014"),
        ("Device-Time", None, "1014"),
        ("Sign", None, "1014"),
        ("Sign-Ver", None, "1014"),
        ("Appvr", "8.4.0", "1014"),
        ("Sign-Ver", "2", "1014"),
        ("Sign", "0" * 32, "1014"),
        ("Device-Time", "now", "1014"),
        ("Cookie", None, "1015"),
        ("Cookie", "sessionid=other", "1015"),
        ("Cookie", "sid_tt=5e55104e5e55104e5e55104e5e55104e", "1015"),
    ],
)
async def test_the_headers_are_those_of_the_seed(client, body, name, value, ret):
    headers = client.headers(GENERATE, **{name: value})
    assert (await client.generate(body, headers=headers))["ret"] == ret


async def test_no_made_up_cookies(client, body):
    headers = client.headers(GENERATE, Cookie=f"sessionid={client.session}; sid_tt=1")
    assert (await client.generate(body, headers=headers))["ret"] == "1000"
    assert (await client.post(HISTORY, {}, headers=client.headers(HISTORY)))["ret"] == "1000"


async def test_the_sign_is_of_this_path(client, body):
    answer = await client.generate(body, headers=client.headers(HISTORY))
    assert answer["ret"] == "1014"


async def test_another_version_is_too_old(client, body):
    headers = client.headers(GENERATE, version="8.4.0")
    assert (await client.generate(body, headers=headers))["ret"] == "3018"


@pytest.mark.parametrize(("off", "ret"), [(-301, "1014"), (301, "1014"), (-300, "0"), (300, "0")])
async def test_the_clock(client, body, off, ret):
    headers = client.headers(GENERATE, moment=NOW + off)
    assert (await client.generate(body, headers=headers))["ret"] == ret


async def test_the_sign_may_go_unchecked(service, client, body):
    service.switches.check_sign = False
    without = client.headers(GENERATE, Sign=None)
    assert (await client.generate(body, headers=without))["ret"] == "1014"
    headers = client.headers(GENERATE, moment=0, Sign="x")
    assert (await client.generate(body, headers=headers))["ret"] == "0"


async def test_a_submit_id_serves_once(service, client, body):
    service.switches.at_once = 9
    assert (await client.generate(body))["ret"] == "0"
    answer = await client.generate(body)
    assert answer["ret"] == "1000"
    assert "submit_id" in answer["errmsg"]
    fresh = {**body, "submit_id": new_id()}
    assert (await client.generate(fresh))["ret"] == "0"


async def test_one_job_at_once(service, client, body):
    history_id, _ = await client.submit()
    assert (await client.generate(body))["ret"] == "1010"
    service.studio.finish(history_id)
    assert (await client.generate(body))["ret"] == "0"


async def test_a_gap_between_submits(service, client, body):
    service.switches.gap, service.switches.at_once = 10.0, 9
    await client.submit()
    service.studio.clock.now += 9
    assert (await client.generate(body))["ret"] == "1057"
    service.studio.clock.now += 10
    assert (await client.generate(body))["ret"] == "0"


@pytest.mark.parametrize("ret", list(MEANINGS))
async def test_every_refusal(service, client, body, ret):
    service.refuse_next(ret, "因为")
    answer = await assert_refused(client, body, ret)
    assert answer["errmsg"] == "因为"
    assert (await client.generate(body))["ret"] == "0"


def test_the_list_of_refusals_is_whole():
    known = """1 1057 2014 2020 10020 1000 1001 1002 1006 1010 1014 1015 34010105 34010100 1017
    4003 3018 3021 1018 1019 1021 -4 -6 4013 4010 121101 1063 2005 2038 2047 2003 2039 2041 2048
    1159 2050 2004 2042 2035 2046 2043 2002 100402 1161 1162 4001 4002 5001 5002 2203 2204"""
    assert set(known.split()) == MEANINGS.keys()


async def test_the_forms_of_a_refusal(service, client, body):
    service.refuse_next("1006")
    data = (await client.generate(body))["data"]
    assert (data["aigc_data"], data["fail_code"]) == (None, "1006")
    assert data["fail_starling_key"]
    assert data["fail_starling_message"]
    service.refuse_next("1000")
    data = (await client.generate(body))["data"]
    assert set(data.values()) == {None, ""}
    service.refuse_next("1018")
    answer = await client.generate(body)
    assert (answer["data"], bool(answer["logid"])) == (None, True)


async def test_a_refusal_until_further_notice(service, client, body):
    service.refuse_next("1018", times=0)
    for _ in range(3):
        await assert_refused(client, body, "1018")
    service.accept_again()
    assert (await client.generate(body))["ret"] == "0"


async def test_a_malformed_call_uses_up_no_refusal(service, client, body):
    service.refuse_next("1006")
    await assert_refused(client, {**body, "extend": 1})
    await assert_refused(client, body, "1006")


async def test_a_refusal_of_looks(service, client):
    history_id, _ = await client.submit()
    service.refuse_next("1019", route="history")
    assert (await client.look(history_id))["ret"] == "1019"
    assert (await client.look(history_id))["ret"] == "0"


async def test_a_risk_answer_holds_for_a_while(service, client, body):
    service.risk("4013", seconds=600)
    await assert_refused(client, body, "4013")
    service.studio.clock.now += 599
    await assert_refused(client, body, "4013")
    assert service.gate.pressed == 2
    service.studio.clock.now += 1
    assert (await client.generate(body))["ret"] == "0"
    with pytest.raises(ValueError, match="1000"):
        service.risk("1000")


async def test_the_session_ends(service, client, body):
    history_id, _ = await client.submit()
    service.end_session(client.session)
    assert (await client.generate(body))["ret"] == "1015"
    assert (await client.token())["ret"] == "1015"
    assert (await client.look(history_id))["ret"] == "1015"
    assert (await client.post(CREDITS, {}))["ret"] == "34010105"
    service.restore_session(client.session)
    assert (await client.look(history_id))["ret"] == "0"


async def test_a_cookie_that_the_service_sets(service, client):
    service.switches.set_cookie = True
    await client.token()
    assert client.http.cookies["ttwid"]
