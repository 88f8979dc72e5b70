"""What every provider makes of yes, not yet, no, and of calls that break."""

import asyncio
import re

import httpx
import pytest

from core.errors import AccountError, ProviderError, ThrottledError, UncertainError
from playground.services.faults import Fault
from providers.base import Blame, Lost, Pending, Ready, Refused
from providers.web.wire import Web
from tests.contract.desk import FILM, SECRETS, damaged, fill
from tests.contract.dialects import in_bytes

NONSENSE = [b"", b"no JSON", b"<html>oops</html>", b"[]", b"null", b"{}", b'"text"', b"17"]
NONSENSE += [b"[{}]", b'{"output": null, "data": null, "code": null}', b"\xff\xfe", b"{" * 2000]


async def outcome(call):
    """What a call gives, or the deliberate error it ends with."""
    try:
        return await call
    except ProviderError as error:
        return error


def may_be_repeated(answer):
    """Whether an order would be placed once more after this."""
    if isinstance(answer, ProviderError):
        return not isinstance(answer, UncertainError | AccountError) and answer.retry_in
    return isinstance(answer, Refused) and answer.once_more


async def test_an_order_is_taken_waits_and_is_done(desk, service, provider):
    service.studio.manual = True
    remote, order = await desk.take(provider)
    first = await provider.look(remote, order)
    service.studio.begin(desk.render)
    second = await provider.look(remote, order)
    service.studio.finish(desk.render)
    third = await provider.look(remote, order)
    await provider.fetch(third, order)

    assert isinstance(first, Pending)
    assert isinstance(second, Pending)
    assert isinstance(third, Ready)
    assert order.target.read_bytes() == FILM
    assert service.studio.billable == 1


async def test_every_model_takes_the_least_that_it_needs_and_gives_a_video(
    desk, service, provider
):
    for number, model in enumerate(provider.models, 1):
        remote, order = await desk.take(provider, desk.order(provider, model))
        ready = await provider.look(remote, order)
        await provider.fetch(ready, order)

        assert order.target.read_bytes() == FILM
        assert len(service.studio.renders) == number


async def test_a_task_outlives_the_process_that_ordered_it(desk, provider):
    remote, order = await desk.take(provider)

    assert isinstance(await desk.provider().look(remote, order), Ready)


async def test_content_that_is_refused_at_once_is_the_persons_matter(desk, service, provider):
    desk.dialect.forbid(service)

    answer = await provider.submit(desk.order(provider))

    assert isinstance(answer, Refused)
    assert (answer.blame, answer.owners) == (Blame.INPUT, None)
    assert not answer.once_more
    assert service.studio.billable == 0


async def test_content_that_is_refused_in_the_end_is_the_persons_matter(desk, service, provider):
    service.studio.manual = True
    remote, order = await desk.take(provider)
    desk.dialect.spoil(service, desk.render)

    answer = await provider.look(remote, order)

    assert isinstance(answer, Refused)
    assert (answer.blame, answer.owners) == (Blame.INPUT, None)


async def test_a_key_that_is_refused_is_the_owners_matter_and_rests(desk, service, provider):
    desk.dialect.retire(service)

    answer = await provider.submit(desk.order(provider))

    assert isinstance(answer, Refused)
    assert answer.blame is Blame.ACCOUNT
    assert desk.dialect.key in answer.owners
    assert not provider.is_up()
    asked = len(service.requests)
    assert (await provider.submit(desk.order(provider))).blame is Blame.ACCOUNT
    assert len(service.requests) == asked


async def test_the_next_key_of_a_pool_takes_over(desk, service):
    if desk.dialect.pool is None:
        return  # one key only, by the terms of the service
    provider = desk.provider(**desk.dialect.pool(service.environment))

    for _ in range(3):
        remote, order = await desk.take(provider)
        assert isinstance(await provider.look(remote, order), Ready)
    assert provider.is_up()
    retired = [one for one in service.sent_to(desk.dialect.submit) if b"retired" in one.wire]
    assert len(retired) == 1


async def test_a_look_that_a_key_is_refused_for_is_no_verdict_on_the_video(
    desk, service, provider
):
    remote, order = await desk.take(provider)
    desk.dialect.retire(service)

    answer = await outcome(provider.look(remote, order))

    assert isinstance(answer, AccountError)
    assert desk.dialect.key in str(answer)
    assert answer.retry_in


@pytest.mark.parametrize("asked", [7, None])
async def test_a_service_that_asks_for_a_pause_gets_it(desk, service, provider, asked):
    headers = {} if asked is None else {"Retry-After": str(asked)}
    service.faults.add(
        Fault(
            route=desk.dialect.submit,
            status=429,
            body=desk.dialect.throttled,
            headers={"Content-Type": "application/json", **headers},
            times=0,
        )
    )

    answer = await outcome(provider.submit(desk.order(provider)))

    assert isinstance(answer, ThrottledError)
    seconds = answer.retry_in.total_seconds()
    assert (asked or 2) - 1 <= seconds <= (asked or 600)
    assert len(service.sent_to(desk.dialect.submit)) == 1
    assert not provider.is_up()


async def test_a_look_that_comes_too_often_is_put_off(desk, service, provider):
    remote, order = await desk.take(provider)
    service.faults.add(
        Fault(
            route=desk.dialect.look,
            status=429,
            body=desk.dialect.throttled,
            headers={"Retry-After": "7"},
        )
    )

    answer = await outcome(provider.look(remote, order))

    assert isinstance(answer, ThrottledError)
    assert answer.retry_in
    assert isinstance(await provider.look(remote, order), Ready)


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_a_server_error_to_an_order_leaves_it_open_whether_it_was_taken(
    desk, service, status
):
    fault = service.faults.add(Fault(route=desk.dialect.submit, status=status, times=0))
    for body in (b"", b"<html>Bad Gateway</html>", b"{}", b"[]"):
        fault.body = body
        provider = desk.provider()

        answer = await outcome(provider.submit(desk.order(provider)))

        assert isinstance(answer, UncertainError), (body, answer)


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_connection_that_breaks_leaves_it_open_whether_an_order_was_taken(
    desk, service, provider, drop
):
    service.faults.add(Fault(route=desk.dialect.submit, drop=drop))

    answer = await outcome(provider.submit(desk.order(provider)))

    assert isinstance(answer, UncertainError), repr(answer)
    assert len(service.sent_to(desk.dialect.submit)) == 1
    assert service.studio.billable == (drop == "after")


async def test_a_service_that_cannot_be_reached_has_taken_nothing(desk, service):
    provider, order = desk.provider(), desk.order(desk.provider())
    await service.stop()

    answer = await outcome(provider.submit(order))

    assert isinstance(answer, ProviderError)
    assert not isinstance(answer, UncertainError)
    assert answer.retry_in


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 502, "body": b"<html>Bad Gateway</html>"},
        {"status": 503, "body": b"{}"},
        {"drop": "before"},
        {"drop": "after"},
    ],
    ids=str,
)
async def test_a_look_that_breaks_is_taken_again(desk, service, provider, fault):
    remote, order = await desk.take(provider)
    service.faults.add(Fault(route=desk.dialect.look, **fault))

    answer = await outcome(provider.look(remote, order))

    if isinstance(answer, ProviderError):  # else the client has looked again by itself
        assert answer.retry_in
        answer = await provider.look(remote, order)
    assert isinstance(answer, Ready)


class Hasty(Web):
    """Waits a moment where the bot would wait a minute."""

    async def call(self, *arguments, **options):
        return await super().call(*arguments, timeout=httpx.Timeout(0.7), **options)


async def test_silence_is_no_answer(desk, service):
    """Held back for good: however long one waits, the answer does not come."""
    provider = desk.provider()
    remote, order = await desk.take(provider)
    hasty, other = desk.provider(Hasty(private=True)), desk.order(provider)
    held = [
        service.faults.add(Fault(route=route, hold=True))
        for route in (desk.dialect.submit, desk.dialect.look)
    ]

    submitted, looked = await asyncio.gather(
        outcome(hasty.submit(other)), outcome(hasty.look(remote, order))
    )

    assert all(fault.reached.is_set() for fault in held)
    assert isinstance(submitted, UncertainError), repr(submitted)
    assert isinstance(looked, ProviderError)
    assert looked.retry_in


async def test_an_order_that_was_taken_is_not_repeated_whatever_the_answer_is(desk, service):
    fault = service.faults.add(Fault(route=desk.dialect.submit, status=200, times=0))
    for body in NONSENSE:
        fault.body = body
        provider = desk.provider()

        answer = await outcome(provider.submit(desk.order(provider)))

        assert isinstance(answer, UncertainError), (body[:40], answer)


@pytest.mark.parametrize("status", [200, 404])
async def test_a_look_that_is_not_understood_decides_nothing(desk, service, provider, status):
    remote, order = await desk.take(provider)
    fault = service.faults.add(Fault(route=desk.dialect.look, status=status, times=0))
    for body in NONSENSE:
        fault.body = body

        answer = await outcome(desk.provider().look(remote, order))

        passes = isinstance(answer, ProviderError) and answer.retry_in
        assert passes or isinstance(answer, Pending), (body[:40], answer)


async def test_no_part_of_an_answer_to_an_order_is_taken_for_granted(desk, service):
    fault = service.faults.add(Fault(route=desk.dialect.submit, status=200, times=0))
    for place, value, reply in damaged(desk.dialect.taken):
        fault.body = in_bytes(reply)
        provider = desk.provider()

        answer = await outcome(provider.submit(desk.order(provider)))

        assert not may_be_repeated(answer), (place, value, answer)


async def test_no_part_of_an_answer_to_a_look_is_taken_for_granted(desk, service, provider):
    remote, order = await desk.take(provider)
    fault = service.faults.add(Fault(route=desk.dialect.look, status=200, times=0))
    complete = desk.done(f"{service.url}/results/x")
    for place, value, reply in damaged(complete):
        fault.body = in_bytes(reply)

        answer = await outcome(desk.provider().look(remote, order))

        if isinstance(answer, ProviderError):
            assert answer.retry_in, (place, value, answer)
        if isinstance(answer, Ready) and not answer.url.startswith(service.url):
            assert isinstance(await outcome(provider.fetch(answer, order)), ProviderError)


async def test_the_answers_of_the_dialects_are_understood_as_they_stand(desk, service, provider):
    remote, order = await desk.take(provider)
    fault = service.faults.add(Fault(route=desk.dialect.look, status=200, times=0))
    fault.body = in_bytes(desk.done(f"{service.url}/results/x"))
    assert isinstance(await provider.look(remote, order), Ready)
    service.faults.clear()
    service.faults.add(
        Fault(route=desk.dialect.submit, status=200, body=in_bytes(desk.dialect.taken))
    )

    assert isinstance(await provider.submit(desk.order(provider)), str)


async def test_a_status_that_nobody_wrote_down_is_one_of_those_that_pass(desk, service, provider):
    remote, order = await desk.take(provider)
    body = in_bytes(fill(desk.dialect.strange, "", desk.render))
    service.faults.add(Fault(route=desk.dialect.look, status=200, body=body))

    assert isinstance(await provider.look(remote, order), Pending)


async def test_a_task_that_the_service_no_longer_has_is_lost(desk, service, provider):
    remote, order = await desk.take(provider)
    desk.dialect.lose(service, desk.render)

    assert isinstance(await provider.look(remote, order), Lost)


async def test_a_task_of_a_key_that_was_taken_out_is_lost_or_still_looked_at(desk, service):
    """Its id says whose it was; another key is never asked for it."""
    if desk.dialect.pool is None:
        return
    remote, order = await desk.take(desk.provider())
    before = len(service.requests)
    changed = {
        name: re.sub(r"^[^,]*", "other", value)
        for name, value in desk.dialect.pool(service.environment).items()
    }
    only = {name: value.partition(",")[0] for name, value in changed.items()}

    assert isinstance(await desk.provider(**only).look(remote, order), Lost)
    assert len(service.requests) == before


async def test_an_end_without_a_video_is_said_and_not_fetched(desk, service, provider):
    if desk.dialect.withhold is None:
        return  # no address is ever named
    remote, order = await desk.take(provider)
    desk.dialect.withhold(service, desk.render)

    answers = [await provider.look(remote, order) for _ in range(4)]

    assert {type(one) for one in answers} <= {Pending, Refused}
    assert isinstance(answers[-1], Refused)
    assert answers[-1].blame is Blame.BUSY


async def test_nobody_elses_secret_is_in_any_byte_that_the_service_gets(desk, service):
    more = desk.dialect.pool(service.environment) if desk.dialect.pool else {}
    provider = desk.provider(**more)
    for model in provider.models:
        remote, order = await desk.take(provider, desk.order(provider, model))
        await provider.fetch(await provider.look(remote, order), order)
        await provider.cancel(remote)

    told = b"\n".join([*(one.wire for one in service.requests), desk.shelf.wire])
    foreign = [value for name, value in SECRETS.items() if name not in service.environment]
    forbidden = [*foreign, "api.telegram.org", "/file/bot"]
    assert [secret for secret in forbidden if secret.encode() in told] == []
    assert b"secretkey" not in told.lower()


async def test_what_is_said_of_a_cancel_is_what_will_be_on_the_bill(desk, service, provider):
    service.studio.manual = True
    for turn in (lambda: None, lambda: service.studio.begin(desk.render)):
        before = service.studio.billable
        remote, _ = await desk.take(provider)
        turn()

        stopped = await provider.cancel(remote)

        assert stopped == (service.studio.billable == before)
        if not stopped:
            service.studio.finish(desk.render)  # room for the next one


async def test_a_cancel_that_breaks_is_no_promise(desk, service, provider):
    """Whether it costs is known only once the service has said so."""
    service.studio.manual = True
    remote, _ = await desk.take(provider)
    service.faults.add(Fault(route="*", status=500, body=b"<html>", times=0))

    answer = await outcome(provider.cancel(remote))

    assert isinstance(answer, ProviderError) or answer is False
    assert service.studio.billable == 1
