"""Whose choices a chat shows, and who may change them: each their own, in groups its admins."""

from telegram import Update
from telegram.constants import ChatType

from bot.admins import is_group_admin
from bot.context import Context
from bot.panels import CONFIRM, LANGUAGE, MODEL, NEWS, Panel, Value
from bot.place import sender_of
from bot.speech import language_of, spoken
from core.preferences import fallen
from core.words import say
from jobs.ports import now
from storage import accounts
from storage.accounts import Account

ADMINS_ONLY = say("Only the admins of this group can change that.")


async def panel_of(update: Update, context: Context) -> Panel | None:
    """The choices that count here: a group's in the group, else those of whoever speaks."""
    chat, sender = update.effective_chat, sender_of(update)
    if chat is None or sender is None:
        return None
    tools = context.tools
    account = sender if chat.type == ChatType.PRIVATE else chat.id
    known = await tools.workshop.database.read(accounts.get, account)
    return Panel(
        account=known or Account(id=account),
        models=tools.workshop.catalog.models(),
        usual=tools.policy.default_model,
        language=language_of(update),
        free=tools.tariff.is_free,
    )


async def may_change(update: Update, context: Context, panel: Panel) -> bool:
    sender, account = sender_of(update), panel.account.id
    if account > 0:
        return sender == account
    return sender is not None and await is_group_admin(context.bot, account, sender)


async def keep(
    update: Update, context: Context, panel: Panel, key: str, value: Value
) -> tuple[Panel, list[str]]:
    """Remember a choice; gives the new panel, and what a new model has put an end to."""
    database, account = context.tools.workshop.database, panel.account.id
    ended: list[str] = []
    if key == NEWS:
        await database.write(accounts.change, account, now(), quiet=not value.value)
    elif key == LANGUAGE:
        await database.write(accounts.change, account, now(), spoken=value.value)
        spoken.set(value.value)
    else:
        wanted = (value.value or None) if key == CONFIRM else value.value
        if key == MODEL:
            able = [one for one in panel.models if one.model == (wanted or panel.usual)]
            ended = fallen(panel.account.choices, able or panel.models)
        changes = {key: wanted, **dict.fromkeys(ended)}
        await database.write(accounts.choose, account, now(), **changes)
    return await panel_of(update, context) or panel, ended
