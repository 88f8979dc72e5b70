"""A voice message or a sound: as a reply to a photo, or right after one."""

from datetime import timedelta

from telegram import Message, Update
from telegram.ext import MessageHandler, filters

from bot.calling import words_of
from bot.context import Context
from bot.drafting import AT_ONCE
from bot.handlers.photo import photo_of
from bot.place import spot_of
from bot.speech import answer, language_of
from core.words import say
from jobs.ports import now
from storage import drafts
from storage.drafts import Content, Draft, Received

_RIGHT_AFTER = timedelta(minutes=15)


async def receive(update: Update, context: Context) -> None:
    """Put the sound to the photo that it answers, to the open draft, or to the last photo."""
    message, spot = update.effective_message, spot_of(update)
    if message is None or spot is None:
        return
    audio = _sound_of(message)
    if audio is None:
        await answer(
            update, say("I cannot use this file. Send a photo, a voice message or some words.")
        )
        return
    replied = photo_of(message.reply_to_message) if message.reply_to_message else None
    recent = await context.tools.workshop.database.read(drafts.latest, spot, now() - _RIGHT_AFTER)
    user = update.effective_user

    def change(draft: Draft | None) -> tuple[Content, str | None]:
        photos: tuple[Received, ...] = ()
        words = words_of(message)
        if replied:
            photos = (replied,)
        elif draft and draft.content.photos:
            photos, words = draft.content.photos, words or draft.content.words
        elif recent and recent.content.photos:
            photos = recent.content.photos[:1]
        content = Content(
            photos=photos,
            audio=audio,
            words=words,
            reply_to=message.message_id,
            user=user.id if user else None,
            language=language_of(update),
        )
        return content, None

    await context.tools.drafting.receive(spot, change, quiet=AT_ONCE)


def _sound_of(message: Message) -> Received | None:
    sound = message.voice or message.audio or message.document
    if sound is None:
        return None
    if sound is message.document:
        kind = sound.mime_type or ""
        if not kind.startswith(("audio/", "application/ogg")):
            return None
    return Received(message=message.message_id, file_id=sound.file_id, size=sound.file_size or 0)


HANDLERS = [
    MessageHandler(
        (filters.VOICE | filters.AUDIO | filters.Document.ALL) & filters.UpdateType.MESSAGE,
        receive,
    )
]
