"""Stopping a video: the button under its status, or /cancel."""

from collections.abc import Awaitable, Callable
from functools import partial

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.authority import role_of, task_for_staff
from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer, own_task, toast
from bot.supporting import stop_for
from core.states import State
from core.task import Task
from core.words import Sentence, say
from jobs.ports import now
from storage import collection, wishes


async def press(update: Update, context: Context) -> None:
    data = (update.callback_query.data if update.callback_query else None) or ""
    await toast(update, await stop_numbered(update, context, data.partition(":")[2]))


async def stop(update: Update, context: Context) -> None:
    """/cancel stops the newest video that still runs; /cancel 12 stops that one.

    Owners and their helpers stop anybody's, with the reason behind the number.
    """
    if context.args:
        number, *reason = context.args
        text = await stop_numbered(update, context, number.lstrip("#"), " ".join(reason))
        await answer(update, text)
        return
    sender = sender_of(update)
    recent = await context.tools.workshop.database.read(collection.of_user, sender or 0, 20)
    task = next((one for one in recent if not one.is_final), None)
    if task is None:
        await answer(update, say("None of your videos is on its way."))
        return
    await answer(update, await stop_task(context, task))


async def stop_numbered(
    update: Update, context: Context, number: str, reason: str = ""
) -> Sentence:
    """Stop one's own video, or as owner or helper somebody else's, who is told of it."""
    task = await task_for_staff(update, context, number)
    if task is None and await role_of(update, context):
        return say("There is no video {number}.", number=number)
    if task is None or sender_of(update) in {task.place.user, task.account}:
        return await stop_task(context, await own_task(update, context, number))
    return await stop_task(context, task, partial(stop_for, update, context, task, reason))


async def stop_task(
    context: Context, task: Task | None, ask: Callable[[], Awaitable[Task | None]] | None = None
) -> Sentence:
    """Ask a task to stop, by `ask` where it is not the sender's, and say what became of it."""
    if task is None:
        return say("There is no such video of yours.")
    if task.is_final:
        return say("Video {number} is already over.", number=task.id)
    tools = context.tools
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
    CallbackQueryHandler(press, pattern=r"^cancel:\d{1,18}$"),
]
