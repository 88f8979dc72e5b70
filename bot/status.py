"""What a status message says: was it taken, where is it, how long still, what went wrong."""

from dataclasses import dataclass
from datetime import datetime

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.stopping import answers
from bot.summary import further, joined, summary
from bot.tariff import charged, uncharged
from bot.translations import translate
from core.states import FINAL, State
from core.task import Task
from core.words import Sentence, Text, say, say_many
from jobs.estimate import Expected
from jobs.ports import Progress

_CANCELLABLE = {State.QUEUED, State.SUBMITTING, State.RUNNING, State.FETCHING}
_ENDED_BADLY = FINAL - {State.DELIVERED}
_STEP = 5  # seconds: finer would only cost edits


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything a status message is drawn from; `title` is that of the model, `effect` that of its effect.

    `place` is that in the line; 0 has none. `question` stands before a stop.
    Where videos are `free`, nothing is said of charging.
    """

    task: Task
    title: Text
    effect: Text | None = None
    free: bool = False
    now: datetime
    place: int = 0
    expected: Expected
    progress: Progress | None = None
    question: Sentence | None = None


def draw(view: View) -> tuple[str, InlineKeyboardMarkup | None]:
    """The text in HTML and the buttons for a task as it stands."""
    language = view.task.place.language
    sentences = _lines(view)
    if view.task.facts.get("tried") and view.task.state not in _ENDED_BADLY:
        sentences.append(
            say(
                "The model first chosen could not take it, so {model} makes it.",
                model=view.title,
            )
        )
    lines = [translate(line, language) for line in sentences]
    keyboard = None
    if view.task.state in _CANCELLABLE and not view.task.is_made:
        if wishes := further(view.task.request, view.effect):
            lines.insert(2, translate(joined(*wishes), language))
        if cost := view.task.cost:
            held = say_many("{count} credit is held.", "{count} credits are held.", count=cost)
            lines.append(translate(held, language))
        if view.question:
            lines.append(translate(view.question, language))
            return "\n".join(lines), answers(view.task, language)
        label = translate(say("Cancel"), language)
        button = InlineKeyboardButton(label, callback_data=f"cancel:{view.task.id}")
        keyboard = InlineKeyboardMarkup([[button]])
    return "\n".join(lines), keyboard


_AFTERWARDS = {
    State.DELIVERED: say("✅ Video <b>{number}</b> is done."),
    State.CANCELLED: say("🚫 Video <b>{number}</b> was cancelled."),
    State.FAILED: say("❌ Video <b>{number}</b> was not made."),
    State.UNCERTAIN: say("❔ Video <b>{number}</b> was interrupted."),
}
_ON_THE_WAY = {
    State.FETCHING: say("📥 Video <b>{number}</b> is made and being fetched."),
    State.DELIVERING: say("📤 Video <b>{number}</b> is ready and being sent."),
}
_SHRINKING = say("🗜 Video <b>{number}</b> is too large for Telegram and is being made smaller.")


def _lines(view: View) -> list[Sentence]:
    task, number = view.task, view.task.id
    if task.state is State.CANCELLED and task.facts.get("billed") and task.cost:
        return [
            say(
                "🚫 Video <b>{number}</b> was cancelled, but its service goes on and bills it.",
                number=number,
            ),
            charged(task.cost),
        ]
    if task.state is State.FAILED and task.facts.get("billed"):
        head = say("❌ Video <b>{number}</b> was made but could not be sent.", number=number)
        return [head, *([charged(task.cost)] if task.cost else [])]
    if task.state is State.DELIVERED and task.is_unclear:
        return [
            say(
                "📤 Video <b>{number}</b> was sent, but it is unclear whether it arrived.",
                number=number,
            )
        ]
    if task.state in _AFTERWARDS:
        over = say(_AFTERWARDS[task.state].template, number=number)
        is_said = task.state is State.CANCELLED and not view.free
        return [uncharged(over) if is_said else over]
    if task.state is State.RUNNING:
        return _running(view)
    return _rendered(view) if task.state in _ON_THE_WAY else _waiting(view)


def _rendered(view: View) -> list[Sentence]:
    task, number = view.task, view.task.id
    if task.state is State.DELIVERING and (until := task.facts.get("parked")):
        return [
            say(
                "📦 Video <b>{number}</b> is ready, but it cannot be sent to this chat now. "
                "It is kept until {day}: let me send videos here, or press Start in a private "
                "chat with me.",
                number=number,
                day=f"{datetime.fromisoformat(until):%Y-%m-%d}",
            )
        ]
    is_shrinking = task.state is State.FETCHING and task.facts.get("shrinking")
    head = _SHRINKING if is_shrinking else _ON_THE_WAY[task.state]
    return [say(head.template, number=number), summary(task.request, view.title)]


def _waiting(view: View) -> list[Sentence]:
    number = view.task.id
    if view.place:
        first = say(
            "⏳ Video <b>{number}</b> waits: place {place} in the line.",
            number=number,
            place=view.place,
        )
    else:
        first = say("⏳ Video <b>{number}</b> starts now.", number=number)
    return [
        first,
        summary(view.task.request, view.title),
        _usually(view.expected, waits=bool(view.place)),
    ]


def _running(view: View) -> list[Sentence]:
    task, elapsed = view.task, _elapsed(view)
    number = task.id
    waits = task.waits_elsewhere or bool(view.progress and view.progress.ahead)
    if waits:
        head = say("⏳ Video <b>{number}</b> waits at its service, which has not begun it.",
                   number=number)  # fmt: skip
    elif view.progress and view.progress.percent is not None:
        head = say("🎬 Video <b>{number}</b> is being made: {percent} %.",
                   number=number, percent=int(view.progress.percent) // 5 * 5)  # fmt: skip
    elif task.is_only_taken:
        head = say("⏳ Video <b>{number}</b> is with its service.", number=number)
    else:
        head = say("🎬 Video <b>{number}</b> is being made.", number=number)
    if elapsed <= view.expected.slow:
        tail = _so_far(elapsed, view.expected)
    elif waits or task.is_only_taken or view.expected.is_guess:
        tail = say("{elapsed} s so far, longer than expected. It goes on.", elapsed=elapsed)
    else:
        tail = say("{elapsed} s so far, slower than usual. It goes on.", elapsed=elapsed)
    lines = [head, summary(task.request, view.title), tail]
    if view.progress and view.progress.ahead:
        lines.append(
            say_many(
                "The service has {count} other before it.",
                "The service has {count} others before it.",
                count=view.progress.ahead,
            )
        )
    return lines


def _so_far(elapsed: int, expected: Expected) -> Sentence:
    span = _span(expected)
    if expected.is_guess:
        return say("{elapsed} s so far; it may take {span}.", elapsed=elapsed, span=span)
    return say("{elapsed} s so far; usually {span}.", elapsed=elapsed, span=span)


def _usually(expected: Expected, *, waits: bool) -> Sentence:
    """How long the making takes; who `waits` for it is told that the waiting is not counted."""
    span = _span(expected)
    if expected.is_guess:
        return say("Making it may take {span}.", span=span)
    if waits:
        return say("Making it usually takes {span}.", span=span)
    return say("It usually takes {span}.", span=span)


def _span(expected: Expected) -> Sentence:
    usual, slow = _round(expected.usual), _round(expected.slow)
    if usual == slow:
        return say("about {usual} s", usual=usual)
    return say("{usual} to {slow} s", usual=usual, slow=slow)


def _elapsed(view: View) -> int:
    began = view.task.facts.get("times", {}).get(State.RUNNING.value)
    if not began:
        return 0
    seconds = (view.now - datetime.fromisoformat(began)).total_seconds()
    return max(0, int(seconds)) // _STEP * _STEP


def _round(seconds: float) -> int:
    return max(1, round(seconds))
