"""Edited words: they count as long as nothing was ordered; afterwards they change nothing."""

from dataclasses import replace

from telegram import Message, Update
from telegram.ext import MessageHandler, filters

from bot.context import Context
from bot.drafting import AT_ONCE, QUIET
from bot.ordering import origin_of
from bot.place import spot_of
from bot.speech import answer
from core.words import say
from storage import drafts, tasks
from storage.content import Content
from storage.drafts import Draft, Stage


async def receive(update: Update, context: Context) -> None:
    """Give the draft of an edited message its new words; say once where that comes too late."""
    message, spot = update.effective_message, spot_of(update)
    if message is None or spot is None:
        return
    tools, words = context.tools, _words_of(message)
    database = tools.workshop.database
    draft = await database.read(drafts.from_message, spot, message.message_id)
    # Telegram also reports edits that change no words, such as a link's preview.
    if draft is None or draft.content.words == words:
        return
    closed = draft.stage is Stage.CLOSED
    if draft.is_being_placed or (
        closed and await database.read(tasks.by_origin, origin_of(draft)) is not None
    ):
        if await database.write(drafts.note_hint, draft):
            await answer(
                update,
                say(
                    "The video is on its way already, so an edit changes nothing. For another "
                    "one, answer your photo with the new words."
                ),
            )
        return
    if closed and await database.read(drafts.open_draft, spot) is not None:
        return  # something newer is being put together

    def change(_: Draft | None) -> tuple[Content, str | None]:
        # What was refused for its words is tried again with the new ones.
        return replace(draft.content, words=words, answers={}, hinted=False), draft.album

    is_arriving = draft.stage in (Stage.COLLECTING, Stage.WORKING) and draft.album
    card = draft.question if draft.stage is Stage.ASKING else None
    quiet = QUIET if is_arriving else AT_ONCE
    await tools.drafting.receive(spot, change, quiet=quiet, card=card)


def _words_of(message: Message) -> str | None:
    return message.text if message.text is not None else message.caption


HANDLERS = [
    MessageHandler(
        (filters.TEXT | filters.CAPTION)
        & ~filters.COMMAND
        & filters.UpdateType.EDITED_MESSAGE
        & filters.ChatType.PRIVATE,
        receive,
    )
]
