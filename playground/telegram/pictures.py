"""What Telegram does with photos: decode, refuse, and keep several JPEG sizes."""

import io
from functools import lru_cache

from PIL import Image, ImageOps, UnidentifiedImageError

from playground.telegram.errors import bad
from playground.telegram.media import MAX_PHOTO

SIDES = (90, 320, 800, 1280)
MAX_SIDES_TOGETHER = 10_000
MAX_RATIO = 20
MAX_THUMBNAIL_SIDE = 320
MAX_THUMBNAIL_BYTES = 204_799


@lru_cache(maxsize=8)
def decoded(content: bytes) -> Image.Image:
    """The picture, upright and without transparency; ValueError when it is none."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            upright = ImageOps.exif_transpose(picture)
            return upright.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise ValueError("not a picture Telegram can read") from error
    except Image.DecompressionBombError as error:
        raise ValueError("the picture is too large") from error


@lru_cache(maxsize=32)
def jpeg_sizes(content: bytes) -> tuple[tuple[bytes, int, int], ...]:
    """JPEG copies, the largest last: up to 90, 320, 800 and 1280 pixels on the long side.

    Raises ValueError when it is no picture. The same few pictures are sent again and again.
    """
    picture = decoded(content)
    longest = max(picture.size)
    sides = [side for side in SIDES if side < longest]
    if longest <= SIDES[-1]:
        sides.append(longest)
    return tuple(_jpeg(picture, side) for side in sides)


def _jpeg(picture: Image.Image, side: int) -> tuple[bytes, int, int]:
    scale = side / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    copy = picture if size == picture.size else picture.resize(size)
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=87)
    return out.getvalue(), *size


def check_photo(content: bytes) -> None:
    """Refuse the upload of a bot as a photo, the way the server refuses it."""
    if not content:
        raise bad("file must be non-empty")
    if len(content) > MAX_PHOTO:
        raise bad(
            f"file of size {len(content)} bytes is too big for a photo; "
            f"the maximum size is {MAX_PHOTO} bytes",
        )
    try:
        picture = decoded(content)
    except ValueError as error:
        raise bad("IMAGE_PROCESS_FAILED") from error
    if sum(picture.size) > MAX_SIDES_TOGETHER or max(picture.size) > MAX_RATIO * min(picture.size):
        raise bad("PHOTO_INVALID_DIMENSIONS")


def thumbnail_fault(content: bytes) -> str | None:
    """Why Telegram would silently ignore this thumbnail, or None when it is good."""
    if len(content) > MAX_THUMBNAIL_BYTES:
        return f"thumbnail ignored: {len(content)} bytes, the maximum is {MAX_THUMBNAIL_BYTES}"
    try:
        with Image.open(io.BytesIO(content)) as picture:
            kind, sides = picture.format, picture.size
    except (UnidentifiedImageError, OSError):
        return "thumbnail ignored: not a picture"
    if kind != "JPEG":
        return f"thumbnail ignored: {kind} instead of JPEG"
    if max(sides) > MAX_THUMBNAIL_SIDE:
        return f"thumbnail ignored: {sides[0]}x{sides[1]}, the longest side may be 320"
    return None


def dimensions(content: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(content)) as picture:
        return picture.size
