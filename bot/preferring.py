"""What a person, and the group they write in, have chosen in /settings, put into a request."""

from collections.abc import Collection

from core.preferences import Choices, prefer, together
from core.request import VideoRequest
from core.words import Sentence
from jobs.workshop import Workshop
from storage import accounts
from storage.drafts import Draft


async def preferred(
    workshop: Workshop,
    draft: Draft,
    request: VideoRequest,
    *,
    written: Collection[str],
    usual: str,
) -> tuple[VideoRequest, list[Sentence]]:
    """Fill in what is not `written` in the caption; gives also what is said of the rest."""
    catalog = workshop.catalog
    return prefer(
        request,
        await kept(workshop, draft),
        catalog.models(),
        written=written,
        usual=usual,
        is_up=catalog.is_up,
        title=catalog.title,
    )


async def kept(workshop: Workshop, draft: Draft) -> Choices:
    """What counts for a draft of what its sender and its group have chosen."""
    own = await workshop.database.read(accounts.get, draft.sender)
    choices = own.choices if own else {}
    if draft.chat < 0:
        group = await workshop.database.read(accounts.get, draft.chat)
        choices = together(choices, group.choices if group else {})
    return choices
