"""Once more: the same video again, with its seed or a new one, or one that may not have arrived."""

from contextlib import suppress
from functools import partial

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context
from bot.pressing import owner_press
from bot.questions import AGREEMENT
from bot.remaking import remake
from bot.speech import toast
from bot.tidying import answered_by
from core.errors import DeliveryError, UnclearDeliveryError
from core.words import say
from jobs.delivering import first_way, hand_over
from jobs.ports import Clip
from storage import wishes

NEW_SEED = rf"again:\d{{1,18}}(:{AGREEMENT})?"
SAME_SEED = rf"same:\d{{1,18}}(:{AGREEMENT})?"


async def with_a_new_seed(update: Update, context: Context) -> None:
    """Order the same video with a fresh seed; a second press while it runs does nothing."""
    if press := await owner_press(update, context):
        await remake(update, context, press, press.task.request.with_options(seed=None), "again")


async def with_the_same_seed(update: Update, context: Context) -> None:
    if press := await owner_press(update, context):
        await remake(update, context, press, press.task.request, "same")


async def resend(update: Update, context: Context) -> None:
    """Send a finished video once more, free of charge, where its first sending stayed unclear."""
    press = await owner_press(update, context)
    if press is None:
        return
    task = press.task
    if not task.is_final or "clip" not in task.facts:
        await toast(update, say("This button is not yours, or it is too old."))
        return
    tools = context.tools
    film = Clip.from_facts(task.facts["clip"], tools.workshop.folder.path)
    if not film.video.exists():
        await toast(update, say("This video is no longer kept here."))
        return
    if task.id in tools.resending or "resent" in task.facts:
        await toast(update, say("It was sent again already."))
        tools.tidying.seal(answered_by(update))
        return
    database = tools.workshop.database
    tools.resending.add(task.id)
    try:
        if task.facts.get("resending") == press.id:
            # This very press was interrupted while it was sending.
            raise UnclearDeliveryError("interrupted")  # noqa: TRY301  # ends like a broken line
        await toast(update, say("Sending it again."))
        await database.write(wishes.note, task.id, "resending", press.id)
        sent = await hand_over(
            partial(tools.delivery.deliver, task, film),
            first_way(task.facts, film, tools.workshop.largest_video),
            lambda way: database.write(wishes.note, task.id, "way", way.value),
        )
        await database.write(wishes.note, task.id, "sent", dict(sent))
        await database.write(wishes.note, task.id, "resent", value=True)
    except UnclearDeliveryError:
        await database.write(wishes.note, task.id, "resending", None)
        with suppress(DeliveryError):
            await tools.delivery.ask_whether_arrived(task)
            tools.tidying.seal(answered_by(update))
    except DeliveryError:
        await database.write(wishes.note, task.id, "resending", None)
        raise
    else:
        await database.write(wishes.reopen_status, task.id)
        tools.board.show(task.id)
        tools.tidying.seal(answered_by(update))
    finally:
        tools.resending.discard(task.id)


HANDLERS = [
    CallbackQueryHandler(with_a_new_seed, pattern=rf"^{NEW_SEED}$"),
    CallbackQueryHandler(with_the_same_seed, pattern=rf"^{SAME_SEED}$"),
    CallbackQueryHandler(resend, pattern=r"^resend:\d{1,18}$"),
]
