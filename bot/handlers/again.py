"""Once more: the same video again, or a video that may not have arrived."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context
from bot.place import sender_of
from bot.speech import own_task, place_of, toast
from core.errors import UnclearDeliveryError, UserError
from core.task import Task
from core.words import say
from jobs.ports import Clip
from storage import tasks, wishes


async def again(update: Update, context: Context) -> None:
    """Order the same video with a fresh seed; a second press while it runs does nothing."""
    task = await _task(update, context)
    place, sender = place_of(update), sender_of(update)
    if task is None or place is None or sender is None:
        await toast(update, say("This button is not yours."))
        return
    tools = context.tools
    earlier = await tools.workshop.database.read(tasks.repeats, f"again:{task.id}:")
    running = next((one for one in earlier if not one.is_final), None)
    if running:
        await toast(update, say("Video {number} is already on its way.", number=running.id))
        return
    try:
        made = await tools.ordering.repeat(
            task, place, origin=f"again:{task.id}:{len(earlier)}", sender=sender
        )
    except UserError as error:
        await toast(update, error.sentence)
        return
    await toast(update, say("Video {number} is taken.", number=made.id))


async def resend(update: Update, context: Context) -> None:
    """Send a finished video once more, free of charge, where its first sending stayed unclear."""
    task = await _task(update, context)
    if task is None or not task.is_final or "clip" not in task.facts:
        await toast(update, say("This button is not yours."))
        return
    tools = context.tools
    film = Clip.from_facts(task.facts["clip"], tools.workshop.folder.path)
    if not film.video.exists():
        await toast(update, say("This video is no longer kept."))
        return
    if task.id in tools.resending or "resent" in task.facts:
        await toast(update, say("It was sent again already."))
        return
    tools.resending.add(task.id)
    try:
        await toast(update, say("Sending it again."))
        await tools.delivery.deliver(task, film)
        # Noted only now: a press is never spent on a sending that failed.
        await tools.workshop.database.write(wishes.note_once, task.id, "resent")
    except UnclearDeliveryError:
        await tools.delivery.ask_whether_arrived(task)
    finally:
        tools.resending.discard(task.id)


async def _task(update: Update, context: Context) -> Task | None:
    data = (update.callback_query.data if update.callback_query else None) or ""
    return await own_task(update, context, data.partition(":")[2])


HANDLERS = [
    CallbackQueryHandler(again, pattern=r"^again:\d{1,18}$"),
    CallbackQueryHandler(resend, pattern=r"^resend:\d{1,18}$"),
]
