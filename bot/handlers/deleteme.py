"""/deleteme: everything about a person goes, after a day to change one's mind."""

from datetime import timedelta

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ChatType
from telegram.ext import CallbackQueryHandler

from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer, language_of, toast
from bot.translations import translate
from core.words import Sentence, say
from storage import accounts

_DAY = timedelta(days=1)
_DELETE, _KEEP = "yes", "no"


async def ask(update: Update, context: Context) -> None:
    """Say what would go; nothing does before a press."""
    sender, chat = sender_of(update), update.effective_chat
    if sender is None or chat is None or chat.type != ChatType.PRIVATE:
        await answer(update, say("I answer that in our private chat."))
        return
    known = await context.tools.workshop.database.read(accounts.get, sender)
    if known and known.leaving:
        text = say(_WAITING.template, moment=f"{known.leaving:%Y-%m-%d %H:%M}")
        await answer(update, text, keyboard=_keyboard(update, keep=True))
        return
    text = say(
        "This deletes your name, your words, your photos and videos here, your settings and your "
        "credits, also granted ones. What is in this chat stays until you delete it. "
        "I wait a day, so that you can change your mind. /mydata gives you everything first."
    )
    await answer(update, text, keyboard=_keyboard(update, keep=False))


async def press(update: Update, context: Context) -> None:
    """Begin the day of waiting, or end it; pressed twice it is the same."""
    query, sender, chat = update.callback_query, sender_of(update), update.effective_chat
    if query is None or sender is None or chat is None or chat.id != sender:
        await toast(update, say("This button is not yours, or it is too old."))
        return
    workshop = context.tools.workshop
    now = workshop.now()
    known = await workshop.database.read(accounts.get, sender)
    leaving = None
    if (query.data or "").endswith(_DELETE):
        leaving = (known and known.leaving) or now + _DAY
    await workshop.database.write(accounts.change, sender, now, leaving=leaving)
    await toast(update)
    text = _STAYING
    if leaving:
        text = say(_WAITING.template, moment=f"{leaving:%Y-%m-%d %H:%M}")
    keyboard = _keyboard(update, keep=True) if leaving else None
    await query.edit_message_text(translate(text, language_of(update)), reply_markup=keyboard)


_WAITING = say(
    "Everything about you is deleted after {moment} UTC, once the videos on their way are done. "
    "Until then one press keeps it."
)
_STAYING = say("Nothing is deleted. All stays as it is.")


def _keyboard(update: Update, *, keep: bool) -> InlineKeyboardMarkup:
    label: Sentence = say("Keep everything") if keep else say("Delete everything about me")
    button = InlineKeyboardButton(
        translate(label, language_of(update)),
        callback_data=f"leave:{_KEEP if keep else _DELETE}",
    )
    return InlineKeyboardMarkup([[button]])


HANDLERS = [command("deleteme", ask), CallbackQueryHandler(press, pattern=r"^leave:(?:yes|no)$")]
