from datetime import timedelta

import pytest

from bot.tariff import Tariff
from bot.telling import state_of, story_of
from core.states import State
from core.task import Place, Task, TaskId
from providers.offer import Catalog
from tests.factories import NOON, make_request


def standing(state, **facts):
    return Task(
        id=TaskId(12),
        account=7,
        place=Place(chat=7, user=7),
        request=make_request(),
        lane="local",
        cost=0,
        state=state,
        run=1,
        cancelling=False,
        created=NOON,
        due=None,
        facts=facts,
    )


def told_of(task):
    return [str(one) for one in story_of(task, Tariff(Catalog({}), {}))]


@pytest.mark.parametrize(
    ("sent", "stands", "told"),
    [
        ({"message": 5}, "done", "12:00:00 UTC: delivered"),
        (
            {"unclear": True},
            "sent; whether it arrived is unclear",
            "12:00:00 UTC: sent; whether it arrived is unclear",
        ),
    ],
)
def test_a_video_that_may_not_have_arrived_is_not_called_delivered(sent, stands, told):
    task = standing(State.DELIVERED, sent=sent, times={"delivered": NOON.isoformat()})

    assert str(state_of(task)) == stands
    assert told in told_of(task)


@pytest.mark.parametrize(
    ("facts", "stands", "told"),
    [
        ({}, "being made", ["12:00:00 UTC: begun"]),
        ({"tells_begun": True}, "with its service", ["12:00:00 UTC: taken by its service"]),
        (
            {"tells_begun": True, "begun": False},
            "waiting at its service",
            ["12:00:00 UTC: taken by its service"],
        ),
        (
            {
                "tells_begun": True,
                "begun": True,
                "seen_begun": (NOON + timedelta(seconds=35)).isoformat(),
            },
            "being made",
            ["12:00:00 UTC: taken by its service", "12:00:35 UTC: being made"],
        ),
    ],
)
def test_a_video_is_said_to_be_begun_once_its_service_tells_so(facts, stands, told):
    task = standing(State.RUNNING, times={"running": NOON.isoformat()}, **facts)

    assert str(state_of(task)) == stands
    assert [line for line in told_of(task) if " UTC: " in line] == told
