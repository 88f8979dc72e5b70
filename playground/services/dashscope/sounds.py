"""The format and length of a WAV or MP3 sound, from its bytes."""

import struct
from dataclasses import dataclass

_RATES = (44100, 48000, 32000)  # of MPEG 1; halved for 2 and quartered for 2.5
_BITRATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_VERSIONS = {3: 1, 2: 2, 0: 4}  # bits in the header: by how much the rates are divided
_LAYER_3 = 1
_LEAST_FRAMES = 2  # fewer are no proof of a sound
_TAG = 10


@dataclass(frozen=True, slots=True)
class Sound:
    kind: str
    seconds: float


def read_sound(data: bytes) -> Sound | None:
    """What the sound is; None for anything else."""
    try:
        if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
            return _wav(data)
        return _mp3(data)
    except (struct.error, IndexError):
        return None


def _wav(data: bytes) -> Sound | None:
    at, rate = 12, 0
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        if name == b"fmt ":
            (rate,) = struct.unpack_from("<I", data, at + 16)
        if name == b"data":
            length = min(length, len(data) - at - 8)  # a stream may promise any length
            return Sound("wav", length / rate) if rate else None
        at += 8 + length + length % 2
    return None


def _mp3(data: bytes) -> Sound | None:
    at, seconds, frames = _behind_tag(data), 0.0, 0
    while at + 4 <= len(data) and data[at : at + 3] != b"TAG":
        frame = _frame(data, at)
        if frame is None:
            break
        length, lasts, describes = frame
        at += length
        frames += 1
        if not describes:
            seconds += lasts
    return Sound("mp3", seconds) if frames >= _LEAST_FRAMES else None


def _behind_tag(data: bytes) -> int:
    """Where the sound itself begins; there may be several tags before it."""
    at = 0
    while data[at : at + 3] == b"ID3":
        a, b, c, d = data[at + 6 : at + _TAG].ljust(4, b"\0")
        at += _TAG + (a << 21 | b << 14 | c << 7 | d)
    return at


def _frame(data: bytes, at: int) -> tuple[int, float, bool] | None:
    """Bytes and seconds of the frame at a place, and whether it only describes the others."""
    (head,) = struct.unpack_from(">I", data, at)
    version, layer = head >> 19 & 3, head >> 17 & 3
    bitrate, rate = head >> 12 & 15, head >> 10 & 3
    if head >> 21 != 0x7FF or version not in _VERSIONS or layer != _LAYER_3:  # noqa: PLR2004
        return None
    if bitrate in {0, 15} or rate == len(_RATES):
        return None
    divided = _VERSIONS[version]
    samples = 1152 if divided == 1 else 576
    hertz = _RATES[rate] // divided
    kilobits = (_BITRATES_1 if divided == 1 else _BITRATES_2)[bitrate]
    length = samples // 8 * kilobits * 1000 // hertz + (head >> 9 & 1)
    body = data[at : at + min(length, 64)]
    return length, samples / hertz, b"Xing" in body or b"Info" in body
