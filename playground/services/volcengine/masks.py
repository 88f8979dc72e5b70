"""Pictures that show where the subjects of a photo stand: vertical bands, the largest first."""

import struct
import zlib
from collections.abc import Sequence

MOST = 5


def draw(width: int, height: int, subjects: int) -> Sequence[bytes]:
    """A PNG as large as the photo for each subject, white where it is."""
    return [_png(width, height, _row(width, start, end)) for start, end in bands(width, subjects)]


def bands(width: int, subjects: int) -> Sequence[tuple[int, int]]:
    """Where each subject begins and ends, the widest first, with a gap between neighbours."""
    weights = range(subjects, 0, -1)
    unit = width / (sum(weights) or 1)
    places, left = [], 0.0
    for weight in weights:
        share = weight * unit
        places.append((int(left + share * 0.1), int(left + share * 0.9)))
        left += share
    return places


def _row(width: int, start: int, end: int) -> bytes:
    return bytes(start) + b"\xff" * (end - start) + bytes(width - end)


def _png(width: int, height: int, row: bytes) -> bytes:
    """Eight bits of grey a pixel, all rows alike."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + row) * height, 1)
    chunks = ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
