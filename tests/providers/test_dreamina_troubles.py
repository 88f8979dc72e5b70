"""The Jimeng web workbench when it says no, warns, forgets, or when nobody knows what it did."""

import json
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from core.errors import AccountError, ProviderError, ThrottledError, UncertainError
from playground.services.faults import Fault
from playground.services.service import Result
from providers import verdicts
from providers.base import Blame, Lost, Pending, Ready, Refused
from tests.providers.dreamina_kit import (
    SESSION,
    clocked,
    make_order,
    manual_site,
    opened,
    trace,
)
from tests.services.dreamina_kit import Clock

EXPIRED = "session has expired"


@pytest.fixture
async def site():
    async with manual_site() as running:
        yield running


@pytest.fixture
async def provider(site):
    async with opened(site) as one:
        yield one


@pytest.fixture
def order(provider, tmp_path):
    return make_order(provider, tmp_path)


@pytest.fixture
def clock():
    return Clock(1000.0)


def end_rest(provider):
    """As if ten minutes had passed for the pool of keys."""
    provider.accounts.all()[0].rests_until = 0.0


async def ordered(site, provider, order):
    return await provider.submit(order), site.studio.renders[-1].id


@pytest.mark.parametrize(
    ("rets", "blame", "template"),
    [
        (["1063", "2005", "2038", "2047"], Blame.INPUT, verdicts.WORDS.template),
        (["2003", "2039", "2041"], Blame.INPUT, verdicts.PICTURE.template),
        (["1159", "2050", "2048"], Blame.INPUT, verdicts.COPYRIGHT.template),
        (["2004", "2042", "2035", "2046", "2043"], Blame.INPUT, verdicts.CONTENT.template),
        (["1161", "1162"], Blame.INPUT, "language"),
        (["2002", "100402"], Blame.BUSY, verdicts.FAILED.template),
    ],
)
async def test_a_refusal_of_the_order(site, provider, order, rets, blame, template):
    for ret in rets:
        site.refuse_next(ret)
        answer = await provider.submit(order)
        assert isinstance(answer, Refused)
        assert (answer.blame, answer.owners, answer.once_more) == (blame, None, False)
        assert template in answer.reason.template
    assert len(site.sent_to("generate")) == len(rets)


@pytest.mark.parametrize(
    ("rets", "words"),
    [
        (["1000", "1001", "1002", "34010100"], "shape of the request"),
        (["1006", "5000"], "no credits"),
        (["1014"], "clock"),
        (["1017", "4003"], "may not do this"),
        (["3018"], "newer page"),
        (["3021"], "beta"),
        (["4010"], "notice"),
        (["121101"], "today"),
    ],
)
async def test_a_refusal_that_the_owners_must_act_on(site, provider, order, rets, words):
    for ret in rets:
        site.refuse_next(ret, "sorry, see https://x.example/?token=1")
        answer = await provider.submit(order)
        assert isinstance(answer, Refused)
        assert (answer.blame, answer.reason, answer.once_more) == (
            Blame.ACCOUNT, verdicts.OURS, False,
        )  # fmt: skip
        assert words in answer.owners
        assert f"ret {ret}, sorry, see ..., log id " in answer.owners
        assert provider.is_up()


async def test_spent_credits_are_told_to_the_owners(site, provider, order):
    site.switches.price = 67

    answer = await provider.submit(order)

    assert answer.blame is Blame.ACCOUNT
    assert "no credits" in answer.owners


@pytest.mark.parametrize("ret", ["4001", "4002", "5001", "5002", "2203", "2204", "77", "-99"])
async def test_an_unknown_refusal_is_shown(site, provider, order, ret):
    site.refuse_next(ret, "what?")

    answer = await provider.submit(order)

    assert (answer.blame, answer.reason.values) == (Blame.BUSY, {"code": ret})
    assert f"ret {ret}, what?" in answer.owners


@pytest.mark.parametrize("ret", ["1", "1057", "2014", "2020", "10020", "1010"])
async def test_a_busy_site_is_left_alone_for_a_minute(site, provider, order, ret):
    site.refuse_next(ret)

    with pytest.raises(ThrottledError) as caught:
        await provider.submit(order)

    assert 50 < caught.value.retry_in.total_seconds() <= 60
    assert len(site.sent_to("generate")) == 1


async def test_too_many_requests_in_the_words_of_http(site, provider, order):
    site.faults.add(Fault(route="generate", status=429, headers={"Retry-After": "120"}))

    with pytest.raises(ThrottledError) as caught:
        await provider.submit(order)

    assert 110 < caught.value.retry_in.total_seconds() <= 120


@pytest.mark.parametrize("route", ["token", "generate"])
@pytest.mark.parametrize("ret", ["1019", "1021", "-4", "-6", "4013"])
async def test_a_risk_warning_means_ten_minutes_rest(site, provider, order, route, ret):
    site.refuse_next(ret, route=route)

    for _ in range(2):
        with pytest.raises(ThrottledError) as caught:
            await provider.submit(order)
        assert 590 < caught.value.retry_in.total_seconds() <= 600

    assert len(site.sent_to(route)) == 1
    assert not provider.is_up()


async def test_after_the_second_warning_in_a_row_nothing_is_ordered(site, clock, tmp_path):
    async with clocked(site, clock) as provider:
        order = make_order(provider, tmp_path)
        site.risk("1019", seconds=3600)
        with pytest.raises(ThrottledError):
            await provider.submit(order)
        clock.now += 600
        end_rest(provider)

        for _ in range(3):
            answer = await provider.submit(order)
            assert (answer.blame, answer.reason) == (Blame.ACCOUNT, verdicts.OURS)
            assert "until a person looks" in answer.owners
            assert "DREAMINA_SESSIONID" in answer.owners
        assert site.gate.pressed == 2


async def test_after_it_was_brought_back_the_next_warning_stops_it_at_once(site, clock, tmp_path):
    async with clocked(site, clock) as provider:
        order = make_order(provider, tmp_path)
        site.risk("1019", seconds=3600)
        with pytest.raises(ThrottledError):
            await provider.submit(order)
        clock.now += 600
        end_rest(provider)
        await provider.submit(order)

        assert provider.revive() == 1
        (key,) = provider.health().keys
        assert (key.condition, key.reason) == ("resting", "risk warning (ret 1019)")
        clock.now += 600
        end_rest(provider)

        assert "until a person looks" in (await provider.submit(order)).owners
        assert site.gate.pressed == 3


async def test_an_order_of_an_older_session_is_found_with_the_new_one(site, provider, order):
    site.faults.add(Fault(route="generate", drop="after"))
    with pytest.raises(UncertainError):
        await provider.submit(order)

    found = await provider.find(order, replace(trace(), account="that of another session"))

    assert found.endswith(f"/{order.key}")


async def test_an_order_that_is_taken_ends_the_row_of_warnings(site, clock, tmp_path):
    async with clocked(site, clock) as provider:
        for _ in range(2):
            site.refuse_next("1019")
            with pytest.raises(ThrottledError):
                await provider.submit(make_order(provider, tmp_path))
            clock.now += 600
            end_rest(provider)
            await ordered(site, provider, make_order(provider, tmp_path))
            site.studio.finish(site.studio.renders[-1].id)


async def test_a_warning_at_a_look_keeps_the_video_and_stops_orders(site, clock, tmp_path):
    async with clocked(site, clock) as provider:
        order = make_order(provider, tmp_path)
        remote, _ = await ordered(site, provider, order)
        site.refuse_next("1019", route="history", times=3)
        for _ in range(3):
            with pytest.raises(ThrottledError) as caught:
                await provider.look(remote, order)
            assert caught.value.retry_in.total_seconds() == 600
            assert not provider.is_up()
            clock.now += 600
            end_rest(provider)

        assert await provider.look(remote, order) == Pending(ahead=1)
        answer = await provider.submit(order)
        assert "until a person looks" in answer.owners


async def test_an_expired_session_is_told_to_the_owners(site, provider, order):
    site.end_session(SESSION)

    for _ in range(2):
        answer = await provider.submit(order)
        assert (answer.blame, answer.reason) == (Blame.ACCOUNT, verdicts.OURS)
        assert EXPIRED in answer.owners
        assert "DREAMINA_SESSIONID" in answer.owners
        assert SESSION not in answer.owners

    assert [one.route for one in site.requests] == ["token"]


@pytest.mark.parametrize("ret", ["1015", "34010105"])
async def test_a_session_that_expires_between_the_steps(site, provider, order, ret):
    site.refuse_next(ret)

    answer = await provider.submit(order)

    assert EXPIRED in answer.owners


async def test_a_blocked_account_orders_nothing_more(site, provider, order):
    site.refuse_next("1018")

    for _ in range(2):
        answer = await provider.submit(order)
        assert "blocked this account" in answer.owners
    assert len(site.sent_to("generate")) == 1


async def test_a_video_is_not_given_up_for_an_expired_session(site, provider, order):
    remote, render = await ordered(site, provider, order)
    site.end_session(SESSION)

    for _ in range(2):
        with pytest.raises(AccountError, match=EXPIRED) as caught:
            await provider.look(remote, order)
        assert caught.value.retry_in
    assert len(site.sent_to("history")) == 1

    # The owner puts in a new session, and the bot starts again.
    site.restore_session(SESSION)
    site.studio.finish(render)
    async with opened(site) as again:
        assert isinstance(await again.look(remote, order), Ready)


@pytest.mark.parametrize("ret", ["1000", "1014", "2003", "77", "1057"])
async def test_a_refused_look_is_no_verdict(site, provider, order, ret):
    remote, _ = await ordered(site, provider, order)
    site.refuse_next(ret, route="history")

    with pytest.raises(ProviderError) as caught:
        await provider.look(remote, order)

    assert caught.value.retry_in
    assert await provider.look(remote, order) == Pending(ahead=1)


TAKEN = {"ret": "0", "data": {"aigc_data": {"history_record_id": "7/../8"}}}


@pytest.mark.parametrize(
    "fault",
    [
        {"drop": "after"},
        {"drop": "before"},
        {"status": 500},
        {"status": 502, "work": True, "body": b"<html>"},
        {"status": 500, "work": True, "body": b'{"ret": "1000"}'},
        {"status": 403, "body": b"<html>"},
        {"status": 302, "headers": {"Location": "/elsewhere"}},
        {"status": 200, "work": True},
        {"status": 200, "work": True, "body": b"<html>"},
        {"status": 200, "work": True, "body": b"[]"},
        {"status": 200, "work": True, "body": b'{"errmsg": "success"}'},
        {"status": 200, "work": True, "body": b'{"ret": null}'},
        {"status": 200, "work": True, "body": b'{"ret": "yes"}'},
        {"status": 200, "work": True, "body": b'{"ret": "0", "data": [1]}'},
        {"status": 200, "work": True, "body": json.dumps(TAKEN).encode()},
    ],
    ids=str,
)
async def test_an_unclear_order_is_looked_for_and_never_placed_again(site, provider, order, fault):
    site.faults.add(Fault(route="generate", **fault))

    with pytest.raises(UncertainError):
        await provider.submit(order)

    found = await provider.find(order, trace())
    if site.studio.renders:
        account = provider.accounts.all()[0].id
        assert found == f"{account}:{site.studio.renders[0].id}/{order.key}"
        assert await provider.look(found, order) == Pending(ahead=1)
    else:
        assert found.blame is Blame.BUSY
        assert "does not know this video" in found.reason.template
        assert not found.once_more
    assert len(site.sent_to("generate")) == 1
    asked = json.loads(site.sent_to("history")[0].body)
    assert asked == {"submit_ids": [order.key], "http_common_info": {"aid": 513695}}


async def test_an_order_is_found_among_others_by_its_own_id(site, provider, order, tmp_path):
    await ordered(site, provider, make_order(provider, tmp_path))
    site.studio.finish(site.studio.renders[0].id)
    _, render = await ordered(site, provider, order)

    assert (await provider.find(order, trace())).partition(":")[2] == f"{render}/{order.key}"


@pytest.mark.parametrize("place", ["keyed", "history_list", "history_records"])
async def test_what_was_not_taken_is_not_found_in_any_place(site, provider, order, place):
    site.switches.record_place = place

    assert isinstance(await provider.find(order, trace()), Refused)


async def test_searching_may_fail_without_a_verdict(site, provider, order):
    site.faults.add(Fault(route="history", status=503))
    with pytest.raises(ProviderError) as caught:
        await provider.find(order, trace())
    assert caught.value.retry_in

    site.end_session(SESSION)
    with pytest.raises(AccountError) as caught:
        await provider.find(order, trace())
    assert caught.value.retry_in


@pytest.mark.parametrize("route", ["token", "apply", "upload", "commit"])
@pytest.mark.parametrize(
    "fault",
    [{"drop": "before"}, {"drop": "after"}, {"status": 503}, {"status": 503, "work": True}],
    ids=str,
)
async def test_a_free_step_is_taken_again(site, provider, order, route, fault):
    site.faults.add(Fault(route=route, times=2, **fault))

    await provider.submit(order)

    assert len(site.sent_to(route)) == 3
    assert len(site.sent_to("generate")) == 1
    assert site.leaks == []


@pytest.mark.parametrize("route", ["token", "apply", "upload", "commit"])
async def test_a_free_step_that_fails_for_good_orders_nothing(site, provider, order, route):
    site.faults.add(Fault(route=route, status=503, times=0))

    with capture_logs() as logs, pytest.raises(ProviderError) as caught:
        await provider.submit(order)

    assert not isinstance(caught.value, UncertainError)
    assert caught.value.retry_in
    assert len(site.sent_to(route)) == 3
    assert not site.sent_to("generate")
    told = repr(logs) + repr(caught.value)
    secrets = [SESSION, *(one.token for one in site.tokens.all)]
    secrets += [value for one in site.uploads.slots for value in (one.auth, one.session_key)]
    assert not [one for one in secrets if one in told]
    assert "http://" not in told


@pytest.mark.parametrize("status", [200, 403])
@pytest.mark.parametrize("code", ["SignatureDoesNotMatch", "InvalidTimestamp"])
async def test_a_wrong_clock_is_told_to_the_owners(site, provider, order, code, status):
    site.switches.imagex_error_status = status
    site.refuse_imagex_next(code)

    answer = await provider.submit(order)

    assert answer.blame is Blame.ACCOUNT
    assert f"{code} by the picture store: is this machine's clock right?" in answer.owners


@pytest.mark.parametrize("status", [200, 403])
async def test_keys_that_the_store_refuses_are_replaced(site, provider, order, status):
    site.switches.imagex_error_status = status
    site.refuse_imagex_next("CheckAuthenticationError")

    with pytest.raises(ProviderError, match="CheckAuthenticationError") as caught:
        await provider.submit(order)
    assert caught.value.retry_in
    assert len(site.sent_to("apply")) == 1
    await provider.submit(order)
    assert len(site.sent_to("token")) == 2


async def test_bytes_that_are_not_taken(site, provider, order):
    site.refuse_upload_next("disk full")

    with pytest.raises(ProviderError) as caught:
        await provider.submit(order)

    assert caught.value.retry_in
    assert not site.sent_to("commit")


async def test_a_picture_that_was_not_stored(site, provider, order):
    site.switches.uri_status = 2001

    with pytest.raises(ProviderError, match="2001"):
        await provider.submit(order)

    assert not site.sent_to("generate")


async def test_bytes_that_got_lost_silently(site, provider, order):
    site.switches.silent_upload = True
    site.refuse_upload_next()

    with pytest.raises(ProviderError, match="ObjectNotFound"):
        await provider.submit(order)


@pytest.mark.parametrize(
    "address",
    [
        {"UploadHosts": ["evil.example/x"]},
        {"UploadHosts": ["a..b"]},
        {"UploadHosts": []},
        {"UploadHosts": None},
        {"UploadHosts": ["127.0.0.1:99999"]},
        {"UploadHosts": ["host"], "StoreInfos": []},
        {"UploadHosts": ["host"], "StoreInfos": [{"StoreUri": "a?b", "Auth": "c"}]},
        {"UploadHosts": ["host"], "StoreInfos": [{"StoreUri": "a", "Auth": "c\r\nCookie: d"}]},
    ],
    ids=str,
)
async def test_a_place_that_is_none(site, provider, order, address):
    plain = {"SessionKey": "k", "StoreInfos": [{"StoreUri": "a/b", "Auth": "c"}]}
    body = {"ResponseMetadata": {}, "Result": {"UploadAddress": plain | address}}
    site.faults.add(Fault(route="apply", status=200, body=json.dumps(body).encode(), times=0))

    with pytest.raises(ProviderError) as caught:
        await provider.submit(order)

    assert not isinstance(caught.value, UncertainError)
    assert not site.sent_to("upload")


@pytest.mark.parametrize(
    ("failure", "blame", "template"),
    [
        ({"code": "2038"}, Blame.INPUT, verdicts.WORDS),
        ({"code": "2047", "key": "x"}, Blame.INPUT, verdicts.WORDS),
        ({"code": "1063", "key": "x"}, Blame.INPUT, verdicts.WORDS),
        ({"key": "web_text_violates", "status": 30}, Blame.INPUT, verdicts.WORDS),
        ({"key": "prompt_violate"}, Blame.INPUT, verdicts.WORDS),
        ({"code": "2003"}, Blame.INPUT, verdicts.PICTURE),
        ({"key": "image_violates_x"}, Blame.INPUT, verdicts.PICTURE),
        ({"key": "InputImageRisk"}, Blame.INPUT, verdicts.PICTURE),
        ({"key": "InputImageRisk_RejectFace", "code": "2039"}, Blame.PERSON, verdicts.PERSON),
        ({"code": "2048"}, Blame.INPUT, verdicts.COPYRIGHT),
        ({"code": "2050"}, Blame.INPUT, verdicts.COPYRIGHT),
        ({"key": "generate_copyright_block"}, Blame.INPUT, verdicts.COPYRIGHT),
        ({"code": "2042"}, Blame.INPUT, verdicts.RESULT),
        ({"code": "2004", "key": "x"}, Blame.INPUT, verdicts.RESULT),
        ({"key": "video_violates"}, Blame.INPUT, verdicts.RESULT),
        ({"key": "OutputVideoRisk"}, Blame.INPUT, verdicts.RESULT),
        ({"status": 40, "key": "x"}, Blame.INPUT, verdicts.RESULT),
        ({"status": 10, "key": "x"}, Blame.INPUT, verdicts.CONTENT),
        ({"status": 10, "code": "0", "key": "x"}, Blame.INPUT, verdicts.CONTENT),
        ({"status": 30}, Blame.BUSY, verdicts.FAILED),
        ({"code": "2002"}, Blame.BUSY, verdicts.FAILED),
        ({"code": "9999"}, Blame.BUSY, verdicts.FAILED),
        ({"code": "1006"}, Blame.ACCOUNT, verdicts.OURS),
    ],
    ids=str,
)
async def test_why_a_job_failed(site, provider, order, failure, blame, template):
    remote, render = await ordered(site, provider, order)
    site.fail(render, **failure)

    answer = await provider.look(remote, order)

    assert isinstance(answer, Refused)
    assert (answer.blame, answer.reason, answer.once_more) == (blame, template, False)
    assert (answer.owners is not None) == (blame is Blame.ACCOUNT)


@pytest.mark.parametrize(
    "failure", [{"code": "1019"}, {"key": "web_risk_control_abc_reject_generation"}], ids=str
)
async def test_a_job_that_failed_for_the_accounts_conduct(site, provider, order, failure):
    remote, render = await ordered(site, provider, order)
    site.fail(render, **failure)

    answer = await provider.look(remote, order)

    assert (answer.blame, answer.reason) == (Blame.ACCOUNT, verdicts.OURS)
    assert "risk warning" in answer.owners
    assert not provider.is_up()


@pytest.mark.parametrize(
    ("shown", "answer"),
    [
        ({"status": -1}, Pending(ahead=1)),
        ({"status": 0}, Pending(ahead=1)),
        ({"status": 42}, Pending(ahead=1)),
        ({"status": 45}, Pending(ahead=1)),
        ({"status": 77}, Pending(ahead=1)),
        ({"status": 20, "fail_code": "2038"}, Pending(ahead=1)),
        ({"status": None, "task": {"status": None}}, Pending(ahead=1)),
        ({"status": 20, "task": {"status": 100}}, Lost()),
        ({"status": 100, "task": {"status": 20}}, Lost()),
        ({"status": None, "task": {"status": 100}}, Lost()),
    ],
    ids=str,
)
async def test_what_a_status_means(site, provider, order, shown, answer):
    remote, render = await ordered(site, provider, order)
    site.show(render, **shown)

    assert await provider.look(remote, order) == answer


async def test_a_video_counts_even_where_only_part_is_said_to_be_done(site, provider, order):
    remote, render = await ordered(site, provider, order)
    site.studio.finish(render)
    site.show(render, status=45, task={"status": 45})

    assert isinstance(await provider.look(remote, order), Ready)


async def test_a_finished_job_without_a_video_fails_after_a_few_looks(site, provider, order):
    site.switches.video_place = "none"
    remote, render = await ordered(site, provider, order)
    site.studio.finish(render)

    answers = [await provider.look(remote, order) for _ in range(4)]

    assert answers[:3] == [Pending()] * 3
    assert (answers[3].blame, answers[3].reason) == (Blame.BUSY, verdicts.FAILED)


async def test_a_record_may_be_missing_for_some_minutes(site, clock, tmp_path):
    async with clocked(site, clock) as provider:
        order = make_order(provider, tmp_path)
        site.switches.missing_looks = 2
        remote, render = await ordered(site, provider, order)
        assert await provider.look(remote, order) == Pending()
        clock.now += 240
        assert await provider.look(remote, order) == Pending()
        assert await provider.look(remote, order) == Pending(ahead=1)

        site.lose(render)
        assert await provider.look(remote, order) == Pending()
        clock.now += 299
        assert await provider.look(remote, order) == Pending()
        clock.now += 1
        assert await provider.look(remote, order) == Lost()


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"{}", b'{"ret": "0", "data": []}', b'{"ret": "0", "data": {"ID": 7}}'],
    ids=str,
)
async def test_a_look_that_is_not_understood(site, provider, order, body):
    remote, render = await ordered(site, provider, order)
    body = body.replace(b"ID", render.encode())
    site.faults.add(Fault(route="history", status=200, body=body))

    with pytest.raises(ProviderError) as caught:
        await provider.look(remote, order)

    assert caught.value.retry_in


@pytest.mark.parametrize(
    "result",
    [Result(kind="text/html", body=b"<html>"), Result(cut=100), Result(status=404)],
    ids=["html", "cut", "gone"],
)
async def test_a_result_that_is_no_video(site, provider, order, result):
    remote, render = await ordered(site, provider, order)
    site.results[render] = result
    site.studio.finish(render)
    ready = await provider.look(remote, order)

    with pytest.raises(ProviderError) as caught:
        await provider.fetch(ready, order)

    assert caught.value.retry_in
