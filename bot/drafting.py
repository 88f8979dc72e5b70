"""Drafts: collect what a person sends, ask for what is missing, and order when it is complete."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram import error as telegram

from bot.ordering import MAX_PHOTOS, Ordering
from bot.place import answered, reply_options
from bot.presets import PRESETS
from bot.questions import Question, ask_for_photo
from bot.translations import translate
from core.credits import day_of
from core.errors import MediaCrashError, StorageError, UserError
from core.task import Place
from core.words import Sentence, say
from jobs.patience import patiently
from jobs.workshop import Workshop
from storage import accounts, drafts, told
from storage.drafts import Change, Draft, Spot

log = structlog.get_logger()

# An album arrives as separate messages without an end mark; its parts follow within a second.
QUIET = timedelta(seconds=1.5)
AT_ONCE = timedelta(0)
_ASK_AGAIN = timedelta(seconds=2)


class Drafting:
    """Drafts live in storage and survive a restart; a clock here sees when one is quiet."""

    def __init__(self, bot: Bot, workshop: Workshop, ordering: Ordering) -> None:
        self._bot = bot
        self._workshop = workshop
        self._ordering = ordering
        self._wake = asyncio.Event()
        self._work: set[asyncio.Task[None]] = set()

    async def receive(self, spot: Spot, change: Change, *, quiet: timedelta) -> None:
        """Add something to a person's draft, and work on it once nothing came for `quiet`."""
        now = self._workshop.now()
        draft = await self._workshop.database.write(
            drafts.update, spot, change, due=now + quiet if quiet else None, now=now
        )
        if quiet:
            self._wake.set()
        else:
            await self.complete(draft)

    async def serve(self) -> None:
        """Work on drafts once they have been quiet, each on its own, until cancelled."""
        database = self._workshop.database
        await patiently(database.write)(drafts.resume, self._workshop.now())
        try:
            while True:
                await self._serve_due()
        finally:
            for work in list(self._work):
                work.cancel()
            await asyncio.gather(*self._work, return_exceptions=True)

    @patiently
    async def _serve_due(self) -> None:
        database = self._workshop.database
        self._wake.clear()
        for draft in await database.write(drafts.take_due, self._workshop.now()):
            work = asyncio.create_task(self._work_on(draft), name=f"draft {draft.id}")
            self._work.add(work)
            work.add_done_callback(self._ended)
        following = await database.read(drafts.next_due)
        pause = None
        if following:
            pause = max(0.0, (following - self._workshop.now()).total_seconds())
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._wake.wait()

    async def _work_on(self, draft: Draft) -> None:
        """Complete a draft; where the database fails meanwhile, it gets another turn."""
        try:
            await self.complete(draft)
        except StorageError as error:
            log.warning("draft not saved", draft=draft.id, reason=str(error))
            later = self._workshop.now() + _ASK_AGAIN
            await patiently(self._workshop.database.write)(drafts.postpone, draft, later)
            self._wake.set()

    def _ended(self, work: "asyncio.Task[None]") -> None:
        self._work.discard(work)
        if not work.cancelled() and (error := work.exception()):
            # The draft stays as it is, and is tried again at the next start.
            log.error("draft not worked on", exc_info=error)

    async def complete(self, draft: Draft) -> None:
        """Turn a draft into a task, or say what is missing or wrong."""
        content = draft.content
        try:
            if not content.photos and not self._ordering.is_enough(content):
                await self._ask_for(draft, ask_for_photo(self._ordering.may_go_without(content)))
            elif content.photos and content.words is None and content.audio is None:
                await self._ordering.check_access(draft.sender, draft.chat)
                await self._ordering.check_photos(draft)
                await self._ask_for_words(draft)
            else:
                notes = await self._ordering.order(draft)
                await self._close(draft, [] if content.silent else notes)
        except Question as question:
            if content.silent:
                await self._close(draft, [question.text])
            else:
                await self._ask_for(draft, question)
        except UserError as error:
            await self._close(draft, [error.sentence])
        except (telegram.TelegramError, MediaCrashError) as error:
            log.warning("draft failed", draft=draft.id, reason=str(error))
            sentence = say("Fetching your files failed, nothing was charged. Send them again.")
            await self._close(draft, [sentence])

    async def _close(self, draft: Draft, sentences: list[Sentence]) -> None:
        await self._workshop.database.write(drafts.close, draft)
        if not sentences:
            return
        if draft.content.silent:
            await self._report(draft, sentences)
            return
        language = draft.content.language
        text = "\n".join(translate(sentence, language) for sentence in sentences)
        try:
            await self._bot.send_message(text=text, **_under(draft))
        except telegram.TelegramError as error:
            log.warning("unheard", draft=draft.id, reason=error.message)

    async def _report(self, draft: Draft, sentences: list[Sentence]) -> None:
        """Tell the owners why a channel got no video, once a day; its readers hear nothing."""
        workshop, now = self._workshop, self._workshop.now()
        account = await workshop.database.read(accounts.get, draft.chat)
        if await workshop.database.write(told.note_refusal, draft.chat, day_of(now), now):
            title = account.name if account else ""
            why = " ".join(map(str, sentences))
            await workshop.front.report(
                f"Channel {title} ({draft.chat}): a post got no video. {why}"
            )

    async def _ask_for_words(self, draft: Draft) -> None:
        anchor, language = draft.content.anchor, draft.content.language
        rows = [
            [_button(preset.label, language, f"preset:{draft.id}:{anchor}:{number}")]
            for number, preset in enumerate(PRESETS)
        ]
        await self._ask(draft, _question(len(draft.content.photos)), rows)

    async def _ask_for(self, draft: Draft, question: Question) -> None:
        """Ask what only the person can decide; the files of a question go once it is sent."""
        anchor, language = draft.content.anchor, draft.content.language
        buttons = [
            _button(
                answer.label,
                language,
                f"choose:{draft.id}:{anchor}:{question.kind}:{answer.value}",
            )
            for answer in question.answers
        ]
        rows = [buttons] if question.picture else [[button] for button in buttons]
        await self._ask(draft, question.text, rows, picture=question.picture)
        if question.picture:
            self._workshop.folder.remove([question.picture.name])

    async def _ask(
        self,
        draft: Draft,
        question: Sentence,
        rows: Sequence[Sequence[InlineKeyboardButton]] = (),
        *,
        picture: Path | None = None,
    ) -> None:
        text = translate(question, draft.content.language)
        keyboard = InlineKeyboardMarkup(rows) if rows else None
        # Not asked twice after a crash in between: the draft stops being due first.
        await self._workshop.database.write(drafts.ask, draft, None)
        try:
            if picture:
                message = await self._bot.send_photo(
                    photo=picture, caption=text, reply_markup=keyboard, **_under(draft)
                )
            else:
                message = await self._bot.send_message(
                    text=text, reply_markup=keyboard, **_under(draft)
                )
        except telegram.BadRequest as error:
            log.warning("question refused", draft=draft.id, reason=error.message)
            await self._workshop.database.write(drafts.close, draft)
            return
        except (telegram.NetworkError, telegram.RetryAfter) as error:
            log.warning("question later", draft=draft.id, reason=error.message)
            later = self._workshop.now() + _ASK_AGAIN
            await self._workshop.database.write(drafts.postpone, draft, later)
            self._wake.set()
            return
        await self._workshop.database.write(drafts.ask, draft, message.message_id)


def _button(label: Sentence, language: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(translate(label, language), callback_data=data)


def _question(photos: int) -> Sentence:
    if photos > MAX_PHOTOS:
        return say(
            "I have {count} photos and use the first two, as first and last frame. "
            "What should happen? Write a few words or press one:",
            count=photos,
        )
    if photos == MAX_PHOTOS:
        return say(
            "First and last frame are here. How do we get from one to the other? "
            "Write a few words or press one:"
        )
    return say(
        "What should happen in the video? Write a few words, send a voice message, or press one:"
    )


def _under(draft: Draft) -> dict[str, Any]:
    return reply_options(Place(chat=draft.chat, topic=draft.topic, reply_to=answered(draft)))
