"""Report: anybody in a group tells its admins of a video that should not be there."""

from collections.abc import Sequence
from contextlib import suppress

import structlog
from telegram import Chat, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram import error as telegram
from telegram.constants import ChatType
from telegram.ext import CallbackQueryHandler

from bot.context import Context
from bot.place import reply_options, sender_of
from bot.pressing import task_of, withdrawn
from bot.results import in_rows
from bot.speech import shorten, toast
from bot.translations import pick, translate
from core.task import Place, Task
from core.words import Sentence, say
from storage import accounts, removal, wishes

log = structlog.get_logger()

_TOLD = 20  # admins
_TITLE = 60  # characters
_SUPERGROUP = "-100"  # opens the number of a chat whose messages have addresses


async def press(update: Update, context: Context) -> None:
    """Count a report once for everybody; the first one is passed on."""
    query, reporter = update.callback_query, sender_of(update)
    task = await task_of(update, context)
    chat = query.message.chat if query and query.message else None
    if task is None or chat is None or reporter is None or chat.id != task.place.chat:
        await toast(update, say("This button is not yours, or it is too old."))
        return
    if said := _needless(task, reporter):
        await toast(update, said)
        return
    await toast(update, say("Thank you. The admins of this group are told."))
    database = context.tools.workshop.database
    await database.write(removal.report, task.id, reporter)
    if "told" not in task.facts:
        await _tell(context, task, chat)
        await database.write(wishes.note, task.id, "told", value=True)


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


async def _tell(context: Context, task: Task, chat: Chat) -> None:
    """In private, where an admin has started the bot; else once in the group."""
    admins = await _admins(context, chat.id)
    reached = [one for one in admins if await _tell_one(context, task, chat, one)]
    if reached or chat.type == ChatType.CHANNEL:
        return
    language = task.place.language
    text = say(
        "🚩 Video <b>{number}</b> was reported. An admin of this group decides.", number=task.id
    )
    message = _message(task)
    with suppress(telegram.BadRequest, telegram.Forbidden):
        await context.bot.send_message(
            text=translate(text, language),
            reply_markup=in_rows(_answers(task), language),
            **reply_options(task.place, reply_to=message),
        )


async def _admins(context: Context, chat: int) -> Sequence[int]:
    try:
        members = await context.bot.get_chat_administrators(chat)
    except (telegram.BadRequest, telegram.Forbidden) as error:
        log.info("admins not known", chat=chat, reason=error.message)
        return []
    return [one.user.id for one in members if not one.user.is_bot][:_TOLD]


async def _tell_one(context: Context, task: Task, chat: Chat, admin: int) -> bool:
    known = await context.tools.workshop.database.read(accounts.get, admin)
    if known is None or not known.reachable:
        return False
    language = known.spoken or pick(known.language)
    text = say(
        "🚩 Video <b>{number}</b> in “{group}” was reported by somebody there. Remove it?",
        number=task.id,
        group=shorten(chat.title or "?", _TITLE),
    )
    buttons = in_rows(_answers(task), language).inline_keyboard
    if address := _address(task):
        look = InlineKeyboardButton(translate(say("Look at it"), language), url=address)
        buttons = (*buttons, (look,))
    try:
        await context.bot.send_message(
            text=translate(text, language),
            reply_markup=InlineKeyboardMarkup(buttons),
            **reply_options(Place(chat=admin)),
        )
    except (telegram.BadRequest, telegram.Forbidden) as error:
        log.info("admin not reached", admin=admin, reason=error.message)
        return False
    return True


def _answers(task: Task) -> list[tuple[Sentence, str]]:
    return [(say("Remove"), f"remove:{task.id}"), (say("Keep"), f"keep:{task.id}")]


def _message(task: Task) -> int | None:
    """The message that shows the video in its group, where it can be referred to."""
    sent = task.facts.get("sent", {})
    elsewhere = sent.get("chat", task.place.chat) != task.place.chat
    return None if elsewhere else sent.get("message") or None


def _address(task: Task) -> str | None:
    """Where members can see the video; basic groups have no such addresses."""
    chat, message = str(task.place.chat), _message(task)
    if not chat.startswith(_SUPERGROUP) or not message:
        return None
    return f"https://t.me/c/{chat.removeprefix(_SUPERGROUP)}/{message}"


HANDLERS = [CallbackQueryHandler(press, pattern=r"^report:\d{1,18}$")]
