"""/video: the command that asks for a video where plain words would not be meant for the bot."""

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import MessageHandler, filters

from bot.calling import words_of
from bot.commands import command
from bot.context import Context
from bot.handlers import words
from bot.handlers.photo import photo_of
from bot.place import spot_of
from bot.speech import answer
from core.words import say
from storage import drafts
from storage.content import Content


async def ask(update: Update, context: Context) -> None:
    """Take the words for the photo that is answered or was asked about; else say how it goes."""
    message, spot = update.effective_message, spot_of(update)
    if message is None or spot is None:
        return
    database, replied, said = (
        context.tools.workshop.database,
        message.reply_to_message,
        words_of(message),
    )
    newest = await database.read(drafts.latest, spot, message.date)
    draft = await database.read(drafts.open_draft, spot)
    if (
        (newest and newest.content.reply_to == message.message_id)  # it came before a crash
        or (draft and draft.content.photos)
        or (replied and photo_of(replied))
        or (said and message.chat.type == ChatType.PRIVATE)
        or context.tools.ordering.is_enough(Content(words=said))
    ):
        await words.receive(update, context)
    else:
        await explain(update, context)


async def explain(update: Update, _: Context) -> None:
    await answer(
        update,
        say(
            "Put <code>/video</code> and a few words under a photo, or answer a photo with them: "
            "<code>/video slow push in</code>"
        ),
    )


HANDLERS = [
    command("video", ask),
    # A caption under something that is no photo.
    MessageHandler(
        filters.CaptionRegex(r"(?i)^/video(?!\w)") & filters.UpdateType.MESSAGE, explain
    ),
]
