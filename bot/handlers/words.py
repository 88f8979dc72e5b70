"""Words: what should happen to the photo that came before, is answered, or comes next."""

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.calling import words_of
from bot.context import Context
from bot.drafting import AT_ONCE
from bot.handlers.photo import photo_of
from bot.place import spot_of
from bot.speech import language_of
from storage import drafts
from storage.drafts import Content, Draft, Received, Stage


async def receive(update: Update, context: Context) -> None:
    """Complete the draft with these words."""
    message, spot = update.effective_message, spot_of(update)
    if message is None or spot is None:
        return
    newest = await context.tools.workshop.database.read(drafts.latest, spot, message.date)
    if newest and newest.stage is Stage.CLOSED and newest.content.reply_to == message.message_id:
        return  # these words were taken before a crash
    replied = photo_of(message.reply_to_message) if message.reply_to_message else None
    user = update.effective_user

    def change(draft: Draft | None) -> tuple[Content, str | None]:
        photos: tuple[Received, ...] = ()
        audio = None
        if draft:
            photos, audio = draft.content.photos, draft.content.audio
        if replied and replied.message not in {photo.message for photo in photos}:
            photos, audio = (replied,), None
        content = Content(
            photos=photos,
            audio=audio,
            words=words_of(message),
            reply_to=message.message_id,
            user=user.id if user else None,
            language=language_of(update),
        )
        return content, None

    await context.tools.drafting.receive(spot, change, quiet=AT_ONCE)


HANDLERS = [
    MessageHandler(
        filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE,
        receive,
    )
]
