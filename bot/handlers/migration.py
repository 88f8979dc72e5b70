"""A group became a supergroup: Telegram says in both that everything goes on under a new number."""

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.context import Context
from jobs.ports import now
from storage import chats, wishes


async def follow(update: Update, context: Context) -> None:
    message = update.effective_message
    if message is None:
        return
    old = message.migrate_from_chat_id or message.chat_id
    new = message.migrate_to_chat_id or message.chat_id
    database = context.tools.workshop.database
    await database.write(chats.migrate, old, new)
    await context.tools.reports.follow(old, new)
    if await database.write(wishes.hurry, new, now()):
        context.tools.dispatcher.wake()


HANDLERS = [MessageHandler(filters.StatusUpdate.MIGRATE, follow)]
