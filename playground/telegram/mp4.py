"""The few facts of an MP4 that decide what Telegram makes of it: sound, size, duration."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

CONTAINERS = {b"moov", b"trak", b"mdia"}
HEADER = 8
LONG_HEADER = 16


@dataclass(frozen=True, slots=True)
class Movie:
    width: int = 0
    height: int = 0
    duration: int = 0
    has_sound: bool = False
    fast_start: bool = False


def boxes(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Every box, parents before their children."""
    at = 0
    while at + HEADER <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        header = HEADER
        if size == 1 and at + LONG_HEADER <= len(data):
            (size,) = struct.unpack_from(">Q", data, at + HEADER)
            header = LONG_HEADER
        end = len(data) if size == 0 else at + size
        if end < at + header:
            return
        body = data[at + header : end]
        yield kind, body
        if kind in CONTAINERS:
            yield from boxes(body)
        at = end


def probe(content: bytes) -> Movie | None:
    """None when this is no MP4: Telegram then files it as a document."""
    if content[4:8] != b"ftyp":
        return None
    width = height = duration = 0
    order: list[bytes] = []
    handlers: set[bytes] = set()
    for kind, body in boxes(memoryview(content)):
        order.append(kind)
        if kind == b"hdlr":
            handlers.add(bytes(body[8:12]))
        elif kind == b"tkhd":
            # Width and height are the last eight bytes, 16.16 fixed point.
            sides = struct.unpack(">II", body[-8:])
            width, height = max(width, sides[0] >> 16), max(height, sides[1] >> 16)
        elif kind == b"mvhd":
            duration = _duration(body)
    fast = b"moov" in order and (
        b"mdat" not in order or order.index(b"moov") < order.index(b"mdat")
    )
    return Movie(width, height, duration, b"soun" in handlers, fast)


def _duration(body: memoryview) -> int:
    scale, length = struct.unpack_from(">IQ" if body[0] else ">II", body, 20 if body[0] else 12)
    return round(length / scale) if scale else 0
