"""How long an MP3 or WAV sound lasts, read from its bytes."""

import re

# Kilobits per second by index, for layer III: MPEG 1, then MPEG 2 and 2.5.
_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_TAG = 10  # bytes of an ID3 header
_INFO = re.compile(rb"Xing|Info")


def seconds(data: bytes) -> float | None:
    """None for anything else: no other kind of sound is named for these capabilities."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return _wav(data)
    return _mp3(data)


def _wav(data: bytes) -> float | None:
    place, rate = 12, 0
    while place + 8 <= len(data):
        name, size = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        if name == b"fmt ":
            rate = int.from_bytes(data[place + 16 : place + 20], "little")
        if name == b"data":
            return min(size, len(data) - place - 8) / rate if rate else None
        place += 8 + size + size % 2
    return None


def _mp3(data: bytes) -> float | None:
    place, total = 0, 0.0
    if data[:3] == b"ID3" and len(data) > _TAG:
        size = 0
        for byte in data[6:_TAG]:
            size = size << 7 | byte & 0x7F
        place = _TAG + size
    while frame := _frame(data, place):
        size, lasts = frame
        if not _INFO.search(data, place, min(place + size, place + 48)):
            total += lasts
        place += size
    return total or None


def _frame(data: bytes, place: int) -> tuple[int, float] | None:
    """Bytes and seconds of the frame that begins here."""
    head = data[place : place + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # noqa: PLR2004  # sync, layer III
        return None
    version, index, speed = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in _SAMPLES or index in {0, 15} or speed == 3:  # noqa: PLR2004  # reserved values
        return None
    first = version == 3  # noqa: PLR2004  # MPEG 1
    bits = (_RATES_1 if first else _RATES_2)[index] * 1000
    rate, samples = _SAMPLES[version][speed], 1152 if first else 576
    return samples // 8 * bits // rate + (head[2] >> 1 & 1), samples / rate
