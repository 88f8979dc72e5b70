"""What only the person can decide before an order: rights, who speaks, still lips."""

from collections.abc import Mapping

import structlog

from bot.questions import (
    BUILT_IN,
    SUBJECT,
    TALK,
    ask_consent,
    ask_how_to_talk,
    ask_who_speaks,
)
from core.capabilities import Capabilities
from core.errors import ProviderError, UserError
from core.problems import problems
from core.request import VideoRequest
from core.words import Sentence
from jobs.fitting import fit
from jobs.workshop import Workshop
from storage import accounts
from storage.drafts import Draft

log = structlog.get_logger()


class Deciding:
    """Finds out whether something is left to decide; each method raises the Question if so."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop

    async def check_consent(self, draft: Draft) -> None:
        account = await self._workshop.database.read(accounts.get, draft.sender)
        if account is None or account.consented is None:
            raise ask_consent()

    async def subject(
        self, draft: Draft, request: VideoRequest, model: Capabilities
    ) -> int | None:
        """Which of the people in the picture speaks; asked only where there are several."""
        if SUBJECT in draft.content.answers:
            return int(draft.content.answers[SUBJECT])
        await self.check_speaker(request, model, f"draft:{draft.id}")
        return None

    async def check_speaker(self, request: VideoRequest, model: Capabilities, owner: str) -> None:
        """Raise the question who speaks, where there are several people in the picture.

        `owner` is whose the link is under which it can be looked at.
        """
        folder, link = self._workshop.folder, self._workshop.link
        if link is None or request.first_frame is None:
            return
        fitted = await fit(self._workshop, request.first_frame, model.picture)
        photo = folder.path(fitted.file)
        provider = self._workshop.catalog.provider(model)
        try:
            masks = await provider.people(link(owner, photo), folder.new_mask)
        except ProviderError as error:
            # The finder is a help, not a must: without it the service picks the speaker itself.
            log.warning("people not found", owner=owner, reason=str(error))
            return
        if len(masks) < 2:  # noqa: PLR2004  # nobody to choose between
            folder.remove([mask.name for mask in masks])
            return
        shown = folder.new(".jpg")
        arguments = {
            "source": str(photo),
            "masks": [str(mask) for mask in masks],
            "target": str(shown),
        }
        try:
            await self._workshop.runner.run("outline_people", arguments)
        finally:
            folder.remove([mask.name for mask in masks])
        raise ask_who_speaks(len(masks), shown)

    def without_lips(
        self, request: VideoRequest, answers: Mapping[str, str], why: Sentence | None
    ) -> tuple[Capabilities, ...]:
        """What is left where nobody can be made to speak; raises the question whether to use it.

        `why` is what keeps the request from the models that move lips, where later is no better.
        Raises UserError with that where nothing else is left.
        """
        catalog = self._workshop.catalog
        left = tuple(model for model in catalog.models() if not model.ai) or catalog.models()
        if why and all(problems(request, model) for model in left):
            raise UserError(why)
        could_talk = any(model.lips for model in catalog.models()) or catalog.off()
        if could_talk and answers.get(TALK) != BUILT_IN:
            raise ask_how_to_talk(why)
        return left
