"""/lang: the language that the bot speaks to a person, wherever they meet."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import CallbackQueryHandler

from bot.belonging import is_theirs
from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer, language_of, redraw, spoken, toast
from bot.translations import languages, own_name, plain, translate
from core.words import say
from jobs.ports import now
from storage import accounts

_TELEGRAMS = "auto"
_QUESTION = say("Which language shall I speak with you?")


async def show(update: Update, _: Context) -> None:
    await answer(update, _QUESTION, keyboard=_keyboard(update))


async def press(update: Update, context: Context) -> None:
    """Speak it from now on; in groups each presses for themselves, and admins for their chat."""
    data = (update.callback_query.data if update.callback_query else None) or ""
    code, account = data.partition(":")[2], await _account(update, context)
    if account is None or code not in (_TELEGRAMS, *languages()):
        await toast(update, say("That cannot be chosen any more. This is how it stands now."))
        await redraw(update, translate(_QUESTION, language_of(update)), _keyboard(update))
        return
    chosen = None if code == _TELEGRAMS else code
    await context.tools.workshop.database.write(accounts.change, account, now(), spoken=chosen)
    spoken.set(chosen)
    await toast(update, say("I speak English now."))
    await redraw(update, translate(_QUESTION, language_of(update)), _keyboard(update))


async def _account(update: Update, context: Context) -> int | None:
    """Whose language is chosen: the chat's, where an anonymous admin or a channel has asked."""
    sender, chat, message = sender_of(update), update.effective_chat, update.effective_message
    asked = message.reply_to_message if message else None
    if asked is None or asked.sender_chat is None or chat is None:
        return sender
    account = asked.sender_chat.id
    return account if await is_theirs(update, context, owner=account, chat=chat.id) else sender


def _keyboard(update: Update) -> InlineKeyboardMarkup:
    chosen = spoken.get() or _TELEGRAMS
    telegrams = plain(translate(say("as in Telegram"), language_of(update)))
    names = {_TELEGRAMS: telegrams, **{code: own_name(code) for code in languages()}}
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(
                    f"✓ {name}" if code == chosen else name, callback_data=f"lang:{code}"
                )
            ]
            for code, name in names.items()
        ]
    )


HANDLERS = [
    command("lang", show),
    CallbackQueryHandler(press, pattern=r"^lang:[A-Za-z_-]{2,12}$"),
]
