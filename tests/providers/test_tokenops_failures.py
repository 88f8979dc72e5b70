"""What goes wrong with servers of this shape: whose matter it is, and what may be paid twice."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from core.errors import AccountError, ProviderError, ThrottledError, UncertainError
from playground.services.faults import Fault
from playground.services.gateway import Gateway
from providers import verdicts
from providers.base import Blame, Lost, Ready, Refused
from tests.providers.tokenops_kit import JIMENG, Desk, fields_of, header

PRO = f"{JIMENG}pro"
INPUT, PERSON, BUSY, ACCOUNT = Blame.INPUT, Blame.PERSON, Blame.BUSY, Blame.ACCOUNT


@pytest.fixture
async def service():
    async with Gateway() as service:
        yield service


@pytest.fixture
async def desk(service, tmp_path):
    desk = Desk(service, tmp_path)
    yield desk
    await desk.close()


# Orders that are refused

REFUSALS = [
    ("50411", 400, INPUT, verdicts.PICTURE, False),
    ("50412", 400, INPUT, verdicts.WORDS, False),
    ("50413", 400, INPUT, verdicts.WORDS, False),
    ("50514", 400, INPUT, verdicts.SOUND, False),
    ("50518", 400, INPUT, verdicts.COPYRIGHT, False),
    ("50511", 400, INPUT, verdicts.RESULT, True),
    ("50516", 400, INPUT, verdicts.RESULT, True),
    ("50520", 400, BUSY, verdicts.FAILED, False),
    ("60102", 400, INPUT, verdicts.NOBODY, False),
    ("50411", 500, INPUT, verdicts.PICTURE, False),  # as gateways pass on what is behind them
    ("50411", 403, INPUT, verdicts.PICTURE, False),
    ("50500", 400, BUSY, verdicts.FAILED, True),
    ("moderation_blocked", 400, INPUT, verdicts.CONTENT, False),
    ("content_policy_violation", 400, INPUT, verdicts.CONTENT, False),
    ("sensitive_words_detected", 500, INPUT, verdicts.WORDS, False),
    (
        "InputImageSensitiveContentDetected.PrivacyInformation",
        400,
        PERSON,
        verdicts.PERSON,
        False,
    ),
]


@pytest.mark.parametrize(("code", "status", "blame", "reason", "once_more"), REFUSALS)
async def test_a_refusal_says_whose_matter_it_is(
    service, desk, code, status, blame, reason, once_more
):
    service.refuse_next(code, status=status)

    answer = await desk.submit(PRO)

    assert (answer.blame, answer.reason, answer.once_more) == (blame, reason, once_more)
    assert not service.studio.renders


@pytest.mark.parametrize("code", ["50205", "50207", "50215", "50200"])
async def test_what_does_not_suit_is_told_with_its_code(service, desk, code):
    service.refuse_next(code)

    answer = await desk.submit(PRO)

    assert answer.blame is INPUT
    assert f"({code})" in str(answer.reason)


WORDS = [
    ("Your request was blocked by our moderation system.", INPUT, verdicts.CONTENT),
    ("Input Image Risk Not Pass", INPUT, verdicts.CONTENT),
    ("The picture shows a real person", PERSON, verdicts.PERSON),
    ("Copyright violation", INPUT, verdicts.COPYRIGHT),
]


SHAPES = {
    "object": lambda text: {"error": {"message": text}},
    "text": lambda text: {"error": text},
    "detail": lambda text: {"detail": text},
    "details": lambda text: {"detail": [{"msg": text}]},
    "message": lambda text: {"code": None, "message": text},
}


@pytest.mark.parametrize(("text", "blame", "reason"), WORDS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("status", [400, 403, 422])
async def test_without_a_code_the_words_count(desk, text, blame, reason, shape, status):
    desk.answer(SHAPES[shape](text), status=status)

    answer = await desk.submit(PRO)

    assert (answer.blame, answer.reason) == (blame, reason)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"error": {"code": "invalid_value", "message": "x"}}, "(invalid_value)"),
        ({"error": {"code": 77, "message": "x"}}, "(77)"),
        ({"error": "seconds: too long"}, "(seconds: too long)"),
        ({"error": "see https://secret.example/a?token=b"}, "(see ...)"),
        ({"detail": "x" * 1000}, f"({'x' * 160})"),
        ({"message": "", "code": ""}, "(HTTP 400)"),
        (b"<html>", "(HTTP 400)"),
        (b"[]", "(HTTP 400)"),
        (b"", "(HTTP 400)"),
    ],
)
async def test_any_other_refusal_is_told_as_it_came(desk, body, told):
    desk.answer(body, status=400)

    answer = await desk.submit(PRO)

    assert answer.blame is INPUT
    assert told in str(answer.reason)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("50400", 401),
        ("50402", 400),
        ("model_not_found", 404),
        ("permission_error", 403),
        ("anything", 403),
        ("not_found", 404),
        ("", 405),
        ("", 501),
    ],
)
async def test_what_is_not_open_to_us_is_the_owners_matter_and_the_key_stays(
    service, desk, code, status
):
    service.refuse_next(code, status=status)

    answer = await desk.submit(PRO)

    assert (answer.blame, answer.reason) == (ACCOUNT, verdicts.OURS)
    assert answer.owners
    assert ":" in await desk.submit(PRO)


@pytest.mark.parametrize("status", [301, 307, 308])
async def test_an_address_that_sends_us_away_is_the_owners_matter(desk, status):
    desk.answer(b"", status=status, headers={"Location": "https://elsewhere.example/v1/videos"})

    answer = await desk.submit(PRO)

    assert answer.blame is ACCOUNT
    assert "TOKENOPS_BASE_URL" in answer.owners
    assert "elsewhere" not in answer.owners


# Keys


def two(service, **more):
    service.keys = {"sk-one", "sk-two"}
    return {"TOKENOPS_API_KEY": "sk-one, sk-two", **more}


KEY_TROUBLE = [
    ("invalid_api_key", 401),
    ("whatever", 401),
    ("", 402),
    ("insufficient_quota", 429),
    ("insufficient_user_quota", 403),
    ("billing_hard_limit_reached", 400),
]


@pytest.mark.parametrize(("code", "status"), KEY_TROUBLE)
async def test_a_key_that_is_of_no_use_makes_way_for_the_next(service, tmp_path, code, status):
    desk = Desk(service, tmp_path, **two(service))
    service.refuse_next(code, status=status)

    for _ in range(3):
        assert ":" in await desk.submit(PRO)

    keys = [header(one, "authorization") for one in service.requests]
    assert len(set(keys)) == 2
    assert len(set(keys[1:])) == 1
    await desk.close()


async def test_without_a_useful_key_the_owners_are_told(service, desk):
    service.keys.clear()

    answer = await desk.submit(PRO)

    assert (answer.blame, answer.reason) == (ACCOUNT, verdicts.OURS)
    assert answer.owners.startswith("TOKENOPS_API_KEY: ")
    assert "sk-playground" not in answer.owners
    assert not desk.provider.is_up()


@pytest.mark.parametrize(
    ("code", "status", "headers", "pause"),
    [
        ("", 429, {"Retry-After": "7"}, 7),
        ("", 429, {"openai-poll-after-ms": "3000"}, 3),
        ("", 429, {}, 20),
        ("50429", 400, {}, 2),
        ("50430", 500, {}, 20),
        ("rate_limit_exceeded", 400, {"Retry-After": "99999"}, 600),
    ],
)
async def test_a_key_that_is_asked_to_rest_does(desk, code, status, headers, pause):
    desk.answer({"error": {"code": code, "message": "Slowly"}}, status=status, headers=headers)

    with pytest.raises(ThrottledError) as error:
        await desk.submit(PRO)

    assert pause - 1 < error.value.retry_in.total_seconds() <= pause
    assert not desk.provider.is_up()


async def test_other_keys_go_on_while_one_rests(service, tmp_path):
    desk = Desk(service, tmp_path, **two(service))
    desk.answer(b"{}", status=429)

    assert ":" in await desk.submit(PRO)
    assert len({header(one, "authorization") for one in service.requests}) == 2
    await desk.close()


async def test_a_task_stays_with_the_key_that_ordered_it(service, tmp_path):
    desk = Desk(service, tmp_path, **two(service))
    orders = [desk.order(PRO) for _ in range(4)]
    remotes = [await desk.provider.submit(order) for order in orders]
    service.requests.clear()

    for remote, order in zip(remotes, orders, strict=True):
        ready = await desk.provider.look(remote, order)
        assert isinstance(ready, Ready)
        await desk.provider.fetch(ready, order)

    assert len({header(one, "authorization") for one in service.requests}) == 2
    await desk.close()


# Orders that may have been taken


@pytest.mark.parametrize(
    "fault",
    [
        {"drop": "after"},
        {"status": 500},
        {"status": 500, "body": b'{"error": {"code": "server_error", "message": "Oh"}}'},
        {"status": 500, "body": b'{"error": {"code": "50500", "message": "Internal Error"}}'},
        {"status": 502, "body": b"<html>"},
        {"status": 503},
        {"status": 504},
        {"status": 408, "body": b'{"error": {"message": "Timeout"}}'},
        {"status": 200},
        {"status": 200, "body": b"{}"},
        {"status": 200, "body": b"[]"},
        {"status": 200, "body": b'{"id": null}'},
        {"status": 200, "body": b'{"id": {"a": 1}, "status": "queued"}'},
        {"status": 201, "body": b"<html>"},
        {"status": 204},
        {"status": 302},
        {"status": 303},
        {"status": 304},
    ],
)
async def test_an_order_that_may_have_been_taken_is_not_repeated(service, desk, fault):
    service.faults.add(Fault(route="create", work=True, **fault))

    with pytest.raises(UncertainError) as error:
        await desk.submit(PRO)

    assert len(service.sent_to("create")) == 1
    assert service.url not in str(error.value)


async def test_an_order_that_was_never_sent_may_be_repeated(service, tmp_path):
    desk = Desk(service, tmp_path)
    await service.stop()

    with pytest.raises(ProviderError) as error:
        await desk.submit(PRO)

    assert not isinstance(error.value, UncertainError)
    assert error.value.retry_in is not None
    await desk.close()


async def test_a_server_that_says_it_is_overloaded_took_nothing(service, desk):
    service.refuse_next("overloaded", "Come back", status=503)

    with pytest.raises(ProviderError) as error:
        await desk.submit(PRO)

    assert not isinstance(error.value, UncertainError)
    assert error.value.retry_in == timedelta(seconds=10)


# Looks


async def look(desk, **fault):
    order = desk.order(PRO)
    remote = await desk.provider.submit(order)
    desk.answer(fault.pop("body", b""), route="retrieve", **fault)
    return await desk.provider.look(remote, order)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 503, "body": b"{}"},
        {"status": 404, "body": b"<html>of a proxy</html>"},
        {"status": 403, "body": b"{}"},
        {"status": 400, "body": b'{"error": {"code": "50215"}}'},
        {"status": 408},
        {"status": 200},
        {"status": 200, "body": b"[1]"},
        {"status": 200, "body": b"<html>"},
        {"drop": "before", "times": 0},
        {"drop": "after", "times": 0},
    ],
)
async def test_a_look_that_fails_is_no_verdict(service, desk, fault):
    with pytest.raises(ProviderError) as error:
        await look(desk, **fault)

    assert not isinstance(error.value, UncertainError)
    assert error.value.retry_in is not None


async def test_a_look_that_is_told_to_wait_waits(desk):
    with pytest.raises(ThrottledError) as error:
        await look(desk, status=429, headers={"Retry-After": "4"})

    assert error.value.retry_in == timedelta(seconds=4)


async def test_a_look_with_a_key_that_is_gone_is_the_owners_matter(desk):
    with pytest.raises(AccountError, match="TOKENOPS_API_KEY"):
        await look(desk, status=401)


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize(
    "body",
    [
        b'{"detail": "Video not found"}',
        b'{"error": {"message": "No such video", "code": "not_found"}}',
        b'{"error": {"message": "No such video", "type": "invalid_request_error", "code": null}}',
        b'{"error": "no such task"}',
        b'{"code": "task_not_exist", "message": "task_not_exist"}',
    ],
)
async def test_what_is_not_known_any_more_is_lost(desk, status, body):
    assert await look(desk, status=status, body=body) == Lost()


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"message": "no Route matched with those values", "request_id": "r"}',
        b'{"error_msg": "404 Route Not Found"}',
        b'{"detail": "Not Found"}',
        b'{"status": 404, "error": "Not Found", "path": "/v1/videos/1"}',
    ],
)
async def test_a_proxy_that_does_not_find_the_service_is_no_verdict(desk, body):
    order = desk.order(PRO)
    remote = await desk.provider.submit(order)
    desk.answer(body, route="retrieve", status=404)

    with pytest.raises(ProviderError) as error:
        await desk.provider.look(remote, order)

    assert error.value.retry_in
    assert isinstance(await desk.provider.look(remote, order), Ready)


async def test_a_forgotten_video_is_lost(service, desk):
    order = desk.order(PRO)
    remote = await desk.provider.submit(order)
    service.studio.forget(service.studio.renders[0].id)

    assert await desk.provider.look(remote, order) == Lost()


async def test_a_task_of_a_key_that_was_taken_away_is_lost(desk):
    assert await desk.provider.look("00000000:1", desk.order(PRO)) == Lost()
    assert await desk.provider.cancel("00000000:1") is False


# Videos that fail


async def failure(service, desk, code, message):
    service.studio.manual = True
    order = desk.order(PRO)
    remote = await desk.provider.submit(order)
    service.studio.fail(service.studio.renders[0].id, code, message)
    return await desk.provider.look(remote, order)


@pytest.mark.parametrize(
    ("code", "message", "blame", "reason", "once_more"),
    [
        ("50511", "Post Img Risk Not Pass", INPUT, verdicts.RESULT, True),
        ("50512", "x", INPUT, verdicts.RESULT, False),
        ("50411", "x", INPUT, verdicts.PICTURE, False),
        ("50519", "x", INPUT, verdicts.COPYRIGHT, True),
        ("50430", "x", BUSY, verdicts.FAILED, True),
        ("50501", "x", BUSY, verdicts.FAILED, True),
        ("server_error", "x", BUSY, verdicts.FAILED, True),
        ("RuntimeError", "out of memory", BUSY, verdicts.FAILED, True),
        ("odd", "Blocked by moderation", INPUT, verdicts.CONTENT, False),
        ("50400", "Access Denied", ACCOUNT, verdicts.OURS, False),
    ],
)
async def test_a_failure_says_whose_matter_it_is(
    service, desk, code, message, blame, reason, once_more
):
    answer = await failure(service, desk, code, message)

    assert (answer.blame, answer.reason, answer.once_more) == (blame, reason, once_more)


async def test_an_invalid_order_that_failed_late_is_told_with_its_code(service, desk):
    answer = await failure(service, desk, "invalid_image", "Cannot be read")

    assert answer.blame is INPUT
    assert "(invalid_image)" in str(answer.reason)


@pytest.mark.parametrize(
    ("shape", "message", "blame", "reason", "once_more"),
    [
        ("string", "Output Video Risk Not Pass", INPUT, verdicts.CONTENT, False),
        ("string", "Something broke", BUSY, verdicts.FAILED, True),
        ("null", "Output Video Risk Not Pass", BUSY, verdicts.FAILED, True),
    ],
)
async def test_an_error_has_many_shapes(service, desk, shape, message, blame, reason, once_more):
    service.error_shape = shape

    answer = await failure(service, desk, "50516", message)

    assert (answer.blame, answer.reason, answer.once_more) == (blame, reason, once_more)


async def test_an_unknown_status_is_noted_once(desk):
    order = desk.order(PRO)
    remote = await desk.provider.submit(order)
    desk.answer({"status": "dreaming"}, route="retrieve", times=0)

    with capture_logs() as lines:
        for _ in range(3):
            await desk.provider.look(remote, order)

    assert [line["status"] for line in lines] == ["dreaming"]


async def test_the_words_are_sent_and_nothing_of_ours_beside_them(service, desk):
    await desk.submit(PRO, prompt="雨 & “rain”")

    assert fields_of(service.requests[0])["prompt"] == "雨 & “rain”"
    assert b"firstframe" not in service.requests[0].wire.lower()
    assert isinstance(await desk.submit(PRO), str)
    assert not isinstance(await desk.submit(PRO), Refused)
