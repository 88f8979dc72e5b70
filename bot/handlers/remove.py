"""Remove or Keep: what the admins of a group or channel decide about a reported video."""

from dataclasses import replace

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram import error as telegram
from telegram.ext import CallbackQueryHandler

from bot.admins import is_group_admin
from bot.authority import role_of
from bot.context import Context
from bot.copies import take_back
from bot.outlets import address_of
from bot.place import reply_options, sender_of
from bot.pressing import task_of, withdrawn
from bot.speech import language_of, redraw, toast
from bot.translations import pick, plain, translate
from core.access import Role
from core.task import Place, Task
from core.words import say
from jobs.ports import now
from storage import accounts, removal, wishes

log = structlog.get_logger()


async def remove(update: Update, context: Context) -> None:
    """Take the video back in the group, mark it, and tell whose it is."""
    task, admin = await _decide(update, context)
    if task is None:
        return
    database = context.tools.workshop.database
    staff = not await is_group_admin(context.bot, task.place.chat, admin)
    marked = await database.write(removal.remove, task, admin, now(), staff=staff)
    if marked is None or "removed" not in marked.facts or "owner_told" in marked.facts:
        await toast(update, withdrawn(marked or task))
        return
    await toast(update, say("Video {number} is being removed.", number=task.id))
    gone = await take_back(context, _in_the_group(marked), *_reported(marked))
    await _tell_owner(context, marked)
    await database.write(wishes.note, task.id, "owner_told", value=True)
    if gone:
        done = say("Video <b>{number}</b> was removed.", number=task.id)
        await redraw(update, translate(done, language_of(update)), None)
    else:
        await _say_it_stays(update, marked)


async def keep(update: Update, context: Context) -> None:
    task, admin = await _decide(update, context)
    if task is None:
        return
    if gone := withdrawn(task):
        await toast(update, gone)
        return
    await context.tools.workshop.database.write(wishes.note, task.id, "approved", admin)
    await toast(update, say("Video {number} stays.", number=task.id))
    done = say("Video <b>{number}</b> was reported and stays.", number=task.id)
    await redraw(update, translate(done, language_of(update)), None)


async def _decide(update: Update, context: Context) -> tuple[Task | None, int]:
    """The video that is decided about, and who decides; None where they may not."""
    task, sender = await task_of(update, context), sender_of(update)
    if task is None or sender is None or task.place.chat > 0 or "reports" not in task.facts:
        await toast(update, say("This button is not yours, or it is too old."))
        return None, 0
    is_staff = await role_of(update, context) >= Role.ADMIN
    if not is_staff and not await is_group_admin(context.bot, task.place.chat, sender):
        await toast(update, say("Only the admins of this chat can press this."))
        return None, 0
    return task, sender


def _in_the_group(task: Task) -> Task:
    """What its owner has got in private stays theirs."""
    copies = [one for one in task.facts.get("copies", []) if one[0] == task.place.chat]
    return replace(task, facts={**task.facts, "copies": copies})


def _reported(task: Task) -> list[tuple[int, int]]:
    """The message that was reported; reports of earlier versions do not name it."""
    shown = task.facts.get("shown")
    return [(shown[0], shown[1])] if shown else []


async def _say_it_stays(update: Update, task: Task) -> None:
    language = language_of(update)
    text = say(
        "Video <b>{number}</b> still shows there: Telegram does not let me take it back. Please "
        "delete it yourself.",
        number=task.id,
    )
    places = [Place(chat=chat, reply_to=message) for chat, message in _reported(task)]
    look = plain(translate(say("Look at it"), language))
    buttons = [
        InlineKeyboardButton(look, url=address) for one in places if (address := address_of(one))
    ]
    await redraw(
        update, translate(text, language), InlineKeyboardMarkup([buttons]) if buttons else None
    )


async def _tell_owner(context: Context, task: Task) -> None:
    """In private where that can be, else where it was ordered; a channel's readers hear nothing."""
    place, owner = task.place, task.place.user
    if place.silent:
        return
    text = say(
        "🚩 Video <b>{number}</b> was removed from its group by the admins there.", number=task.id
    )
    if task.is_removed_by_staff:
        text = say(
            "🚩 Video <b>{number}</b> was removed from its group by the owners of this bot.",
            number=task.id,
        )
    if owner and owner > 0:
        known = await context.tools.workshop.database.read(accounts.get, owner)
        language = (known and known.spoken) or pick(known.language if known else None)
        if await _sent(context, Place(chat=owner), translate(text, language)):
            return
    await _sent(context, place, translate(text, place.language))


async def _sent(context: Context, place: Place, text: str) -> bool:
    try:
        await context.bot.send_message(text=text, **reply_options(place))
    except (telegram.BadRequest, telegram.Forbidden) as error:
        log.info("not told", chat=place.chat, reason=error.message)
        return False
    return True


HANDLERS = [
    CallbackQueryHandler(remove, pattern=r"^remove:\d{1,18}$"),
    CallbackQueryHandler(keep, pattern=r"^keep:\d{1,18}$"),
]
