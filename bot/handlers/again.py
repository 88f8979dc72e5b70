"""Once more: the same video again, or a video that may not have arrived."""

from contextlib import suppress
from functools import partial

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context
from bot.place import sender_of
from bot.speech import own_task, place_of, toast
from core.errors import DeliveryError, UnclearDeliveryError, UserError
from core.task import Task
from core.words import say
from jobs.delivering import first_way, hand_over
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
    origin = f"again:{task.id}:{update.callback_query.id if update.callback_query else ''}"
    earlier = await tools.workshop.database.read(tasks.repeats, f"again:{task.id}:")
    running = next((one for one in earlier if not one.is_final), None)
    # A press that comes again after a crash finds the video it ordered, however far that is.
    running = running or await tools.workshop.database.read(tasks.by_origin, origin)
    if running:
        await toast(update, say("Video {number} is already on its way.", number=running.id))
        return
    try:
        made = await tools.ordering.repeat(task, place, origin=origin, sender=sender)
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
    press = update.callback_query.id if update.callback_query else ""
    database = tools.workshop.database
    tools.resending.add(task.id)
    try:
        if task.facts.get("resending") == press:
            # This very press was interrupted while it was sending.
            raise UnclearDeliveryError("interrupted")  # noqa: TRY301  # ends like a broken line
        await toast(update, say("Sending it again."))
        await database.write(wishes.note, task.id, "resending", press)
        await hand_over(
            partial(tools.delivery.deliver, task, film),
            first_way(task.facts, film, tools.workshop.largest_video),
            lambda way: database.write(wishes.note, task.id, "way", way.value),
        )
        await database.write(wishes.note, task.id, "resent", value=True)
    except UnclearDeliveryError:
        await database.write(wishes.note, task.id, "resending", None)
        with suppress(DeliveryError):
            await tools.delivery.ask_whether_arrived(task)
    except DeliveryError:
        await database.write(wishes.note, task.id, "resending", None)
        raise
    finally:
        tools.resending.discard(task.id)


async def _task(update: Update, context: Context) -> Task | None:
    data = (update.callback_query.data if update.callback_query else None) or ""
    return await own_task(update, context, data.partition(":")[2])


HANDLERS = [
    CallbackQueryHandler(again, pattern=r"^again:\d{1,18}$"),
    CallbackQueryHandler(resend, pattern=r"^resend:\d{1,18}$"),
]
