"""Which model makes a video: the one that was asked for, the usual one, or the best that fits."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.cards import PAIR
from bot.deciding import Deciding
from bot.flags import Caption
from bot.preferring import kept
from bot.questions import SOURCE, WORDS
from bot.reading import explain, read
from core.access import Policy
from core.capabilities import Capabilities, Need
from core.choice import choose, talks
from core.errors import DeclinedError, UserError
from core.problems import problems
from core.refusing import nearest_to, refusal
from core.request import Picture, Sound, VideoRequest
from core.words import Text, say
from jobs.workshop import Workshop
from storage import lines
from storage.content import Content
from storage.drafts import Draft

# Stands for a photo that nobody has opened yet.
ANY_PHOTO = Picture(file="", width=1280, height=960, size=1, format="JPEG")
_ANY = VideoRequest(prompt="any", first_frame=ANY_PHOTO)
_ANY_SOUND = Sound(file="", seconds=5, size=1, format="ogg")


class Picking:
    """The models that may make a video, and the one that will."""

    def __init__(self, workshop: Workshop, policy: Policy, deciding: Deciding) -> None:
        self._workshop = workshop
        self._policy = policy
        self._deciding = deciding

    def read(self, words: str | None) -> Caption:
        """What a caption asks for; raises UserError with what is possible instead."""
        catalog = self._workshop.catalog
        models = catalog.models()
        caption = read(words or "", models, usual=self._policy.default_model, off=catalog.off())
        if caption.puzzles:
            asked = _ANY.with_options(**caption.options)
            able = self.among(caption.options)
            raise UserError(explain(caption.puzzles[0], asked, able, models))
        return caption

    def named(self, options: Mapping[str, Any]) -> str:
        wanted: str = options.get("model", "auto")
        return self._policy.default_model if wanted == "auto" else wanted

    def title(self, options: Mapping[str, Any]) -> Text | None:
        """What the model that is named or usual is called, if it is one."""
        wanted = self.named(options)
        return None if wanted == "auto" else self._workshop.catalog.title(wanted)

    def among(self, options: Mapping[str, Any]) -> Sequence[Capabilities]:
        """The model that is named or usual, else all there are."""
        wanted, catalog = self.named(options), self._workshop.catalog
        if wanted == "auto":
            if models := catalog.models():
                return models
            raise DeclinedError(say("All models are switched off now."))
        model = catalog.model(wanted)
        if model is None and (why := catalog.off().get(wanted)):
            raise UserError(
                say(
                    "{model} is off here ({reason}). /models shows what there is.",
                    model=wanted,
                    reason=why,
                )
            )
        if model is None:
            raise UserError(
                say(
                    "There is no model {model}. Possible: {allowed}.",
                    model=wanted,
                    allowed=", ".join(one.model for one in catalog.models()),
                )
            )
        self.check_offered(model)
        return [model]

    def check_offered(self, model: Capabilities) -> None:
        """Refuse what the owners have closed meanwhile."""
        if not self._workshop.catalog.provider(model).is_open:
            raise UserError(say("{model} is switched off by the owners now.", model=model.title))

    def may_go_without(self, content: Content, options: Mapping[str, Any]) -> bool:
        """Whether a model could make this video from its words alone."""
        if not content.words or content.audio:
            return False
        return any(model.first_frame is not Need.REQUIRED for model in self.among(options))

    def is_enough(self, content: Content, options: Mapping[str, Any]) -> bool:
        """Whether words without a photo are meant so: a model was named, or a button pressed."""
        if not self.may_go_without(content, options):
            return False
        is_named = options.get("model", "auto") != "auto"
        return is_named or content.answers.get(SOURCE) == WORDS

    def most_photos(self, options: Mapping[str, Any], *, sound: bool = False) -> int:
        """How many photos a video can be given, with a sound or without."""
        models = [model for model in self.among(options) if model.last_frame is not Need.NONE]
        if sound:
            models = [one for one in models if one.audio is not Need.NONE and not one.sound_alone]
        return PAIR if models else 1

    async def with_kept(self, draft: Draft, caption: Caption) -> dict[str, Any]:
        """What a caption asks for, with the model of /settings that would make it of one photo."""
        options, photos = caption.options, draft.content.photos
        if "model" in options or photos[0].after:
            return options
        name = (await kept(self._workshop, draft)).get("model")
        model = next((one for one in self._workshop.catalog.models() if one.model == name), None)
        asked = _ANY.with_options(
            prompt=caption.words or _ANY.prompt,
            audio=_ANY_SOUND if draft.content.audio else None,
            **options,
        )
        if model is None or problems(asked, model):
            return options
        return {**options, "model": model.model}

    async def pick(self, request: VideoRequest, answers: Mapping[str, str]) -> Capabilities:
        """The model for a request, which may be one that it does not fit.

        Raises the question what to do where a sound asks for lips and none can move them.
        """
        catalog = self._workshop.catalog
        models = self.among({"model": request.model})
        if self.named({"model": request.model}) != "auto":
            return models[0]
        able = talks(request, models)
        if request.audio and not any(map(catalog.is_up, able)):
            speaking = [] if able else [model for model in models if model.lips]
            why = problems(request, nearest_to(request, speaking))[0] if speaking else None
            models = self._deciding.without_lips(request, answers, why)
        waiting = await self._workshop.database.read(lines.queues)
        return choose(request, models, is_up=catalog.is_up, load=catalog.load(waiting))

    def check_fits(self, request: VideoRequest, picked: Capabilities) -> None:
        """Refuse a request that the picked model cannot make: then no other one can, either."""
        if problems(request, picked):
            models = [picked] if request.audio else self.among({"model": request.model})
            raise UserError(refusal(request, models))
