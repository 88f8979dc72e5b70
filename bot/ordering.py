"""Placing an order: from a draft, or from a task that is to be made once more."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import structlog

from bot.continuing import go_on
from bot.deciding import Deciding
from bot.flags import Caption, read_caption
from bot.intake import Intake
from bot.place import answered
from bot.preferring import preferred
from bot.questions import SOURCE, WORDS
from core.access import Policy
from core.capabilities import Capabilities, Need
from core.choice import choose, talks
from core.errors import UserError
from core.problems import MAX_SEED, mends, needs_consent, problems, settled
from core.request import VideoRequest
from core.task import NewTask, Place, Task
from core.words import Sentence, say
from jobs.dispatcher import Dispatcher
from jobs.workshop import Workshop
from storage import accounts, lines, orders
from storage.drafts import Content, Draft

log = structlog.get_logger()

MAX_PHOTOS = 2


class Ordering:
    """Checks everything that can be checked before credits are held, then places the order.

    Every method raises UserError with what the person can do about it.
    """

    def __init__(
        self,
        *,
        workshop: Workshop,
        policy: Policy,
        dispatcher: Dispatcher,
        intake: Intake,
    ) -> None:
        self._workshop = workshop
        self._policy = policy
        self._dispatcher = dispatcher
        self._intake = intake
        self._deciding = Deciding(workshop)

    async def check_access(self, sender: int, chat: int) -> None:
        """Refuse strangers before anything is downloaded for them."""
        now = self._workshop.now()
        await self._workshop.database.read(
            accounts.payer, self._policy, sender=sender, chat=chat, now=now
        )

    async def check_photos(self, draft: Draft) -> None:
        """Open the photos: a broken one is better said before any words are asked for."""
        for photo in draft.content.photos[:MAX_PHOTOS]:
            picture = await self._intake.picture(photo)
            self._workshop.folder.remove([picture.file])

    def may_go_without(self, content: Content) -> bool:
        """Whether a model could make this video from its words alone."""
        if not content.words or content.audio:
            return False
        return any(model.first_frame is not Need.REQUIRED for model in self._named(content.words))

    def is_enough(self, content: Content) -> bool:
        """Whether words without a photo are meant so: a model was named for it, or a button pressed."""
        if not self.may_go_without(content):
            return False
        is_named = read_caption(content.words or "").options.get("model", "auto") != "auto"
        return is_named or content.answers.get(SOURCE) == WORDS

    def _named(self, words: str) -> Sequence[Capabilities]:
        """The model that a caption names, else all there are."""
        catalog = self._workshop.catalog
        name = read_caption(words).options.get("model", "auto")
        model = catalog.model(name)
        return [model] if model else catalog.models() if name == "auto" else []

    async def order(self, draft: Draft) -> list[Sentence]:
        """Order what a draft asks for; gives what the person should know about it."""
        content = draft.content
        caption = read_caption(content.words or "")
        if caption.puzzles:
            raise UserError(caption.puzzles[0])
        await self.check_access(draft.sender, draft.chat)
        request = await self._request(draft, caption)
        request, handed_on = await go_on(self._workshop, content, request)
        request, left_out = await preferred(
            self._workshop,
            draft,
            request,
            written={*caption.options, *handed_on},
            usual=self._policy.default_model,
        )
        model = await self._model(request, content.answers)
        if wrong := problems(request, model):
            raise UserError(wrong[0])
        if needs_consent(request, model):
            await self._deciding.check_consent(draft)
        if request.audio and model.subjects:
            request = request.with_options(
                subject=await self._deciding.subject(draft, request, model)
            )
        notes = [*left_out, *mends(request, model)]
        if (unused := len(content.photos) - MAX_PHOTOS) > 0:
            notes.append(
                say("I use the first two photos; {count} more are left out.", count=unused)
            )
        place = Place(
            chat=draft.chat,
            topic=draft.topic,
            reply_to=answered(draft),
            user=draft.sender,
            language=content.language,
            silent=content.silent,
        )
        if self._policy.default_model != "auto":
            request = request.with_options(model=model.model)
        await self._accept(settled(request, model), model, place, _origin(draft), draft.sender)
        return notes

    async def repeat(self, task: Task, place: Place, *, origin: str, sender: int) -> Task:
        """Order the same video once more, with a fresh seed."""
        request = task.request
        model = self._workshop.catalog.model(request.model)
        if model is None:
            raise UserError(say("{model} is not offered any more.", model=request.model))
        self._check_offered(model)
        for one in (request.first_frame, request.last_frame, request.audio):
            if one and not self._workshop.folder.path(one.file).exists():
                raise UserError(
                    say(
                        "The files of video {number} are no longer kept. Please send them again.",
                        number=task.id,
                    )
                )
        if (owner := task.place.user) and owner < 0:
            # An admin pressed for an anonymous one, or for a channel, and stays unknown, too.
            sender, place = owner, replace(place, user=owner)
        place = replace(place, silent=task.place.silent)
        fresh = request.with_options(seed=None)
        return await self._accept(fresh, model, place, origin, sender)

    async def take(
        self, request: VideoRequest, model: Capabilities, place: Place, *, origin: str, sender: int
    ) -> Task:
        """Place an order that has been checked already, but for the owners' switch."""
        self._check_offered(model)
        return await self._accept(request, model, place, origin, sender)

    async def _accept(
        self, request: VideoRequest, model: Capabilities, place: Place, origin: str, sender: int
    ) -> Task:
        if request.seed is None and model.seed:
            seed = random.randrange(MAX_SEED)  # noqa: S311  # a seed is no secret
            request = request.with_options(seed=seed)
        price = self._policy.prices.get(model.model, model.price)
        new = NewTask(
            origin=origin,
            sender=sender,
            place=place,
            request=request,
            lane=model.lane or model.provider,
            cost=model.cost(request.seconds or 0, price),
        )
        accept = partial(orders.accept, put=self._dispatcher.put)
        task = await self._workshop.database.write(accept, new, self._policy, self._workshop.now())
        self._dispatcher.wake()
        self._workshop.front.show(task.id)
        log.info("accepted", task=task.id, model=model.model, cost=task.cost)
        return task

    async def _request(self, draft: Draft, caption: Caption) -> VideoRequest:
        content = draft.content
        pictures = [await self._intake.picture(photo) for photo in content.photos[:MAX_PHOTOS]]
        sound = await self._intake.sound(content.audio) if content.audio else None
        return VideoRequest(
            prompt=caption.words,
            first_frame=pictures[0] if pictures else None,
            last_frame=pictures[1] if len(pictures) > 1 else None,
            audio=sound,
        ).with_options(**caption.options)

    async def _model(self, request: VideoRequest, answers: Mapping[str, str]) -> Capabilities:
        """The model asked for, the configured one, or the best that fits."""
        catalog = self._workshop.catalog
        wanted = request.model if request.model != "auto" else self._policy.default_model
        if wanted == "auto":
            models = catalog.models()
            if request.audio and not any(map(catalog.is_up, talks(request, models))):
                models = self._deciding.without_lips(answers)
            waiting = await self._workshop.database.read(lines.queues)
            return choose(request, models, is_up=catalog.is_up, load=catalog.load(waiting))
        model = catalog.model(wanted)
        if model is None:
            raise UserError(
                say(
                    "There is no model {model}. Possible: {allowed}.",
                    model=wanted,
                    allowed=", ".join(one.model for one in catalog.models()),
                )
            )
        self._check_offered(model)
        return model

    def _check_offered(self, model: Capabilities) -> None:
        if not self._workshop.catalog.provider(model).is_open:
            raise UserError(say("{model} is switched off by the owners now.", model=model.model))


def _origin(draft: Draft) -> str:
    """The messages that an order came from: the same ones again are the same order."""
    content = draft.content
    return f"message:{draft.chat}:{content.anchor}:{content.reply_to or 0}"
