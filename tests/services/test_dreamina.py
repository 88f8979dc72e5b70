"""The whole way with the workbench, looks at a job, results, and leaks."""

import httpx
import pytest

from playground.services.dreamina import Dreamina, Leak, Switches
from playground.services.faults import Fault
from playground.services.service import CLIP, Result
from playground.services.studio import Studio
from tests.services.dreamina_kit import (
    COMMON,
    CREDITS,
    HISTORY,
    QUERY,
    QUEUE,
    Client,
    Clock,
    draft,
    new_id,
    path_of,
    submission,
)


@pytest.fixture
async def service():
    studio = Studio(clock=Clock(), manual=True)
    async with Dreamina(studio=studio) as running:
        yield running


@pytest.fixture
async def client(service):
    async with Client(service) as one:
        yield one


def address(record):
    return record["item_list"][0]["video"]["transcoded_video"]["origin"]["video_url"]


async def test_a_photo_becomes_a_video(service, client):
    history_id, submit_id = await client.submit(prompt="waves", duration=7, ratio=6)
    render = service.studio.get(history_id)
    assert render.order["prompt"] == "waves"
    assert (render.order["seconds"], render.order["ratio"]) == (7, "9:16")

    running = await client.record(history_id)
    assert (running["status"], running["item_list"]) == (20, [])
    assert running["submit_id"] == submit_id
    service.studio.finish(history_id)
    done = await client.record(history_id)
    assert (done["status"], done["task"]["status"]) == (50, 50)
    video = await client.fetch(address(done))
    assert video.content == CLIP.read_bytes()
    assert service.leaks == []


async def test_the_answer_to_an_accepted_job(service, client):
    body = submission(draft(await client.upload()))
    answer = await client.generate(body)
    assert answer["errmsg"] == "success"
    assert {"systime", "logid"} <= answer.keys()
    data = answer["data"]["aigc_data"]
    assert len(data["history_record_id"]) == 19
    assert data["task"] == {
        "task_id": data["history_record_id"],
        "history_id": data["history_record_id"],
        "submit_id": body["submit_id"],
        "status": 20,
        "finish_time": 0,
    }
    assert (data["generate_type"], data["status"], data["item_list"]) == (10, 20, [])
    assert data["submit_id"] == body["submit_id"]


@pytest.mark.parametrize(
    ("place", "keys"),
    [
        ("history_record_id", ["history_record_id"]),
        ("history_id", ["history_id"]),
        ("task.history_id", ["task", "history_id"]),
        ("task.task_id", ["task", "task_id"]),
        ("", None),
    ],
)
async def test_the_id_stands_in_one_place_only(service, client, place, keys):
    service.switches.id_place = place
    answer = await client.generate(submission(draft(await client.upload())))
    history_id = service.studio.renders[0].id
    assert str(answer).count(history_id) == (1 if keys else 0)
    found = answer["data"]["aigc_data"]
    for key in keys or []:
        found = found[key]
    assert keys is None or found == history_id


async def test_a_record_is_keyed_by_what_was_asked_with(service, client):
    history_id, submit_id = await client.submit()
    assert list((await client.look(history_id))["data"]) == [history_id]
    by_submit = await client.look(submit_id, "submit_ids")
    assert list(by_submit["data"]) == [submit_id]
    assert by_submit["data"][submit_id]["history_record_id"] == history_id
    assert (await client.look(new_id(), "submit_ids"))["data"] == {}
    assert (await client.look(submit_id))["data"] == {}


async def test_a_record_may_lie_in_a_list(service, client):
    history_id, _ = await client.submit()
    listed = await client.look(history_id, need_batch=True)
    assert [one["history_record_id"] for one in listed["data"]["history_list"]] == [history_id]
    service.switches.record_place = "history_records"
    assert list((await client.look(history_id))["data"]) == ["history_records"]


async def test_a_record_is_missing_for_the_first_looks(service, client):
    service.switches.missing_looks = 2
    history_id, submit_id = await client.submit()
    assert await client.record(history_id) is None
    assert await client.record(submit_id, "submit_ids") is None
    assert (await client.record(history_id))["status"] == 20


async def test_a_lost_record_stays_away(service, client):
    history_id, submit_id = await client.submit()
    service.lose(history_id)
    assert await client.record(history_id) is None
    assert await client.record(submit_id, "submit_ids") is None


async def test_another_account_sees_nothing():
    async with Dreamina(sessions=["one", "two"]) as service, Client(service) as one:
        history_id, submit_id = await one.submit()
        async with Client(service, session="two") as two:
            assert await two.record(history_id) is None
            assert await two.record(submit_id, "submit_ids") is None


@pytest.mark.parametrize(
    "body",
    [
        {"historyIds": ["1"], "http_common_info": COMMON},
        {"history_ids": [], "http_common_info": COMMON},
        {"history_ids": [1], "http_common_info": COMMON},
        {"history_ids": "1", "http_common_info": COMMON},
        {"history_ids": ["1"]},
        {"submit_ids": ["1"]},
        {"history_ids": ["1"], "submit_ids": ["1"], "http_common_info": COMMON},
        {"history_ids": ["1"], "http_common_info": {"aid": "513695"}},
        [],
    ],
)
async def test_a_look_in_another_shape_is_refused(client, body):
    assert (await client.post(HISTORY, body))["ret"] == "1000"


async def test_a_look_needs_no_da_version(client):
    query = {name: value for name, value in QUERY.items() if name != "da_version"}
    body = {"history_ids": ["1"], "http_common_info": COMMON}
    assert (await client.post(HISTORY, body, query=query))["ret"] == "0"
    assert (await client.post(HISTORY, body, query={**query, "aid": "1"}))["ret"] == "1000"


async def test_a_finished_job_is_post_processed_first(service, client):
    service.switches.thinking_looks = 2
    history_id, _ = await client.submit()
    seen = [(await client.record(history_id))["status"]]
    service.studio.finish(history_id)
    seen += [(await client.record(history_id))["status"] for _ in range(3)]
    assert seen == [20, 42, 42, 50]


async def test_the_address_may_come_late(service, client):
    service.switches.late_address_looks = 1
    history_id, _ = await client.submit()
    service.studio.finish(history_id)
    first = await client.record(history_id)
    assert first["status"] == 50
    assert "transcoded_video" not in first["item_list"][0]["video"]
    assert address(await client.record(history_id))


@pytest.mark.parametrize(
    ("code", "status", "part"),
    [
        ("2038", 10, "prompt_violate"),
        ("2003", 10, "image_violates"),
        ("2042", 40, "OutputVideoRisk"),
        ("2002", 30, "generate_failed"),
    ],
)
async def test_a_failed_job_gives_its_reason(service, client, code, status, part):
    history_id, _ = await client.submit()
    service.studio.fail(history_id, code, "不行")
    record = await client.record(history_id)
    assert (record["status"], record["task"]["status"]) == (status, status)
    assert (record["fail_code"], record["fail_starling_message"]) == (code, "不行")
    assert part in record["fail_starling_key"]
    assert record["item_list"] == []


async def test_only_the_key_may_have_the_reason(service, client):
    history_id, _ = await client.submit()
    service.fail(history_id, status=40, key="generate_copyright_block")
    record = await client.record(history_id)
    assert (record["status"], record["fail_code"]) == (40, "")
    assert record["fail_starling_key"] == "generate_copyright_block"


@pytest.mark.parametrize("status", [-1, 0, 45, 100, 77])
async def test_any_status_can_be_shown(service, client, status):
    history_id, _ = await client.submit()
    service.show(history_id, status=status, task={"status": 50})
    record = await client.record(history_id)
    assert (record["status"], record["task"]["status"]) == (status, 50)
    assert record["task"]["history_id"] == history_id


async def test_numbers_for_texts(service, client):
    uri = await client.upload()
    service.switches.numbers = True
    answer = await client.generate(submission(draft(uri)))
    assert answer["ret"] == 0
    history_id = answer["data"]["aigc_data"]["history_record_id"]
    assert isinstance(history_id, int)
    service.studio.fail(str(history_id), "2042", "")
    record = await client.record(str(history_id))
    assert record["fail_code"] == 2042
    service.risk("-4")
    assert (await client.generate(submission(draft(uri))))["ret"] == -4


async def test_null_at_every_level(service, client):
    history_id, _ = await client.submit()
    service.studio.finish(history_id)
    service.switches.nulls = {"history:data"}
    assert (await client.look(history_id))["data"] is None
    for tail in ("", ".item_list", ".queue_info", ".task", ".fail_code", ".status"):
        service.switches.nulls = {f"history:data.*{tail}"}
        record = await client.record(history_id)
        assert (record if not tail else record[tail[1:]]) is None
    service.switches.nulls = {"history:data.*.item_list.0.video.transcoded_video.origin"}
    record = await client.record(history_id)
    assert record["item_list"][0]["video"]["transcoded_video"]["origin"] is None
    assert record["item_list"][0]["video"]["cover_url"]
    service.switches.nulls = {"generate:data.aigc_data"}
    answer = await client.generate(submission(draft(await client.upload())))
    assert (answer["ret"], answer["data"]) == ("0", {"aigc_data": None})
    assert len(service.studio.renders) == 2


@pytest.mark.parametrize(
    ("place", "way"),
    [
        ("origin", ["video", "transcoded_video", "origin", "video_url"]),
        ("transcoded", ["video", "transcoded_video", "720p", "video_url"]),
        ("common_attr", ["common_attr", "transcoded_video", "origin", "video_url"]),
        ("download_url", ["video", "download_url"]),
        ("play_url", ["video", "play_url"]),
        ("url", ["video", "url"]),
        ("video_resource", ["video", "video_resource", "video_url"]),
        ("none", None),
    ],
)
async def test_the_address_lies_in_one_of_many_places(service, client, place, way):
    service.switches.video_place = place
    history_id, _ = await client.submit()
    service.studio.finish(history_id)
    item = (await client.record(history_id))["item_list"][0]
    assert str(item).count(f"/results/{history_id}?") == (1 if way else 0)
    assert item["common_attr"]["status"] == 144
    cover = await client.fetch(item["video"]["cover_url"])
    assert cover.headers["content-type"] == "image/jpeg"
    if way:
        for key in way:
            item = item[key]
        assert path_of(item) == f"/results/{history_id}"
        assert (await client.fetch(item)).content == CLIP.read_bytes()


async def test_the_widest_of_the_transcoded_is_the_video(service, client):
    service.switches.video_place = "transcoded"
    history_id, _ = await client.submit()
    service.studio.finish(history_id)
    files = (await client.record(history_id))["item_list"][0]["video"]["transcoded_video"]
    widest = max(files.values(), key=lambda one: one["width"])
    assert path_of(widest["video_url"]) == f"/results/{history_id}"
    assert widest is not next(iter(files.values()))


async def test_a_result_link_goes_out_of_date(service, client):
    history_id, _ = await client.submit()
    service.studio.finish(history_id)
    url = address(await client.record(history_id))
    service.studio.clock.now += 3599
    assert (await client.fetch(url)).status_code == 200
    service.studio.clock.now += 1
    assert (await client.fetch(url)).status_code == 403
    url = address(await client.record(history_id))
    assert (await client.fetch(url)).status_code == 200
    service.expire_links()
    assert (await client.fetch(url)).status_code == 403
    assert (await client.fetch(url.partition("?")[0])).status_code == 403
    service.results[history_id] = Result(status=404)
    assert (await client.fetch(address(await client.record(history_id)))).status_code == 404


async def test_secrets_where_they_do_not_belong(service, client):
    history_id, _ = await client.submit()
    service.studio.finish(history_id)
    url = address(await client.record(history_id))
    cookie = f"sessionid={client.session}"
    await client.fetch(url, Cookie=cookie, Authorization="Bearer x")
    assert service.leaks == [
        Leak("result", "header cookie"),
        Leak("result", "header authorization"),
        Leak("result", "session"),
    ]
    service.requests.clear()
    keys = await client.token()
    applied = (await client.apply(keys, 5, unsigned={"Cookie": cookie})).json()
    assert applied["ResponseMetadata"]["Error"]["Code"] == "CheckAuthenticationError"
    assert service.leaks == [Leak("apply", "header cookie"), Leak("apply", "session")]
    service.requests.clear()
    address_ = (await client.apply(keys, 5)).json()["Result"]["UploadAddress"]
    headers = {"Cookie": cookie, "x-amz-security-token": keys["session_token"]}
    assert (await client.send(address_, b"12345", changes=headers)).status_code == 403
    assert service.leaks == [
        Leak("upload", "header cookie"),
        Leak("upload", "session"),
        Leak("upload", "session_token"),
    ]
    service.requests.clear()
    extra = {"X-A": keys["secret_access_key"], "X-B": address_["SessionKey"]}
    await client.post(HISTORY, {}, headers=client.headers(HISTORY, **extra))
    await client.fetch(url, X_C=address_["StoreInfos"][0]["Auth"], Sign="x")
    await client.post(HISTORY, {}, query={"sessionid": client.session})
    assert service.leaks == [
        Leak("history", "secret_access_key"),
        Leak("history", "SessionKey"),
        Leak("result", "header sign"),
        Leak("result", "Auth"),
        Leak("history", "session"),
    ]


async def test_the_session_sent_to_a_wrong_listener_is_a_leak(service, client):
    root = service.environment["DREAMINA_IMAGEX_URL"]
    response = await client.http.post(root + HISTORY, headers=client.headers(HISTORY))
    assert response.status_code == 404
    assert Leak("history", "session") in service.leaks


async def test_each_host_has_only_its_own_paths(service, client):
    base, imagex = service.url, service.imagex_url
    assert len({base, imagex}) == 2
    assert (await client.http.get(base + "/?Action=ApplyImageUpload")).status_code == 404
    assert (await client.http.post(imagex + "/upload/v1/x")).status_code == 404


async def test_a_queue(service, client):
    service.switches.at_once = 5
    history_id, _ = await client.submit()
    other_id, _ = await client.submit()
    assert (await client.record(other_id))["queue_info"]["queue_idx"] == 2
    info = (await client.record(history_id))["queue_info"]
    assert info["polling_config"] == {"interval_seconds": 30, "timeout_seconds": 86400}
    service.studio.begin(history_id)
    assert (await client.record(history_id))["queue_info"]["queue_idx"] == 0
    asked = {"history_ids": [other_id], "http_common_info": COMMON}
    answer = await client.post(QUEUE, asked)
    assert answer["data"][other_id]["queue_info"]["queue_idx"] == 1
    assert answer["data"][other_id]["status"] == 20
    camel = {"historyIds": [other_id], "http_common_info": COMMON}
    assert (await client.post(QUEUE, camel))["ret"] == "1000"
    by_submit = {"submit_ids": [new_id()], "http_common_info": COMMON}
    assert (await client.post(QUEUE, by_submit))["ret"] == "1000"


async def test_credits(service, client):
    service.credit.gift, service.credit.vip = 10, 7
    answer = await client.post(CREDITS, {}, query={})
    assert answer["data"]["credit"] == {
        "gift_credit": 10,
        "purchase_credit": 0,
        "vip_credit": 7,
    }
    service.switches.price, service.switches.at_once = 12, 2
    await client.submit()
    assert (service.credit.gift, service.credit.vip) == (0, 5)
    refused = await client.generate(submission(draft(await client.upload())))
    assert refused["ret"] == "1006"
    assert (await client.post(CREDITS, {"a": 1}, query={}))["ret"] == "34010100"
    service.end_session(client.session)
    assert (await client.post(CREDITS, {}, query={}))["ret"] == "34010105"


async def test_a_submit_whose_answer_was_lost_is_found(service, client):
    service.faults.add(Fault(route="generate", drop="after"))
    body = submission(draft(await client.upload()))
    with pytest.raises(httpx.RemoteProtocolError):
        await client.generate(body)
    assert await client.record(body["submit_id"], "submit_ids")


async def test_switches_may_be_given_at_the_start():
    switches = Switches(draft_style="gen_video")
    async with Dreamina(switches) as service:
        assert service.environment["DREAMINA_DRAFT_STYLE"] == "gen_video"
        assert service.environment["ALLOW_PRIVATE_HOSTS"] == "true"
