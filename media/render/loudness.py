"""How loud a sound is at each frame of a video."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media.sounds import decode, resample

Floats = NDArray[np.float64]

_RATE = 16_000
_WINDOW = 0.046  # seconds: long enough for a voice's lowest tone
_RANGE = 34.0  # decibels from silence to full
_ATTACK, _RELEASE = 0.65, 0.18  # how fast the picture follows up and down, per frame


def loudness(sound: Path, frames: int, fps: int) -> Floats:
    """Loudness per frame from 0 (silence) to 1 (the loudest), fast to rise and slow to fall."""
    samples = np.concatenate(
        [part.to_ndarray().ravel() for part in resample(decode(sound), _RATE, "flt")]
        or [np.zeros(1)]
    ).astype(np.float64)
    half = int(_WINDOW * _RATE / 2)
    power = np.concatenate(([0.0], np.cumsum(np.pad(samples, half) ** 2)))
    middles = np.clip((np.arange(frames) * _RATE / fps).astype(int), 0, len(samples) - 1)
    energy = (power[middles + 2 * half] - power[middles]) / (2 * half)
    decibels = 10 * np.log10(np.maximum(energy, 1e-10))
    top = max(decibels.max(), -60.0)
    target = np.clip((decibels - (top - _RANGE)) / _RANGE, 0, 1)
    level = np.zeros(frames)
    now = 0.0
    for number, wanted in enumerate(target):
        now += (wanted - now) * (_ATTACK if wanted > now else _RELEASE)
        level[number] = now
    return level
