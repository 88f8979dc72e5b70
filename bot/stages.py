"""The states of a task in plain words: how it stands, what happened when, what it cost."""

from core.states import State
from core.task import Task
from core.words import Sentence, say

NOW = {
    State.QUEUED: say("waiting in the line"),
    State.SUBMITTING: say("being ordered"),
    State.RUNNING: say("being rendered"),
    State.FETCHING: say("being fetched"),
    State.DELIVERING: say("being sent"),
    State.DELIVERED: say("done"),
    State.FAILED: say("not made"),
    State.CANCELLED: say("cancelled"),
    State.UNCERTAIN: say("interrupted"),
}
THEN = {
    State.QUEUED: say("{time} UTC: taken"),
    State.SUBMITTING: say("{time} UTC: ordered"),
    State.RUNNING: say("{time} UTC: the render began"),
    State.FETCHING: say("{time} UTC: the render was done"),
    State.DELIVERING: say("{time} UTC: handed to Telegram"),
    State.DELIVERED: say("{time} UTC: delivered"),
    State.FAILED: say("{time} UTC: given up"),
    State.CANCELLED: say("{time} UTC: cancelled"),
    State.UNCERTAIN: say("{time} UTC: interrupted"),
}


def charge(task: Task) -> Sentence:
    if task.state is State.DELIVERED or task.facts.get("billed"):
        return say("Charged: {cost} credits.", cost=task.cost)
    if task.is_final:
        return say("Nothing was charged.")
    return say("Held until it is done: {cost} credits.", cost=task.cost)
