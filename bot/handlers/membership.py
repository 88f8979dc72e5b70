"""The bot was blocked, let in or given other rights: what waits goes out, and a chat hears of it."""

from collections.abc import Callable, Collection

import structlog
from telegram import Chat, ChatMemberUpdated, ChatPermissions, Update, User
from telegram import error as telegram
from telegram.constants import ChatType
from telegram.ext import ChatMemberHandler

from bot.checkup import WRITES, is_here, report, standing_of, who_pays
from bot.context import Context
from bot.speech import language_of
from bot.translations import translate
from core.credits import day_of
from core.words import Sentence
from jobs.ports import now
from storage import accounts, ledger, told, wishes
from storage.accounts import Account

log = structlog.get_logger()


async def change(update: Update, context: Context) -> None:
    changed = update.my_chat_member
    if changed is None:
        return
    here = is_here(changed.new_chat_member)
    database = context.tools.workshop.database
    if changed.chat.type == ChatType.PRIVATE:
        await database.write(accounts.set_reachable, changed.chat.id, reachable=here)
    else:
        await _examine(update, context, changed, here=here)
    waiting = await database.write(wishes.hurry, changed.chat.id, now()) if here else 0
    if waiting:
        context.tools.dispatcher.wake()


async def _examine(
    update: Update, context: Context, changed: ChatMemberUpdated, *, here: bool
) -> None:
    """Say what works in the chat now, where that is something else than it was."""
    chat, database, found = changed.chat, context.tools.workshop.database, None
    name, username = chat.title or "", chat.username
    await database.write(
        accounts.meet, chat.id, name=name, username=username, language=None, now=now()
    )
    if here:
        me, permissions = await context.bot.get_me(), await _permissions(context, chat.id)
        found = standing_of(chat, changed.new_chat_member, me, permissions)
        if await database.read(told.is_news, chat.id, found):
            lines = await _describe(context, chat, found, me)
            await _tell(update, context, lines, aloud=WRITES in found)
    await database.write(told.note_standing, chat.id, found, now())


async def _permissions(context: Context, chat: int) -> ChatPermissions | None:
    try:
        return (await context.bot.get_chat(chat)).permissions
    except (telegram.BadRequest, telegram.Forbidden):
        return None


async def _describe(
    context: Context, chat: Chat, standing: Collection[str], me: User
) -> Callable[[int], list[Sentence]]:
    """What to say about a chat in a place: commands name the chat as they have to there."""
    tools = context.tools
    database = tools.workshop.database
    account = await database.read(accounts.get, chat.id) or Account(id=chat.id)
    balance = await database.read(ledger.balance, tools.policy, chat.id, day_of(now()))

    def lines(place: int) -> list[Sentence]:
        where = "here" if place == chat.id else chat.id
        paying = who_pays(chat, tools.policy, account, balance, tools.tariff, where=where)
        return report(chat, standing, me, paying)

    return lines


async def _tell(
    update: Update, context: Context, lines: Callable[[int], list[Sentence]], *, aloud: bool
) -> None:
    """Write into the group, else to who changed it, else to the owners; never into a channel."""
    changed = update.my_chat_member
    assert changed
    language = language_of(update)
    places = [changed.from_user.id]
    for place in [changed.chat.id, *places] if aloud else places:
        text = "\n".join(translate(line, language) for line in lines(place))
        try:
            await context.bot.send_message(place, text)
        except (telegram.BadRequest, telegram.Forbidden) as error:
            log.info("standing not told", chat=place, reason=error.message)
        else:
            return
    await context.tools.delivery.report(f"{changed.chat.title} ({changed.chat.id})", *lines(0))


HANDLERS = [ChatMemberHandler(change, ChatMemberHandler.MY_CHAT_MEMBER)]
