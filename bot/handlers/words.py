"""Words: what should happen to the photo that came before, is answered, or comes next."""

from dataclasses import replace

from telegram import Update
from telegram.constants import ChatType
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
    answered, is_post = answered_photo(message), message.chat.type == ChatType.CHANNEL
    user = update.effective_user

    def change(draft: Draft | None) -> tuple[Content, str | None]:
        # Posts of a channel are nobody's one after the other.
        before = draft.content if draft and not is_post else Content()
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
            silent=is_post,
        )
        return content, draft.album if draft and not answered else None

    await context.tools.drafting.receive(spot, change, quiet=AT_ONCE)


HANDLERS = [
    MessageHandler(
        filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE,
        receive,
    )
]
