"""/jobs and /job: one's videos, and the story of one in plain words."""

from datetime import datetime

from telegram import Update

from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer, language_of, own_task
from bot.status import summary
from bot.translations import translate
from core.states import State
from core.task import Task
from core.words import Sentence, say
from storage import tasks

_SHOWN = 10

_NOW = {
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
_THEN = {
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


async def list_tasks(update: Update, context: Context) -> None:
    recent = await context.tools.workshop.database.read(
        tasks.of_user, sender_of(update) or 0, _SHOWN
    )
    if not recent:
        await answer(update, say("You have no videos yet. Send a photo with a caption."))
        return
    lines = [say("Your newest videos; /job 12 tells the story of one:")]
    language = language_of(update)
    for task in recent:
        state = translate(_NOW[task.state], language)
        lines.append(say("<b>{number}</b>: {state}", number=task.id, state=state))
    await answer(update, *lines)


async def tell_story(update: Update, context: Context) -> None:
    """/job 12: what was asked, what happened when, what it cost, and what went wrong."""
    number = context.args[0].lstrip("#") if context.args else None
    task = await own_task(update, context, number)
    if task is None:
        await answer(update, say("There is no such video of yours. /jobs lists them."))
        return
    await answer(update, *_story(task))


def _story(task: Task) -> list[Sentence]:
    lines = [say("<b>Video {number}</b>", number=task.id), summary(task.request)]
    if task.request.prompt:
        lines.append(say("“{words}”", words=task.request.prompt))
    times = task.facts.get("times", {})
    for state, text in _THEN.items():
        if state.value in times:
            moment = datetime.fromisoformat(times[state.value])
            lines.append(say(text.template, time=moment.strftime("%H:%M:%S")))
    if attempts := task.facts.get("attempts"):
        lines.append(say("Tried again {count} times.", count=attempts))
    if failure := task.facts.get("failure"):
        lines.append(Sentence.from_json(failure))
    lines.append(_charge(task))
    return lines


def _charge(task: Task) -> Sentence:
    if task.state is State.DELIVERED or task.facts.get("billed"):
        return say("Charged: {cost} credits.", cost=task.cost)
    if task.is_final:
        return say("Nothing was charged.")
    return say("Held until it is done: {cost} credits.", cost=task.cost)


HANDLERS = [command("jobs", list_tasks), command("job", tell_story)]
