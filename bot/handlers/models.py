"""/models: what each model can do and costs, and a button to choose one."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.choosing import ADMINS_ONLY, keep, may_change, panel_of
from bot.commands import command
from bot.context import Context
from bot.panels import LABELS, MODEL, Panel
from bot.shelf import Shelf
from bot.speech import redraw, reply, toast
from core.words import say
from providers.health import why_down


async def show(update: Update, context: Context) -> None:
    panel = await panel_of(update, context)
    if panel:
        await reply(update, *_shelf(context, panel).draw())


async def turn(update: Update, context: Context) -> None:
    """Another page; everybody may read."""
    _, service, page = _data(update).split(":")
    panel = await panel_of(update, context)
    if panel:
        await redraw(update, *_shelf(context, panel).draw(service, int(page)))
    await toast(update)


async def choose(update: Update, context: Context) -> None:
    panel = await panel_of(update, context)
    if panel is None or not await may_change(update, context, panel):
        await toast(update, ADMINS_ONLY)
        return
    name = _data(update).partition(":")[2]
    value = next((one for one in panel.values(MODEL) if one.token == name), None)
    if value is None:
        await toast(update, say("That cannot be chosen any more. This is how it stands now."))
        await redraw(update, *_shelf(context, panel).draw())
        return
    panel, ended = await keep(update, context, panel, MODEL, value)
    if ended:
        names = ", ".join(panel.say(LABELS[one]) for one in ended)
        await toast(
            update, say("Chosen. Not possible with it, so as usual again: {names}.", names=names)
        )
    else:
        await toast(update, say("Chosen: {model}.", model=value.label))
    await redraw(update, *_shelf(context, panel).page_of(name))


def _data(update: Update) -> str:
    return (update.callback_query.data if update.callback_query else None) or ""


def _shelf(context: Context, panel: Panel) -> Shelf:
    catalog = context.tools.workshop.catalog
    health = {name: provider.health() for name, provider in catalog.providers.items()}
    return Shelf(
        panel=panel,
        tariff=context.tools.tariff,
        down={
            one.model: why_down(health[one.provider], one.model)
            for one in panel.models
            if not catalog.is_up(one)
        },
        off=catalog.off(),
    )


HANDLERS = [
    command("models", show),
    CallbackQueryHandler(turn, pattern=r"^models:[a-z]{1,20}:\d{1,3}$"),
    CallbackQueryHandler(choose, pattern=r"^model:(?:auto|[a-z0-9]{1,20}/[A-Za-z0-9_.-]{1,37})$"),
]
