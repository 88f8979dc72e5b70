"""Stopping a video: the button under its status, or /cancel."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer, own_task, toast
from core.states import State
from core.task import Task
from core.words import Sentence, say
from jobs.ports import now
from storage import tasks, wishes


async def press(update: Update, context: Context) -> None:
    data = (update.callback_query.data if update.callback_query else None) or ""
    task = await own_task(update, context, data.partition(":")[2])
    await toast(update, await stop_task(context, task))


async def stop(update: Update, context: Context) -> None:
    """/cancel stops the newest video that still runs; /cancel 12 stops that one."""
    sender = sender_of(update)
    if context.args:
        task = await own_task(update, context, context.args[0].lstrip("#"))
    else:
        recent = await context.tools.workshop.database.read(tasks.of_user, sender or 0, 20)
        task = next((one for one in recent if not one.is_final), None)
        if task is None:
            await answer(update, say("None of your videos is being made."))
            return
    await answer(update, await stop_task(context, task))


async def stop_task(context: Context, task: Task | None) -> Sentence:
    """Ask a task to stop, and say what became of it."""
    if task is None:
        return say("There is no such video of yours.")
    if task.is_final:
        return say("Video {number} is already over.", number=task.id)
    tools = context.tools
    asked = await tools.workshop.database.write(wishes.ask_cancel, task.id, now())
    if asked and asked.is_made:
        return say("Video {number} is being sent already.", number=task.id)
    tools.worker.stop(task.id)
    tools.dispatcher.wake()
    tools.board.show(task.id)
    if task.cancelling:
        return say("Video {number} is being stopped already.", number=task.id)
    if asked and asked.state is State.CANCELLED:
        return say("Video {number} is cancelled. Nothing was charged.", number=task.id)
    return say("Stopping video {number}.", number=task.id)


HANDLERS = [
    command("cancel", stop),
    CallbackQueryHandler(press, pattern=r"^cancel:\d{1,18}$"),
]
