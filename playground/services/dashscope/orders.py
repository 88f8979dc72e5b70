"""One order in the hands of the emulated DashScope, and the reading of its media."""

from dataclasses import dataclass

from playground.services.dashscope import media_rules, sources
from playground.services.dashscope.access import Caller
from playground.services.dashscope.checks import Medium, Order
from playground.services.dashscope.errors import invalid
from playground.services.dashscope.models import Model
from playground.services.dashscope.uploads import Bucket


@dataclass(frozen=True, slots=True)
class Asked:
    """`resolve` says whether the request lets us look into the bucket."""

    caller: Caller
    model: Model
    order: Order
    resolve: bool
    request_id: str


async def check_media(asked: Asked, bucket: Bucket, patience: float) -> float:
    """Read and check every file of an order; how long the clip in it is, if there is one."""
    seconds = 0.0
    for medium in asked.order.media:
        seconds = max(seconds, await _check(medium, asked, bucket, patience))
    if seconds > asked.order.wishes["duration"]:
        # The length is the whole video's, the clip included.
        raise invalid("duration is shorter than the clip.")
    return seconds


async def _check(medium: Medium, asked: Asked, bucket: Bucket, patience: float) -> float:
    model = asked.model
    file = await sources.read(
        medium,
        bucket=bucket,
        account=asked.caller.account,
        model=model.name,
        resolve=asked.resolve,
        most=media_rules.largest(model, medium.kind),
        patience=patience,
    )
    match medium.kind:
        case "picture":
            media_rules.check_picture(model.picture, file.data, file.mime)
        case "sound":
            media_rules.check_sound(model.driving, file.data)
        case "clip":
            return media_rules.check_clip(file.data).seconds
    return 0.0
