"""What a status message says: was it taken, where is it, how long still, what went wrong."""

from dataclasses import dataclass
from datetime import datetime

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.translations import translate
from core.request import VideoRequest
from core.states import FINAL, State
from core.task import Task
from core.words import Sentence, say, say_many
from jobs.estimate import Expected
from jobs.ports import Progress

_CANCELLABLE = {State.QUEUED, State.SUBMITTING, State.RUNNING, State.FETCHING}
_ENDED_BADLY = FINAL - {State.DELIVERED}
_SHOWN = 100  # characters of words that are said back
_STEP = 5  # seconds: finer would only cost edits


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything a status message is drawn from."""

    task: Task
    now: datetime
    ahead: int = 0
    expected: Expected
    progress: Progress | None = None


def draw(view: View) -> tuple[str, InlineKeyboardMarkup | None]:
    """The text in HTML and the buttons for a task as it stands."""
    language = view.task.place.language
    sentences = _lines(view)
    if view.task.facts.get("tried") and view.task.state not in _ENDED_BADLY:
        sentences.append(
            say(
                "The model first chosen could not take it, so {model} makes it.",
                model=view.task.request.model,
            )
        )
    lines = [translate(line, language) for line in sentences]
    keyboard = None
    if view.task.state in _CANCELLABLE and not view.task.is_made:
        if wishes := further(view.task.request):
            lines.insert(2, ", ".join(translate(wish, language) for wish in wishes))
        if cost := view.task.cost:
            held = say_many("{count} credit is held.", "{count} credits are held.", count=cost)
            lines.append(translate(held, language))
        label = translate(say("Cancel"), language)
        button = InlineKeyboardButton(label, callback_data=f"cancel:{view.task.id}")
        keyboard = InlineKeyboardMarkup([[button]])
    return "\n".join(lines), keyboard


def summary(request: VideoRequest) -> Sentence:
    """What will be made, as it was understood."""
    template = _WISHES[request.ratio is not None, request.seed is not None].template
    return say(
        template,
        model=request.model,
        seconds=request.seconds or 0,
        ratio=request.ratio or "",
        resolution=request.resolution or "-",
        seed=request.seed or 0,
    )


def further(request: VideoRequest) -> list[Sentence]:
    """The options that were asked for beyond those of the summary, as they were understood."""
    switches = {
        "sound": (say("with sound"), say("without sound")),
        "rewrite": (say("words rewritten"), say("words as written")),
        "watermark": (say("with watermark"), say("without watermark")),
    }
    found: list[Sentence] = []
    if request.effect:
        found.append(say("effect {effect}", effect=request.effect))
    if request.camera:
        found.append(say("camera {camera}", camera=request.camera))
    if request.shots:
        found.append(say("shots {shots}", shots=request.shots))
    for name, (yes, no) in switches.items():
        if (wanted := getattr(request, name)) is not None:
            found.append(yes if wanted else no)
    if words := request.negative_prompt:
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
        found.append(say("not “{words}”", words=shown))
    return found


_WISHES = {  # with a ratio, with a seed
    (True, True): say("{model}, {seconds} s, {ratio}, {resolution}, seed {seed}"),
    (True, False): say("{model}, {seconds} s, {ratio}, {resolution}"),
    (False, True): say("{model}, {seconds} s, {resolution}, seed {seed}"),
    (False, False): say("{model}, {seconds} s, {resolution}"),
}


_AFTERWARDS = {
    State.DELIVERED: say("✅ Video <b>{number}</b> is done."),
    State.CANCELLED: say("🚫 Video <b>{number}</b> was cancelled. Nothing was charged."),
    State.FAILED: say("❌ Video <b>{number}</b> was not made."),
    State.UNCERTAIN: say("❔ Video <b>{number}</b> was interrupted."),
}
_ON_THE_WAY = {
    State.FETCHING: say("📥 Video <b>{number}</b> is rendered and being fetched."),
    State.DELIVERING: say("📤 Video <b>{number}</b> is ready and being sent."),
}
_SHRINKING = say("🗜 Video <b>{number}</b> is too large for Telegram and is being made smaller.")


def _lines(view: View) -> list[Sentence]:
    task, number = view.task, view.task.id
    if task.state is State.CANCELLED and task.facts.get("billed"):
        return [
            say_many(
                "🚫 Video <b>{number}</b> was cancelled, but its service goes on and bills it: "
                "{count} credit was charged.",
                "🚫 Video <b>{number}</b> was cancelled, but its service goes on and bills it: "
                "{count} credits were charged.",
                count=task.cost,
                number=number,
            )
        ]
    if task.state is State.FAILED and task.facts.get("billed"):
        return [
            say_many(
                "❌ Video <b>{number}</b> was made but could not be sent to this chat. "
                "{count} credit was charged.",
                "❌ Video <b>{number}</b> was made but could not be sent to this chat. "
                "{count} credits were charged.",
                count=task.cost,
                number=number,
            )
        ]
    if task.state in _AFTERWARDS:
        return [say(_AFTERWARDS[task.state].template, number=number)]
    if task.state is State.RUNNING:
        return _running(view)
    return _rendered(task) if task.state in _ON_THE_WAY else _waiting(view)


def _rendered(task: Task) -> list[Sentence]:
    number = task.id
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
    return [say(head.template, number=number), summary(task.request)]


def _waiting(view: View) -> list[Sentence]:
    number = view.task.id
    if view.ahead:
        place = view.ahead + 1
        first = say(
            "⏳ Video <b>{number}</b> is taken: place {place} in the line.",
            number=number,
            place=place,
        )
    else:
        first = say("⏳ Video <b>{number}</b> is taken and starts now.", number=number)
    return [first, summary(view.task.request), _usually(view.expected)]


def _running(view: View) -> list[Sentence]:
    elapsed = _elapsed(view)
    number = view.task.id
    if view.progress and view.progress.percent is not None:
        head = say("🎬 Video <b>{number}</b> is being rendered: {percent} %.",
                   number=number, percent=int(view.progress.percent) // 5 * 5)  # fmt: skip
    else:
        head = say("🎬 Video <b>{number}</b> is being rendered.", number=number)
    if elapsed > view.expected.slow:
        tail = say("{elapsed} s so far, slower than usual. It goes on.", elapsed=elapsed)
    else:
        tail = say(
            "{elapsed} s so far; usually {usual} to {slow} s.",
            elapsed=elapsed,
            usual=_round(view.expected.usual),
            slow=_round(view.expected.slow),
        )
    lines = [head, summary(view.task.request), tail]
    if view.progress and view.progress.ahead:
        lines.append(say("The service has {ahead} others before it.", ahead=view.progress.ahead))
    return lines


def _usually(expected: Expected) -> Sentence:
    return say(
        "Rendering usually takes {usual} to {slow} s.",
        usual=_round(expected.usual),
        slow=_round(expected.slow),
    )


def _elapsed(view: View) -> int:
    began = view.task.facts.get("times", {}).get(State.RUNNING.value)
    if not began:
        return 0
    seconds = (view.now - datetime.fromisoformat(began)).total_seconds()
    return max(0, int(seconds)) // _STEP * _STEP


def _round(seconds: float) -> int:
    return max(1, round(seconds))
