"""Whom a message is meant for: in groups and channels the bot meets all else with silence."""

from telegram import Message, Update
from telegram.constants import ChatType

from bot.calling import answers, calls, command_of, mentions
from bot.handlers.photo import photo_of
from bot.place import spot_of, written
from bot.quotation import asked_in
from storage import drafts
from storage.database import Database


async def is_meant(update: Update, database: Database) -> bool:
    """Whether an update may reach the handlers at all."""
    message = update.effective_message
    if message is None or update.callback_query or message.chat.type == ChatType.PRIVATE:
        return True
    if message is not written(update):
        return False
    if message.migrate_to_chat_id or message.migrate_from_chat_id:
        return True
    if message.forward_origin:
        # What was asked for elsewhere: also a linked channel's post, copied by Telegram.
        return False
    if message.edit_date:
        return _orders(message) or await _was_taken(update, message, database)
    return _is_addressed(message) or await _goes_on(update, message, database)


def _is_addressed(message: Message) -> bool:
    if message.chat.type == ChatType.CHANNEL:
        return _orders(message)
    if message.text and command_of(message):
        return True
    return _orders(message) or asked_in(message) is not None


def _orders(message: Message) -> bool:
    """Whether a message asks for a video; a channel's readers may use the tag for other things."""
    if message.chat.type == ChatType.CHANNEL:
        return command_of(message) == "video" or (calls(message) and _shows_photo(message))
    return calls(message) or (mentions(message) and _shows_photo(message))


def _shows_photo(message: Message) -> bool:
    return any(one and photo_of(one) for one in (message, message.reply_to_message))


async def _goes_on(update: Update, message: Message, database: Database) -> bool:
    """Whether a message adds to what its sender has begun: an album, or an answer."""
    spot, replied = spot_of(update), message.reply_to_message
    if spot is None or not (answers(message) or message.media_group_id):
        return False
    draft = await database.read(drafts.open_draft, spot)
    if draft is None:
        return False
    if replied and answers(message) and replied.message_id == draft.question:
        return True
    return message.media_group_id is not None and message.media_group_id == draft.album


async def _was_taken(update: Update, message: Message, database: Database) -> bool:
    """Whether an edited answer to the bot was taken as one."""
    spot = spot_of(update)
    if spot is None or not answers(message):
        return False
    return (
        asked_in(message) is not None
        or await database.read(drafts.from_message, spot, message.message_id) is not None
    )
