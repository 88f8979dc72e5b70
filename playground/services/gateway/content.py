"""The `content` of a request: words, pictures, sounds and masks in one list."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.services.gateway.errors import invalid

_DATA = re.compile(r"data:image/[a-z+.-]+;base64,(.+)", re.DOTALL)
_MASK = "mask_image"


@dataclass(slots=True)
class Content:
    texts: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    base64: list[str] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)
    masks: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


def read(value: Any, *, talking: bool) -> Content:
    """Take a list apart; pictures keep their order, the first frame before the last."""
    content = Content()
    if value is None:
        return content
    if not isinstance(value, list):
        raise invalid("content", "not a list")
    readers = _TALKING if talking else _JIMENG
    for part in value:
        kind = part.get("type") if isinstance(part, dict) else None
        reader = readers.get(kind) if isinstance(kind, str) else None
        if reader is None:
            raise invalid("content", "has a part of a kind that is not offered")
        reader(content, part)
    return content


def _text(content: Content, part: dict[str, Any]) -> None:
    _check_names(part, {"type", "text"})
    if not isinstance(part.get("text"), str):
        raise invalid("content", "text is not text")
    content.texts.append(part["text"])


def _image(content: Content, part: dict[str, Any]) -> None:
    _check_names(part, {"type", "image_url"})
    content.images.append(_url(part, "image_url"))


def _image_or_mask(content: Content, part: dict[str, Any]) -> None:
    if part.get("role") != _MASK:
        _image(content, part)
        return
    _check_names(part, {"type", "image_url", "role"})
    content.masks.append(_url(part, "image_url"))


def _base64(content: Content, part: dict[str, Any]) -> None:
    """Unlike in the visual API, here a data URI is what is taken."""
    _check_names(part, {"type", "image_url"})
    match = _DATA.fullmatch(_url(part, "image_url"))
    if match is None:
        raise invalid("content", "image_base64 is not a data URI")
    content.base64.append(match[1])


def _sound(content: Content, part: dict[str, Any]) -> None:
    _check_names(part, {"type", "audio_url"})
    content.sounds.append(_url(part, "audio_url"))


def _url(part: dict[str, Any], name: str) -> str:
    held = part.get(name)
    if not isinstance(held, dict) or set(held) != {"url"} or not isinstance(held["url"], str):
        raise invalid("content", f"{name} does not hold a url")
    return held["url"]


def _check_names(part: dict[str, Any], allowed: set[str]) -> None:
    if extra := set(part) - allowed:
        raise invalid("content", f"{min(extra)} does not belong into this part")


Reader = Callable[[Content, dict[str, Any]], None]
_JIMENG: Mapping[str, Reader] = {"text": _text, "image_url": _image, "image_base64": _base64}
# That a talking picture comes by address only is how the visual API has it.
_TALKING: Mapping[str, Reader] = {
    "text": _text,
    "image_url": _image_or_mask,
    "audio_url": _sound,
}
