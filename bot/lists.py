"""Long lists: pages with buttons, edited in place."""

from collections.abc import Sequence

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram import error as telegram

from bot.speech import answer, language_of
from bot.translations import translate
from core.words import Sentence, say

log = structlog.get_logger()

Row = Sequence[InlineKeyboardButton]


def button(update: Update, label: Sentence, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(translate(label, language_of(update)), callback_data=data)


def pages_of(total: int, size: int) -> int:
    return max(1, -(-total // size))


def turning(page: int, pages: int, kind: str, what: object = "") -> list[Row]:
    """Buttons to the pages before and behind, with data like "users:2:anna"."""
    row = []
    if page > 1:
        row.append(InlineKeyboardButton("‹", callback_data=f"{kind}:{page - 1}:{what}"))
    if page < pages:
        row.append(InlineKeyboardButton("›", callback_data=f"{kind}:{page + 1}:{what}"))
    return [row] if row else []


def page_line(page: int, pages: int) -> list[Sentence]:
    return [say("Page {page} of {pages}", page=page, pages=pages)] if pages > 1 else []


async def show(update: Update, sentences: Sequence[Sentence], rows: Sequence[Row] = ()) -> None:
    """Answer a command with a new message, a press by changing the message it was made on."""
    keyboard = InlineKeyboardMarkup(rows) if rows else None
    query = update.callback_query
    if query is None:
        await answer(update, *sentences, keyboard=keyboard)
        return
    language = language_of(update)
    text = "\n".join(translate(sentence, language) for sentence in sentences)
    try:
        await query.edit_message_text(text, reply_markup=keyboard)
    except telegram.BadRequest as error:
        # Unchanged, or deleted meanwhile: the press itself was answered already.
        log.info("page not changed", reason=error.message)


def cut(text: str, limit: int) -> str:
    """Text that somebody wrote, no longer than fits into a list."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
