"""A small picture of a video's first and last frame, with an arrow between them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageOps

from core.errors import MediaError
from core.words import say

_BOX = 320  # pixels: the longest side of a frame
_GAP, _EDGE = 88, 24  # between the frames, and around them
_BACK, _INK = "#f2f4f7", "#3390ec"
_FINE = 4  # drawn larger and made smaller, so that slanted edges are smooth


def draw(frames: Sequence[str], target: Path) -> dict[str, Any]:
    """Write one frame, or two with an arrow from the first to the second, as a JPEG."""
    try:
        pictures = [_small(Path(frame)) for frame in frames]
    except OSError as error:
        raise MediaError(say("The photos could not be shown.")) from error
    height = max(picture.height for picture in pictures) + 2 * _EDGE
    width = sum(picture.width for picture in pictures) + _GAP * (len(pictures) - 1) + 2 * _EDGE
    card = Image.new("RGB", (width, height), _BACK)
    left = _EDGE
    for picture in pictures:
        if left > _EDGE:
            arrow = _arrow()
            card.paste(_INK, (left - _GAP, (height - arrow.height) // 2), arrow)
        card.paste(picture, (left, (height - picture.height) // 2))
        left += picture.width + _GAP
    card.save(target, "JPEG", quality=88)
    return {"width": card.width, "height": card.height, "size": target.stat().st_size}


def _small(source: Path) -> Image.Image:
    with Image.open(source) as image:
        return ImageOps.contain(image.convert("RGB"), (_BOX, _BOX), Image.Resampling.LANCZOS)


def _arrow() -> Image.Image:
    """The mask of an arrow to the right, as wide as the gap and half as high."""
    width, height = _GAP * _FINE, _GAP * _FINE // 2
    mask = Image.new("L", (width, height))
    start, neck, tip = width // 6, width * 11 // 20, width * 5 // 6
    middle, half = height // 2, height // 9
    pen = ImageDraw.Draw(mask)
    pen.rounded_rectangle(
        (start, middle - half, neck + half, middle + half), radius=half, fill=255
    )
    pen.polygon(((neck, height // 8), (tip, middle), (neck, height * 7 // 8)), fill=255)
    return mask.resize((_GAP, _GAP // 2), Image.Resampling.LANCZOS)
