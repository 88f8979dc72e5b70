"""The other photos of an album, of which only one calls the bot."""

from telegram import Message, Update
from telegram.constants import ChatType

from storage import inbox
from storage.database import Database


def is_part(update: Update) -> bool:
    """Whether a message belongs to an album, of which another part may call the bot yet."""
    message = update.message or update.channel_post
    return message is not None and message.media_group_id is not None


async def parts_of(update: Update, database: Database) -> list[Message]:
    """In groups and channels, what has come of the message's album; it was met with silence.

    With privacy mode on nothing else of it ever comes.
    """
    message = update.effective_message
    if message is None or not message.media_group_id or message.chat.type == ChatType.PRIVATE:
        return []
    found = await database.read(inbox.of_album, message.media_group_id, update.update_id)
    parts = [Update.de_json(one, message.get_bot()).effective_message for one in found]
    return [part for part in parts if part and part.chat_id == message.chat_id]
