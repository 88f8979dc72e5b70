"""The story of a video in plain words: what was asked, what happened when, and what it cost."""

from datetime import datetime

from bot.summary import summary
from bot.tariff import NOT_CHARGED, Tariff, charged
from core.states import State
from core.task import Task
from core.words import Sentence, say, say_many

NOW = {
    State.QUEUED: say("waiting in the line"),
    State.SUBMITTING: say("being ordered"),
    State.RUNNING: say("being made"),
    State.FETCHING: say("being fetched"),
    State.DELIVERING: say("being sent"),
    State.DELIVERED: say("done"),
    State.FAILED: say("not made"),
    State.CANCELLED: say("cancelled"),
    State.UNCERTAIN: say("interrupted"),
}
_THEN = {
    State.QUEUED: say("{time} UTC: asked for"),
    State.SUBMITTING: say("{time} UTC: ordered"),
    State.RUNNING: say("{time} UTC: begun"),
    State.FETCHING: say("{time} UTC: made"),
    State.DELIVERING: say("{time} UTC: handed to Telegram"),
    State.DELIVERED: say("{time} UTC: delivered"),
    State.FAILED: say("{time} UTC: given up"),
    State.CANCELLED: say("{time} UTC: cancelled"),
    State.UNCERTAIN: say("{time} UTC: interrupted"),
}
_UNCLEAR = say("sent; whether it arrived is unclear")
_THEN_UNCLEAR = say("{time} UTC: sent; whether it arrived is unclear")
_TAKEN = say("{time} UTC: taken by its service")
_SEEN_BEGUN = say("{time} UTC: being made")


def state_of(task: Task) -> Sentence:
    """In a few words, where a task stands."""
    if task.waits_elsewhere:
        return say("waiting at its service")
    if task.is_only_taken:
        return say("with its service")
    return _UNCLEAR if task.is_unclear and task.state is State.DELIVERED else NOW[task.state]


def story_of(task: Task, tariff: Tariff) -> list[Sentence]:
    title = tariff.catalog.title(task.request.model)
    lines = [
        say("<b>Video {number}</b>", number=task.id),
        summary(task.request, title, whole=True),
    ]
    if task.request.prompt:
        lines.append(say("“{words}”", words=task.request.prompt))
    lines += _chronicle(task)
    if attempts := task.facts.get("attempts"):
        lines.append(tried_again(attempts))
    if failure := task.facts.get("failure"):
        lines.append(Sentence.from_json(failure))
    lines += _taken_back(task)
    return [*lines, *_charge(task, tariff)]


def _chronicle(task: Task) -> list[Sentence]:
    """What happened when; where looks tell of the beginning, an order taken is not begun."""
    times, told = task.facts.get("times", {}), dict(_THEN)
    if task.is_unclear:
        told[State.DELIVERED] = _THEN_UNCLEAR
    if task.facts.get("tells_begun"):
        told[State.RUNNING] = _TAKEN
    lines = []
    for state, text in told.items():
        if moment := times.get(state.value):
            lines.append(_at(moment, text))
        if state is State.RUNNING and (seen := task.facts.get("seen_begun")):
            lines.append(_at(seen, _SEEN_BEGUN))
    return lines


def _at(moment: str, text: Sentence) -> Sentence:
    return say(text.template, time=datetime.fromisoformat(moment).strftime("%H:%M:%S"))


def tried_again(count: int) -> Sentence:
    return say_many("Tried again {count} time.", "Tried again {count} times.", count=count)


def _taken_back(task: Task) -> list[Sentence]:
    if "erased" in task.facts:
        return [say("You deleted it, with its words and files.")]
    if task.is_removed_by_staff:
        return [say("The owners of this bot removed it.")]
    if "removed" in task.facts and task.place.silent:
        return [say("The admins of its channel removed it.")]
    if "removed" in task.facts:
        return [say("The admins of its group removed it.")]
    return []


def _charge(task: Task, tariff: Tariff) -> list[Sentence]:
    is_charged = task.state is State.DELIVERED or task.facts.get("billed")
    if task.is_final and not is_charged:
        return [] if tariff.is_free else [NOT_CHARGED]
    if not task.cost:
        return [] if tariff.is_free else [say("It is free.")]
    if is_charged:
        return [charged(task.cost)]
    held = say_many(
        "Held until it is done: {count} credit.",
        "Held until it is done: {count} credits.",
        count=task.cost,
    )
    return [held]
