"""Placing an order: from a draft, or from a task that is to be made once more."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import structlog

from bot.continuing import go_on
from bot.deciding import Deciding
from bot.flags import Caption
from bot.intake import Intake
from bot.picking import Picking
from bot.place import answered
from bot.preferring import preferred
from bot.presets import PRESETS
from bot.questions import START, Question
from bot.quoting import Quote, Quoting, agreed_cut, shortened
from bot.tariff import Tariff
from core.access import Policy
from core.capabilities import Capabilities
from core.errors import UserError
from core.giving_way import gives_way
from core.problems import MAX_SEED, mends, needs_consent
from core.request import Picture, VideoRequest
from core.task import NewTask, Place, Task, TaskId
from core.words import Sentence, say
from jobs.dispatcher import Dispatcher
from jobs.workshop import Workshop
from storage import accounts, orders, tasks
from storage.content import Content
from storage.drafts import Draft
from storage.support import Put

log = structlog.get_logger()


class Ordering:
    """Checks everything that can be checked before credits are held, then places the order.

    Every method raises UserError with what the person can do about it.
    """

    def __init__(
        self,
        *,
        workshop: Workshop,
        policy: Policy,
        tariff: Tariff,
        dispatcher: Dispatcher,
        intake: Intake,
    ) -> None:
        self._workshop = workshop
        self._policy = policy
        self._dispatcher = dispatcher
        self._intake = intake
        self.deciding = Deciding(workshop)
        self.tariff = tariff
        self.quoting = Quoting(workshop, policy, tariff)
        self.picking = Picking(workshop, policy, self.deciding)

    async def check_access(self, sender: int, chat: int) -> None:
        """Refuse strangers before anything is downloaded for them."""
        now = self._workshop.now()
        await self._workshop.database.read(
            accounts.payer, self._policy, sender=sender, chat=chat, now=now
        )

    def is_enough(self, content: Content) -> bool:
        """Whether words alone are meant as an order."""
        return self.picking.is_enough(content, self.picking.read(content.words).options)

    def understand_words(self, words: str) -> Caption:
        """What is asked for by words alone; raises UserError with what is possible instead."""
        return self.picking.read(words)

    async def understand(self, draft: Draft) -> Caption:
        """What was asked for; choices that somebody keeps belong below what is written."""
        return self.picking.read(draft.content.words)

    @asynccontextmanager
    async def opened(self, content: Content) -> AsyncIterator[list[Picture]]:
        """The photos that are meant as frames, on disk for as long as they are looked at.

        A broken one is better said before any words are asked for.
        """
        found: list[Picture] = []
        try:
            for photo in dict.fromkeys(content.frames):
                found.append(await self._intake.picture(photo))  # noqa: PERF401  # kept on failure
            yield found * 2 if content.is_loop else found
        finally:
            self._workshop.folder.remove([picture.file for picture in found])

    async def estimate(
        self, draft: Draft, caption: Caption, pictures: Sequence[Picture] = ()
    ) -> Quote:
        """The price of a draft as far as it is known, with the model that would be taken."""
        words = caption.words or str(PRESETS[0].words)
        request = _framed(VideoRequest(prompt=words), pictures).with_options(**caption.options)
        request, _ = await self._preferred(draft, request, caption)
        model = await self.picking.pick(request, draft.content.answers)
        return await self.quoting.quote(request, model, sender=draft.sender, chat=draft.chat)

    async def order(self, draft: Draft, caption: Caption) -> list[Sentence]:
        """Order what a draft asks for; gives what the person should know about it.

        Raises the Question that only the person can decide.
        """
        await self.check_access(draft.sender, draft.chat)
        request = await self._request(draft.content, caption)
        request, left_out = await self._preferred(draft, request, caption)
        try:
            return await self._place(draft, request, left_out)
        except (Question, UserError):
            # Fetched again with the answer: what nobody ordered is not kept.
            self._discard(draft.content, request)
            raise

    async def _preferred(
        self, draft: Draft, request: VideoRequest, caption: Caption
    ) -> tuple[VideoRequest, list[Sentence]]:
        """What an earlier video hands on, and what /settings remember, below what is written."""
        request, handed_on = await go_on(self._workshop, draft.content, request)
        return await preferred(
            self._workshop,
            draft,
            request,
            written={*caption.options, *handed_on},
            usual=self._policy.default_model,
        )

    async def _place(
        self, draft: Draft, request: VideoRequest, notes: list[Sentence]
    ) -> list[Sentence]:
        """Order it; the notes are a part of the question whether to start, where that is asked."""
        content, answers = draft.content, draft.content.answers
        cut = agreed_cut(answers.get(START))
        request = shortened(request, cut)
        model = await self.picking.pick(request, answers)
        self.picking.check_fits(request, model)
        if self.picking.named({"model": request.model}) == "auto":
            notes = [*notes, *gives_way(request, model, self._workshop.catalog.models())]
        if self._policy.default_model != "auto":
            request = request.with_options(model=model.model)
        quote = await self.quoting.quote(
            request, model, sender=draft.sender, chat=draft.chat, cut=cut
        )
        await self.quoting.check_agreed(quote, answers, draft.sender, notes)
        if needs_consent(request, model):
            await self.deciding.check_consent(draft)
        whole = quote.request
        if request.audio and model.subjects:
            subject = await self.deciding.subject(draft, request, model)
            whole = whole.with_options(subject=subject)
        place = Place(
            chat=draft.chat,
            topic=draft.topic,
            reply_to=answered(draft),
            user=draft.sender,
            language=content.language,
            silent=content.silent,
        )
        await self._accept(whole, model, place, draft.origin, draft.sender)
        # Who was asked whether to start has read all of this in the question.
        return [] if START in answers else [*notes, *mends(request, model)]

    def _discard(self, content: Content, request: VideoRequest) -> None:
        files = [request.audio] if request.audio else []
        photos = [request.first_frame, request.last_frame] if content.task is None else []
        self._workshop.folder.remove([one.file for one in (*files, *photos) if one])

    async def take(
        self,
        request: VideoRequest,
        model: Capabilities,
        place: Place,
        *,
        origin: str,
        sender: int,
        put: Put | None = None,
    ) -> Task:
        """Place an order that has been checked already, but for the owners' switch.

        `put` is done in the transaction that stores the task, where it is not the usual one.
        """
        self.picking.check_offered(model)
        return await self._accept(request, model, place, origin, sender, put)

    async def _accept(
        self,
        request: VideoRequest,
        model: Capabilities,
        place: Place,
        origin: str,
        sender: int,
        put: Put | None = None,
    ) -> Task:
        if request.seed is None and model.seed:
            request = request.with_drawn_seed(random.randrange(MAX_SEED))  # noqa: S311  # no secret
        new = NewTask(
            origin=origin,
            sender=sender,
            place=place,
            request=request,
            lane=model.lane or model.provider,
            cost=self.tariff.cost(model, request.seconds),
        )
        accept = partial(orders.accept, put=put or self._dispatcher.put)
        task = await self._workshop.database.write(accept, new, self._policy, self._workshop.now())
        self._dispatcher.wake()
        self._workshop.front.show(task.id)
        log.info("accepted", task=task.id, model=model.model, cost=task.cost)
        return task

    async def _request(self, content: Content, caption: Caption) -> VideoRequest:
        found = {
            photo: await self._intake.picture(photo) for photo in dict.fromkeys(content.frames)
        }
        pictures = [found[photo] for photo in content.frames]
        if content.task is not None:
            pictures = [await self._photo_of(TaskId(content.task))]
        sound = await self._intake.sound(content.audio) if content.audio else None
        request = VideoRequest(prompt=caption.words, audio=sound)
        return _framed(request, pictures).with_options(**caption.options)

    async def _photo_of(self, number: TaskId) -> Picture:
        """The photo that an earlier video began with."""
        task = await self._workshop.database.read(tasks.get, number)
        photo = task.request.first_frame if task else None
        if photo is None:
            raise UserError(say("Video {number} was made without a photo.", number=number))
        if not self._workshop.folder.path(photo.file).exists():
            raise UserError(_no_longer_kept(number))
        return photo


def _framed(request: VideoRequest, pictures: Sequence[Picture]) -> VideoRequest:
    first, last = (*pictures, None, None)[:2]
    return request.with_options(first_frame=first, last_frame=last)


def _no_longer_kept(number: TaskId) -> Sentence:
    return say(
        "The files of video {number} are no longer kept. Please send them again.", number=number
    )
