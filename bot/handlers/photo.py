"""A photo: alone, with a caption, as a file, or as a part of an album."""

from dataclasses import replace
from datetime import timedelta

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import MessageHandler, filters

from bot.albums import parts_of
from bot.calling import words_of
from bot.context import Context
from bot.drafting import AT_ONCE, QUIET
from bot.place import spot_of
from bot.speech import language_of
from storage.drafts import Change, Content, Draft, Received, Stage, ordered

_RIGHT_BEFORE = timedelta(minutes=15)  # older words were not meant for this photo
_PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".bmp", ".tiff")


async def receive(update: Update, context: Context) -> None:
    """Add the photo to the person's draft; an album's parts and bursts are waited for."""
    message, spot = update.effective_message, spot_of(update)
    if message is None or spot is None:
        return
    parts = [message, *await parts_of(update, context.tools.workshop.database)]
    photos = ordered(tuple(photo for part in parts if (photo := photo_of(part))))
    if photos:
        await context.tools.drafting.receive(
            spot, _adding(update, message, photos), quiet=_quiet(message)
        )


def photo_of(message: Message) -> Received | None:
    """The largest size of a photo, or a picture sent as a file."""
    if message.photo:
        largest = message.photo[-1]
        return Received(
            message=message.message_id, file_id=largest.file_id, size=largest.file_size or 0
        )
    document = message.document
    if document is None:
        return None
    kind, name = document.mime_type or "", (document.file_name or "").lower()
    if kind.startswith("image/") or name.endswith(_PICTURE_SUFFIXES):
        return Received(
            message=message.message_id, file_id=document.file_id, size=document.file_size or 0
        )
    return None


def _quiet(message: Message) -> timedelta:
    alone = message.media_group_id is None and words_of(message) is not None
    return AT_ONCE if alone else QUIET


def _adding(update: Update, message: Message, photos: tuple[Received, ...]) -> Change:
    def change(draft: Draft | None) -> tuple[Content, str | None]:
        user = update.effective_user
        content = Content(
            photos=photos,
            words=words_of(message),
            user=user.id if user else None,
            language=language_of(update),
            silent=message.chat.type == ChatType.CHANNEL,
        )
        if draft is None:
            return content, message.media_group_id
        before = draft.content
        recent = message.date - draft.updated < _RIGHT_BEFORE
        if _belongs(message, draft):
            all_photos, words = ordered((*before.photos, *photos)), before.words
        elif not before.photos:
            # Words or a voice came first and have been waiting for their photo.
            all_photos, words = photos, before.words if recent else None
        else:
            return content, message.media_group_id
        if content.words is not None:
            words = content.words
        added = replace(content, photos=all_photos, audio=before.audio, words=words)
        return added, message.media_group_id

    return change


def _belongs(message: Message, draft: Draft) -> bool:
    """Whether a photo adds to an open draft instead of starting over."""
    if message.media_group_id or draft.album:
        return message.media_group_id == draft.album
    replied = message.reply_to_message
    if replied and replied.message_id in (
        draft.question,
        *(photo.message for photo in draft.content.photos),
    ):
        return True
    return draft.stage is Stage.COLLECTING and bool(draft.content.photos)


class _PictureFile(filters.MessageFilter):
    """A document that `photo_of` takes; any other is for the next feature."""

    def filter(self, message: Message) -> bool:
        return photo_of(message) is not None


HANDLERS = [
    MessageHandler(
        (filters.PHOTO | _PictureFile())
        & (filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST),
        receive,
    )
]
