"""Answers that are a drawn picture with words under it."""

from collections.abc import Sequence
from typing import Any

from telegram import InlineKeyboardMarkup, Message, ReplyParameters, Update

from bot.context import Context
from bot.place import topic_of
from bot.receipts import length
from bot.speech import answer, language_of, redraw
from bot.translations import translate
from core.words import Sentence

_CAPTION = 1024


async def send_picture(
    update: Update,
    context: Context,
    job: str,
    arguments: dict[str, Any],
    lines: Sequence[Sentence],
    keyboard: InlineKeyboardMarkup | None = None,
) -> Message | None:
    """Have a media job draw to its `target`, and reply with the picture; raises what it raises."""
    message = update.effective_message
    if message is None:
        return None
    workshop, language = context.tools.workshop, language_of(update)
    text = _text(lines, language)
    fits = length(text) <= _CAPTION
    with workshop.folder.attempt(".png") as target:
        await workshop.runner.run(job, {**arguments, "target": str(target)}, limit=60)
        sent = await message.reply_photo(
            target,
            caption=text if fits else None,
            reply_markup=keyboard if fits else None,
            reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
            message_thread_id=topic_of(message),
        )
        target.unlink()
    return sent if fits else await answer(update, *lines, keyboard=keyboard)


async def change_words(
    update: Update, lines: Sequence[Sentence], keyboard: InlineKeyboardMarkup | None
) -> None:
    """Change the words of the message that was pressed; under a picture as many lines as fit."""
    query, language, kept = update.callback_query, language_of(update), list(lines)
    message = query.message if query else None
    if isinstance(message, Message) and message.photo:
        while length(_text(kept, language)) > _CAPTION:
            kept.pop()
    await redraw(update, _text(kept, language), keyboard)


def _text(lines: Sequence[Sentence], language: str) -> str:
    return "\n".join(translate(line, language) for line in lines)
