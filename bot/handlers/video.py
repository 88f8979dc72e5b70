"""/video: the call for a video where plain words would not be meant for the bot."""

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import MessageHandler, filters

from bot.calling import words_of
from bot.commands import command
from bot.context import Context
from bot.handlers import words
from bot.handlers.photo import photo_of
from bot.place import sender_of, spot_of
from bot.speech import answer
from core.errors import AccessError
from core.words import say
from storage import drafts
from storage.content import Content
from storage.drafts import Spot


async def ask(update: Update, context: Context) -> None:
    """Take the words for the photo that is answered or was asked about; else say how it goes."""
    message, spot = update.effective_message, spot_of(update)
    if message is None or spot is None:
        return
    said = words_of(message)
    if (
        (message.reply_to_message and photo_of(message.reply_to_message))
        or (said and message.chat.type == ChatType.PRIVATE)
        or context.tools.ordering.is_enough(Content(words=said))
        or await _goes_on(context, message, spot)
    ):
        await words.receive(update, context)
    else:
        await explain(update, context)


async def _goes_on(context: Context, message: Message, spot: Spot) -> bool:
    """Whether the words are for a photo that the same person has sent; posts are nobody's."""
    if message.chat.type == ChatType.CHANNEL:
        return False
    database = context.tools.workshop.database
    newest = await database.read(drafts.latest, spot, message.date)
    if newest and newest.content.reply_to == message.message_id:
        return True  # it came before a crash
    draft = await database.read(drafts.open_draft, spot)
    return draft is not None and bool(draft.content.photos)


async def explain(update: Update, context: Context) -> None:
    """Say how it goes; a channel that may not order hears nothing, nor one that was told before."""
    chat, sender = update.effective_chat, sender_of(update)
    if chat and sender and chat.type == ChatType.CHANNEL:
        if update.edited_channel_post:
            return
        try:
            await context.tools.ordering.check_access(sender, chat.id)
        except AccessError:
            return
    await answer(
        update,
        say(
            "Put <code>/video</code> and a few words under a photo, or answer a photo with them: "
            "<code>/video slow push in</code>"
        ),
    )


HANDLERS = [
    command("video", ask),
    MessageHandler(filters.TEXT & filters.UpdateType.CHANNEL_POST, ask),
    # A caption under something that is no photo.
    MessageHandler(
        filters.CaptionRegex(r"(?i)^/video(?!\w)")
        & (filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST),
        explain,
    ),
]
