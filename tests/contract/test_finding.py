"""Services that can be asked for an order whose answer was lost: nothing is ordered on a guess."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import ProviderError, UncertainError
from playground.services.faults import Fault
from providers.base import Pending, Refused, Trace
from tests.contract.dialects import in_bytes

FAULTS = [
    {"status": 429, "body": in_bytes({"code": "Throttling.RateQuota", "ret": "1057"})},
    {"status": 429, "body": b""},
    {"status": 500, "body": in_bytes({"code": "InternalError", "message": "broken"})},
    {"status": 401, "body": in_bytes({"code": "InvalidApiKey", "ret": "1015"})},
    {"status": 200, "body": in_bytes({"ret": "1019", "code": "InternalError"})},
    {"status": 502, "body": b"<html>Bad Gateway</html>"},
    {"status": 404, "body": b"{}"},
    {"status": 200, "body": b"{}"},
    {"status": 200, "body": b"[]"},
    {"status": 200, "body": b""},
    {"drop": "after"},
]


@pytest.fixture
async def lost(desk, service, provider):
    """An order that was taken while its answer was lost; None where the service cannot be asked."""
    if not provider.can_find:
        return None
    order = desk.order(provider)
    service.faults.add(Fault(route=desk.dialect.submit, drop="after"))
    with pytest.raises(UncertainError):
        await provider.submit(order)
    return order


def trace(*held):
    async def is_held(remote):
        return remote in held

    return Trace(since=datetime.now(UTC) - timedelta(seconds=90), is_held=is_held)


async def find(provider, order, *held):
    try:
        return await provider.find(order, trace(*held))
    except ProviderError as error:
        return error


async def test_an_order_whose_answer_was_lost_is_found(desk, service, provider, lost):
    if lost is None:
        return

    remote = await find(provider, lost)

    assert isinstance(remote, str)
    await provider.fetch(await provider.look(remote, lost), lost)
    assert service.studio.billable == 1


async def test_a_task_of_another_order_is_not_taken_for_it(desk, service, provider, lost):
    if lost is None:
        return
    remote = await find(provider, lost)

    answer = await find(provider, lost, remote)

    assert answer is None or isinstance(answer, Refused)


async def test_what_breaks_while_it_is_looked_for_is_no_leave_to_order_again(
    desk, service, provider, lost
):
    if lost is None:
        return
    before = len(service.requests)
    found = await find(provider, lost)
    routes = sorted({one.route for one in service.requests[before:]})

    for route in routes:
        for fault in FAULTS:
            service.faults.add(Fault(route=route, times=0, **fault))
            answer = await find(desk.provider(), lost)
            service.faults.clear()

            assert isinstance(answer, ProviderError) or answer == found, (route, fault, answer)


async def test_an_order_that_is_still_being_made_is_not_placed_again(desk, service, provider):
    if not provider.can_find:
        return
    service.studio.manual = True
    order = desk.order(provider)
    service.faults.add(Fault(route=desk.dialect.submit, drop="after"))
    with pytest.raises(UncertainError):
        await provider.submit(order)

    for turn in (lambda: None, lambda: service.studio.begin(desk.render)):
        turn()
        answer = await find(provider, order)
        assert isinstance(answer, str | Pending), repr(answer)
    service.studio.finish(desk.render)
    assert isinstance(await find(provider, order), str)
