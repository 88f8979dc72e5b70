"""What an order says to the service: its fields, in the way of its model."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from providers.base import Order
from providers.volcengine.models import USUAL_STRENGTH, Given, Jimeng, given

_FRAMES_A_SECOND = 24


def make_body(jimeng: Jimeng, order: Order, masks: Sequence[str] = ()) -> dict[str, Any]:
    """The body of an order; `masks` shows who of several people shall speak."""
    request, kind = order.request, given(order.request)
    body: dict[str, Any] = {"req_key": jimeng.req_keys[kind]}
    if request.prompt.strip():
        body["prompt"] = request.prompt
    if request.seed is not None:
        body["seed"] = request.seed
    if kind is Given.VOICE:
        return body | _talking(order, masks)
    if pictures := [_bare(path) for path in (order.first, order.last) if path]:
        body["binary_data_base64"] = pictures
    if jimeng.lengths:
        body["frames"] = (request.seconds or 5) * _FRAMES_A_SECOND + 1
    if request.ratio:
        body["aspect_ratio"] = request.ratio
    if request.camera:
        template, _, strength = request.camera.partition(":")
        body |= {"template_id": template, "camera_strength": strength or USUAL_STRENGTH}
    return body


def _talking(order: Order, masks: Sequence[str]) -> dict[str, Any]:
    assert order.link
    assert order.first
    assert order.audio
    small = order.request.resolution == "720p"
    return {
        "image_url": order.link(order.first),
        "audio_url": order.link(order.audio),
        **({"mask_url": list(masks)} if masks else {}),
        "output_resolution": 720 if small else 1080,
        "pe_fast_mode": small,
    }


def _bare(path: Path) -> str:
    """Without "data:" before it, which this service takes for a part of the picture."""
    return base64.b64encode(path.read_bytes()).decode()
