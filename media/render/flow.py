"""Dense motion between two pictures: symmetric, from coarse to fine (Lucas and Kanade)."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float64]

_SIDE = 176  # pixels of the longer side at the finest level: enough for a mesh of a dozen cells
_LEVELS = 4
_ROUNDS = 6
_WINDOW = 7
_MATCH = 0.93  # correlation above which two pictures show the same scene


def measure(first: Image.Image, last: Image.Image) -> tuple[Floats, float]:
    """Motion from `first` to `last`, and how well they agree once each is moved half way.

    The motion is rows x columns x (x, y) in shares of the width and height; the agreement is a
    correlation (1: the same scene).
    """
    scale = _SIDE / max(first.size)
    size = (max(32, round(first.width * scale)), max(32, round(first.height * scale)))
    flow = np.zeros((2, 2, 2))
    pair = (first.convert("L"), last.convert("L"))
    a = b = np.zeros((2, 2))
    for level in reversed(range(_LEVELS)):
        sides = (max(12, size[0] >> level), max(12, size[1] >> level))
        a, b = (_luma(picture, sides) for picture in pair)
        flow = _enlarge(flow, sides)
        for _ in range(_ROUNDS):
            flow = _smooth(flow + _step(a, b, flow), 3)
    agreement = _correlation(sample(a, -flow / 2), sample(b, flow / 2))
    return flow / (a.shape[1], a.shape[0]), agreement


def is_same_scene(agreement: float) -> bool:
    return agreement > _MATCH


def sample(image: Floats, offset: Floats) -> Floats:
    """An image read at every pixel plus an offset (rows x columns x (x, y), in pixels)."""
    rows, columns = image.shape
    y, x = np.mgrid[0:rows, 0:columns]
    x = np.clip(x + offset[..., 0], 0, columns - 1.001)
    y = np.clip(y + offset[..., 1], 0, rows - 1.001)
    left, top = x.astype(int), y.astype(int)
    dx, dy = x - left, y - top
    read: Floats = (
        image[top, left] * (1 - dx) * (1 - dy)
        + image[top, left + 1] * dx * (1 - dy)
        + image[top + 1, left] * (1 - dx) * dy
        + image[top + 1, left + 1] * dx * dy
    )
    return read


def _step(a: Floats, b: Floats, flow: Floats) -> Floats:
    """One Gauss-Newton step of the motion that makes both half-moved pictures agree."""
    moved_a, moved_b = sample(a, -flow / 2), sample(b, flow / 2)
    mean: Floats = (moved_a + moved_b) / 2
    gradients: list[Floats] = list(np.gradient(mean))
    down, across = gradients
    error = moved_a - moved_b
    xx, yy, xy = _box(across**2), _box(down**2), _box(across * down)
    xe, ye = _box(across * error), _box(down * error)
    calm = 1e-3 * (xx.mean() + yy.mean()) + 1e-6
    determinant = (xx + calm) * (yy + calm) - xy**2
    step = np.stack(
        (((yy + calm) * xe - xy * ye) / determinant, ((xx + calm) * ye - xy * xe) / determinant),
        axis=-1,
    )
    bounded: Floats = np.clip(step, -2, 2)
    return bounded


def _luma(picture: Image.Image, sides: tuple[int, int]) -> Floats:
    values = np.asarray(picture.resize(sides, Image.Resampling.BOX), dtype=np.float64) / 255
    # Contrast is compared, not brightness: the light may have changed between two photos.
    centred: Floats = values - values.mean()
    return centred / max(float(values.std()), 0.02)


def _enlarge(flow: Floats, sides: tuple[int, int]) -> Floats:
    columns, rows = sides
    scale = (columns / flow.shape[1], rows / flow.shape[0])
    planes = [
        np.asarray(
            Image.fromarray(flow[..., axis].astype(np.float32)).resize(
                sides, Image.Resampling.BILINEAR
            ),
            dtype=np.float64,
        )
        * scale[axis]
        for axis in (0, 1)
    ]
    return np.stack(planes, axis=-1)


def _smooth(flow: Floats, window: int) -> Floats:
    return np.stack([_box(flow[..., axis], window) for axis in (0, 1)], axis=-1)


def _box(values: Floats, window: int = _WINDOW) -> Floats:
    """The mean over a square window, by running sums."""
    pad = window // 2
    wide = np.pad(values, pad, mode="edge")
    for axis in (0, 1):
        total = np.cumsum(np.insert(wide, 0, 0, axis=axis), axis=axis)
        count = wide.shape[axis] - window + 1
        wide = (
            np.take(total, range(window, window + count), axis=axis)
            - np.take(total, range(count), axis=axis)
        ) / window
    return wide


def _correlation(a: Floats, b: Floats) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / max(np.sqrt((a**2).sum() * (b**2).sum()), 1e-9))
