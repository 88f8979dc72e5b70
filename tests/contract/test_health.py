"""What every provider tells of itself, how its keys come back, and how it is asked for free."""

import pytest

from core.errors import ThrottledError
from playground.services.faults import Fault
from providers.base import Blame
from providers.health import Condition

NO_ANSWERS = [
    {"status": 500, "body": b"{}"},
    {"status": 502, "body": b"<html>Bad Gateway</html>"},
    {"status": 404, "body": b"{}"},
    {"status": 404, "body": b"404 page not found"},
    {"status": 200, "body": b"{}"},
    {"status": 200, "body": b"[]"},
    {"status": 200, "body": b""},
    {"status": 302, "headers": {"Location": "/login"}},
    {"drop": "before"},
]


def key_of(provider):
    (key,) = provider.health().keys
    return key


def throttle(desk, seconds):
    headers = {"Content-Type": "application/json", "Retry-After": str(seconds)}
    body = desk.dialect.throttled
    return Fault(route=desk.dialect.submit, status=429, body=body, headers=headers)


async def refused(desk, provider):
    """Order with a key that the service does not accept any more."""
    desk.dialect.retire(desk.service)
    answer = await provider.submit(desk.order(provider))
    assert answer.blame is Blame.ACCOUNT
    return answer


async def test_a_key_nobody_has_complained_of_is_ready(provider):
    health = provider.health()

    assert (health.name, dict(health.lanes)) == (provider.name, dict(provider.lanes))
    key = key_of(provider)
    assert (key.condition, key.tasks, key.rests, key.reason) == (Condition.READY, 0, 0, "")


async def test_no_key_is_in_what_is_told_of_it(desk, service, provider):
    before = repr((provider.health(), await provider.check()))
    await refused(desk, provider)
    told = before + repr((provider.health(), await provider.check()))

    secrets = [
        value for name, value in service.environment.items() if name.endswith(("KEY", "ID"))
    ]
    assert secrets
    assert [secret for secret in secrets if secret in told] == []


async def test_tasks_are_counted_until_they_have_ended(desk, service, provider):
    service.studio.manual = True
    remote, order = await desk.take(provider)
    assert key_of(provider).tasks == 1

    service.studio.finish(desk.render)
    await provider.look(remote, order)

    assert key_of(provider).tasks == 0


async def test_a_key_that_rests_says_for_how_long_and_why(desk, service, provider):
    service.faults.add(throttle(desk, 40))
    with pytest.raises(ThrottledError):
        await provider.submit(desk.order(provider))

    key = key_of(provider)

    assert key.condition is Condition.RESTING
    assert 30 < key.rests <= 60
    assert key.reason


async def test_a_key_that_rests_comes_back_at_a_word_unless_that_is_risky(desk, service, provider):
    service.faults.add(throttle(desk, 40))
    with pytest.raises(ThrottledError):
        await provider.submit(desk.order(provider))

    if desk.dialect.rests_stay:
        assert provider.revive() == 0
        assert key_of(provider).condition is Condition.RESTING
        return
    assert provider.revive() == 1
    assert (key_of(provider).condition, key_of(provider).rests) == (Condition.READY, 0)
    await desk.take(provider)


async def test_a_retired_key_says_why_and_comes_back_at_a_word(desk, service, provider):
    answer = await refused(desk, provider)
    key = key_of(provider)
    assert (key.condition, key.reason) == (Condition.RETIRED, answer.owners)
    assert desk.dialect.key in key.reason
    desk.dialect.restore(service)
    assert (await provider.submit(desk.order(provider))).blame is Blame.ACCOUNT

    assert provider.revive("of-nobody") == 0
    assert key_of(provider).condition is Condition.RETIRED
    assert provider.revive(key.id) == 1

    assert (key_of(provider).condition, key_of(provider).reason) == (Condition.READY, "")
    assert provider.is_up()
    await desk.take(provider)
    assert provider.revive() == 0


async def test_a_key_that_is_still_wrong_is_retired_and_told_of_again(desk, provider):
    await refused(desk, provider)
    provider.news()
    provider.revive()

    answer = await refused(desk, provider)

    assert key_of(provider).condition is Condition.RETIRED
    assert provider.news() == [answer.owners]


async def test_asking_a_service_that_is_well_costs_nothing(desk, service, provider):
    (told,) = await provider.check()

    assert told.key == key_of(provider).id
    assert told.ok is (True if desk.dialect.is_asked else None)
    assert told.text
    assert len(service.requests) == desk.dialect.is_asked
    assert service.sent_to(desk.dialect.submit) == []
    assert list(service.studio.renders) == []


async def test_asking_with_a_wrong_key_says_so_and_takes_nothing_out_of_use(
    desk, service, provider
):
    desk.dialect.retire(service)

    (told,) = await provider.check()

    if desk.dialect.is_asked:
        assert told.ok is False
        assert desk.dialect.key in told.text
    assert key_of(provider).condition is Condition.READY
    assert provider.news() == []


async def test_every_key_of_a_pool_is_asked(desk, service):
    if desk.dialect.pool is None:
        return
    provider = desk.provider(**desk.dialect.pool(service.environment))

    told = {one.key: one.ok for one in await provider.check()}

    retired, own = provider.health().keys
    assert told == {retired.id: False, own.id: True}
    assert len(service.requests) == 2


@pytest.mark.parametrize("fault", NO_ANSWERS, ids=str)
async def test_an_answer_that_does_not_look_like_the_services_is_none(desk, service, fault):
    if not desk.dialect.is_asked:
        return
    service.faults.add(Fault(route="*", times=0, **fault))
    provider = desk.provider()

    for _ in range(7):
        (told,) = await provider.check()
        assert told.ok is False
        assert told.text

    assert key_of(provider).condition is Condition.READY


async def test_a_service_that_asks_for_a_pause_is_neither_well_nor_not(desk, service, provider):
    fault = service.faults.add(throttle(desk, 40))
    fault.route = "*"

    (told,) = await provider.check()

    assert told.ok is None
    assert key_of(provider).condition is Condition.READY


async def test_silence_is_waited_for_only_so_long(desk, service, provider):
    if not desk.dialect.is_asked:
        return
    held = service.faults.add(Fault(route="*", hold=True))

    (told,) = await provider.check(patience=0.3)

    assert held.reached.is_set()
    assert told.ok is False
    assert "no answer" in str(told.text)


async def test_a_service_that_is_not_there_is_said_to_be_so(desk, service, provider):
    await service.stop()

    (told,) = await provider.check()

    assert told.ok is (False if desk.dialect.is_asked else None)
