"""The request for a video, in the dialect of a profile."""

import base64
from collections.abc import Sequence
from typing import Any

from providers.base import Order
from providers.tokenops.jimeng import Model
from providers.tokenops.profiles import Profile, Size
from providers.volcengine.models import USUAL_STRENGTH, given

_KIND = "image/jpeg"


def make_request(
    profile: Profile, model: Model, order: Order, pictures: Sequence[bytes]
) -> dict[str, Any]:
    """How the order goes out: the arguments of an HTTP call."""
    fields = _fields(profile, model, order, has_picture=bool(pictures))
    if profile.pictures == "content" and pictures:
        fields["content"] = [_inline(picture) for picture in pictures]
    fields |= model.extra
    if profile.body == "json" or (profile.body == "either" and not pictures):
        return {"json": fields}
    # A form even without a file: then each field is a part without a file name.
    parts = [(name, (None, str(value))) for name, value in fields.items()]
    files = [
        ("input_reference", (f"{role}.jpg", picture, _KIND))
        for role, picture in zip(("first", "last"), pictures, strict=False)
    ]
    return {"files": [*parts, *files]}


def size_of(profile: Profile, order: Order) -> Size | None:
    """The pixels asked for, where the dialect names them."""
    if not profile.sizes:
        return None
    request, model = order.request, order.model
    resolution = request.resolution or model.default_resolution
    return profile.sizes[resolution, request.ratio or model.ratios[0]]


def common_fields(model: Model, order: Order) -> dict[str, Any]:
    """What every order says, whoever reads it."""
    request = order.request
    fields: dict[str, Any] = {"model": model.name} if model.name else {}
    if request.prompt.strip():
        fields["prompt"] = request.prompt
    if request.negative_prompt and order.model.negative_chars:
        fields["negative_prompt"] = request.negative_prompt
    if request.seed is not None and order.model.seed:
        fields["seed"] = request.seed
    if model.req_keys:
        fields["req_key"] = model.req_keys[given(request)]
    return fields


def _fields(profile: Profile, model: Model, order: Order, *, has_picture: bool) -> dict[str, Any]:
    request = order.request
    fields = common_fields(model, order)
    seconds = request.seconds or order.model.default_seconds
    fields["seconds"] = str(seconds) if profile.seconds == "text" else seconds
    if size := size_of(profile, order):
        fields["size"] = f"{size[0]}x{size[1]}"
    elif not has_picture and request.ratio:
        fields["aspect_ratio"] = request.ratio  # with a picture, its shape decides
    if request.camera:
        # Where these two stand is not written down: as in the visual API.
        template, _, strength = request.camera.partition(":")
        fields |= {"template_id": template, "camera_strength": strength or USUAL_STRENGTH}
    return fields


def _inline(picture: bytes) -> dict[str, Any]:
    # Unlike the visual API, the gateway wants the "data:" before it.
    text = base64.b64encode(picture).decode()
    return {"type": "image_base64", "image_url": {"url": f"data:{_KIND};base64,{text}"}}
