"""Looking at the tasks of the emulated DashScope, listing and cancelling them, and their results."""

import aiohttp
import pytest

from playground.services.dashscope import DashScope
from playground.services.service import CLIP, Result
from playground.services.studio import Studio
from tests.services.dashscope_kit import NOW, PICTURE, RESOLVE, Caller, Time, picture

FRAMES = {"first_frame_url": PICTURE, "last_frame_url": PICTURE}
DAY = 24 * 3600


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
async def service(clock):
    studio = Studio(manual=True, clock=clock)
    async with DashScope(studio=studio, rate_clock=clock) as service:
        service.rates.enforced = False
        yield service


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def caller(service, session):
    return Caller(service, session)


async def test_the_life_of_a_task(service, caller, clock):
    task_id = await caller.made(given={"img_url": PICTURE, "prompt": "A cat."})
    body = await caller.look(task_id)
    waiting = {
        "task_id": task_id,
        "task_status": "PENDING",
        "submit_time": "2026-09-21 21:33:20.000",
    }
    assert body.keys() == {"request_id", "output"}
    assert body["output"] == waiting
    clock.now += 1.5
    service.studio.begin(task_id)
    running = waiting | {"task_status": "RUNNING", "scheduled_time": "2026-09-21 21:33:21.500"}
    assert (await caller.look(task_id))["output"] == running
    clock.now += 60
    service.studio.finish(task_id)
    body = await caller.look(task_id)
    assert body["usage"] == {"duration": 5, "SR": 720, "video_count": 1}
    actual = body["output"].pop("actual_prompt")
    assert actual
    assert actual != "A cat."
    assert body["output"] == running | {
        "task_status": "SUCCEEDED",
        "end_time": "2026-09-21 21:34:21.500",
        "orig_prompt": "A cat.",
        "video_url": service.result_url(task_id),
    }


async def test_a_failed_task_is_an_http_200(service, caller):
    task_id = await caller.made()
    service.studio.fail(task_id, "DataInspectionFailed", "Not this picture.")
    body = await caller.look(task_id)
    output = body["output"]
    assert output["task_status"] == "FAILED"
    assert (output["code"], output["message"]) == ("DataInspectionFailed", "Not this picture.")
    assert "video_url" not in output
    assert "usage" not in body


async def test_a_failure_that_was_ordered(service, caller):
    service.fail_next("InternalError.Algo", "Sorry.")
    first, second = await caller.made(), await caller.made()
    assert (await caller.look(first))["output"]["code"] == "InternalError.Algo"
    assert (await caller.look(second))["output"]["task_status"] == "PENDING"


@pytest.mark.parametrize(
    ("region", "model", "fields"),
    [
        ("beijing", "wan2.6-i2v-flash", "duration input_video_duration output_video_duration video_count SR audio"),
        ("beijing", "wan2.6-i2v", "duration input_video_duration output_video_duration video_count SR"),
        ("virginia", "wan2.6-i2v-us", "duration input_video_duration output_video_duration video_count SR"),
        ("beijing", "wan2.7-i2v", "duration input_video_duration output_video_duration video_count SR"),
        ("beijing", "wan2.5-i2v-preview", "duration SR video_count"),
        ("beijing", "wan2.2-i2v-plus", "duration SR video_count"),
        ("beijing", "wanx2.1-i2v-turbo", "video_duration video_ratio video_count"),
        ("beijing", "wanx2.1-i2v-plus", "video_duration video_ratio video_count"),
        ("singapore", "wan2.1-i2v-plus", "video_duration video_ratio video_count"),
        ("beijing", "wan2.2-kf2v-flash", "video_duration video_count SR"),
        ("beijing", "wanx2.1-kf2v-plus", "video_duration video_ratio video_count"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("extend", [True, False])
async def test_what_a_finished_task_tells(session, region, model, fields, extend):
    async with DashScope(region=region) as service:
        caller = Caller(service, session)
        given = FRAMES if "kf2v" in model else {"img_url": PICTURE}
        if model == "wan2.7-i2v":
            url = await caller.stored(picture(), model=model)
            given = {"media": [{"type": "first_frame", "url": url}]}
        task_id = await caller.made(
            model,
            given | {"prompt": "A cat."},
            {
                "resolution": "720P" if model != "wan2.2-i2v-plus" else "480P",
                "prompt_extend": extend,
            },
            headers=RESOLVE,
        )
        body = await caller.look(task_id)
    known = {
        "duration": 5,
        "input_video_duration": 0,
        "output_video_duration": 5,
        "video_duration": 5,
        "video_ratio": "standard",
        "video_count": 1,
        "SR": 720 if model != "wan2.2-i2v-plus" else 480,
        "audio": True,
    }
    assert body["usage"] == {name: known[name] for name in fields.split()}
    assert body["output"]["orig_prompt"] == "A cat."
    tells = extend and not model.startswith("wan2.6")
    assert ("actual_prompt" in body["output"]) is tells


async def test_the_cut_prompt_is_the_one_that_was_used(service, caller):
    task_id = await caller.made(given={"img_url": PICTURE, "prompt": "a" * 900})
    service.studio.finish(task_id)
    assert (await caller.look(task_id))["output"]["orig_prompt"] == "a" * 800


async def test_a_task_without_a_prompt(service, caller):
    task_id = await caller.made()
    service.studio.finish(task_id)
    output = (await caller.look(task_id))["output"]
    assert not output.keys() & {"orig_prompt", "actual_prompt"}


async def test_a_success_without_a_video(service, caller):
    task_id = await caller.made()
    service.studio.finish(task_id)
    service.without_video.add(task_id)
    output = (await caller.look(task_id))["output"]
    assert output["task_status"] == "SUCCEEDED"
    assert "video_url" not in output


async def test_what_is_unknown(service, caller, clock):
    old, lost, foreign = [await caller.made() for _ in range(3)]
    service.studio.forget(lost)
    service.access.keys["sk-other"] = "2"
    other = Caller(service, caller.session)
    other.key = "sk-other"
    for who, task_id in ((caller, lost), (other, foreign), (caller, "never")):
        body = await who.look(task_id)
        assert body["output"] == {"task_id": task_id, "task_status": "UNKNOWN"}
        assert "usage" not in body
    clock.now += DAY - 1
    assert (await caller.look(old))["output"]["task_status"] == "PENDING"
    clock.now += 1
    assert (await caller.look(old))["output"]["task_status"] == "UNKNOWN"


async def test_two_keys_of_one_account_see_the_same_tasks(service, caller):
    task_id = await caller.made()
    service.access.keys["sk-same"] = "1000000000000001"
    caller.key = "sk-same"
    assert (await caller.look(task_id))["output"]["task_status"] == "PENDING"


async def test_only_what_waits_can_be_cancelled(service, caller):
    waiting, running, done = [await caller.made() for _ in range(3)]
    service.studio.begin(running)
    service.studio.finish(done)
    status, body = await caller.call("POST", f"/tasks/{waiting}/cancel")
    assert (status, body.keys()) == (200, {"request_id"})
    assert (await caller.look(waiting))["output"]["task_status"] == "CANCELED"
    for task_id in (waiting, running, done, "never"):
        status, body = await caller.call("POST", f"/tasks/{task_id}/cancel")
        assert (status, body["code"]) == (400, "UnsupportedOperation")
    assert (await caller.look(running))["output"]["task_status"] == "RUNNING"


async def test_a_foreign_task_cannot_be_cancelled(service, caller):
    task_id = await caller.made()
    service.access.keys["sk-other"] = "2"
    caller.key = "sk-other"
    status, body = await caller.call("POST", f"/tasks/{task_id}/cancel")
    assert (status, body["code"]) == (400, "UnsupportedOperation")


async def test_a_cancel_with_a_body_is_taken(caller):
    task_id = await caller.made()
    body = {"model": "", "parameters": {}, "input": ""}
    status, _ = await caller.call("POST", f"/tasks/{task_id}/cancel/", json=body)
    assert status == 200


async def listed(caller, query=""):
    status, body = await caller.call("GET", f"/tasks{query}")
    assert status == 200, body
    return body


async def test_a_line_of_the_list(service, caller, clock):
    task_id = await caller.made(given={"img_url": PICTURE, "prompt": "Secret."})
    body = await listed(caller)
    assert {name: value for name, value in body.items() if name not in {"data", "request_id"}} == {
        "total": 1,
        "total_page": 1,
        "page_no": 1,
        "page_size": 10,
    }
    [row] = body["data"]
    assert row.keys() == {
        "task_id", "status", "model_name", "region", "gmt_create", "request_id",
        "api_key_id", "caller_uid", "caller_parent_id", "user_api_unique_key",
    }  # fmt: skip
    assert (row["task_id"], row["status"]) == (task_id, "PENDING")
    assert (row["model_name"], row["region"]) == ("wan2.2-i2v-flash", "cn-beijing")
    assert row["gmt_create"] == NOW * 1000
    assert "Secret" not in str(body)
    clock.now += 1.5
    service.studio.begin(task_id)
    clock.now += 1
    service.studio.finish(task_id)
    [row] = (await listed(caller, "/"))["data"]
    assert (row["start_time"], row["end_time"]) == (NOW * 1000 + 1500, NOW * 1000 + 2500)
    assert row["status"] == "SUCCEEDED"


async def test_the_pages_of_the_list(caller, clock):
    made = []
    for _ in range(12):
        clock.now += 1
        made.insert(0, await caller.made())
    for query, rows, pages in (
        ("", made[:10], 2),
        ("?page_no=2", made[10:], 2),
        ("?page_no=2&page_size=5", made[5:10], 3),
        ("?page_no=9", [], 2),
    ):
        body = await listed(caller, query)
        assert [row["task_id"] for row in body["data"]] == rows
        assert (body["total"], body["total_page"]) == (12, pages)


async def test_the_filters_of_the_list(service, caller):
    flash, plus = await caller.made(), await caller.made("wan2.2-i2v-plus")
    service.studio.finish(plus)
    key_id = (await listed(caller))["data"][0]["api_key_id"]
    for query, rows in (
        ("model_name=wan2.2-i2v-plus", [plus]),
        ("status=PENDING", [flash]),
        ("status=SUCCEEDED", [plus]),
        ("status=FAILED", []),
        ("region=cn-beijing", [plus, flash]),
        ("region=ap-southeast-1", []),
        (f"api_key_id={key_id}", [plus, flash]),
        ("api_key_id=x", []),
        ("model_name=wan2.2-i2v-plus&status=PENDING", []),
    ):
        body = await listed(caller, f"?{query}")
        assert [row["task_id"] for row in body["data"]] == rows, query


async def test_the_times_of_the_list(caller, clock):
    early = await caller.made()  # 21:33:20 in China
    clock.now += 3600.5
    late = await caller.made()  # 22:33:20.5
    for query, rows in (
        ("start_time=20260921213320&end_time=20260921223320", [late, early]),
        ("start_time=20260921213321&end_time=20260921223320", [late]),
        ("start_time=20260921213320&end_time=20260921223319", [early]),
        ("start_time=20260921213321", [late]),
        ("end_time=20260921213320", [early]),
        ("start_time=20260920213320&end_time=20260921213320", [early]),
        ("start_time=20260920000000", []),
    ):
        body = await listed(caller, f"?{query}")
        assert [row["task_id"] for row in body["data"]] == rows, query
    clock.now = NOW + DAY
    assert [row["task_id"] for row in (await listed(caller))["data"]] == [late]


@pytest.mark.parametrize(
    "query",
    [
        "start_time=20260920213319&end_time=20260921213320",
        "start_time=20260921213320&end_time=20260921213319",
        "start_time=2026-09-21",
        "start_time=2026092121332",
        "end_time=1790000000000",
        "end_time=20261340000000",
        "end_time=00010101000000&start_time=99991231235959",
        "status=DONE",
        "page_no=0",
        "page_no=x",
        "page_size=101",
        "page_size=-1",
    ],
)
async def test_a_list_that_cannot_be_asked_for(caller, query):
    status, body = await caller.call("GET", f"/tasks?{query}")
    assert (status, body["code"]) == (400, "InvalidParameter")


async def test_the_list_shows_no_foreign_tasks(service, caller):
    await caller.made()
    service.access.keys["sk-other"] = "2"
    caller.key = "sk-other"
    assert (await listed(caller))["total"] == 0


async def test_looking_listing_and_cancelling_share_a_rate(service, caller, clock):
    service.rates.enforced = True
    task_id = await caller.made()
    for _ in range(18):
        await caller.look(task_id)
    await listed(caller)
    await caller.call("POST", f"/tasks/{task_id}/cancel")
    for method, path in (
        ("GET", f"/tasks/{task_id}"),
        ("GET", "/tasks"),
        ("POST", "/tasks/1/cancel"),
    ):
        status, body = await caller.call(method, path)
        assert (status, body["code"]) == (429, "Throttling.RateQuota")
    clock.now += 1
    await caller.look(task_id)


async def states(caller, ids):
    return [(await caller.look(task_id))["output"]["task_status"] for task_id in ids]


async def test_what_runs_at_once(session, clock):
    studio = Studio(seconds=(60, 60), clock=clock)
    async with DashScope(studio=studio) as service:
        service.rates.enforced = False
        caller = Caller(service, session)
        new = [await caller.made("wan2.6-i2v") for _ in range(4)]
        new += [await caller.made("wan2.6-i2v-flash") for _ in range(2)]
        old = [await caller.made("wan2.2-i2v-plus")]
        old += [await caller.made("wan2.2-kf2v-flash", FRAMES) for _ in range(2)]
        assert await states(caller, new) == ["RUNNING"] * 5 + ["PENDING"]
        assert await states(caller, old) == ["RUNNING"] * 2 + ["PENDING"]
        service.access.keys["sk-other"] = "2"
        other = Caller(service, session)
        other.key = "sk-other"
        assert await states(other, [await other.made("wan2.6-i2v")]) == ["RUNNING"]
        clock.now += 60
        assert await states(caller, [new[-1], old[-1]]) == ["RUNNING"] * 2
        clock.now += 60
        assert await states(caller, new + old) == ["SUCCEEDED"] * 9


async def test_the_seats_can_be_changed(session, clock):
    studio = Studio(seconds=(60, 60), clock=clock)
    async with DashScope(studio=studio) as service:
        service.rates.enforced = False
        service.running["wan2.1-2.2"] = 1
        caller = Caller(service, session)
        made = [await caller.made() for _ in range(2)]
        assert await states(caller, made) == ["RUNNING", "PENDING"]


async def fetch(session, url, **options):
    async with session.get(url, **options) as answer:
        return answer.status, answer.content_type, await answer.read()


async def test_a_result_lives_a_day(service, caller, clock):
    task_id = await caller.made()
    clock.now += 60
    service.studio.finish(task_id)
    url = (await caller.look(task_id))["output"]["video_url"]
    video = (200, "video/mp4", CLIP.read_bytes())
    assert await fetch(caller.session, url) == video
    clock.now += DAY - 1
    assert await fetch(caller.session, url) == video
    clock.now += 1
    status, kind, body = await fetch(caller.session, url)
    assert (status, kind) == (403, "application/xml")
    assert b"AccessDenied" in body


async def test_the_key_stays_out_of_the_results(service, caller):
    task_id = await caller.made()
    service.studio.finish(task_id)
    url = (await caller.look(task_id))["output"]["video_url"]
    headers = {"Authorization": f"Bearer {service.key}"}
    status, _, _ = await fetch(caller.session, url, headers=headers)
    assert status == 400


async def test_another_result(service, caller):
    task_id = await caller.made()
    service.studio.finish(task_id)
    service.results[task_id] = Result(status=404, body=b"", kind="text/plain")
    url = (await caller.look(task_id))["output"]["video_url"]
    assert (await fetch(caller.session, url))[0] == 404


async def test_the_settings_that_point_a_bot_here(service):
    assert service.environment == {
        "DASHSCOPE_API_KEY": service.key,
        "DASHSCOPE_HTTP_BASE_URL": f"{service.url}/api/v1",
        "ALLOW_PRIVATE_HOSTS": "true",
    }
