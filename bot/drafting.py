"""Drafts: collect what a person sends, ask for what is missing, and order when it is complete."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from contextvars import copy_context
from datetime import timedelta
from pathlib import Path

import structlog
from telegram import Bot
from telegram import error as telegram

from bot.asking import Asking
from bot.cards import ask_what_happens
from bot.counting import counted
from bot.flags import Caption
from bot.ordering import Ordering
from bot.questions import LATE, Question, ask_about_late, ask_for_photo
from bot.tidying import Answered, Tidying
from core.errors import BlockedError, MediaCrashError, StorageError, UserError
from core.request import Picture
from core.words import Sentence, say
from jobs.patience import patiently
from jobs.workshop import Workshop
from storage import draft_queue, drafts
from storage.content import Content
from storage.drafts import Change, Draft, Spot

log = structlog.get_logger()

# An album arrives as separate messages without an end mark; its parts follow within a second.
QUIET = timedelta(seconds=1.5)
AT_ONCE = timedelta(0)
_ASK_AGAIN = timedelta(seconds=2)
_BLOCKED = say("Its words contain something on the block list (/blocked).")  # to the owners


class Drafting:
    """Drafts live in storage and survive a restart; a clock here sees when one is quiet."""

    def __init__(self, bot: Bot, workshop: Workshop, ordering: Ordering, tidying: Tidying) -> None:
        self._workshop = workshop
        self._ordering = ordering
        self._tidying = tidying
        self._wake = asyncio.Event()
        self._asking = Asking(bot, workshop, self._wake.set)
        self._work: set[asyncio.Task[None]] = set()

    async def receive(
        self,
        spot: Spot,
        change: Change,
        *,
        quiet: timedelta,
        card: int | None = None,
        pressed: Answered | None = None,
    ) -> None:
        """Add something to a person's draft, and work on it once nothing came for `quiet`.

        The next question takes the place of the message `card`, where one is named. `pressed` is
        the question that this answers, where it is a press.
        """
        now = self._workshop.now()
        here = copy_context()

        def aware(draft: Draft | None) -> tuple[Content, str | None]:
            # The thread of the database would not know which language is spoken.
            return here.run(change, draft)

        await self._finish_album(spot, aware)
        draft = await self._workshop.database.write(
            drafts.update, spot, aware, due=now + quiet if quiet else None, now=now
        )
        if quiet:
            self._wake.set()
        else:
            await self.complete(draft, card=card, pressed=pressed)

    async def _finish_album(self, spot: Spot, change: Change) -> None:
        """Where something else begins, work on what was waited for: it would be overwritten."""
        database = self._workshop.database
        draft = await database.read(drafts.open_draft, spot)
        if draft is None or draft.due is None:
            return
        content, _ = change(draft)
        is_same = content.messages & draft.content.messages - {0}
        if not is_same and await database.write(draft_queue.take, draft):
            await self.complete(draft)

    async def serve(self) -> None:
        """Work on drafts once they have been quiet, each on its own, until cancelled."""
        database = self._workshop.database
        await patiently(database.write)(draft_queue.resume, self._workshop.now())
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
        for draft in await database.write(draft_queue.take_due, self._workshop.now()):
            work = asyncio.create_task(self._work_on(draft), name=f"draft {draft.id}")
            self._work.add(work)
            work.add_done_callback(self._ended)
        following = await database.read(draft_queue.next_due)
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

    async def complete(
        self, draft: Draft, *, card: int | None = None, pressed: Answered | None = None
    ) -> None:
        """Turn a draft into a task, or ask for what is missing, in the message `card` if given."""
        shown = await self._order_or_ask(draft, card)
        self._tidying.settle(draft, pressed, shown)

    async def _order_or_ask(self, draft: Draft, card: int | None) -> int | None:
        """Take a draft as far as it goes; gives the message of the question that is open then."""
        try:
            notes = await self._advance(draft)
        except Question as question:
            if not draft.content.silent:
                return await self._asking.ask(draft, question, card=card)
            await self._turn_down(draft, question.texts)
        except UserError as error:
            return await self._refuse(draft, error)
        except (telegram.TelegramError, MediaCrashError) as error:
            log.warning("draft failed", draft=draft.id, reason=str(error))
            sentence = say("I could not fetch your files from Telegram. Please send them again.")
            await self._turn_down(draft, [self._ordering.tariff.uncharged(sentence)])
        else:
            # Closed first: what the person sends next is not a part of what was ordered.
            await self._workshop.database.write(drafts.close, draft)
            if notes and not draft.content.silent:
                await self._asking.tell(draft, notes)
        return None

    async def _advance(self, draft: Draft) -> list[Sentence]:
        """Order a complete draft and give what is to be said; raises the next question else."""
        content, ordering = draft.content, self._ordering
        caption = await ordering.understand(draft)
        if content.late and LATE not in content.answers:
            raise ask_about_late()
        if content.frames:
            draft = await counted(ordering, draft, caption)
            if content.words is None and content.audio is None:
                raise await self._card(draft, caption)
        elif content.task is None and not ordering.picking.is_enough(content, caption.options):
            may = ordering.picking.may_go_without(content, caption.options)
            quote = await ordering.estimate(draft, caption) if may else None
            raise ask_for_photo(may, quote.lines() if quote else [])
        return await ordering.order(draft, caption)

    async def _card(self, draft: Draft, caption: Caption) -> Question:
        """The question what happens, with both frames in a picture and what it will cost."""
        ordering, content = self._ordering, draft.content
        await ordering.check_access(draft.sender, draft.chat)
        async with ordering.opened(content) as pictures:
            quote = await ordering.estimate(draft, caption, pictures)
            shown = await self._drawn(pictures) if content.picks or len(pictures) > 1 else None
        ends = ordering.picking.most_photos(caption.options) > 1
        return ask_what_happens(content, quote.lines(), ends=ends, picture=shown)

    async def _drawn(self, pictures: Sequence[Picture]) -> Path | None:
        """A small picture of the frames in their order; the question is asked without it, too."""
        folder = self._workshop.folder
        try:
            with folder.attempt(".jpg") as target:
                frames = [str(folder.path(picture.file)) for picture in pictures]
                arguments = {"frames": frames, "target": str(target)}
                await self._workshop.runner.run("draw_card", arguments)
                return target
        except MediaCrashError as error:
            log.warning("no card", reason=str(error))
            return None

    async def _refuse(self, draft: Draft, error: UserError) -> int | None:
        """Say what is wrong; where other words may mend it, the photo goes on waiting for them.

        So does the question that was open, if there was one: it is given back.
        """
        content = draft.content
        if content.silent and type(error) is UserError and not (content.words or "").strip():
            # A bare call: who wrote no words is told where they are needed.
            hint = say("Answer the photo with <code>/video</code> and a few words.")
            await self._asking.tell(draft, [error.sentence, hint])
            await self._workshop.database.write(drafts.close, draft)
            return None
        if type(error) is not UserError or not content.photos or draft.chat < 0:
            is_theirs = content.silent and isinstance(error, BlockedError)
            why = _BLOCKED if is_theirs else self._ordering.tariff.refusal(error)
            await self._turn_down(draft, [why])
            return None
        hint = say("The photo is still here: write the words anew, or change your message.")
        if content.audio and not (content.words or "").strip():
            # Else the words that follow would be refused for it again.
            await self._workshop.database.write(drafts.drop_sound, draft)
            hint = say("The photo is still here: send another voice message, or write words.")
        await self._workshop.database.write(drafts.ask, draft, drafts.UNTOLD)
        await self._asking.tell(draft, [error.sentence, hint])
        still = draft.question or None
        await self._workshop.database.write(drafts.ask, draft, still)
        return still

    async def _turn_down(self, draft: Draft, sentences: Sequence[Sentence]) -> None:
        """Say why nothing comes of a draft, then close it: a crash in between says it twice."""
        if draft.content.silent:
            await self._asking.report(draft, sentences)
        else:
            await self._asking.tell(draft, sentences)
        await self._workshop.database.write(drafts.close, draft)
