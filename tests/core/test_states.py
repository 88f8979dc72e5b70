import pytest

from core.states import ACTIVE, FINAL, NEXT, State, is_past, may_move


def reachable(state):
    found, fresh = set(), {state}
    while fresh:
        found |= fresh
        fresh = {new for old in fresh for new in NEXT[old]} - found
    return found


@pytest.mark.parametrize("state", ACTIVE)
def test_every_active_state_reaches_a_delivered_end(state):
    assert State.DELIVERED in reachable(state)


@pytest.mark.parametrize("state", ACTIVE)
def test_every_active_state_may_fail(state):
    assert may_move(state, State.FAILED)


@pytest.mark.parametrize("state", set(State) - {State.QUEUED})
def test_every_state_is_reached_from_the_queue(state):
    assert state in reachable(State.QUEUED)


@pytest.mark.parametrize("new", State)
@pytest.mark.parametrize("old", FINAL)
def test_a_final_state_moves_nowhere(old, new):
    assert may_move(old, new) is (old is new)


@pytest.mark.parametrize("state", State)
def test_staying_is_always_allowed(state):
    assert may_move(state, state)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (State.QUEUED, State.RUNNING),  # nothing is submitted yet
        (State.QUEUED, State.UNCERTAIN),  # nothing can have been taken yet
        (State.QUEUED, State.DELIVERED),
        (State.RUNNING, State.QUEUED),
        (State.DELIVERING, State.CANCELLED),  # the video may be with the person already
        (State.DELIVERING, State.SUBMITTING),
        (State.DELIVERING, State.UNCERTAIN),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(old, new):
    assert not may_move(old, new)


@pytest.mark.parametrize("state", [State.RUNNING, State.FETCHING])
def test_a_lost_render_may_be_submitted_again(state):
    assert may_move(state, State.SUBMITTING)


@pytest.mark.parametrize(
    ("state", "mark", "past"),
    [
        (State.RUNNING, State.SUBMITTING, True),
        (State.RUNNING, State.RUNNING, True),
        (State.RUNNING, State.FETCHING, False),
        (State.DELIVERED, State.DELIVERING, True),
        (State.FAILED, State.QUEUED, False),
        (State.CANCELLED, State.QUEUED, False),
    ],
)
def test_a_mark_is_past_once_reached_on_the_straight_way(state, mark, past):
    assert is_past(state, mark) is past
