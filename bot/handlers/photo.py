"""A photo: alone, with a caption, as a file or a sticker, as an answer, or a part of an album."""

from dataclasses import replace
from datetime import timedelta

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import MessageHandler, filters

from bot.albums import parts_of
from bot.calling import answers, words_of
from bot.context import Context
from bot.drafting import AT_ONCE, QUIET
from bot.place import spot_of
from bot.speech import answer, language_of
from core.words import say
from storage import drafts, tasks
from storage.content import Content, Received, ordered
from storage.database import Database
from storage.drafts import Change, Draft, Spot, Stage

_RIGHT_BEFORE = timedelta(minutes=15)  # older words were not meant for this photo
_PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".bmp", ".tiff")

_TOO_LATE = say(
    "This photo of your album arrived after the video was started, so it is not used. Send it "
    "again for another video."
)


async def receive(update: Update, context: Context) -> None:
    """Add the photo to the person's draft; an album's parts and bursts are waited for."""
    message, spot = update.effective_message, spot_of(update)
    if message is None or spot is None:
        return
    database = context.tools.workshop.database
    parts = [message, *await parts_of(update, database)]
    photos = ordered(tuple(photo for part in parts if (photo := photo_of(part))))
    quiet = _quiet(message)
    # A part of what is done already, coming again after a crash, would look like a fresh start.
    if not photos or (quiet and await database.read(drafts.is_done, spot, message.message_id)):
        return
    change = _adding(update, message, photos)
    if taken := await _taken_before(database, spot, message):
        if taken.content.silent:
            return  # nobody can be asked in a channel
        open_draft = await database.read(drafts.open_draft, spot)
        if open_draft and open_draft.album != message.media_group_id:
            await answer(update, _TOO_LATE)
            return
        change = _coming_late(taken, photos[-1])
    await context.tools.drafting.receive(spot, change, quiet=quiet)


def photo_of(message: Message) -> Received | None:
    """The largest size of a photo, a sticker that does not move, or a picture sent as a file."""
    sticker, document = message.sticker, message.document
    if message.photo:
        file_id, size = message.photo[-1].file_id, message.photo[-1].file_size
    elif sticker and not (sticker.is_animated or sticker.is_video):
        file_id, size = sticker.file_id, sticker.file_size
    elif (
        document and not message.animation and _is_picture(document.mime_type, document.file_name)
    ):
        file_id, size = document.file_id, document.file_size
    else:
        return None
    return Received(message=message.message_id, file_id=file_id, size=size or 0)


def answered_photo(message: Message) -> Received | None:
    """The photo that a message answers; the pictures this bot shows are none."""
    answered = message.reply_to_message
    return photo_of(answered) if answered and not answers(message) else None


def _is_picture(kind: str | None, name: str | None) -> bool:
    return (kind or "").startswith("image/") or (name or "").lower().endswith(_PICTURE_SUFFIXES)


def _quiet(message: Message) -> timedelta:
    alone = message.media_group_id is None and words_of(message) is not None
    return AT_ONCE if alone else QUIET


async def _taken_before(database: Database, spot: Spot, message: Message) -> Draft | None:
    """The draft of this album that became a video before this part of it arrived."""
    if message.media_group_id is None:
        return None
    draft = await database.read(drafts.of_album, spot, message.media_group_id)
    if draft is None or draft.content.late or draft.is_being_placed:
        return draft
    if draft.stage is not Stage.CLOSED:
        return None
    return draft if await database.read(tasks.by_origin, draft.origin) else None


def _coming_late(taken: Draft, photo: Received) -> Change:
    """A draft of one more video, from the photo that was taken to the one that came late."""

    def change(_: Draft | None) -> tuple[Content, str | None]:
        before = taken.content
        photos = ordered((*before.photos, photo))
        first = before.frames[0] if before.frames else photos[0]
        content = replace(
            before,
            photos=photos,
            picks=(photos.index(first), photos.index(photo)),
            reply_to=photo.message,
            answers={},
            late=True,
            hinted=False,
        )
        return content, taken.album

    return change


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
        album, picks = message.media_group_id, None
        recent = message.date - draft.updated < _RIGHT_BEFORE
        all_photos, words = ordered((*before.photos, *photos)), before.words
        if _answers(message, draft):
            first, last = before.frames[0], photos[-1]
            picks = (all_photos.index(first), all_photos.index(last)) if first != last else None
            album = draft.album
        elif not before.photos:
            # Words or a voice came first and have been waiting for their photo.
            words = words if recent else None
        elif not _belongs(message, draft):
            # A sound that is still asked about is not used up: only its photo is another one.
            waits = recent and draft.stage is Stage.ASKING
            return replace(content, audio=before.audio if waits else None, replacing=True), album
        if content.words is not None:
            words = content.words
        added = replace(
            content,
            photos=all_photos,
            picks=picks,
            audio=before.audio,
            words=words,
            replacing=before.replacing,
        )
        return added, album

    return change


def _answers(message: Message, draft: Draft) -> bool:
    """Whether a photo answers an open draft's question or photo: it is meant as the last frame."""
    answered = message.reply_to_message
    if answered is None or not draft.content.frames or message.media_group_id:
        return False
    return answered.message_id in (draft.question, *(one.message for one in draft.content.photos))


def _belongs(message: Message, draft: Draft) -> bool:
    """Whether a photo adds to an open draft instead of starting over."""
    if message.media_group_id or draft.album:
        return message.media_group_id == draft.album
    return draft.stage is Stage.COLLECTING and bool(draft.content.photos)


class _Picture(filters.MessageFilter):
    """A message that `photo_of` takes; any other is for the next feature.

    Where others talk, too, a sticker is a remark.
    """

    def filter(self, message: Message) -> bool:
        if message.sticker and message.chat.type != ChatType.PRIVATE:
            return False
        return photo_of(message) is not None


HANDLERS = [
    MessageHandler(
        _Picture() & (filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST), receive
    )
]
