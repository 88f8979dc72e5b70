"""A voice message or a sound: as a reply to a photo or a video made here, or right after one."""

from dataclasses import replace
from datetime import timedelta

from telegram import Message, Update
from telegram.ext import MessageHandler, filters

from bot.answered import answered_video, answers_our_video
from bot.calling import words_of
from bot.context import Context
from bot.drafting import AT_ONCE
from bot.handlers.photo import answered_photo
from bot.place import spot_of
from bot.speech import answer, language_of
from core.words import say
from jobs.ports import now
from storage import drafts
from storage.content import Content, Received
from storage.drafts import Draft

_RIGHT_AFTER = timedelta(minutes=15)


async def receive(update: Update, context: Context) -> None:
    """Put the sound to the photo that it answers, to the open draft, or to the last photo."""
    message, spot = update.effective_message, spot_of(update)
    if message is None or spot is None:
        return
    audio, database = sound_of(message), context.tools.workshop.database
    if audio is None:
        return
    answered, video = answered_photo(message), None
    if answers_our_video(message):
        video = await answered_video(update, context, message)
        if video is None:
            await answer(update, say("I do not know this video. Answer one of your own."))
            return
    recent = await database.read(drafts.latest, spot, now() - _RIGHT_AFTER)
    user = update.effective_user

    def change(draft: Draft | None) -> tuple[Content, str | None]:
        before = Content()
        if video:
            before = Content(task=video.id)
        elif answered:
            before = Content(photos=(answered,))
        elif draft and draft.content.photos:
            before = draft.content
        elif recent and recent.content.frames and not recent.content.blank:
            before = Content(photos=recent.content.frames[:1])
        content = replace(
            before,
            audio=audio,
            words=words_of(message) or before.words,
            reply_to=message.message_id,
            user=user.id if user else None,
            language=language_of(update),
            answers={},
            late=False,
        )
        return content, None

    await context.tools.drafting.receive(spot, change, quiet=AT_ONCE)


def sound_of(message: Message) -> Received | None:
    """A voice message, a sound, or a sound sent as a file."""
    sound = message.voice or message.audio or message.document
    if sound is None:
        return None
    if sound is message.document:
        kind = sound.mime_type or ""
        if not kind.startswith(("audio/", "application/ogg")):
            return None
    return Received(message=message.message_id, file_id=sound.file_id, size=sound.file_size or 0)


class _Sound(filters.MessageFilter):
    """A message that `sound_of` takes; any other is for the next feature."""

    def filter(self, message: Message) -> bool:
        return sound_of(message) is not None


HANDLERS = [MessageHandler(_Sound() & filters.UpdateType.MESSAGE, receive)]
