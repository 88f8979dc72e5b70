"""Anything that no video can be made from: one plain sentence says what can be sent."""

from telegram import Message, Update
from telegram.ext import MessageHandler, filters

from bot.context import Context
from bot.speech import answer
from core.words import Sentence, say

_MOVING_STICKER = say(
    "This sticker moves; I can only use stickers that do not. A photo works best."
)
_VIDEO = say(
    "I make videos from photos, not from videos. Send me a photo: a screenshot of yours will do."
)
_UNUSABLE = say(
    "I cannot use this. Send me a photo, also as a file, a voice message or another sound, or a "
    "few words."
)


async def refuse(update: Update, context: Context) -> None:
    """Answer once, also to an album of things that cannot be used."""
    message = update.effective_message
    if message is None:
        return
    album = message.media_group_id
    if album and context.chat_data is not None:
        # Forgotten at a restart: then it is said once more.
        if context.chat_data.get("refused") == album:
            return
        context.chat_data["refused"] = album
    await answer(update, _why_not(message))


def _why_not(message: Message) -> Sentence:
    if message.sticker:
        return _MOVING_STICKER
    kind = (message.document.mime_type if message.document else None) or ""
    is_video = message.video or message.animation or message.video_note
    return _VIDEO if is_video or kind.startswith("video/") else _UNUSABLE


HANDLERS = [
    MessageHandler(
        filters.ATTACHMENT & filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE, refuse
    )
]
