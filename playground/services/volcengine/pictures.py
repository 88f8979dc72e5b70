"""Kind and size of JPEG, PNG and WebP pictures, read from their bytes."""

from dataclasses import dataclass
from typing import Literal

from playground.services.volcengine.errors import Refusal

Kind = Literal["jpeg", "png", "webp"]

LARGEST = 4_700_000  # bytes: "4.7 MB" read as the smaller of its two meanings
_MARK = 0xFF
_FRAME_MARKERS = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE_MARKERS = {0x01, *range(0xD0, 0xD8)}


@dataclass(frozen=True, slots=True)
class Picture:
    kind: Kind
    width: int
    height: int

    @property
    def ratio(self) -> float:
        return self.width / self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a capability takes: sides in pixels, the longer one in units of the shorter."""

    shortest: int = 320
    longest: int = 4096
    widest: int = 4096  # the most that the shorter side may have
    stretch: float = 3.0


def measure(data: bytes) -> Picture | None:
    """What a picture is; None where it is none of the three kinds or cut off."""
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and b"IEND" in data[-64:]:
        return _sized("png", _big(data[16:20]), _big(data[20:24]))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    return None


def check(data: bytes, limits: Limits) -> Picture:
    """A picture that the capability takes: JPEG or PNG within its limits."""
    if not data:
        raise Refusal(50206)
    if len(data) > LARGEST:
        raise Refusal(50205)
    picture = measure(data)
    if picture is None or picture.kind == "webp":
        raise Refusal(50207)
    short, long = sorted((picture.width, picture.height))
    if long > limits.longest or short > limits.widest:
        raise Refusal(50205)
    # No number is named for these two; this one is for input that does not suit a capability.
    if short < limits.shortest or long > short * limits.stretch:
        raise Refusal(50215, "Image too small or too far from a square")
    return picture


def _jpeg(data: bytes) -> Picture | None:
    place = 2
    while place + 9 <= len(data) and data[place] == _MARK:
        marker = data[place + 1]
        if marker == _MARK:
            place += 1
        elif marker in _BARE_MARKERS:
            place += 2
        elif marker in _FRAME_MARKERS and b"\xff\xd9" in data[place:]:
            height, width = _big(data[place + 5 : place + 7]), _big(data[place + 7 : place + 9])
            return _sized("jpeg", width, height)
        else:
            place += 2 + _big(data[place + 2 : place + 4])
    return None


def _webp(data: bytes) -> Picture | None:
    head, body = data[12:16], data[20:30]
    if not body[9:] or len(data) < 8 + _little(data[4:8]):
        return None
    if head == b"VP8X":
        return _sized("webp", 1 + _little(body[4:7]), 1 + _little(body[7:10]))
    if head == b"VP8L":
        bits = _little(body[1:5])
        return _sized("webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    return _sized("webp", _little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF)


def _sized(kind: Kind, width: int, height: int) -> Picture | None:
    return Picture(kind, width, height) if width and height else None


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
