"""How evenly a film moves: registration of each frame to the one before, off its smooth trend."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Luma = NDArray[np.uint8] | Floats

PATCH = 200  # pixels of the square that is followed
MARGIN = 24  # pixels between a corner's square and the frame's border
REACH, DEGREE = 5, 3  # a cubic through 11 frames is what counts as smooth
TAPS = 8  # with 4 the estimate itself errs by 0.02 px, up and down with the fraction of a step
ROUNDS = 8

Place = tuple[int, int]


@dataclass(frozen=True)
class Smoothness:
    """Pixels left of the motion between frames after its smooth trend; `speed` is its peak."""

    centre: float
    corner: float
    worst: float
    speed: float


def smoothness(frames: Iterable[Luma]) -> Smoothness:
    """Of a square at the centre and of one in the corner with the most detail."""
    motions = _motions(frames)
    residues = [residue(motion) for motion in motions]
    centre, corner = map(rms, residues)
    speed = max(np.hypot(*motion.T).max() for motion in motions)
    return Smoothness(centre, corner, float(max(map(np.max, residues))), float(speed))


def decoded(path: Path) -> Iterator[Luma]:
    with av.open(str(path)) as video:
        for frame in video.decode(video=0):
            yield frame.to_ndarray()[: frame.height]


def residue(motion: Floats) -> Floats:
    """Distance of each step from the local cubic through the steps around it."""
    t = np.arange(-REACH, REACH + 1)
    weights = np.linalg.pinv(np.vander(t, DEGREE + 1))[-1]
    smooth = np.stack([np.convolve(axis, weights, "valid") for axis in motion.T], axis=-1)
    distance: Floats = np.hypot(*(motion[REACH:-REACH] - smooth).T)
    return distance


def rms(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))


def floor(frame: Luma, way: Floats) -> float:
    """What the method finds in a picture that moves exactly: the RMS error of its steps.

    The frame, mirrored so that it has no seam, goes `way` pixels to the right by a shift of its
    phases, which is exact, and is neither rounded nor encoded.
    """
    spectrum = np.fft.rfft(np.concatenate((frame, frame[:, ::-1]), axis=1), axis=1)
    turns = np.fft.rfftfreq(2 * frame.shape[1])

    def moved() -> Iterator[Floats]:
        for x in way:
            shifted = spectrum * np.exp(-2j * np.pi * turns * x)
            yield np.fft.irfft(shifted, axis=1)[:, : frame.shape[1]]

    true = np.stack((np.diff(way), np.zeros(len(way) - 1)), axis=-1)
    return max(rms(np.hypot(*(motion - true).T)) for motion in _motions(moved()))


def _motions(frames: Iterable[Luma]) -> list[Floats]:
    """The steps of both squares from frame to frame: steps x (x, y) in pixels."""
    places: list[Place] = []
    motions: list[list[Floats]] = [[np.zeros(2)], [np.zeros(2)]]
    for before, after in pairwise(frames):
        places = places or _places(before)
        for at, steps in zip(places, motions, strict=True):
            steps.append(_register(before, after, at, steps[-1]))
    return [np.array(steps[1:]) for steps in motions]


def _places(frame: Luma) -> list[Place]:
    height, width = frame.shape
    far = (height - PATCH - MARGIN, width - PATCH - MARGIN)
    corners = [(top, left) for top in (MARGIN, far[0]) for left in (MARGIN, far[1])]
    detailed = max(
        corners, key=lambda at: float(_slopes(_read(frame, at, np.zeros(2)))[2].trace())
    )
    return [((height - PATCH) // 2, (width - PATCH) // 2), detailed]


def _register(before: Luma, after: Luma, at: Place, guess: Floats) -> Floats:
    """Iterative Lucas-Kanade: where the square at `at` went, symmetric in both frames."""
    step = guess.copy()
    for _ in range(ROUNDS):
        old, new = _read(before, at, -step / 2), _read(after, at, step / 2)
        across, down, structure = _slopes((old + new) / 2)
        error = old - new
        change = np.linalg.solve(structure, [(across * error).sum(), (down * error).sum()])
        step += change
        if np.abs(change).max() < 1e-4:
            break
    return step


def _slopes(patch: Floats) -> tuple[Floats, Floats, Floats]:
    down, across = np.gradient(patch)
    cross = (across * down).sum()
    return across, down, np.array([[(across**2).sum(), cross], [cross, (down**2).sum()]])


def _read(frame: Luma, at: Place, offset: Floats) -> Floats:
    """The square moved by a fraction of a pixel, through a polynomial in each direction."""
    whole = np.floor(offset).astype(int)
    across, down = (_taps(float(part)) for part in offset - whole)
    top, left = (at[axis] + whole[1 - axis] - TAPS // 2 + 1 for axis in (0, 1))
    area = frame[top : top + PATCH + TAPS - 1, left : left + PATCH + TAPS - 1].astype(np.float64)
    rows = sum(tap * area[k : k + PATCH] for k, tap in enumerate(down))
    moved: Floats = sum(tap * rows[:, k : k + PATCH] for k, tap in enumerate(across))
    return moved


def _taps(t: float) -> list[float]:
    """Weights of Lagrange's polynomial through the neighbours of a place between two of them."""
    at = range(1 - TAPS // 2, TAPS // 2 + 1)
    return [float(np.prod([(t - b) / (a - b) for b in at if b != a])) for a in at]
