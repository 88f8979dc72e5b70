"""Whether a film may be imitated: MP4 and MOV are measured, WebM is only known by its first bytes."""

import struct

from playground.services.volcengine.errors import Refusal

LARGEST = 200_000_000  # bytes; no figure is written down
_LONGEST = 30.0  # seconds
_SMALLEST, _WIDEST, _LONGEST_SIDE = 200, 1440, 2048  # pixels
_HEAD = 8  # bytes of a box before what it holds


def check(data: bytes) -> None:
    if data.startswith(b"\x1aE\xdf\xa3"):
        return
    clock, pictures = _box(data, b"mvhd"), _box(data, b"tkhd")
    if data[4:8] != b"ftyp" or not clock or not pictures:
        raise Refusal(50210)
    layout = ">20xIQ" if clock[0] else ">12xII"
    scale, length = struct.unpack_from(layout, clock)
    if not scale or length / scale > _LONGEST:
        raise Refusal(50214)
    width, height = (side >> 16 for side in struct.unpack(">II", pictures[-8:]))
    short, long = sorted((width, height))
    if short < _SMALLEST or short > _WIDEST or long > _LONGEST_SIDE:
        raise Refusal(50215, "Video too small or too large")


def _box(data: bytes, name: bytes) -> bytes:
    """What the first box of a name holds; the films that come here have their picture track first."""
    place = data.find(name)
    if place < 4:  # noqa: PLR2004  # its size comes before its name
        return b""
    size = int.from_bytes(data[place - 4 : place], "big")
    return data[place + 4 : place - 4 + size] if size > _HEAD else b""
