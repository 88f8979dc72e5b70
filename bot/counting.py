"""As many photos as a video can be given: where more came, the person says which."""

from dataclasses import replace

from bot.cards import PAIR, ask_which
from bot.flags import Caption
from bot.ordering import Ordering
from bot.picking import ANY_PHOTO
from bot.quoting import Quote
from core.problems import problems
from storage.drafts import Draft


async def counted(ordering: Ordering, draft: Draft, caption: Caption) -> Draft:
    """The draft with as many photos as can be used; raises the question which they are."""
    picking, content = ordering.picking, draft.content
    sound = content.audio is not None
    # Who has picked two knows that the model chosen for all videos gives way.
    options = caption.options if content.picks else await picking.with_kept(draft, caption)
    most = picking.most_photos(options, sound=sound)
    if len(content.frames) <= most:
        return draft
    if content.silent:
        return replace(draft, content=replace(content, picks=tuple(range(most))))
    await ordering.check_access(draft.sender, draft.chat)
    gives_way = most < picking.most_photos(caption.options) and not sound
    pair = await _pair(ordering, draft, caption) if gives_way else None
    raise ask_which(content, most, picking.title(options), pair)


async def _pair(ordering: Ordering, draft: Draft, caption: Caption) -> Quote | None:
    """What a video from one photo to another costs, if some model makes it."""
    quote = await ordering.estimate(draft, caption, [ANY_PHOTO] * PAIR)
    return None if problems(quote.request, quote.model) else quote
