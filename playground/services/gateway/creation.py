"""The order of a video in OpenAI's shape: a form, as the official client sends it, or JSON."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from playground.services.gateway.errors import Refusal, invalid, missing, unknown
from playground.services.gateway.forms import parts
from playground.services.volcengine.errors import Refusal as Upstream
from playground.services.volcengine.fetching import fetch
from playground.services.volcengine.pictures import measure

# The client's list; those with a date are what the names without one stand for.
_MODELS = (
    "sora-2",
    "sora-2-pro",
    "sora-2-2025-10-06",
    "sora-2-pro-2025-10-06",
    "sora-2-2025-12-08",
)
_OFFERED: Mapping[str, tuple[str, ...]] = {
    "model": _MODELS,
    "seconds": ("4", "8", "12"),
    "size": ("720x1280", "1280x720", "1024x1792", "1792x1024"),
}
_REFERENCE = "input_reference"
_INNER = re.compile(r"input_reference\[(image_url|file_id)\]")
_DATA = re.compile(r"data:image/[a-z+.-]+;base64,(.+)", re.DOTALL)
_LARGEST = 50_000_000  # bytes; nothing is written of a limit


async def read(request: web.Request) -> dict[str, Any]:
    """The fields as they came; an uploaded file as its bytes."""
    if request.content_type == "multipart/form-data":
        return _read_form(request.headers["Content-Type"], await request.read())
    if request.content_type != "application/json":
        raise Refusal(400, "invalid_request", "Neither a form nor JSON")
    try:
        body = json.loads(await request.read())
    except ValueError:
        raise Refusal(400, "invalid_request", "The body is not JSON") from None
    if not isinstance(body, dict):
        raise invalid("body", "not an object")
    return body


def _read_form(kind: str, body: bytes) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for part in parts(kind, body):
        inner = _INNER.fullmatch(part.name)
        held = fields.setdefault(_REFERENCE, {}) if inner else fields
        name = inner[1] if inner else part.name
        if not isinstance(held, dict) or name in held:
            raise invalid(part.name, "given twice")
        held[name] = part.data if part.filename else part.data.decode(errors="replace")
    return fields


async def check(order: dict[str, Any], files: Mapping[str, bytes]) -> None:
    """Refuse what is not right, and put in what was left out."""
    if extra := set(order) - {"prompt", _REFERENCE, *_OFFERED}:
        raise unknown(min(extra))
    if not order.get("prompt"):
        raise missing("prompt")
    if not isinstance(order["prompt"], str):
        raise invalid("prompt", "not text")
    for name, offered in _OFFERED.items():
        if order.setdefault(name, offered[0]) not in offered:
            raise invalid(name, f"not one of {', '.join(offered)}")
    if _REFERENCE in order:
        _check_picture(await _picture(order[_REFERENCE], files), order["size"])


async def _picture(reference: Any, files: Mapping[str, bytes]) -> bytes:
    if isinstance(reference, bytes):
        return reference
    if not isinstance(reference, dict) or len(reference) != 1:
        raise invalid(_REFERENCE, "neither a file nor an object with image_url or file_id")
    ((name, value),) = reference.items()
    if not isinstance(value, str) or name not in {"image_url", "file_id"}:
        raise invalid(_REFERENCE, "holds neither image_url nor file_id")
    if name == "file_id":
        if value not in files:
            raise invalid(_REFERENCE, "no such file")
        return files[value]
    return await _behind(value)


async def _behind(address: str) -> bytes:
    """What a data URI or an address holds."""
    if match := _DATA.fullmatch(address):
        try:
            return base64.b64decode(match[1], validate=True)
        except binascii.Error:
            raise invalid(_REFERENCE, "not base64") from None
    try:
        return await fetch(address, _LARGEST, 50205)
    except Upstream as refusal:
        raise invalid(_REFERENCE, refusal.message) from None


def _check_picture(data: bytes, size: str) -> None:
    picture = measure(data)
    if picture is None:
        raise invalid(_REFERENCE, "not a JPEG, PNG or WebP picture")
    if f"{picture.width}x{picture.height}" != size:
        raise invalid(_REFERENCE, f"the picture is not {size}")
