"""What stopping a video would cost its owner, asked before it is done."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.translations import translate
from core.capabilities import Capabilities, Stops
from core.states import State
from core.task import Task
from core.words import Sentence, say, say_many


def question_of(task: Task, model: Capabilities | None) -> Sentence | None:
    """The question that stands before a stop; None where nothing is charged for all we know."""
    stops = model.cancel if model else Stops.NEVER
    is_there = "remote" in task.facts and task.state in {State.RUNNING, State.FETCHING}
    if not (task.cost and is_there) or task.is_made or task.cancelling or stops is Stops.ALWAYS:
        return None
    begun = True if task.state is State.FETCHING else task.facts.get("begun")
    if stops is Stops.UNTIL_BEGUN and begun is False:
        return None
    if stops is Stops.UNTIL_BEGUN and begun is None:
        return say_many(
            "The service may have begun video {number}, and then bills it all the same: "
            "{count} credit. Stop it anyway?",
            "The service may have begun video {number}, and then bills it all the same: "
            "{count} credits. Stop it anyway?",
            number=task.id,
            count=task.cost,
        )
    return say_many(
        "Video {number} is billed all the same: {count} credit. Stop it anyway?",
        "Video {number} is billed all the same: {count} credits. Stop it anyway?",
        number=task.id,
        count=task.cost,
    )


def choices(language: str, *, stop: str, let: str) -> InlineKeyboardMarkup:
    """The two answers; `stop` and `let` are what their buttons carry."""
    labels = {stop: say("Stop anyway"), let: say("Let it finish")}
    row = [
        InlineKeyboardButton(translate(label, language), callback_data=data)
        for data, label in labels.items()
    ]
    return InlineKeyboardMarkup([row])


def answers(task: Task, language: str) -> InlineKeyboardMarkup:
    """The answers under a video's status, and under what is said to /cancel."""
    data = f"cancel:{task.id}"
    return choices(language, stop=f"{data}:anyway", let=f"{data}:no")
