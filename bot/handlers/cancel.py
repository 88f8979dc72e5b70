"""Stopping a video: the button under its status, or /cancel."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.authority import role_of, task_for_staff
from bot.carrying import data_of
from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer, language_of, own_task, redraw, toast
from bot.stopping import answers, question_of
from bot.supporting import stop_for
from bot.translations import translate
from core.states import State
from core.task import Task, TaskId
from core.words import Sentence, say
from jobs.ports import now
from storage import collection, wishes
from storage import tasks as task_table

_NO_VIDEO = say("There is no such video of yours.")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A video that is billed all the same: whether to stop it is asked first."""

    task: Task
    question: Sentence


async def press(update: Update, context: Context) -> None:
    """cancel:12 stops video 12, or asks first; cancel:12:anyway and cancel:12:no are the answers."""
    _, number, *reply = data_of(update).split(":")
    status = await _status_pressed(update, context, number)
    if reply == ["no"]:
        outcome: Sentence | Doubt = _going_on(await own_task(update, context, number))
    else:
        outcome = await stop_numbered(update, context, number, sure=reply == ["anyway"])
    if isinstance(outcome, Doubt):
        await _ask(update, context, outcome, status)
        return
    await toast(update, outcome)
    if not reply or outcome == _NO_VIDEO:
        return  # a question stands until who was asked has answered it
    if status:
        context.tools.board.ask(status, asks=False)
    else:
        await redraw(update, translate(outcome, language_of(update)), None)


async def _status_pressed(update: Update, context: Context, number: str) -> TaskId | None:
    """The video, where the press was under its status message."""
    task = await context.tools.workshop.database.read(task_table.get, TaskId(int(number)))
    query = update.callback_query
    message = query.message if query else None
    if task is None or message is None or message.chat.id != task.place.chat:
        return None
    status = task.status_message or task.facts.get("status")
    return task.id if status == message.message_id else None


async def _ask(
    update: Update, context: Context, doubt: Doubt, status: TaskId | None = None
) -> None:
    """Ask in the status message, where the press was there, else below what was pressed or said."""
    if status:
        context.tools.board.ask(status)
        await toast(update, doubt.question)
        return
    await toast(update)
    await answer(update, doubt.question, keyboard=answers(doubt.task, language_of(update)))


def _going_on(task: Task | None) -> Sentence:
    """What is said where nothing is stopped."""
    if task is None:
        return _NO_VIDEO
    if task.is_final:
        return say("Video {number} is already over.", number=task.id)
    return say("Video {number} goes on.", number=task.id)


async def stop(update: Update, context: Context) -> None:
    """/cancel stops the newest video that still runs; /cancel 12 stops that one.

    Owners and their helpers stop anybody's, with the reason behind the number.
    """
    if context.args:
        number, *reason = context.args
        number = number.lstrip("#")
        await _tell(
            update, context, await stop_numbered(update, context, number, " ".join(reason))
        )
        return
    sender = sender_of(update)
    recent = await context.tools.workshop.database.read(collection.of_user, sender or 0, 20)
    task = next((one for one in recent if not one.is_final), None)
    if task is None:
        await answer(update, say("None of your videos is on its way."))
        return
    await _tell(update, context, await stop_task(context, task))


async def _tell(update: Update, context: Context, outcome: Sentence | Doubt) -> None:
    if isinstance(outcome, Doubt):
        await _ask(update, context, outcome)
    else:
        await answer(update, outcome)


async def stop_numbered(
    update: Update, context: Context, number: str, reason: str = "", *, sure: bool = False
) -> Sentence | Doubt:
    """Stop one's own video, or as owner or helper somebody else's, who is told of it.

    One's own that is billed all the same is stopped only for who is `sure`.
    """
    task = await task_for_staff(update, context, number)
    if task is None and await role_of(update, context):
        return say("There is no video {number}.", number=number)
    if task is None or sender_of(update) in {task.place.user, task.account}:
        return await stop_task(context, await own_task(update, context, number), sure=sure)
    return await stop_task(context, task, partial(stop_for, update, context, task, reason))


async def stop_task(
    context: Context,
    task: Task | None,
    ask: Callable[[], Awaitable[Task | None]] | None = None,
    *,
    sure: bool = False,
) -> Sentence | Doubt:
    """Ask a task to stop, by `ask` where it is not the sender's, and say what became of it."""
    if task is None or task.is_final:
        return _going_on(task)
    tools = context.tools
    model = tools.workshop.catalog.model(task.request.model)
    if not ask and not sure and (question := question_of(task, model)):
        return Doubt(task, question)
    if ask:
        asked = await ask()
    else:
        asked = await tools.workshop.database.write(wishes.ask_cancel, task.id, now())
    if asked and asked.is_made:
        return say("Video {number} is being sent already.", number=task.id)
    tools.worker.stop(task.id)
    tools.dispatcher.wake()
    tools.board.show(task.id)
    if task.cancelling:
        return say("Video {number} is being stopped already.", number=task.id)
    if asked and asked.state is State.CANCELLED:
        return tools.tariff.uncharged(say("Video {number} is cancelled.", number=task.id))
    return say("Stopping video {number}.", number=task.id)


HANDLERS = [
    command("cancel", stop),
    CallbackQueryHandler(press, pattern=r"^cancel:\d{1,18}(:anyway|:no)?$"),
]
