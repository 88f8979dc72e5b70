"""The states of a task and the moves between them."""

from enum import StrEnum


class State(StrEnum):
    QUEUED = "queued"
    SUBMITTING = "submitting"
    RUNNING = "running"
    FETCHING = "fetching"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNCERTAIN = "uncertain"


FINAL = frozenset({State.DELIVERED, State.FAILED, State.CANCELLED, State.UNCERTAIN})
ACTIVE = frozenset(State) - FINAL

_WAY = (
    State.QUEUED,
    State.SUBMITTING,
    State.RUNNING,
    State.FETCHING,
    State.DELIVERING,
    State.DELIVERED,
)

NEXT: dict[State, frozenset[State]] = {
    # Straight on; back to SUBMITTING where a free render was lost; out where it ends early.
    State.QUEUED: frozenset({State.SUBMITTING, State.FAILED, State.CANCELLED}),
    State.SUBMITTING: frozenset({State.RUNNING, State.FAILED, State.CANCELLED, State.UNCERTAIN}),
    State.RUNNING: frozenset(
        {State.SUBMITTING, State.FETCHING, State.FAILED, State.CANCELLED, State.UNCERTAIN}
    ),
    State.FETCHING: frozenset(
        {State.SUBMITTING, State.DELIVERING, State.FAILED, State.CANCELLED, State.UNCERTAIN}
    ),
    State.DELIVERING: frozenset({State.DELIVERED, State.FAILED}),
    **{state: frozenset() for state in FINAL},
}


def may_move(old: State, new: State) -> bool:
    """Tell whether a task in `old` may be saved as `new`; staying is always allowed."""
    return new is old or new in NEXT[old]


def is_past(state: State, mark: State) -> bool:
    """Tell whether a task on its way in `state` has already reached `mark`."""
    return state in _WAY and _WAY.index(state) >= _WAY.index(mark)
