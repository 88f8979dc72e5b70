"""Showing which people were found in a picture: each outlined and numbered."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from core.errors import MediaError
from core.words import say

_COLOURS = ("#ff3b30", "#34c759", "#0a84ff", "#ffcc00", "#bf5af2")
_SIDE = 1280  # pixels; it is a question, not a result


def outline(source: Path, masks: Sequence[str], target: Path) -> dict[str, Any]:
    """Draw the outline and the number of each mask (white where the person is) over a picture."""
    try:
        image = Image.open(source).convert("RGB")
        image.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
        for number, (mask, colour) in enumerate(zip(masks, _COLOURS, strict=False), start=1):
            _draw(image, Image.open(mask), number, colour)
    except OSError as error:
        raise MediaError(say("The people in this photo could not be shown.")) from error
    image.save(target, "JPEG", quality=88)
    return {"width": image.width, "height": image.height, "size": target.stat().st_size}


def _draw(image: Image.Image, mask: Image.Image, number: int, colour: str) -> None:
    shape = _shape(mask).resize(image.size).point(lambda value: 255 if value > 127 else 0)  # noqa: PLR2004
    width = max(3, round(max(image.size) / 200) | 1)
    edge = ImageChops.difference(
        shape.filter(ImageFilter.MaxFilter(width)), shape.filter(ImageFilter.MinFilter(width))
    )
    image.paste(Image.new("RGB", image.size, colour), mask=edge)
    box = shape.getbbox()
    if box is None:
        return
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    radius = max(image.size) / 28
    pen = ImageDraw.Draw(image)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour, outline="white")
    font = ImageFont.load_default(radius * 1.3)
    pen.text((x, y), str(number), fill="white", font=font, anchor="mm")


def _shape(mask: Image.Image) -> Image.Image:
    """The mask as greys; a see-through one says it with its opacity."""
    if "A" in mask.getbands() and mask.getchannel("A").getextrema() != (255, 255):
        return mask.getchannel("A")
    return mask.convert("L")
