"""Putting questions to a person: a message with buttons, or the one that stands there edited."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import stamina
import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Message
from telegram import error as telegram

from bot.outlets import say_in_private
from bot.place import answered, reply_options
from bot.questions import Question
from bot.refusals import NOT_HERE, refusal_of
from bot.translations import translate
from bot.wire import is_unchanged, was_not_taken
from core.credits import day_of
from core.task import Place
from core.words import Sentence, say
from jobs.workshop import Workshop
from storage import accounts, drafts, told
from storage.drafts import Draft

log = structlog.get_logger()

_AGAIN = timedelta(seconds=2)
_PATIENCE = 3600.0  # seconds that an answer waits for Telegram
_ASK_HERE = say("I have a question before I can make it. Send me the photo here, with your words.")


class Asking:
    """The bot's side of a draft; `wake` is called once a question has to be tried again."""

    def __init__(self, bot: Bot, workshop: Workshop, wake: Callable[[], None]) -> None:
        self._bot = bot
        self._workshop = workshop
        self._wake = wake

    async def tell(self, draft: Draft, sentences: Sequence[Sentence]) -> None:
        """Say something under a draft, in private where its chat takes nothing, or not at all."""
        text = _text(draft, sentences)
        try:
            await self._send_text(draft, text)
        except telegram.TelegramError as error:
            log.warning("unheard", draft=draft.id, reason=error.message)
            if refusal_of(error) in NOT_HERE:
                await say_in_private(self._bot, _home(draft), text)

    async def report(self, draft: Draft, sentences: Sequence[Sentence]) -> None:
        """Tell the owners why a channel got no video, each reason once a day.

        Its readers hear nothing.
        """
        workshop, now = self._workshop, self._workshop.now()
        account = await workshop.database.read(accounts.get, draft.chat)
        reason = " ".join(map(_reason, sentences))
        if await workshop.database.write(told.note_refusal, draft.chat, day_of(now), reason, now):
            title = account.name if account else ""
            head = say(
                "Channel {title} ({chat}): a post got no video.", title=title, chat=draft.chat
            )
            await workshop.front.report(head, *sentences)

    @stamina.retry(
        on=was_not_taken, attempts=None, timeout=_PATIENCE, wait_initial=0.5, wait_max=30.0
    )
    async def _send_text(self, draft: Draft, text: str) -> None:
        await self._bot.send_message(text=text, **_under(draft))

    async def ask(
        self, draft: Draft, question: Question, *, card: int | None = None
    ) -> int | None:
        """Ask what only the person can decide, in the message `card` where that can be edited.

        Gives the message that asks; None where it could not be asked, or not yet.
        """
        database = self._workshop.database
        # The answer may come before the number of the question does.
        await database.write(drafts.ask, draft, drafts.UNTOLD)
        shown = None
        try:
            shown = card if card and await self._edit(draft, question, card) else None
            if shown is None:
                shown = (await self._send(draft, question)).message_id
            await database.write(drafts.ask, draft, shown)
        except (telegram.BadRequest, telegram.Forbidden) as error:
            log.warning("question refused", draft=draft.id, reason=error.message)
            await database.write(drafts.close, draft)
            if refusal_of(error) in NOT_HERE:
                text = _text(draft, [_ASK_HERE])
                await say_in_private(self._bot, _home(draft), text)
        except (telegram.NetworkError, telegram.RetryAfter) as error:
            log.warning("question later", draft=draft.id, reason=error.message)
            later = self._workshop.now() + _AGAIN
            await database.write(drafts.postpone, draft, later)
            self._wake()
        finally:
            if question.picture:
                self._workshop.folder.remove([question.picture.name])
        return shown

    async def _send(self, draft: Draft, question: Question) -> Message:
        text, keyboard = _text(draft, question.texts), _keyboard(draft, question)
        if question.picture is None:
            return await self._bot.send_message(text=text, reply_markup=keyboard, **_under(draft))
        picture = question.picture.read_bytes()
        return await self._bot.send_photo(
            photo=picture, caption=text, reply_markup=keyboard, **_under(draft)
        )

    async def _edit(self, draft: Draft, question: Question, card: int) -> bool:
        """Change the message that stands there; False where it is gone or of another kind."""
        text, keyboard = _text(draft, question.texts), _keyboard(draft, question)
        where: dict[str, Any] = {
            "chat_id": draft.chat,
            "message_id": card,
            "reply_markup": keyboard,
        }
        try:
            if question.picture:
                media = InputMediaPhoto(question.picture.read_bytes(), caption=text)
                await self._bot.edit_message_media(media, **where)
            else:
                await self._bot.edit_message_text(text, **where)
        except telegram.BadRequest as error:
            return is_unchanged(error)
        return True


def _keyboard(draft: Draft, question: Question) -> InlineKeyboardMarkup | None:
    about, language = f"{draft.id}:{draft.content.anchor}", draft.content.language
    rows = [
        [
            InlineKeyboardButton(
                translate(answer.label, language),
                callback_data=f"choose:{about}:{question.kind}:{answer.value}"
                if answer.verb == "choose"
                else f"{answer.verb}:{about}:{answer.value}",
            )
            for answer in row
        ]
        for row in question.rows
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def _reason(sentence: Sentence) -> str:
    """What a sentence says whatever its amounts: the same for every video it is said of."""
    parts = [_reason(one) for one in sentence.values.values() if isinstance(one, Sentence)]
    return " ".join([sentence.template, *parts])


def _text(draft: Draft, sentences: Sequence[Sentence]) -> str:
    return "\n".join(translate(sentence, draft.content.language) for sentence in sentences)


def _home(draft: Draft) -> Place:
    return Place(
        chat=draft.chat,
        topic=draft.topic,
        reply_to=answered(draft),
        user=draft.sender,
        language=draft.content.language,
    )


def _under(draft: Draft) -> dict[str, Any]:
    return reply_options(_home(draft))
