"""The still pictures of a finished video: small ones that stand for all."""

from collections.abc import Mapping

from playground.services.service import CLIP

VARIANTS: Mapping[str, str] = {
    "video": "video/mp4",
    "thumbnail": "image/webp",
    "spritesheet": "image/jpeg",
}
# One pixel, in WebP without loss.
_THUMBNAIL = bytes.fromhex(
    "524946461c000000574542505650384c100000002f0000000007d0d2fe47ff0311d1ff00"
)


def read(variant: str) -> bytes:
    """Which kind of picture each of them is, nobody wrote down: the usual ones."""
    return _THUMBNAIL if variant == "thumbnail" else (CLIP.parent / "coffee.jpg").read_bytes()
