"""Whether an order is right, and what its files hold once they are fetched."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playground.services.volcengine import fields, films, pictures, sounds
from playground.services.volcengine.capabilities import Capability
from playground.services.volcengine.errors import Refusal
from playground.services.volcengine.fetching import fetch
from playground.services.volcengine.pictures import Picture

_SOURCES = ("image_urls", "binary_data_base64")
_LONGEST_SOUND = 60  # seconds; less than this
_LARGEST_SOUND = 100_000_000  # bytes; nothing is written of a limit
_RATIO_SLACK = 0.01  # two pictures of the same ratio differ by what rounding does


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """The fetched files of an order: the sizes of its pictures, the length of its sound."""

    pictures: Sequence[Picture] = ()
    sound: float = 0.0

    @property
    def too_long(self) -> bool:
        return self.sound >= _LONGEST_SOUND


def check(capability: Capability, order: dict[str, Any]) -> None:
    """Everything that can be told without fetching a file."""
    if extra := set(order) - set(capability.fields) - {"req_key"}:
        # Whether the real one ignores it is open; it was seen to refuse.
        raise Refusal(50215, f"{min(extra)} is not a field of this service")
    for name in sorted(capability.required):
        value = order.get(name, "")
        if isinstance(value, str) and not value.strip():
            raise Refusal(50201, f"{name} is missing")
    for name, value in order.items():
        if name != "req_key":
            capability.fields[name](name, value)
    _check_pictures(capability, order)
    # 1080 with the fast mode is not paired in the documents; 720 without it is what its default means.
    if order.get("pe_fast_mode") and order.get("output_resolution", 1080) != 720:  # noqa: PLR2004
        raise Refusal(50215, "pe_fast_mode goes with 720")


def _check_pictures(capability: Capability, order: dict[str, Any]) -> None:
    given = [name for name in _SOURCES if name in order]
    if len(given) > 1:
        raise Refusal(50215, "image_urls and binary_data_base64 exclude each other")
    count = len(order[given[0]]) if given else 0
    fewest, most = capability.pictures
    if count < fewest and not count:
        raise Refusal(50206)
    if not fewest <= count <= most:
        raise Refusal(50215, "A wrong number of images")
    if capability.prompt_or_picture and not count and not order.get("prompt", "").strip():
        raise Refusal(50201, "prompt or an image is missing")


async def collect(capability: Capability, order: dict[str, Any]) -> Material:
    """Fetch what the order names, and refuse what does not suit."""
    found = [pictures.check(data, capability.limits) for data in await _photos(order)]
    if capability.kind == "video" and len(found) > 1:
        first, last = (one.ratio for one in found)
        if abs(first / last - 1) > _RATIO_SLACK:
            raise Refusal(50215, "First and last image differ in ratio")
    for address in order.get("mask_url", []):
        await _check_mask(address, found[0])
    if capability.kind == "imitation":
        films.check(await fetch(order["video_url"], films.LARGEST, 50211))
    if capability.kind == "talking":
        return Material(pictures=found, sound=await _sound(order["audio_url"]))
    return Material(pictures=found)


async def _photos(order: dict[str, Any]) -> Sequence[bytes]:
    if "binary_data_base64" in order:
        return [fields.decode(text) for text in order["binary_data_base64"]]
    named = order.get("image_urls", [])
    if "image_url" in order:
        named = [order["image_url"]]
    return await asyncio.gather(*(fetch(one, pictures.LARGEST, 50205) for one in named))


async def _check_mask(address: str, photo: Picture) -> None:
    """A mask is a picture as large as the photo; nobody wrote what happens where it is not."""
    mask = pictures.measure(await fetch(address, pictures.LARGEST, 50205))
    if mask is None:
        raise Refusal(50207, "mask_url cannot be decoded")
    if (mask.width, mask.height) != (photo.width, photo.height):
        raise Refusal(50215, "A mask is not as large as the image")


async def _sound(address: str) -> float:
    """MP3 and WAV are the kinds taken; no list is written down."""
    length = sounds.seconds(await fetch(address, _LARGEST_SOUND, 50215))
    if length is None:
        raise Refusal(50215, "audio_url cannot be decoded")
    return length
