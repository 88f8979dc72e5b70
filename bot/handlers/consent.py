"""The right to use faces and voices, confirmed where a button's order asked for it first."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.carrying import asked_under
from bot.context import Context
from bot.handlers import again, edit_words, loop, other_model
from bot.pressing import owner_press
from bot.questions import CONSENT, NO, YES
from bot.speech import toast
from bot.tidying import answered_by
from core.words import say
from jobs.ports import now
from storage import accounts

Order = Callable[[Update, Context], Coroutine[Any, Any, None]]

# What can meet the question, and goes on after a yes.
_ORDERS: dict[str, Order] = {
    again.NEW_SEED: again.with_a_new_seed,
    again.SAME_SEED: again.with_the_same_seed,
    loop.LOOP: loop.make,
    other_model.CHOSEN: other_model.choose,
    edit_words.AGREED: edit_words.decide,
}


def agree(order: Order) -> Order:
    """Remember a yes, then do what was pressed before the question."""

    async def agree_and_order(update: Update, context: Context) -> None:
        press = await owner_press(update, context)
        if press is None:
            return
        await context.tools.workshop.database.write(accounts.consent, press.sender, now())
        if asked_under(update) is None:
            await toast(update, say("Thank you. Now do the same once more, and I make it."))
        else:
            await order(update, context)
        if order is not edit_words.decide or asked_under(update) is None:
            context.tools.tidying.seal(answered_by(update))

    return agree_and_order


async def decline(update: Update, context: Context) -> None:
    if await owner_press(update, context):
        await toast(update, say("All right, nothing is made."))
        context.tools.tidying.seal(answered_by(update))


HANDLERS = [
    *(
        CallbackQueryHandler(agree(order), pattern=rf"^{CONSENT}:{YES}:{pressed}$")
        for pressed, order in _ORDERS.items()
    ),
    CallbackQueryHandler(decline, pattern=rf"^{CONSENT}:{NO}:({'|'.join(_ORDERS)})$"),
]
