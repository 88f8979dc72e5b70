"""A picture that talks: who is in it, and the order that makes one of them speak."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
import structlog

from core.errors import AccountError, ProviderError, ThrottledError
from providers import verdicts
from providers.base import Blame, Order, Refused
from providers.tokenops.codes import judge
from providers.tokenops.jimeng import DETECTION, RECOGNITION, TALKER, Model
from providers.tokenops.orders import common_fields
from providers.tokenops.replies import Subjects
from providers.web.wire import parse

log = structlog.get_logger()

Post = Callable[[str, Mapping[str, Any]], Awaitable[httpx.Response]]


async def detect(post: Post, link: str) -> Subjects | Refused:
    """Find the people in a picture; at most five, each with a mask that lives for an hour."""
    return await _look(post, "detection", DETECTION, link)


async def make_talk(post: Post, model: Model, order: Order) -> dict[str, Any] | Refused:
    """The fields of an order, after a look at who is in the picture."""
    if order.link is None or order.first is None or order.audio is None:
        owners = "tokenops: a talking picture needs PUBLIC_URL, a photo and a sound"
        return Refused(blame=Blame.ACCOUNT, reason=verdicts.OURS, owners=owners)
    image, subject = order.link(order.first), order.request.subject
    masks: list[str] = []
    if subject is not None:
        # Asked for again: the masks shown to the person may be older than their hour.
        found = await detect(post, image)
        if isinstance(found, Refused):
            return found
        masks = found.mask_urls[subject:][:1]
    if (subject is not None and not masks) or await _shows_nobody(post, image):
        return Refused(blame=Blame.INPUT, reason=verdicts.NOBODY)
    return _fields(model, order, image, order.link(order.audio), masks)


def _fields(
    model: Model, order: Order, image: str, audio: str, masks: list[str]
) -> dict[str, Any]:
    small = order.request.resolution == "720p"
    return {
        **common_fields(model, order),
        "content": [
            {"type": "image_url", "image_url": {"url": image}},
            {"type": "audio_url", "audio_url": {"url": audio}},
        ],
        **({"mask_urls": masks} if masks else {}),
        "output_resolution": 720 if small else 1080,
        "pe_fast_mode": small,  # so the visual API's documents pair them
        **model.extra,
    }


async def _shows_nobody(post: Post, image: str) -> bool:
    """Whether the service itself says so; a check that fails is no reason not to order."""
    try:
        found = await _look(post, "recognition", RECOGNITION, image)
    except (AccountError, ThrottledError):
        raise
    except ProviderError as error:
        log.warning("not recognized", reason=str(error))
        return False
    # Called a task, yet the answer is final: there is no route to ask again.
    return isinstance(found, Subjects) and found.status == 0


async def _look(post: Post, how: str, req_key: str, link: str) -> Subjects | Refused:
    body = {"model": TALKER, "req_key": req_key, "image_url": link}
    reply = await post(f"omnihuman/subject/{how}", body)
    return parse(Subjects, reply) if reply.is_success else judge(reply, paid=False)
