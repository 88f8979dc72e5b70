"""Someone blocked the bot, or came back: undelivered videos wait and then go out."""

from telegram import ChatMember, Update
from telegram.ext import ChatMemberHandler

from bot.context import Context
from jobs.ports import now
from storage import accounts, wishes

_AWAY = (ChatMember.BANNED, ChatMember.LEFT)


async def change(update: Update, context: Context) -> None:
    changed = update.my_chat_member
    if changed is None:
        return
    here = changed.new_chat_member.status not in _AWAY
    database = context.tools.workshop.database
    await database.write(accounts.set_reachable, changed.chat.id, reachable=here)
    waiting = await database.write(wishes.hurry, changed.chat.id, now()) if here else 0
    if waiting:
        context.tools.dispatcher.wake()


HANDLERS = [ChatMemberHandler(change, ChatMemberHandler.MY_CHAT_MEMBER)]
