"""Other model: the same wish put to another one, with its price before anything is ordered."""

from collections.abc import Sequence
from zlib import crc32

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context
from bot.pressing import Press, owner_press, restore_buttons, swap_buttons
from bot.remaking import remake
from bot.speech import toast
from bot.translations import plain, translate
from core.capabilities import Capabilities
from core.request import VideoRequest
from core.variations import able, by_model
from core.words import say, say_many

_MOST = 12  # models to choose from: a screen full


async def show(update: Update, context: Context) -> None:
    """Put the models that can do it in the place of the buttons."""
    press = await owner_press(update, context)
    if press is None:
        return
    models = able(press.task.request, context.tools.workshop.catalog.models())
    await offer(update, context, press, press.task.request, "model", models)


async def choose(update: Update, context: Context) -> None:
    """Order from the model that was pressed."""
    press = await owner_press(update, context)
    if press is None:
        return
    models = able(press.task.request, context.tools.workshop.catalog.models())
    await order(update, context, press, press.task.request, "model", models)


async def back(update: Update, context: Context) -> None:
    if press := await owner_press(update, context):
        await toast(update)
        await restore_buttons(context, press)


async def offer(
    update: Update,
    context: Context,
    press: Press,
    request: VideoRequest,
    kind: str,
    models: Sequence[Capabilities],
) -> None:
    """Let the person choose one of these models for a request."""
    catalog = context.tools.workshop.catalog
    up = sorted(filter(catalog.is_up, models), key=lambda one: (one.preference, one.price))
    if not up:
        await toast(update, say("No other model can make this right now. Try again later."))
        return
    tariff, language = context.tools.tariff, press.place.language
    which = say("Which model? The price stands beside it.")
    await toast(update, say("Which model?") if tariff.is_free else which)
    rows, titles = [], [model.title for model in up]
    for model in up[:_MOST]:
        cost = tariff.cost(model, by_model(request, model).seconds)
        is_alone = titles.count(model.title) == 1
        title = model.title if is_alone else model.model
        label = say("{title}: free", title=title)
        if cost:
            label = say_many(
                "{title}: {count} credit", "{title}: {count} credits", title=title, count=cost
            )
        elif tariff.is_free:
            label = say("{title}", title=title)
        rows.append((label, f"{kind}:{press.task.id}:{_mark(model)}"))
    rows.append((say("Back"), f"back:{press.task.id}"))
    buttons = [
        [InlineKeyboardButton(plain(translate(label, language)), callback_data=data)]
        for label, data in rows
    ]
    await swap_buttons(context, press, InlineKeyboardMarkup(buttons))


async def order(
    update: Update,
    context: Context,
    press: Press,
    request: VideoRequest,
    kind: str,
    models: Sequence[Capabilities],
) -> None:
    """Order a request from the one of these models that the button names."""
    model = next((one for one in models if _mark(one) == press.rest[0]), None)
    if model is None:
        await toast(update, say("This model cannot make it any more. Choose another one."))
    else:
        wish = by_model(request, model)
        await toast(update, await remake(context, press, wish, kind))
    await restore_buttons(context, press)


def _mark(model: Capabilities) -> str:
    """A short name that stays the same: model names may be too long for a button."""
    return f"{crc32(model.model.encode()):08x}"


HANDLERS = [
    CallbackQueryHandler(show, pattern=r"^model:\d{1,18}$"),
    CallbackQueryHandler(choose, pattern=r"^model:\d{1,18}:[0-9a-f]{8}$"),
    CallbackQueryHandler(back, pattern=r"^back:\d{1,18}$"),
]
