"""The format and size of a JPEG, PNG, WebP or BMP picture, from its bytes."""

import struct
from dataclasses import dataclass

_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # the JPEG markers that carry the size
_BARE = {0x01, *range(0xD0, 0xD9)}  # the JPEG markers that carry nothing
_OLD_BMP = 12
_PNG = b"\x89PNG\r\n\x1a\n"
_WITH_ALPHA = {4, 6}


@dataclass(frozen=True, slots=True)
class Picture:
    """`alpha` is looked for in PNG only, where it is said to matter."""

    kind: str
    width: int
    height: int
    alpha: bool = False


def read_picture(data: bytes) -> Picture | None:
    """What the picture is; None for anything else, and for one that is broken at its start."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data.startswith(_PNG):
            return _png(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
        if data.startswith(b"BM"):
            return _bmp(data)
    except (struct.error, IndexError):
        return None
    return None


def _jpeg(data: bytes) -> Picture | None:
    at = 2
    while at < len(data):
        if data[at] != 0xFF:  # noqa: PLR2004  # every marker begins so
            return None
        marker = data[at + 1]
        if marker == 0xFF:  # noqa: PLR2004  # padding
            at += 1
        elif marker in _BARE:
            at += 2
        elif marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return Picture("jpeg", width, height)
        else:
            at += 2 + int(struct.unpack_from(">H", data, at + 2)[0])
    return None


def _png(data: bytes) -> Picture:
    width, height, _, colour = struct.unpack_from(">IIBB", data, 16)
    return Picture("png", width, height, colour in _WITH_ALPHA or _has_see_through(data))


def _has_see_through(data: bytes) -> bool:
    """Whether a chunk before the pixels makes one colour, or some of the palette, transparent."""
    at = len(_PNG)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind in {b"tRNS", b"IDAT"}:
            return bool(kind == b"tRNS")
        at += length + 12
    return False


def _webp(data: bytes) -> Picture | None:
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return Picture("webp", width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return Picture("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        return Picture("webp", width, height)
    return None


def _bmp(data: bytes) -> Picture:
    (header,) = struct.unpack_from("<I", data, 14)
    width, height = struct.unpack_from("<HH" if header == _OLD_BMP else "<ii", data, 18)
    return Picture("bmp", width, abs(height))
