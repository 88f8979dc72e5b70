"""Answering in a handler: in the reader's language, under their message, in its topic."""

from contextvars import ContextVar

import structlog
from telegram import InlineKeyboardMarkup, Message, ReplyParameters, Update
from telegram import error as telegram

from bot.belonging import is_theirs
from bot.calling import words_of
from bot.context import Context
from bot.flags import read_caption
from bot.outlets import say_in_private
from bot.place import sender_of, spot_of, topic_of, written
from bot.refusals import NOT_HERE, refusal_of
from bot.translations import guess, pick, plain, translate
from bot.wire import is_unchanged
from core.task import Place, Task, TaskId
from core.words import Sentence
from storage import drafts, tasks
from storage.drafts import Draft

log = structlog.get_logger()

_TOAST = 200  # characters: Telegram takes no more

# The language that the person chose whose update is being handled, where not Telegram's.
spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def language_of(update: Update) -> str:
    """As they chose, else as Telegram says; of a chat that writes it says nothing.

    There the words tell, be it a channel's or an anonymous admin's, or the chat's title.
    """
    user, message = update.effective_user, written(update)
    if chosen := spoken.get():
        return chosen
    if message and (message.sender_chat or user is None):
        speaker = message.sender_chat or message.chat
        words = read_caption(words_of(message) or "").words  # options are the same in all
        return guess(words or speaker.title or "")
    return pick(user.language_code if user else None)


async def answer(
    update: Update, *sentences: Sentence, keyboard: InlineKeyboardMarkup | None = None
) -> Message | None:
    """Reply to what the person wrote."""
    language = language_of(update)
    text = "\n".join(translate(sentence, language) for sentence in sentences)
    return await reply(update, text, keyboard)


async def reply(
    update: Update, text: str, keyboard: InlineKeyboardMarkup | None = None
) -> Message | None:
    """Reply with a text that is in the reader's language already; in private where need be."""
    message = update.effective_message
    if message is None:
        return None
    try:
        return await message.reply_text(
            text,
            reply_markup=keyboard,
            reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
            message_thread_id=topic_of(message),
        )
    except (telegram.BadRequest, telegram.Forbidden) as error:
        home = place_of(update)
        if home is None or home.chat > 0 or refusal_of(error) not in NOT_HERE:
            raise
        # Without buttons: they would be about another chat.
        return await say_in_private(message.get_bot(), home, text)


async def toast(update: Update, sentence: Sentence | None = None) -> None:
    """Answer a press: the button stops spinning, and a short text appears."""
    query = update.callback_query
    if query:
        text = plain(translate(sentence, language_of(update))) if sentence else None
        try:
            await query.answer(text and shorten(text, _TOAST))
        except telegram.TelegramError:
            # Answered too late, or not at all: the press itself counts all the same.
            return


async def redraw(update: Update, text: str, keyboard: InlineKeyboardMarkup | None) -> None:
    """Change the message that was pressed, which may look like that already, or be gone.

    Of a picture the words under it are changed.
    """
    query = update.callback_query
    if query is None:
        return
    is_picture = isinstance(query.message, Message) and bool(query.message.photo)
    edit = query.edit_message_caption if is_picture else query.edit_message_text
    try:
        await edit(text, reply_markup=keyboard)
    except telegram.BadRequest as error:
        if not is_unchanged(error):
            log.info("message not changed", reason=error.message)


def shorten(text: str, limit: int) -> str:
    """A text of at most so many characters; what was cut is marked."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def place_of(update: Update) -> Place | None:
    """Where an answer to this update belongs."""
    spot = spot_of(update)
    message = update.effective_message
    if spot is None or message is None:
        return None
    return Place(
        chat=spot.chat,
        topic=spot.topic,
        reply_to=message.message_id,
        user=spot.sender,
        language=language_of(update),
    )


async def own_task(update: Update, context: Context, number: str | None) -> Task | None:
    """A task by its number, if this person may see it; a foreign one reads like an unknown one.

    Raises ForeignError for a press on a button that is shown to others, too.
    """
    if number is None or not number.isdigit() or len(number) > 18:  # noqa: PLR2004  # 64 bits
        return None
    task = await context.tools.workshop.database.read(tasks.get, TaskId(int(number)))
    sender = sender_of(update)
    if task is None or sender is None:
        return None
    if sender == task.account or context.tools.policy.is_owner(sender):
        return task
    owner = task.place.user or task.account
    return task if await is_theirs(update, context, owner=owner, chat=task.place.chat) else None


async def own_draft(update: Update, context: Context, number: str) -> Draft | None:
    """A draft by its number, if this person may decide about it and pressed where it is asked."""
    draft = await context.tools.workshop.database.read(drafts.get, int(number))
    chat = update.effective_chat
    if draft is None or chat is None or chat.id != draft.chat:
        return None
    theirs = await is_theirs(update, context, owner=draft.sender, chat=draft.chat)
    return draft if theirs else None
