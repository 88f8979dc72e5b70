"""What our DashScope client makes of answers: codes, looks, cancels, and the keys of a pool."""

import json

import pytest

from core.errors import AccountError, ProviderError, ThrottledError, UncertainError
from playground.services.dashscope import DashScope
from playground.services.dashscope.errors import _STATUSES
from playground.services.faults import Fault
from providers import verdicts
from providers.base import Blame, Lost, Pending, Ready, Refused
from tests.providers.dashscope_kit import Client, headers, task

FLASH = "wan2.6-i2v-flash"
NAME = "DASHSCOPE_API_KEY"


def answer(service, route, said, *, status=200, times=1, **more):
    """Let the service answer in these words."""
    text = said if isinstance(said, bytes) else json.dumps(said).encode()
    service.faults.add(Fault(route=route, status=status, body=text, times=times, headers=more))


# Codes: what each means as the answer to an order, and as the reason of a task that failed

CONTENT = {
    "DataInspectionFailed": verdicts.CONTENT,
    "CustomRoleBlocked": verdicts.CONTENT,
    "FaqRuleBlocked": verdicts.CONTENT,
    "IPInfringementSuspect": verdicts.COPYRIGHT,
    "InvalidFile.NoHuman": verdicts.NOBODY,
}
UNFIT_PICTURE = {
    *("InvalidURL", "InvalidURL.ConnectionRefused"),
    *("InvalidFile.Size", "InvalidFile.Resolution", "InvalidFile.AspectRatio"),
    *("InvalidFile.Format", "InvalidFile.MultiHuman"),
    *("InvalidImage.Size", "InvalidImage.Format"),
}
UNFIT = {
    *("InvalidParameter", "InvalidParameter.Duration", "UnsupportedOperation"),
    *("InvalidFile.Duration", "InvalidFile.FPS"),
    *("BadRequest.EmptyInput", "BadRequest.EmptyModel", "BadRequest.IllegalInput"),
    *("BadRequest.TooLarge", "Unheard.Of"),
}
ONCE_MORE = {
    "InvalidParameter.DataInspection",
    "InvalidURL.Timeout",
    "BadRequest.InputDownloadFailed",
}
KEY = {
    "Arrearage": "arrears",
    "CommodityNotPurchased": "bought",
    "PrepaidBillOverdue": "overdue",
    "PostpaidBillOverdue": "overdue",
    "InvalidApiKey": "wrong",
    "Workspace.AccessDenied": "workspace",
}
MODEL = {
    *("AccessDenied", "AccessDenied.Unpurchased", "Model.AccessDenied"),
    *("ModelNotFound", "WorkSpaceNotFound", "NotFound"),
}
FREE = {
    "AllocationQuota.FreeTierOnly": "",
    "Throttling.AllocationQuota": "Free allocated quota exceeded.",
}
THROTTLED = {
    "Throttling": 20,
    "Throttling.RateQuota": 20,
    "Throttling.BurstRate": 20,
    "Throttling.AllocationQuota": 60,
}
BROKEN = {
    *("InternalError", "InternalError.Algo", "InternalError.Timeout"),
    *("InternalError.FileUpload", "InternalError.Upload"),
    *("SystemError", "ModelServiceFailed", "RequestTimeOut", "RewriteFailed"),
}
OVERLOADED = {"ModelServingError", "ModelUnavailable", "ServiceUnavailable"}
NEVER = CONTENT.keys() | UNFIT_PICTURE | UNFIT
OUT_OF_ORDER = ONCE_MORE | THROTTLED.keys() | BROKEN | OVERLOADED


def check_input(no, code):
    """A no that the person can do something about, and that is final."""
    assert isinstance(no, Refused)
    assert (no.blame, no.owners, no.once_more) == (Blame.INPUT, None, False)
    if code in CONTENT:
        assert no.reason == CONTENT[code]
        return
    verdict = verdicts.UNFIT_PICTURE if code in UNFIT_PICTURE else verdicts.UNFIT
    assert no.reason.template == verdict.template
    assert f"({code})" in str(no.reason)


def test_every_code_has_its_kind():
    kinds = [NEVER, ONCE_MORE, KEY, MODEL, THROTTLED, BROKEN, OVERLOADED]
    kinds.append(FREE.keys() - THROTTLED.keys())
    every = [code for kind in kinds for code in kind]
    assert len(every) == len(set(every))
    assert _STATUSES.keys() - {"AllocationQuota"} <= set(every)


@pytest.mark.parametrize("code", sorted(NEVER))
async def test_an_order_that_is_refused_for_good(code, client, service):
    service.refuse_next(code)

    check_input(await client.submit(), code)
    assert client.provider.is_up()
    assert len(service.sent_to("create")) == 1


@pytest.mark.parametrize("code", sorted(ONCE_MORE))
async def test_an_order_that_may_be_placed_once_more(code, client, service):
    service.refuse_next(code)

    no = await client.submit()

    assert (no.blame, no.reason, no.once_more) == (Blame.BUSY, verdicts.FAILED, True)
    assert no.owners is None
    assert len(service.sent_to("create")) == 1


@pytest.mark.parametrize("code", KEY)
async def test_a_key_that_is_of_no_use(code, client, service):
    service.refuse_next(code, "see https://x.example/?key=sk-1")

    no = await client.submit()

    assert (no.blame, no.reason) == (Blame.ACCOUNT, verdicts.OURS)
    assert no.owners.startswith(f"{NAME}: ")
    assert KEY[code] in no.owners
    assert code in no.owners
    assert "sk-" not in no.owners
    assert "://" not in no.owners
    assert not client.provider.is_up()
    assert client.provider.news() == [no.owners]


@pytest.mark.parametrize("code", sorted(MODEL))
async def test_a_model_that_the_key_may_not_use(code, client, service):
    service.refuse_next(code)

    no = await client.submit()

    assert (no.blame, no.reason, no.once_more) == (Blame.ACCOUNT, verdicts.OURS, False)
    assert code in no.owners
    assert client.provider.is_up()
    assert isinstance(await client.submit(), str)


@pytest.mark.parametrize("code", THROTTLED)
async def test_an_order_that_came_too_fast(code, client, service):
    service.refuse_next(code, "Allocated quota exceeded.")

    with pytest.raises(ThrottledError) as error:
        await client.submit()

    # Told when all keys rest; the shortest rest is what is waited for.
    assert error.value.retry_in.total_seconds() == pytest.approx(THROTTLED[code], abs=1)
    assert not client.provider.is_up()
    assert client.provider.news() == []


@pytest.mark.parametrize("code", FREE)
async def test_a_free_quota_that_is_used_up_closes_one_model_of_the_key(code, client, service):
    service.refuse_next(code, FREE[code])

    for _ in range(2):
        no = await client.submit(FLASH)
        assert (no.blame, no.reason) == (Blame.ACCOUNT, verdicts.OURS)
        assert no.owners.startswith(f"{NAME}: the free quota")
        assert code in no.owners
        assert f"dashscope/{FLASH}" in no.owners

    assert len(service.sent_to("create")) == 1
    assert client.provider.news() == [no.owners]
    assert not client.provider.is_up(client.model(FLASH))
    assert client.provider.is_up(client.model("wan2.6-i2v"))
    assert client.provider.is_up()
    (key,) = client.provider.health().keys
    assert (key.condition, dict(key.closed)) == ("ready", {f"dashscope/{FLASH}": no.owners})
    assert await client.take("wan2.6-i2v")


async def test_a_free_quota_that_a_policy_is_refused_for_closes_the_model_too(client, service):
    answer(service, "policy", {"code": "AllocationQuota.FreeTierOnly"}, status=403)

    assert (await client.submit(FLASH, first="large.jpg")).blame is Blame.ACCOUNT

    assert not client.provider.is_up(client.model(FLASH))
    assert client.provider.is_up(client.model("wan2.6-i2v"))


async def test_a_model_whose_quota_was_filled_up_comes_back_at_a_word(client, service):
    service.access.spent.add(("1000000000000001", FLASH))
    await client.submit(FLASH)
    service.access.spent.clear()

    assert client.provider.revive() == 1

    assert client.provider.is_up(client.model(FLASH))
    assert await client.take(FLASH)
    assert client.provider.revive() == 0


@pytest.mark.parametrize(("asked", "waited"), [("7", 7), ("0", 1), ("9999", 600), ("soon", 20)])
async def test_a_pause_that_the_service_asks_for(asked, waited, client, service):
    answer(service, "create", {"code": "Throttling"}, status=429, **{"Retry-After": asked})

    with pytest.raises(ThrottledError) as error:
        await client.submit()

    assert error.value.retry_in.total_seconds() == pytest.approx(waited, abs=1)


@pytest.mark.parametrize("code", sorted(BROKEN))
async def test_a_server_error_may_have_taken_the_order(code, client, service):
    service.refuse_next(code)

    with pytest.raises(UncertainError):
        await client.submit()
    assert len(service.sent_to("create")) == 1


@pytest.mark.parametrize("code", sorted(OVERLOADED))
async def test_an_overloaded_service_has_taken_nothing(code, client, service):
    service.refuse_next(code)

    with pytest.raises(ProviderError) as error:
        await client.submit()
    assert not isinstance(error.value, UncertainError | ThrottledError | AccountError)
    assert error.value.retry_in.total_seconds() == 10
    assert isinstance(await client.submit(), str)


@pytest.mark.parametrize(
    "code", ["InvalidParameter", "DataInspectionFailed", "Arrearage", "Throttling"]
)
async def test_the_code_decides_whatever_the_status(code, client, service):
    service.refuse_next(code, status=200)
    if code == "Throttling":
        with pytest.raises(ThrottledError):
            await client.submit()
        return
    no = await client.submit()
    assert no.blame is (Blame.ACCOUNT if code in KEY else Blame.INPUT)


@pytest.mark.parametrize("code", ["InternalError", "RequestTimeOut"])
@pytest.mark.parametrize("status", [200, 400])
async def test_a_server_error_is_one_whatever_the_status(code, status, client, service):
    service.refuse_next(code, status=status)
    with pytest.raises(UncertainError):
        await client.submit()


@pytest.mark.parametrize(
    ("status", "said", "outcome"),
    [
        (500, b"", UncertainError),
        (502, b"<html>Bad Gateway</html>", UncertainError),
        (503, b"<html>Service Unavailable</html>", UncertainError),
        (504, {"code": "Unheard.Of"}, UncertainError),
        (302, b"", UncertainError),
        (408, b"", UncertainError),
        (200, b"", UncertainError),
        (200, {"request_id": "r"}, UncertainError),
        (200, {"output": {"task_id": ""}}, UncertainError),
        (200, {"output": {"task_id": None}}, UncertainError),
        (200, {"output": []}, UncertainError),
        (429, b"", ThrottledError),
        (429, {"code": "Unheard.Of"}, ThrottledError),
        (401, b"", Blame.ACCOUNT),
        (403, b"", Blame.ACCOUNT),
        (403, {"code": "Unheard.Of"}, Blame.ACCOUNT),
        (403, {"code": "DataInspectionFailed"}, Blame.INPUT),
        (413, b"Request Entity Too Large", Blame.INPUT),
        (400, b"no JSON", Blame.INPUT),
    ],
)
async def test_answers_without_a_known_code(status, said, outcome, client, service):
    answer(service, "create", said, status=status)

    if isinstance(outcome, Blame):
        no = await client.submit()
        assert (no.blame, no.once_more) == (outcome, False)
        return
    with pytest.raises(outcome):
        await client.submit()
    assert len(service.sent_to("create")) == 1


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_lost_answer_is_not_asked_for_again(drop, client, service, studio):
    service.faults.add(Fault(route="create", drop=drop))

    with pytest.raises(UncertainError):
        await client.submit()

    assert len(service.sent_to("create")) == 1
    assert studio.billable == (drop == "after")


@pytest.mark.parametrize(
    "code", sorted(NEVER | OUT_OF_ORDER | KEY.keys() | MODEL | FREE.keys() | {""})
)
async def test_a_task_that_failed(code, client, service):
    service.fail_next(code)
    remote = await client.take()

    no = await client.look(remote)

    if code in NEVER:
        check_input(no, code)
        return
    assert isinstance(no, Refused)
    if code in KEY or code in MODEL or code == "AllocationQuota.FreeTierOnly":
        assert (no.blame, no.reason, no.once_more) == (Blame.ACCOUNT, verdicts.OURS, False)
        assert code in no.owners
    else:
        # Only what succeeds is billed, so one more attempt costs nothing by itself.
        assert (no.blame, no.reason) == (Blame.BUSY, verdicts.FAILED)
        assert (no.once_more, no.owners) == (True, None)
    assert client.provider.is_up()


@pytest.mark.parametrize("medium", ["last.jpg", "voice.mp3"])
async def test_media_may_be_refused_later(medium, make, folder, tmp_path):
    async with DashScope(media_verdict="task") as service:
        client = Client(service, folder)
        (tmp_path / "empty").write_bytes(b"nothing")
        options = (
            {"audio": tmp_path / "empty"} if "mp3" in medium else {"first": tmp_path / "empty"}
        )
        no = await client.look(await client.take(FLASH, **options))
        await client.close()
    check_input(no, "InvalidFile.Format")


# What a look says


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("PENDING", Pending(begun=False)),
        ("RUNNING", Pending(begun=True)),
        ("SUSPENDED", Pending()),
        ("DREAMING", Pending()),
        ("", Pending()),
        ("CANCELED", Lost()),
        ("UNKNOWN", Lost()),
    ],
)
async def test_a_status(status, expected, client, service):
    remote = await client.take()
    answer(service, "look", {"output": {"task_id": "t", "task_status": status}})
    assert await client.look(remote) == expected


async def test_a_failure_without_a_reason(client, service):
    remote = await client.take()
    answer(service, "look", {"output": {"task_status": "FAILED", "code": None, "message": None}})
    no = await client.look(remote)
    assert (no.blame, no.reason, no.once_more) == (Blame.BUSY, verdicts.FAILED, True)


async def test_a_video_without_an_address_is_billed_and_not_ordered_again(client, service, studio):
    remote = await client.take()
    service.without_video.add(task(remote))
    studio.finish(task(remote))

    no = await client.look(remote)

    assert (no.blame, no.reason, no.once_more) == (Blame.BUSY, verdicts.FAILED, False)
    assert studio.billable == 1


async def test_after_a_day_a_task_is_lost(client, studio):
    remote = await client.take()
    studio.finish(task(remote))
    studio.clock.now += 24 * 3600 - 1
    assert isinstance(await client.look(remote), Ready)
    studio.clock.now += 1
    assert await client.look(remote) == Lost()


async def test_a_task_of_another_account_is_unknown(client, make, service):
    remote = await client.take()
    service.access.keys["sk-other"] = "another"
    other = make(DASHSCOPE_API_KEY="sk-other").provider.accounts.all()[0]
    stranger = f"{other.id}:{task(remote)}"
    assert await make(DASHSCOPE_API_KEY="sk-other").look(stranger) == Lost()
    asked = len(service.requests)
    assert await make(DASHSCOPE_API_KEY="sk-other").look(remote) == Lost()
    assert len(service.requests) == asked  # the key that could ask is not there


@pytest.mark.parametrize("code", sorted(NEVER | OUT_OF_ORDER | KEY.keys() | MODEL))
async def test_a_look_that_is_refused_is_no_verdict(code, client, service, studio):
    remote = await client.take()
    answer(service, "look", {"code": code, "message": "no"}, status=_STATUSES.get(code, 400))

    with pytest.raises(ProviderError) as error:
        await client.look(remote)

    assert error.value.retry_in
    assert isinstance(error.value, AccountError) == (code in KEY)
    assert isinstance(error.value, ThrottledError) == (code in THROTTLED)
    studio.finish(task(remote))
    assert isinstance(await client.look(remote), Ready)


@pytest.mark.parametrize("status", [200, 204, 400, 404, 500, 502, 503, 504])
async def test_a_look_that_breaks_is_taken_again(status, client, service):
    remote = await client.take()
    answer(service, "look", b"", status=status, **{"Retry-After": "9"})

    with pytest.raises(ProviderError) as error:
        await client.look(remote)

    assert error.value.retry_in.total_seconds() == (9 if status == 503 else 2)
    assert await client.look(remote) == Pending(begun=False)


# Cancelling


async def test_only_what_waits_is_cancelled(client, service, studio):
    waiting, running, done = [await client.take() for _ in range(3)]
    studio.begin(task(running))
    studio.finish(task(done))

    assert await client.provider.cancel(waiting)
    assert not await client.provider.cancel(running)
    assert not await client.provider.cancel(done)
    assert not await client.provider.cancel(waiting)

    assert studio.billable == 2
    assert await client.look(waiting) == Lost()
    assert await client.look(running) == Pending(begun=True)
    assert {one.body for one in service.sent_to("cancel")} == {b""}


@pytest.mark.parametrize(
    ("status", "code"),
    [(429, "Throttling.RateQuota"), (500, "InternalError"), (503, ""), (401, "InvalidApiKey")],
)
async def test_a_cancel_that_breaks_promises_nothing(status, code, client, service, studio):
    remote = await client.take()
    answer(service, "cancel", {"code": code}, status=status)
    with pytest.raises(ProviderError):
        await client.provider.cancel(remote)
    assert studio.billable == 1
    assert await client.provider.cancel(remote)
    assert studio.billable == 0


# Keys


@pytest.fixture
def pool(make, service):
    """Two keys of two accounts."""
    service.access.keys["sk-other"] = "another"
    return make(DASHSCOPE_API_KEY=f"{service.key},sk-other")


def key_of(received):
    return headers(received)["authorization"].removeprefix("Bearer ")


def used(service, route="create"):
    return [key_of(one) for one in service.sent_to(route)]


async def test_the_keys_take_turns_and_a_task_stays_with_its_own(pool, service, studio):
    remotes = [await pool.take() for _ in range(4)]
    assert used(service) == [service.key, "sk-other"] * 2
    for remote in remotes:
        assert await pool.look(remote) == Pending(begun=False)
        assert await pool.provider.cancel(remote)
    assert used(service, "look") == used(service, "cancel") == used(service)


async def test_files_go_up_with_the_key_that_orders(pool, service):
    for _ in range(2):
        await pool.take(FLASH, first="large.jpg", audio="voice.mp3")
    assert used(service, "policy") == used(service) == [service.key, "sk-other"]


async def test_a_throttled_key_makes_way_and_comes_back(pool, service):
    service.refuse_next("Throttling.RateQuota")
    remotes = [await pool.take() for _ in range(2)]
    assert used(service) == [service.key, "sk-other", "sk-other"]
    first, _ = pool.provider.accounts.all()
    assert not any(remote.startswith(first.id) for remote in remotes)
    first.rests_until = 0.0  # as if the pause were over
    await pool.take()
    assert used(service)[-1] == service.key
    assert pool.provider.news() == []


@pytest.mark.parametrize("spoil", ["wrong", "arrears"])
async def test_a_useless_key_makes_way_for_good(spoil, pool, service):
    if spoil == "wrong":
        del service.access.keys[service.key]
    else:
        service.access.in_arrears.add(service.access.keys[service.key])
    for _ in range(3):
        await pool.take()
    assert used(service) == [service.key, "sk-other", "sk-other", "sk-other"]
    (told,) = pool.provider.news()
    assert told.startswith(f"{NAME}: ")
    assert pool.provider.is_up()


async def test_a_key_that_a_policy_is_refused_to_is_useless(pool, service):
    del service.access.keys[service.key]
    await pool.take(FLASH, audio="voice.mp3")
    assert used(service, "policy") == [service.key, "sk-other"]
    assert used(service) == ["sk-other"]


async def test_a_model_that_is_closed_to_one_key_is_no_matter_of_the_pool(pool, service):
    service.access.closed_models.add(FLASH)
    no = await pool.submit(FLASH)
    assert no.blame is Blame.ACCOUNT
    assert pool.provider.news() == []
    await pool.take()
    assert used(service) == [service.key] * 2


async def test_a_free_quota_belongs_to_a_key_and_a_model(pool, service):
    service.access.keys["sk-other"] = "another"
    service.access.spent.add(("1000000000000001", FLASH))

    for _ in range(2):
        await pool.take(FLASH)
    await pool.take("wan2.6-i2v")

    assert used(service) == [service.key, "sk-other", "sk-other", service.key]
    assert pool.provider.is_up(pool.model(FLASH))
    (told,) = pool.provider.news()
    assert FLASH in told


async def test_a_key_that_is_out_of_use_and_one_without_quota_are_both_told(pool, service):
    service.access.keys["sk-other"] = "another"
    service.access.spent.add(("another", FLASH))
    service.access.in_arrears.add("1000000000000001")

    no = await pool.submit(FLASH)

    assert "free quota" in no.owners
    assert "arrears" in no.owners
    assert await pool.take("wan2.6-i2v")


async def test_an_unclear_order_goes_to_no_other_key(pool, service):
    service.refuse_next("InternalError")
    with pytest.raises(UncertainError):
        await pool.submit()
    assert used(service) == [service.key]


async def test_no_key_is_in_what_is_shown(pool, service, caplog):
    caplog.set_level("DEBUG")
    remote = await pool.take(FLASH, first="large.jpg")
    service.access.keys.clear()
    with pytest.raises(AccountError) as error:
        await pool.look(remote)
    shown = f"{error.value} {remote} {pool.provider.accounts.all()} {caplog.text}"
    assert "sk-" not in shown
