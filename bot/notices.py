"""Telling somebody what the owners did, where that person can be reached."""

import structlog
from telegram import error as telegram

from bot.context import Context
from bot.place import reply_options
from bot.translations import pick, translate
from core.task import Place
from core.words import Sentence
from storage import accounts

log = structlog.get_logger()


async def tell(context: Context, account: int, *sentences: Sentence) -> bool:
    """Write to a person who has written before, in their language; False where none was reached."""
    known = await context.tools.workshop.database.read(accounts.get, account)
    if known is None or account <= 0 or known.seen is None or not known.reachable:
        return False
    place = Place(chat=account, language=known.spoken or pick(known.language))
    return await tell_there(context, place, *sentences)


async def tell_there(context: Context, place: Place, *sentences: Sentence) -> bool:
    """Write to where something was asked for; False where it was not taken."""
    text = "\n".join(translate(sentence, place.language) for sentence in sentences)
    try:
        await context.bot.send_message(text=text, **reply_options(place))
    except telegram.TelegramError as error:
        log.info("not told", chat=place.chat, reason=error.message)
        return False
    return True
