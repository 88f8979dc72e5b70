"""Pictures: read whatever people send, and write what a model takes."""

import io
from pathlib import Path
from typing import Any

import pi_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from core.capabilities import PictureLimits
from core.errors import MediaError
from core.words import say

# What can be decoded safely and is a photo; SVG, EPS, PDF and video stay out.
_FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "BMP", "GIF", "TIFF", "AVIF", "HEIF")
_MAX_PIXELS = 52_000_000
_MAX_JPEG_PIXELS = 300_000_000  # JPEG alone can be decoded at a fraction of its size
_DRAFT_SIDE = 3000
_MIN_SIDE = 16
_MAX_ASPECT = 20
_STORED_SIDE = 4096  # larger than any model takes

pi_heif.register_heif_opener()
Image.init()  # here, so that children are born with every codec
Image.MAX_IMAGE_PIXELS = None  # we look at the header ourselves, with a reason to give


def take_in(source: Path, target: Path) -> dict[str, Any]:
    """Decode a stranger's picture once and keep an upright sRGB JPEG without its metadata.

    Gives the fields of `core.request.Picture`; raises MediaError with the reason.
    """
    image = read(source)
    image.thumbnail((_STORED_SIDE, _STORED_SIDE), Image.Resampling.LANCZOS)
    image.save(target, "JPEG", quality=95, subsampling=0, comment=b"")
    return _facts(image, target)


def fit(source: Path, target: Path, limits: PictureLimits) -> dict[str, Any]:
    """Write a picture of ours within a model's sides and bytes."""
    image = _reopen(source)
    longest, shortest = max(image.size), min(image.size)
    scale = min(1.0, limits.max_side / longest)
    if shortest * scale < limits.min_side:
        scale = limits.min_side / shortest
    if scale != 1:
        image = image.resize(_scaled(image.size, scale), Image.Resampling.LANCZOS)
    form = limits.formats[0]
    while True:
        for quality in (95, 90, 82, 72):
            image.save(target, form, quality=quality)
            if target.stat().st_size <= limits.max_bytes:
                return _facts(image, target)
        if min(image.size) <= limits.min_side:
            raise MediaError(say("This photo cannot be made small enough for the model."))
        scale = max(0.8, limits.min_side / min(image.size))
        image = image.resize(_scaled(image.size, scale), Image.Resampling.LANCZOS)


def cut(source: Path, target: Path, size: tuple[int, int]) -> dict[str, Any]:
    """Write a picture of ours in exactly this size, without the edges that do not fit its shape."""
    image = ImageOps.fit(_reopen(source), size, Image.Resampling.LANCZOS)
    image.save(target, "JPEG", quality=95)
    return _facts(image, target)


def _reopen(source: Path) -> Image.Image:
    try:
        return Image.open(source).convert("RGB")
    except (UnidentifiedImageError, OSError) as error:
        raise MediaError(
            say("This photo is damaged: a part of it is missing. Please send it again.")
        ) from error


def read(source: Path) -> Image.Image:
    """Open a picture as upright 8-bit sRGB; raises MediaError for anything else."""
    data = source.read_bytes()
    if not data:
        raise MediaError(say("This file is empty: 0 bytes arrived. Please send it again."))
    try:
        image = Image.open(io.BytesIO(data), formats=[f for f in _FORMATS if f in Image.OPEN])
    except (UnidentifiedImageError, OSError, RuntimeError, SyntaxError, ValueError) as error:
        raise MediaError(
            say("I cannot read this file as a photo. JPEG, PNG, WebP and HEIC work best.")
        ) from error
    _check_shape(image)
    if image.format in ("JPEG", "MPO"):
        image.draft("RGB", (_DRAFT_SIDE, _DRAFT_SIDE))
    try:
        image.load()
        return _plain(ImageOps.exif_transpose(image))
    except (OSError, RuntimeError, SyntaxError, ValueError, ImageCms.PyCMSError) as error:
        raise MediaError(
            say("This photo is damaged: a part of it is missing. Please send it again.")
        ) from error


def _check_shape(image: Image.Image) -> None:
    width, height = image.size
    limit = _MAX_JPEG_PIXELS if image.format in ("JPEG", "MPO") else _MAX_PIXELS
    if width * height > limit:
        raise MediaError(
            say(
                "This photo is {width} x {height}: too large to open. Send it as a photo, not "
                "as a file.",
                width=width,
                height=height,
            )
        )
    if min(width, height) < _MIN_SIDE:
        raise MediaError(
            say(
                "This photo is {width} x {height}: too small. Send a larger one.",
                width=width,
                height=height,
            )
        )
    if max(width, height) > _MAX_ASPECT * min(width, height):
        raise MediaError(
            say(
                "This photo is {width} x {height}: too long and narrow. Crop it, or send "
                "another one.",
                width=width,
                height=height,
            )
        )


def _plain(image: Image.Image) -> Image.Image:
    """Bring any mode and colour space to RGB in sRGB; what is see-through becomes white."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return _narrow(image)
    if image.mode in ("P", "LA", "PA", "RGBA", "RGBa", "La") or "transparency" in image.info:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
    if profile and image.mode in ("RGB", "CMYK", "L"):
        image = _to_srgb(image, profile)
    return image.convert("RGB")


def _narrow(image: Image.Image) -> Image.Image:
    """Bring 16-bit and float greys to 8 bits; floats are shares of white, bytes or words."""
    wide = image.convert("I").convert("F") if image.mode != "F" else image
    peak = float(wide.getextrema()[1])  # type: ignore[arg-type]
    white = 65_535.0
    if image.mode == "F":
        white = next((top for top in (1.0, 255.0) if peak <= top), white)
    scale = 255 / white
    return wide.point(lambda value: value * scale + 0).convert("L").convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(
            image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (OSError, ImageCms.PyCMSError):  # a broken profile is no reason to lose the picture
        return image
    return converted or image


def _scaled(size: tuple[int, int], scale: float) -> tuple[int, int]:
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _facts(image: Image.Image, path: Path) -> dict[str, Any]:
    return {
        "file": path.name,
        "width": image.width,
        "height": image.height,
        "size": path.stat().st_size,
        "format": path.suffix.lstrip(".") or "jpg",
    }
