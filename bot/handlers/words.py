"""Words: what should happen to the photo that came before, is answered, or comes next."""

from dataclasses import replace

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.calling import words_of
from bot.context import Context
from bot.drafting import AT_ONCE
from bot.handlers.photo import answered_photo
from bot.place import spot_of
from bot.speech import language_of
from storage import drafts
from storage.content import Content
from storage.drafts import Draft


async def receive(update: Update, context: Context) -> None:
    """Complete the draft with these words."""
    message, spot = update.effective_message, spot_of(update)
    if message is None or spot is None:
        return
    if await context.tools.workshop.database.read(drafts.is_done, spot, message.message_id):
        return
    answered = answered_photo(message)
    user = update.effective_user

    def change(draft: Draft | None) -> tuple[Content, str | None]:
        before = draft.content if draft else Content()
        if answered and answered.message not in before.messages:
            before = Content(photos=(answered,))
        content = replace(
            before,
            words=words_of(message),
            reply_to=message.message_id,
            user=user.id if user else None,
            language=language_of(update),
            answers={},
            late=False,  # who writes what shall happen wants it
        )
        return content, draft.album if draft and not answered else None

    await context.tools.drafting.receive(spot, change, quiet=AT_ONCE)


HANDLERS = [
    MessageHandler(
        filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE,
        receive,
    )
]
