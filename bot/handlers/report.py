"""Report: anybody in a group or channel tells its admins of a video that should not be there."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import structlog
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MaybeInaccessibleMessage,
    Update,
)
from telegram import error as telegram
from telegram.ext import CallbackQueryHandler

from bot.context import Context
from bot.outlets import address_of
from bot.place import reply_options, sender_of
from bot.pressing import task_of, withdrawn
from bot.results import in_rows
from bot.speech import shorten, toast
from bot.translations import pick, translate
from core.task import Place, Task
from core.words import Sentence, say
from storage import accounts, removal, wishes

log = structlog.get_logger()

_NOT_YOURS = say("This button is not yours, or it is too old.")
_TOLD = 20  # admins
_TITLE = 60  # characters
_ADMINS, _OWNERS = "admins", "owners"  # who has been told


async def press(update: Update, context: Context) -> None:
    """Count a report once for everybody; it is passed on until somebody has been told."""
    query, reporter = update.callback_query, sender_of(update)
    task = await task_of(update, context)
    message = query.message if query else None
    if task is None or message is None or reporter is None:
        await toast(update, _NOT_YOURS)
        return
    if not _is_shown_in(task, message.chat.id):
        await toast(update, _NOT_YOURS)
        return
    if said := _needless(task, reporter):
        await toast(update, said)
        return
    database = context.tools.workshop.database
    shown = (message.chat.id, message.message_id)
    await database.write(removal.report, task.id, reporter, shown)
    told = task.facts.get("told")
    if told is None and (told := await _tell(context, task, message)):
        await database.write(wishes.note, task.id, "told", told)
    await toast(update, _thanks(task, told))


def _is_shown_in(task: Task, chat: int) -> bool:
    """Whether a video belongs to a chat, or was sent to it before it became a supergroup."""
    return chat in (task.place.chat, task.facts.get("sent", {}).get("chat"))


def _needless(task: Task, reporter: int) -> Sentence | None:
    """Why there is nothing to report, if so."""
    if gone := withdrawn(task):
        return gone
    if reporter == task.place.user:
        return say("This is your own video: Delete takes it away.")
    if "approved" in task.facts:
        return say("The admins have looked at it and keep it.")
    if "told" in task.facts and reporter in task.facts.get("reports", []):
        return say("You have reported it already.")
    return None


def _thanks(task: Task, told: str | None) -> Sentence:
    if told is None:
        return say("I could reach nobody who decides about it. Please try again later.")
    if told == _OWNERS:
        return say("Thank you. The owners of this bot are told.")
    if task.place.silent:
        return say("Thank you. The admins of this channel are told.")
    return say("Thank you. The admins of this group are told.")


async def _tell(context: Context, task: Task, message: MaybeInaccessibleMessage) -> str | None:
    """In private, where an admin has started the bot; else once in the group; else the owners.

    Gives who has been told; None where nobody could be.
    """
    ask = partial(_ask, context, task, message)
    admins = await _admins(context, task.place.chat)
    if [one for one in admins if await _is_reachable(context, one) and await ask(one)]:
        return _ADMINS
    if not task.place.silent and await _tell_group(context, task, message):
        return _ADMINS
    return _OWNERS if [one for one in context.tools.owners.chats if await ask(one)] else None


def _question(task: Task, title: str) -> Sentence:
    title = shorten(title, _TITLE)
    if task.place.silent:
        return say(
            "🚩 Video <b>{number}</b> in the channel “{title}” was reported by a reader. "
            "Remove it?",
            number=task.id,
            title=title,
        )
    return say(
        "🚩 Video <b>{number}</b> in “{group}” was reported by somebody there. Remove it?",
        number=task.id,
        group=title,
    )


async def _tell_group(context: Context, task: Task, message: MaybeInaccessibleMessage) -> bool:
    language = task.place.language
    text = say(
        "🚩 Video <b>{number}</b> was reported. An admin of this group decides.", number=task.id
    )
    # Messages from before a group became a supergroup have numbers that mean others now.
    shown = message.message_id if message.chat.id == task.place.chat else None
    return await _sent(
        context,
        translate(text, language),
        in_rows(_answers(task), language),
        **reply_options(task.place, reply_to=shown),
    )


async def _admins(context: Context, chat: int) -> Sequence[int]:
    try:
        members = await context.bot.get_chat_administrators(chat)
    except (telegram.BadRequest, telegram.Forbidden) as error:
        log.info("admins not known", chat=chat, reason=error.message)
        return []
    return [one.user.id for one in members if not one.user.is_bot][:_TOLD]


async def _is_reachable(context: Context, admin: int) -> bool:
    known = await context.tools.workshop.database.read(accounts.get, admin)
    return known is not None and known.reachable


async def _ask(context: Context, task: Task, message: MaybeInaccessibleMessage, chat: int) -> bool:
    """Ask elsewhere than where the video is shown; whether that arrived."""
    known = await context.tools.workshop.database.read(accounts.get, chat)
    language = (known and known.spoken) or pick(known.language if known else None)
    buttons = in_rows(_answers(task), language).inline_keyboard
    # Where members can see the video.
    if address := address_of(Place(chat=message.chat.id, reply_to=message.message_id)):
        look = InlineKeyboardButton(translate(say("Look at it"), language), url=address)
        buttons = (*buttons, (look,))
    question = _question(task, message.chat.title or "?")
    return await _sent(
        context,
        translate(question, language),
        InlineKeyboardMarkup(buttons),
        **reply_options(Place(chat=chat)),
    )


async def _sent(context: Context, text: str, buttons: InlineKeyboardMarkup, **where: Any) -> bool:
    try:
        await context.bot.send_message(text=text, reply_markup=buttons, **where)
    except (telegram.BadRequest, telegram.Forbidden, telegram.ChatMigrated) as error:
        log.info("not told", chat=where["chat_id"], reason=error.message)
        return False
    return True


def _answers(task: Task) -> list[tuple[Sentence, str]]:
    return [(say("Remove"), f"remove:{task.id}"), (say("Keep"), f"keep:{task.id}")]


HANDLERS = [CallbackQueryHandler(press, pattern=r"^report:\d{1,18}$")]
