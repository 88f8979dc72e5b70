"""/settings: what holds for all videos of a person or a group, as one message of buttons."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.choosing import ADMINS_ONLY, keep, may_change, panel_of
from bot.commands import command
from bot.context import Context
from bot.panels import MODEL, draw, draw_values, state
from bot.speech import redraw, reply, toast
from bot.translations import translate
from core.words import say

_OPEN, _SERVICE = "open", "from"


async def show(update: Update, context: Context) -> None:
    """Show the panel; whoever may not change it reads how it stands."""
    panel = await panel_of(update, context)
    if panel is None:
        return
    if await may_change(update, context, panel):
        text, keyboard = draw(panel)
        await reply(update, text, keyboard)
        return
    hint = say("Only the admins of this group can change that. Yours: in our private chat.")
    await reply(update, "\n".join([*state(panel), translate(hint, panel.language)]))


async def press(update: Update, context: Context) -> None:
    """Open a page, or keep a choice and go back to the panel."""
    data = (update.callback_query.data if update.callback_query else None) or ""
    _, key, token = [*data.split(":", 2), ""][:3]
    panel = await panel_of(update, context)
    if panel is None or not await may_change(update, context, panel):
        await toast(update, ADMINS_ONLY)
        return
    if key == _OPEN:
        await toast(update)
        await redraw(update, *draw(panel))
        return
    service, key = (token, MODEL) if key == _SERVICE else ("", key)
    is_page = bool(service) or not token
    values = panel.values(key) if key in panel.keys else []
    value = next((one for one in values if one.token == token), None)
    if is_page and values:
        await toast(update)
        await redraw(update, *draw_values(panel, key, service))
        return
    if value is None:
        await toast(update, say("That cannot be chosen any more. This is how it stands now."))
        await redraw(update, *draw(panel))
        return
    await toast(update)
    panel, ended = await keep(update, context, panel, key, value)
    await redraw(update, *draw(panel, ended))


HANDLERS = [
    command("settings", show),
    CallbackQueryHandler(press, pattern=r"^set:[a-z]{1,12}(?::[A-Za-z0-9_.:/-]{1,48})?$"),
]
