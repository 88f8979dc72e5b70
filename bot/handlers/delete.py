"""Delete: a video goes for good, in the chat and here, after one question."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.admins import OUTDATED
from bot.context import Context
from bot.copies import take_back
from bot.pressing import Press, owner_press, swap_buttons
from bot.results import in_rows
from bot.speech import toast
from core.errors import UserError
from core.words import say
from jobs.housekeeping import files_of
from jobs.ports import now
from storage import drafts, removal


async def ask(update: Update, context: Context) -> None:
    press = await owner_press(update, context)
    if press is None:
        return
    if press.is_left_behind:
        raise UserError(OUTDATED)
    number = press.task.id
    if not press.task.is_final:
        await toast(update, say("Video {number} is being sent already.", number=number))
        return
    await toast(update, say("Delete video {number} for good?", number=number))
    answers = [
        (say("Delete for good"), f"delete:{number}:yes"),
        (say("Keep it"), f"back:{number}"),
    ]
    await swap_buttons(context, press, in_rows(answers, press.place.language))


async def delete(update: Update, context: Context) -> None:
    """Take back the messages, and forget words and files; what it cost stays in the ledger."""
    press = await owner_press(update, context)
    if press is None:
        return
    if not press.task.is_final:
        await toast(update, say("Video {number} is being sent already.", number=press.task.id))
        return
    shown = press.place.chat, press.message
    if await take_back(context, press.task, *(() if press.is_left_behind else (shown,))):
        await toast(update, say("Video {number} is being deleted.", number=press.task.id))
    else:
        still = say(
            "Video {number} is deleted here, but Telegram does not let me take every message "
            "back. Please delete what still shows.",
            number=press.task.id,
        )
        await toast(update, still)
    await _end_what_follows(context, press)
    await _forget(context, press)


async def _end_what_follows(context: Context, press: Press) -> None:
    """Nothing goes on from a video that is gone: what Continue began for it ends here."""
    database = context.tools.workshop.database
    for draft in await database.read(drafts.following, press.task.id):
        await database.write(drafts.close, draft)
        if draft.question:
            context.tools.tidying.strip(draft.chat, draft.question)


async def _forget(context: Context, press: Press) -> None:
    """Files that another video was made from, too, stay for that one."""
    database, folder = context.tools.workshop.database, context.tools.workshop.folder
    files = files_of(press.task)
    files -= await database.read(removal.shared, press.task.id, files)
    folder.remove(files)
    await database.write(removal.erase, press.task.id, files, now())


HANDLERS = [
    CallbackQueryHandler(ask, pattern=r"^delete:\d{1,18}$"),
    CallbackQueryHandler(delete, pattern=r"^delete:\d{1,18}:yes$"),
]
