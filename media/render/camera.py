"""Camera paths: smooth arrays over all frames, fitted into the picture once and as a whole."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray

from media.render.words import Move, Plan

Floats = NDArray[np.float64]

_RAMP = 0.35  # share of the time in which the camera gathers speed, and loses it again
_MAX_EXTRA_ZOOM = 1.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The picture scaled to cover the frame: frame and picture sides in output pixels.

    `subject` is where the eye goes, in output pixels of the picture.
    """

    width: float
    height: float
    picture_width: float
    picture_height: float
    subject: tuple[float, float]

    def centre(self) -> tuple[float, float]:
        """The view's middle at zoom 1: on the subject as far as the picture reaches."""
        return (
            _within(self.subject[0], self.width, self.picture_width),
            _within(self.subject[1], self.height, self.picture_height),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One camera per frame: the view's middle in output pixels, its zoom and its angle (radians).

    `shift` moves near things sideways (output pixels), `near` magnifies them (share), `swell`
    magnifies what surrounds the subject (share).
    """

    x: Floats
    y: Floats
    zoom: Floats
    angle: Floats
    shift: Floats
    near: Floats
    swell: Floats

    @property
    def is_upright(self) -> bool:
        """Whether every view is an axis-aligned box, which is sharper and cheaper to draw."""
        bent = (self.angle, self.shift, self.near, self.swell)
        return not any(np.any(values) for values in bent)


def ease(frames: int) -> Floats:
    """Positions from 0 to 1: a cruise between two smooth ramps of speed."""
    t = np.linspace(0.0, 1.0, frames) if frames > 1 else np.zeros(1)
    gathered = _gathered(t / _RAMP)
    lost = _gathered((1 - t) / _RAMP)
    cruise = np.clip(t - _RAMP, 0, 1 - 2 * _RAMP)
    tail = np.where(t > 1 - _RAMP, _RAMP / 2 - lost, 0.0)
    return (gathered + cruise + tail) / (1 - _RAMP)


def _gathered(share: Floats) -> Floats:
    """The way covered in this share of a ramp.

    The speed is a smoothstep of the fifth degree, so that the force comes and goes without a kink:
    at the third degree a fast pan tugs by a hundredth of a pixel where a ramp begins and ends.
    """
    u = np.clip(share, 0, 1)
    return _RAMP * (2.5 * u**4 - 3 * u**5 + u**6)


def build(plan: Plan, stage: Stage, frames: int, seed: int) -> Path:
    """The path for a plan's moves together, fitted into the picture."""
    e = ease(frames)
    none = np.zeros(frames)
    x, y = stage.centre()
    path = Path(
        x=none + x, y=none + y, zoom=none + 1, angle=none, shift=none, near=none, swell=none
    )
    for move in plan.moves:
        path = _add(path, move, plan.strength, stage, e, seed)
    return fit(path, stage)


def fit(path: Path, stage: Stage) -> Path:
    """Bring a whole path inside the picture with one zoom factor and one travel factor.

    Clamping single frames would make the camera stumble where it touches the border.
    """
    for extra in np.geomspace(1, _MAX_EXTRA_ZOOM, 28):
        closer = replace(path, zoom=path.zoom * extra)
        if _overhang(closer, stage) <= 0:
            return closer
    tight = replace(path, zoom=path.zoom * _MAX_EXTRA_ZOOM)
    middle = (stage.picture_width / 2, stage.picture_height / 2)
    for share in np.linspace(1, 0, 41):
        calmer = replace(
            tight,
            x=middle[0] + share * (tight.x - middle[0]),
            y=middle[1] + share * (tight.y - middle[1]),
            angle=share * tight.angle,
            shift=share * tight.shift,
        )
        if _overhang(calmer, stage) <= 0:
            return calmer
    return replace(tight, x=tight.x * 0 + middle[0], y=tight.y * 0 + middle[1], angle=tight.x * 0)


def _add(  # noqa: C901, PLR0911  # one case a move
    path: Path, move: Move, strength: float, stage: Stage, e: Floats, seed: int
) -> Path:
    swing = (2 * e - 1) * strength  # from one side to the other
    match move:
        case Move.PUSH:
            return _zoom(path, stage, 1.26**strength, e)
        case Move.PULL:
            return _zoom(path, stage, 1.26**strength, 1 - e)
        case Move.PAN_LEFT | Move.PAN_RIGHT:
            side = -1 if move is Move.PAN_LEFT else 1
            room = max(0.09 * stage.width, (stage.picture_width - stage.width) / 2)
            return replace(path, x=path.x + side * swing * min(room, 0.3 * stage.width))
        case Move.TILT_UP | Move.TILT_DOWN:
            side = -1 if move is Move.TILT_UP else 1
            room = max(0.09 * stage.height, (stage.picture_height - stage.height) / 2)
            return replace(path, y=path.y + side * swing * min(room, 0.3 * stage.height))
        case Move.ROLL_LEFT | Move.ROLL_RIGHT:
            side = 1 if move is Move.ROLL_LEFT else -1
            return replace(path, angle=path.angle + side * swing * np.radians(4.5))
        case Move.ORBIT_LEFT | Move.ORBIT_RIGHT:
            side = -1 if move is Move.ORBIT_LEFT else 1
            return replace(
                path,
                shift=path.shift + side * swing * 0.035 * stage.width,
                x=path.x + side * swing * 0.03 * stage.width,
            )
        case Move.DOLLY_ZOOM:
            return replace(path, swell=path.swell + 0.38 * min(strength, 1.0) * e)
        case Move.FOLLOW:
            closer = _zoom(path, stage, 1.12**strength, e)
            return replace(closer, x=closer.x + swing * 0.05 * stage.width)
        case Move.HANDHELD:
            return _shake(path, strength, stage, seed)
        case Move.STATIC:
            return path


def _zoom(path: Path, stage: Stage, most: float, e: Floats) -> Path:
    """Zoom in log space about the subject, which keeps its place on the screen."""
    zoom = path.zoom * most**e
    x = stage.subject[0] + (path.x - stage.subject[0]) * path.zoom / zoom
    y = stage.subject[1] + (path.y - stage.subject[1]) * path.zoom / zoom
    return replace(path, zoom=zoom, x=x, y=y, near=path.near + 0.05 * e)


def _shake(path: Path, strength: float, stage: Stage, seed: int) -> Path:
    """A hand's slow drift and tremble: a few sines of odd frequencies per axis."""
    frames = len(path.x)
    t = np.arange(frames) / 24
    random = default_rng(seed)

    def drift() -> Floats:
        waves = np.zeros(frames)
        for hertz, part in ((0.31, 1.0), (0.73, 0.5), (1.7, 0.16)):
            phase, pace = random.uniform(0, 2 * np.pi), random.uniform(0.85, 1.15)
            waves += part * np.sin(2 * np.pi * hertz * pace * t + phase)
        return waves * strength

    return replace(
        path,
        x=path.x + drift() * 0.007 * stage.width,
        y=path.y + drift() * 0.007 * stage.height,
        angle=path.angle + drift() * np.radians(0.35),
    )


def _overhang(path: Path, stage: Stage) -> float:
    """By how many output pixels the path's views stick out of the picture; inside: <= 0."""
    half_width = stage.width / 2 / path.zoom
    half_height = stage.height / 2 / path.zoom
    cos, sin = np.abs(np.cos(path.angle)), np.abs(np.sin(path.angle))
    reach_x = cos * half_width + sin * half_height + np.abs(path.shift)
    reach_y = sin * half_width + cos * half_height
    over = (
        reach_x - path.x,
        path.x + reach_x - stage.picture_width,
        reach_y - path.y,
        path.y + reach_y - stage.picture_height,
    )
    return float(max(side.max() for side in over)) - 1e-6


def _within(wanted: float, view: float, picture: float) -> float:
    return min(max(wanted, view / 2), picture - view / 2) if picture > view else picture / 2
