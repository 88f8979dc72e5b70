"""The Jimeng web workbench against its emulation: the way of an order, and every request of it."""

import json
import re
import uuid
import zlib

import pytest

from core.errors import ProviderError, SettingsError
from playground.services.service import CLIP
from providers.base import Lost, Pending, Ready, RemoteId
from providers.dreamina import build
from providers.dreamina.imagex_replies import Token
from providers.dreamina.signing import Keys, authorization, make_query, workbench_sign
from tests.providers.dreamina_kit import (
    SESSION,
    draft_of,
    headers_of,
    kit,
    make_order,
    manual_site,
    opened,
    query_of,
    wished,
)
from tests.services import dreamina_kit as seed
from tests.world import CAT

IMAGEX_KEYS = Keys(access_key="AKTESTONLY", secret_key="SKTESTONLY", region="cn-north-1")
SIGNED = {"x-amz-date": "20260110T120000Z", "x-amz-security-token": "STSTESTONLY"}


@pytest.fixture
async def site():
    async with manual_site() as running:
        yield running


@pytest.fixture
async def provider(site):
    async with opened(site) as one:
        yield one


def skeleton(value, key=""):
    """A draft with its ids and its moment named by what they are: all else is compared."""
    if isinstance(value, dict):
        return [(name, skeleton(inner, name)) for name, inner in value.items()]
    if isinstance(value, list):
        return [skeleton(inner) for inner in value]
    if key in {"id", "main_component_id"}:
        assert str(uuid.UUID(value, version=4)) == value
        return "an id"
    return type(value) if key == "created_time_in_ms" else (type(value), value)


@pytest.mark.parametrize(
    ("version", "path", "moment", "sign"),
    [
        ("5.8.0", "/commerce/v1/benefits/user_credit", 1733966964, "f3dbb824b378abea7c03cbb152b3a365"),
        ("5.8.0", seed.GENERATE, 1733966964, "efdc94dbbc3ffdba4af73bf203a04c13"),
        ("5.8.0", seed.HISTORY, 1733966964, "a5b242c736c4d8d5d65715b1590e9c00"),
        ("5.8.0", seed.TOKEN, 1733966964, "8d1c3655e7cea313eb658ea8332c8028"),
        ("8.4.0", seed.GENERATE, 1789742348, "103979f37bb61af3a5a6d0a53f9e5992"),
        ("8.4.0", seed.HISTORY, 1789742352, "a6def80120c292743fa98f189898e112"),
        ("8.4.0", seed.TOKEN, 1789746355, "166eea62cb5dfc9c50fbcd5382d194fe"),
    ],
)  # fmt: skip
def test_the_sign_of_a_path(version, path, moment, sign):
    assert workbench_sign(path, version, moment) == sign


@pytest.mark.parametrize(
    ("method", "query", "more", "body", "signature"),
    [
        (
            "GET",
            {"Action": "ApplyImageUpload", "FileSize": "12345", "s": "abcdefghij1"},
            {},
            b"",
            "a53babbf67a250ba2aba1400819e60f52aab477e29f184cd559667281e510b4c",
        ),
        (
            "GET",
            {"Action": "ApplyImageUpload", "FileSize": "12345", "s": "abcdefghij1"},
            {"host": "imagex.bytedanceapi.com"},
            b"",
            "66d185a4173b655c2d242b48eeb5fb3a51180744c25376b0578a19029ff0279a",
        ),
        (
            "POST",
            {"Action": "CommitImageUpload"},
            {
                "x-amz-content-sha256": (
                    "a138ecfaf572a7a55e2dc903a70bc2c93f8d79bf04e699aed2697464cf8bb3a5"
                )
            },
            b'{"SessionKey":"sk-test"}',
            "bf32bc2cff4033f61189eb6768532d8e881a05f70d2e986293ad08f7cdbb0d3d",
        ),
    ],
)
def test_the_signature_of_the_picture_store(method, query, more, body, signature):
    pairs = {"Version": "2018-08-01", "ServiceId": "tb4s082cfz"} | query
    given = authorization(method, make_query(pairs.items()), SIGNED | more, body, IMAGEX_KEYS)

    names = ";".join(sorted(SIGNED | more))
    scope = "20260110/cn-north-1/imagex/aws4_request"
    assert given == (
        f"AWS4-HMAC-SHA256 Credential=AKTESTONLY/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )


async def test_a_photo_becomes_a_video(site, provider, tmp_path):
    order = make_order(provider, tmp_path, prompt="waves 海浪", seconds=7, ratio="9:16")

    remote = await provider.submit(order)

    render = site.studio.renders[0]
    account = provider.accounts.all()[0].id
    assert remote == f"{account}:{render.id}/{order.key}"
    asked = {name: render.order[name] for name in ("prompt", "seconds", "ratio", "resolution")}
    assert asked == {
        "prompt": "waves 海浪", "seconds": 7, "ratio": "9:16", "resolution": "1080p",
    }  # fmt: skip
    assert site.uploads.slots[0].data == CAT
    assert await provider.look(remote, order) == Pending(ahead=1)
    site.studio.begin(render.id)
    assert await provider.look(remote, order) == Pending()
    site.studio.finish(render.id)
    ready = await provider.look(remote, order)
    await provider.fetch(ready, order)
    assert order.target.read_bytes() == CLIP.read_bytes()
    assert [one.route for one in site.requests] == [
        "token", "apply", "upload", "commit", "generate", "history", "history", "history", "result",
    ]  # fmt: skip
    assert site.leaks == []


@pytest.mark.parametrize(
    ("ratio", "number"), [("16:9", 1), ("9:16", 6), ("1:1", 8), ("4:3", 3), ("3:4", 4)]
)
async def test_the_draft_is_the_seeds_key_by_key(site, provider, tmp_path, ratio, number):
    await provider.submit(make_order(provider, tmp_path, prompt="she smiles", ratio=ratio))

    uri = site.uploads.slots[0].uri
    theirs = seed.draft(uri, prompt="she smiles", ratio=number, duration=5)
    ours = draft_of(site.sent_to("generate")[0])
    assert skeleton(ours) == skeleton(theirs)
    assert ours["main_component_id"] == ours["component_list"][0]["id"]


@pytest.mark.parametrize("seconds", range(3, 11))
async def test_every_length_is_told_in_milliseconds(site, provider, tmp_path, seconds):
    assert seconds in provider.models[0].seconds

    await provider.submit(make_order(provider, tmp_path, seconds=seconds))

    component = draft_of(site.sent_to("generate")[0])["component_list"][0]
    assert component["abilities"]["i2v"]["core_param"]["duration"] == seconds * 1000


async def test_what_surrounds_the_draft_is_the_seeds(site, provider, tmp_path):
    order = make_order(provider, tmp_path, prompt="sie lächelt")
    await provider.submit(order)

    sent = site.sent_to("generate")[0]
    body = json.loads(sent.body)
    theirs = seed.submission({}, submit_id=order.key)
    assert list(body) == list(theirs)
    assert body | {"draft_content": ""} == theirs | {"draft_content": ""}
    assert query_of(sent) == list(seed.QUERY.items())
    headers = headers_of(sent)
    moment = int(headers["device-time"])
    theirs = seed.Client(site, session=SESSION).headers(seed.GENERATE, moment=moment)
    ours = {name.lower(): headers[name.lower()] for name in theirs}
    assert ours == {name.lower(): value for name, value in theirs.items()}
    # What the library adds for any call, as the seed's own library does.
    usual = {"host", "accept", "accept-encoding", "connection", "user-agent", "content-length"}
    assert headers.keys() - usual == ours.keys()


async def test_every_call_to_the_site_is_signed_for_its_own_path(site, provider, tmp_path):
    order = make_order(provider, tmp_path)
    await provider.look(await provider.submit(order), order)

    for route, path in [("token", seed.TOKEN), ("history", seed.HISTORY)]:
        sent = site.sent_to(route)[0]
        headers = headers_of(sent)
        assert headers["sign"] == seed.sign(path, "5.8.0", headers["device-time"])
        assert query_of(sent) == list(seed.QUERY.items())
    assert json.loads(site.sent_to("token")[0].body) == {"scene": 2}
    history_id = site.studio.renders[0].id
    asked = {"history_ids": [history_id], "http_common_info": {"aid": 513695}}
    assert json.loads(site.sent_to("history")[0].body) == asked


async def test_the_ratio_follows_the_photo_where_none_was_wished(site, provider, tmp_path):
    order = wished(make_order(provider, tmp_path, sides=(300, 400)), ratio=None, seconds=None)

    await provider.submit(order)

    core = draft_of(site.sent_to("generate")[0])["component_list"][0]["abilities"]["i2v"]
    assert (core["core_param"]["video_ratio"], core["core_param"]["duration"]) == (4, 5000)


async def test_the_bytes_go_up_with_a_padded_checksum(site, provider, tmp_path):
    photo = next(
        photo
        for number in range(10_000)
        if zlib.crc32(photo := CAT + str(number).encode()) < 1 << 24
    )

    await provider.submit(make_order(provider, tmp_path, photo=photo))

    sent = site.sent_to("upload")[0]
    checksum = headers_of(sent)["content-crc32"]
    assert checksum.startswith("00")
    assert (len(checksum), int(checksum, 16)) == (8, zlib.crc32(photo))
    assert sent.body == photo


async def test_the_store_is_asked_as_the_sites_page_asks_it(site, provider, tmp_path):
    await provider.submit(make_order(provider, tmp_path))

    apply, commit = site.sent_to("apply")[0], site.sent_to("commit")[0]
    query = dict(query_of(apply))
    assert re.fullmatch(r"[a-z0-9]{11}", query.pop("s"))
    assert query == {
        "Action": "ApplyImageUpload", "Version": "2018-08-01",
        "ServiceId": "tb4s082cfz", "FileSize": str(len(CAT)),
    }  # fmt: skip
    assert dict(query_of(commit)) == {
        "Action": "CommitImageUpload", "Version": "2018-08-01", "ServiceId": "tb4s082cfz",
    }  # fmt: skip
    assert json.loads(commit.body) == {"SessionKey": site.uploads.slots[0].session_key}
    assert "SignedHeaders=x-amz-date;x-amz-security-token," in headers_of(apply)["authorization"]


@pytest.mark.parametrize("seconds", [5, 10])
async def test_the_newer_draft_by_explicit_setting(tmp_path, seconds):
    async with manual_site() as site:
        site.switches.draft_style = "gen_video"
        async with opened(site) as provider:
            assert provider.models[0].seconds == (5, 10)
            order = make_order(provider, tmp_path, seconds=seconds, ratio="1:1", sides=(9, 9))
            remote = await provider.submit(order)
            render = site.studio.renders[0]
            assert remote.endswith(f":{render.id}/{order.key}")
            assert (render.order["seconds"], render.order["resolution"]) == (seconds, "1080p")
            assert render.order["ratio"] == "1:1"
            sent = site.sent_to("generate")[0]
            assert dict(query_of(sent))["da_version"] == "3.3.8"
            component = draft_of(sent)["component_list"][0]
            shot = component["abilities"]["gen_video"]["text_to_video_params"]["video_gen_inputs"][
                0
            ]
            # The sides that the store has counted, not those that were believed.
            image = shot["first_frame_image"]
            assert (image["width"], image["height"]) != (9, 9)
            assert type(component["metadata"]["created_time_in_ms"]) is str
            assert (
                json.loads(sent.body)["metrics_extra"]
                == (component["abilities"]["gen_video"]["video_task_extra"])
            )
            assert site.leaks == []


@pytest.mark.parametrize(
    "change",
    [
        {"id_place": "history_record_id"}, {"id_place": "history_id"},
        {"id_place": "task.history_id"}, {"id_place": "task.task_id"}, {"id_place": ""},
        {"numbers": True}, {"set_cookie": True}, {"single_host": True}, {"upload_header": True},
        {"silent_upload": True}, {"uri_place": "results"}, {"uri_place": "plugin"},
        {"uri_place": "store"}, {"uri_status": 2000}, {"service_id": True},
        {"record_place": "history_list"}, {"record_place": "history_records"},
        {"missing_looks": 1}, {"thinking_looks": 1}, {"late_address_looks": 2},
        {"nulls": {"generate:data.aigc_data.task"}}, {"nulls": {"generate:data.aigc_data"}},
        {"nulls": {"generate:data"}}, {"nulls": {"history:data.*.task"}},
        {"nulls": {"history:data.*.queue_info"}}, {"nulls": {"history:data.*.fail_code"}},
        {"nulls": {"history:data.*.status"}}, {"nulls": {"history:data.*.item_list.0.common_attr"}},
    ],
    ids=str,
)  # fmt: skip
async def test_every_documented_variant_of_an_answer(site, provider, tmp_path, change):
    for name, value in change.items():
        setattr(site.switches, name, value)
    order = make_order(provider, tmp_path)

    remote = await provider.submit(order)
    site.studio.finish(site.studio.renders[0].id)
    answer = await provider.look(remote, order)
    while isinstance(answer, Pending):
        answer = await provider.look(remote, order)
    await provider.fetch(answer, order)

    assert order.target.read_bytes() == CLIP.read_bytes()
    assert len(site.sent_to("generate")) == 1
    assert site.leaks == []


@pytest.mark.parametrize(
    "place",
    ["origin", "transcoded", "common_attr", "download_url", "play_url", "url", "video_resource"],
)
async def test_the_address_of_the_video_in_its_known_places(site, provider, tmp_path, place):
    site.switches.video_place = place
    order = make_order(provider, tmp_path)
    remote = await provider.submit(order)
    render = site.studio.renders[0].id
    site.studio.finish(render)

    ready = await provider.look(remote, order)

    # Neither the cover nor one of the smaller sizes.
    assert ready.url.partition("?")[0].rpartition("/")[2] == render
    await provider.fetch(ready, order)
    assert order.target.read_bytes() == CLIP.read_bytes()


async def test_an_expired_address_is_replaced_by_the_next_look(site, provider, tmp_path):
    order = make_order(provider, tmp_path)
    remote = await provider.submit(order)
    site.studio.finish(site.studio.renders[0].id)
    stale = await provider.look(remote, order)
    site.expire_links()

    with pytest.raises(ProviderError) as caught:
        await provider.fetch(stale, order)

    assert caught.value.retry_in
    await provider.fetch(await provider.look(remote, order), order)
    assert order.target.read_bytes() == CLIP.read_bytes()


async def test_an_unencrypted_address_is_none_for_the_real_site():
    from providers.dreamina.records import Record

    record = Record.model_validate(
        {
            "item_list": [
                {"video": {"play_url": "http://a.example/v", "url": "https://b.example/v"}}
            ]
        }
    )

    assert record.video(plain=False) == "https://b.example/v"


async def test_a_new_session_sees_what_the_old_one_has_ordered(site, provider, tmp_path):
    order = make_order(provider, tmp_path)
    remote = await provider.submit(order)
    site.studio.finish(site.studio.renders[0].id)

    answer = await provider.look(RemoteId("0ld5e551:" + remote.partition(":")[2]), order)

    assert isinstance(answer, Ready)


async def test_a_deleted_job_is_lost(site, provider, tmp_path):
    order = make_order(provider, tmp_path)
    remote = await provider.submit(order)
    site.show(site.studio.renders[0].id, status=100)

    assert await provider.look(remote, order) == Lost()


async def test_nothing_can_be_stopped_there(site, provider, tmp_path):
    remote = await provider.submit(make_order(provider, tmp_path))

    assert not await provider.cancel(remote)


def test_one_video_at_a_time_and_ten_seconds_between_orders():
    provider = build(kit({"DREAMINA_SESSIONID": SESSION}, limits={}))

    limiter = provider.accounts.all()[0].submits
    assert provider.lanes == {"dreamina": 1}
    assert (limiter.max_rate, limiter.time_period) == (1, 10)


def test_without_a_session_it_is_off():
    assert build(kit({})) is None
    assert build(kit({"DREAMINA_SESSIONID": " "})) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DREAMINA_SESSIONID", "one,two"),
        ("DREAMINA_SESSIONID", "one,"),
        ("DREAMINA_SESSIONID", "sessionid=one"),
        ("DREAMINA_SESSIONID", "one; sid_tt=two"),
        ("DREAMINA_DRAFT_STYLE", "i2i"),
        ("DREAMINA_BASE_URL", "own.example"),
        ("DREAMINA_IMAGEX_URL", "ftp://x"),
    ],
)
def test_a_malformed_setting_is_named_without_its_value(name, value):
    with pytest.raises(SettingsError, match=name) as caught:
        build(kit({"DREAMINA_SESSIONID": SESSION, name: value}))

    assert value not in str(caught.value)
    assert SESSION not in str(caught.value)


@pytest.mark.parametrize(
    ("named", "host"),
    [
        ("imagex-hl.bytedanceapi.com", "https://imagex-hl.bytedanceapi.com"),
        ("imagex.volcengineapi.com", "https://imagex.volcengineapi.com"),
        ("evil.example", "https://imagex.bytedanceapi.com"),
        ("evil.example/.bytedanceapi.com", "https://imagex.bytedanceapi.com"),
        ("evilbytedanceapi.com", "https://imagex.bytedanceapi.com"),
        (None, "https://imagex.bytedanceapi.com"),
    ],
)
def test_the_keys_go_to_the_sites_own_stores_only(named, host):
    token = Token(access_key_id="a", secret_access_key="b", session_token="c", upload_domain=named)

    assert token.host == host


@pytest.mark.parametrize(
    ("region", "signed"),
    [("cn", "cn-north-1"), ("", "cn-north-1"), (None, "cn-north-1"), ("us", "us")],
)
def test_the_sites_word_for_its_region_is_not_signed_with(region, signed):
    token = Token(access_key_id="a", secret_access_key="b", session_token="c", region=region)

    assert token.keys.region == signed
