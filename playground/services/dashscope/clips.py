"""The length and size of an MP4 or MOV clip, from its boxes."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_LONG = 1  # a box of this length has its true length behind its name
_TYPES = (b"ftyp", b"moov", b"mdat", b"wide", b"free")


@dataclass(frozen=True, slots=True)
class Clip:
    seconds: float
    width: int
    height: int


def read_clip(data: bytes) -> Clip | None:
    """What the clip is; None for anything else."""
    if data[4:8] not in _TYPES:
        return None
    try:
        movie = dict(_boxes(data)).get(b"moov", b"")
        seconds = _seconds(dict(_boxes(movie))[b"mvhd"])
        sizes = [
            _size(dict(_boxes(track))[b"tkhd"]) for kind, track in _boxes(movie) if kind == b"trak"
        ]
    except (struct.error, KeyError, ZeroDivisionError):
        return None
    width, height = max(sizes, default=(0, 0))
    return Clip(seconds, width, height) if width and height else None


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == _LONG:
            (length,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        length = length or len(data) - at
        if length < head:
            return
        yield kind, data[at + head : at + length]
        at += length


def _seconds(header: bytes) -> float:
    if header[:1] == b"\x01":
        scale, length = struct.unpack_from(">IQ", header, 20)
    else:
        scale, length = struct.unpack_from(">II", header, 12)
    return float(length / scale)


def _size(header: bytes) -> tuple[int, int]:
    """The width and height of a track; a sound track has none."""
    width, height = struct.unpack_from(">II", header, len(header) - 8)
    return width >> 16, height >> 16
