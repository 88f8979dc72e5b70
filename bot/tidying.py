"""Questions that were answered, or are none any more: their buttons go, as soon as there is time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from telegram import Message, MessageEntity, Update
from telegram import error as telegram
from telegram.ext import ExtBot

from bot.outbound import Urgency
from storage.drafts import Draft, Stage

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question with the button that was pressed; a `caption` is below a picture."""

    chat: int
    message: int
    text: str | None = None
    caption: str | None = None
    entities: Sequence[MessageEntity] = ()
    chosen: str = ""


def answered_by(update: Update) -> Answered | None:
    """The question that a press answers."""
    query = update.callback_query
    message = query.message if query else None
    if query is None or message is None:
        return None
    if not isinstance(message, Message):  # too old for Telegram to say what stands there
        return Answered(chat=message.chat.id, message=message.message_id)
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    labels = (one.text for row in rows for one in row if one.callback_data == query.data)
    return Answered(
        chat=message.chat_id,
        message=message.message_id,
        text=message.text,
        caption=message.caption,
        entities=message.entities or message.caption_entities,
        chosen=next(labels, ""),
    )


class Tidying:
    """Edits that nobody waits for; where Telegram is busy they may be left out."""

    def __init__(self, bot: ExtBot[Any]) -> None:
        self._bot = bot
        self._work: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        for work in list(self._work):
            work.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    def settle(self, draft: Draft, pressed: Answered | None, shown: int | None = None) -> None:
        """Tidy up after an answer: the question pressed on, and the open one, unless still `shown`."""
        if pressed and pressed.message != shown:
            self.seal(pressed)
        asked = draft.question
        if asked and asked not in (shown, pressed and pressed.message):
            self.strip(draft.chat, asked)

    def heal(self, draft: Draft, pressed: Answered | None, anchor: int) -> None:
        """Tidy up a question that somebody pressed on although its time is over."""
        is_over = draft.stage is Stage.CLOSED or draft.content.anchor != anchor
        if pressed and is_over:
            self.strip(pressed.chat, pressed.message)

    def seal(self, question: Answered | None) -> None:
        """Let a question say what was chosen, in the place of its buttons."""
        if question is None:
            return
        where: dict[str, Any] = {"chat_id": question.chat, "message_id": question.message}
        said = f"{question.text or question.caption}\n✓ {question.chosen}"
        more: dict[str, Any] = {"parse_mode": None, "rate_limit_args": Urgency.PROGRESS}
        if question.chosen and question.text:
            more |= {"text": said, "entities": question.entities}
            self._begin(partial(self._bot.edit_message_text, **where, **more))
        elif question.chosen and question.caption:
            more |= {"caption": said, "caption_entities": question.entities}
            self._begin(partial(self._bot.edit_message_caption, **where, **more))
        else:
            self.strip(question.chat, question.message)

    def strip(self, chat: int, message: int) -> None:
        """Take the buttons off a question that is none any more."""
        where = {"chat_id": chat, "message_id": message}
        edit = partial(self._bot.edit_message_reply_markup, rate_limit_args=Urgency.PROGRESS)
        self._begin(partial(edit, **where))

    def _begin(self, edit: Callable[[], Awaitable[object]]) -> None:
        work = asyncio.create_task(_try(edit))
        self._work.add(work)
        work.add_done_callback(self._work.discard)


async def _try(edit: Callable[[], Awaitable[object]]) -> None:
    try:
        await edit()
    except telegram.TelegramError as error:
        log.info("question not tidied", reason=error.message)
