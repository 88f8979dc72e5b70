"""Other model: the same wish put to another one, with its price before anything is ordered."""

from collections.abc import Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.admins import OUTDATED
from bot.context import Context
from bot.pressing import Press, owner_press, restore_buttons, swap_buttons
from bot.questions import AGREEMENT
from bot.quoting import agreement, mark_of
from bot.remaking import gone, remake
from bot.results import in_column
from bot.speech import toast
from core.capabilities import Capabilities
from core.errors import UserError
from core.request import VideoRequest
from core.variations import able, by_model
from core.words import say, say_many

CHOICE = rf"(?:{AGREEMENT}|[0-9a-f]{{8}})"  # a model at a price, or a model alone
CHOSEN = rf"model:\d{{1,18}}:{CHOICE}"
_MOST = 12  # models to choose from: a screen full


async def show(update: Update, context: Context) -> None:
    """Put the models that can do it in the place of the buttons."""
    press = await owner_press(update, context)
    if press is None:
        return
    if press.is_left_behind:
        raise UserError(OUTDATED)
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
    if refusal := gone(context.tools, press.task):
        await toast(update, refusal)
        return
    catalog = context.tools.workshop.catalog
    up = sorted(filter(catalog.is_up, models), key=lambda one: (one.preference, one.price))
    if not up:
        await toast(update, say("No other model can make this right now. Try again later."))
        return
    tariff = context.tools.tariff
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
        # Less of a sound may be enough: a talking picture's price is agreed to in a second step.
        talks = request.audio and model.ai
        choice = mark_of(model) if talks else agreement(cost, model)
        rows.append((label, f"{kind}:{press.task.id}:{choice}"))
    rows.append((say("Back"), f"back:{press.task.id}"))
    await swap_buttons(context, press, in_column(rows, press.place.language))


async def order(
    update: Update,
    context: Context,
    press: Press,
    request: VideoRequest,
    kind: str,
    models: Sequence[Capabilities],
) -> None:
    """Order a request from the one of these models that the button names."""
    mark = press.rest[0].rpartition("x")[2]
    model = next((one for one in models if mark_of(one) == mark), None)
    if model is None:
        await toast(update, say("This model cannot make it any more. Choose another one."))
        await restore_buttons(context, press)
    else:
        await remake(update, context, press, by_model(request, model), kind)


HANDLERS = [
    CallbackQueryHandler(show, pattern=r"^model:\d{1,18}$"),
    CallbackQueryHandler(choose, pattern=rf"^{CHOSEN}$"),
    CallbackQueryHandler(back, pattern=r"^back:\d{1,18}$"),
]
