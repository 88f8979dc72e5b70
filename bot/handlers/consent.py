"""The right to use faces and voices, confirmed where a button's order asked for it first."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.carrying import asked_under, data_of
from bot.context import Context
from bot.handlers import again, edit_words, loop, other_model
from bot.pressing import owner_press
from bot.questions import CONSENT, NO, YES
from bot.speech import toast
from bot.tidying import answered_by
from core.words import say
from jobs.ports import now
from storage import accounts

# What a question can stand in the way of, and what goes on with it after the answer.
_ORDERS: dict[str, Callable[[Update, Context], Coroutine[Any, Any, None]]] = {
    again.NEW_SEED: again.with_a_new_seed,
    again.SAME_SEED: again.with_the_same_seed,
    loop.LOOP: loop.make,
    other_model.CHOSEN: other_model.choose,
    edit_words.AGREED: edit_words.decide,
}
CARRIED = f"(?:{'|'.join(_ORDERS)})"


async def agree(update: Update, context: Context) -> None:
    """Remember a yes, then do what was pressed before the question."""
    press = await owner_press(update, context)
    if press is None:
        return
    await context.tools.workshop.database.write(accounts.consent, press.sender, now())
    if asked_under(update) is None:
        await toast(update, say("Thank you. Now do the same once more, and I make it."))
        context.tools.tidying.seal(answered_by(update))
    else:
        await proceed(update, context)


async def decline(update: Update, context: Context) -> None:
    if await owner_press(update, context):
        await toast(update, say("All right, nothing is made."))
        context.tools.tidying.seal(answered_by(update))


async def proceed(update: Update, context: Context) -> None:
    """Do what was pressed before a question that has its answer now."""
    pressed = data_of(update)
    order = next(order for pattern, order in _ORDERS.items() if re.fullmatch(pattern, pressed))
    await order(update, context)
    if order is not edit_words.decide:  # it goes on in the message of the question
        context.tools.tidying.seal(answered_by(update))


HANDLERS = [
    CallbackQueryHandler(agree, pattern=rf"^{CONSENT}:{YES}:{CARRIED}$"),
    CallbackQueryHandler(decline, pattern=rf"^{CONSENT}:{NO}:{CARRIED}$"),
]
