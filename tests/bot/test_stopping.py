from dataclasses import replace

import pytest

from bot.stopping import question_of
from core.capabilities import Capabilities, Stops
from core.states import State
from core.task import Place, Task, TaskId
from tests.factories import NOON, make_request

BILLED = "Video 12 is billed all the same: 10 credits. Stop it anyway?"
PERHAPS = (
    "The service may have begun video 12, and then bills it all the same: "
    "10 credits. Stop it anyway?"
)
RUNNING = Task(
    id=TaskId(12),
    account=7,
    place=Place(chat=7, user=7),
    request=make_request(),
    lane="cloud",
    cost=10,
    state=State.RUNNING,
    run=1,
    cancelling=False,
    created=NOON,
    due=NOON,
    facts={"remote": "one"},
)


def asked(stops, task=RUNNING, **facts):
    model = Capabilities(model="cloud/one", title="One", cancel=stops)
    question = question_of(replace(task, facts={**task.facts, **facts}), model)
    return None if question is None else str(question)


@pytest.mark.parametrize(
    ("stops", "begun", "question"),
    [
        (Stops.NEVER, None, BILLED),
        (Stops.NEVER, False, BILLED),
        (Stops.UNTIL_BEGUN, None, PERHAPS),
        (Stops.UNTIL_BEGUN, False, None),
        (Stops.UNTIL_BEGUN, True, BILLED),
        (Stops.ALWAYS, True, None),
    ],
)
def test_what_cannot_be_stopped_for_nothing_is_asked_about(stops, begun, question):
    assert asked(stops, begun=begun) == question


def test_what_is_made_at_the_service_is_past_stopping_for_nothing():
    fetching = replace(RUNNING, state=State.FETCHING)

    assert asked(Stops.UNTIL_BEGUN, fetching, begun=False) == BILLED


@pytest.mark.parametrize(
    "task",
    [
        replace(RUNNING, cost=0),
        replace(RUNNING, cancelling=True),
        replace(RUNNING, state=State.SUBMITTING, facts={}),
        replace(RUNNING, facts={"remote": "one", "clip": {}}),
    ],
)
def test_what_costs_nothing_to_stop_is_not_asked_about(task):
    assert asked(Stops.NEVER, task) is None
