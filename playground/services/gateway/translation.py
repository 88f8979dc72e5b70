"""What the gateway makes of a request: an order of the visual API behind it."""

import re
from collections.abc import Mapping
from typing import Any

from playground.services.gateway.content import Content, read
from playground.services.gateway.errors import invalid, missing, unknown
from playground.services.volcengine.capabilities import CAPABILITIES, RATIOS

TALKER = "OmniHuman_1.5"
TALKING = "jimeng_realman_avatar_picture_omni_v15"
MODELS: Mapping[str, frozenset[str]] = {
    "jimeng-video-3.0-pro": frozenset({"jimeng_ti2v_v30_pro"}),
    "jimeng-video-3.0-720P": frozenset(
        {
            "jimeng_t2v_v30",
            "jimeng_i2v_first_v30",
            "jimeng_i2v_first_tail_v30",
            "jimeng_i2v_recamera_v30",
        }
    ),
    "jimeng-video-3.0-1080P": frozenset(
        {"jimeng_t2v_v30_1080p", "jimeng_i2v_first_v30_1080", "jimeng_i2v_first_tail_v30_1080"}
    ),
    TALKER: frozenset({TALKING}),
}
_BOTH = {"model", "req_key", "prompt", "content", "seed"}
_JIMENG = _BOTH | {
    "frames",
    "seconds",
    "size",
    "aspect_ratio",
    "image_urls",
    # How a camera move is told is not written down: as the visual API does it.
    "template_id",
    "camera_strength",
}
_OMNI = _BOTH | {"generation_type", "mask_urls", "output_resolution", "pe_fast_mode"}
_SECONDS = {"5": 121, "10": 241}
_SIZE = re.compile(r"([1-9]\d{1,4})x([1-9]\d{1,4})")
_SLACK = 0.02  # by which a size may miss its ratio: the service's own sizes miss it too


def translate(body: dict[str, Any]) -> dict[str, Any]:
    """The order behind a request; what the fields may hold is checked with the order."""
    model, key = check_model(body, MODELS)
    # Nothing is said of other fields: they are refused, as the visual API was seen to do.
    if extra := set(body) - (_OMNI if model == TALKER else _JIMENG):
        raise unknown(min(extra))
    content = read(body.get("content"), talking=model == TALKER)
    if model == TALKER:
        return _talking(body, content)
    order: dict[str, Any] = {
        name: body[name] for name in ("seed", "template_id", "camera_strength") if name in body
    }
    # A field "prompt" is there for everyone, also where the visual API does without it.
    order |= {"req_key": key, "prompt": _prompt(body, content), **_frames(body)}
    order |= _pictures(body, content)
    ratio = _ratio(body)
    return order | (ratio if "aspect_ratio" in CAPABILITIES[key].fields else {})


def check_model(body: dict[str, Any], models: Mapping[str, frozenset[str]]) -> tuple[str, str]:
    """Model and req_key, which have to belong to each other."""
    for name in ("model", "req_key"):
        if not body.get(name):
            raise missing(name)
        if not isinstance(body[name], str):
            raise invalid(name, "not text")
    model, key = body["model"], body["req_key"]
    if model not in models:
        raise invalid("model", "not offered")
    if key not in models[model]:
        raise invalid("req_key", f"not one of {model}")
    return model, key


def _prompt(body: dict[str, Any], content: Content) -> str:
    """Words in `content` come before the field."""
    text = body.get("prompt", "")
    if not isinstance(text, str):
        raise invalid("prompt", "not text")
    text = content.text or text
    if not text.strip():
        raise missing("prompt")
    return text


def _frames(body: dict[str, Any]) -> dict[str, Any]:
    # Which of the two wins is not said: one of them has to do.
    if "seconds" in body and "frames" in body:
        raise invalid("seconds", "frames says it already")
    if "seconds" in body:
        seconds = body["seconds"]
        if not isinstance(seconds, str) or seconds not in _SECONDS:
            raise invalid("seconds", "not 5 or 10 as text")
        return {"frames": _SECONDS[seconds]}
    return {"frames": body["frames"]} if "frames" in body else {}


def _ratio(body: dict[str, Any]) -> dict[str, Any]:
    if "size" in body and "aspect_ratio" in body:
        raise invalid("size", "aspect_ratio says it already")
    if "size" in body:
        return {"aspect_ratio": _nearest(body["size"])}
    ratio = body.get("aspect_ratio", RATIOS[0])
    if ratio not in RATIOS:
        raise invalid("aspect_ratio", "not offered")
    return {"aspect_ratio": ratio} if "aspect_ratio" in body else {}


def _nearest(size: Any) -> str:
    match = _SIZE.fullmatch(size) if isinstance(size, str) else None
    if match is None:
        raise invalid("size", "not WIDTHxHEIGHT")
    shape = int(match[1]) / int(match[2])
    for ratio in RATIOS:
        width, height = ratio.split(":")
        if abs(shape * int(height) / int(width) - 1) <= _SLACK:
            return ratio
    raise invalid("size", "has none of the ratios")


def _pictures(body: dict[str, Any], content: Content) -> dict[str, Any]:
    """Pictures by address or as base64; a mixture cannot be passed on."""
    kinds = {
        "image_urls": body.get("image_urls") or content.images,
        "binary_data_base64": content.base64,
    }
    given = {name: value for name, value in kinds.items() if value}
    if len(given) > 1 or (body.get("image_urls") and content.images):
        raise invalid("content", "pictures come in one way only")
    return given


def _talking(body: dict[str, Any], content: Content) -> dict[str, Any]:
    if body.get("generation_type") != "omni_human":
        raise invalid("generation_type", "not omni_human")
    if len(content.images) != 1 or len(content.sounds) != 1:
        raise invalid("content", "not one picture and one sound")
    order: dict[str, Any] = {
        name: body[name] for name in ("seed", "output_resolution", "pe_fast_mode") if name in body
    }
    order |= {"req_key": TALKING, "image_url": content.images[0], "audio_url": content.sounds[0]}
    if text := content.text or body.get("prompt"):
        order["prompt"] = text
    masks = body.get("mask_urls", [])
    if not isinstance(masks, list):
        raise invalid("mask_urls", "not a list")
    if masks or content.masks:
        order["mask_url"] = [*masks, *content.masks]
    return order
