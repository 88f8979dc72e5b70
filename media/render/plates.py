"""Plates: a picture as three 8-bit planes (BT.709), and views of them cut with sub-pixel care."""

import math
from dataclasses import dataclass

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media.render.camera import Path, Stage

Planes = tuple[Image.Image, Image.Image, Image.Image]
Grid = NDArray[np.float64]

_COLUMNS, _ROWS = 9, 12
# Source pixels per output pixel: below 1.15 fine detail pulsates, above 1.6 it flickers.
_LEAST_DENSITY, _MOST_DENSITY = 1.15, 1.6
_EDGE = 0.05  # a mesh corner on the very border reads as black


@dataclass(frozen=True, slots=True)
class Plate:
    """A picture's planes; `density` is plate pixels per output pixel at zoom 1."""

    planes: Planes
    density: float
    stage: Stage


def make_plate(image: Image.Image, size: tuple[int, int], *, closest: float = 1.26) -> Plate:
    """Scale a picture so that it covers a frame of `size`, sharp enough for a zoom of `closest`."""
    width, height = size
    cover = max(width / image.width, height / image.height)
    density = min(max(1 / cover, _LEAST_DENSITY * closest), _MOST_DENSITY)
    scale = cover * density
    # Even sides, so that the halved colour planes cover the same area.
    sides = (
        max(math.ceil(image.width * scale / 2) * 2, math.ceil(width * density / 2) * 2),
        max(math.ceil(image.height * scale / 2) * 2, math.ceil(height * density / 2) * 2),
    )
    scaled = image.resize(sides, Image.Resampling.LANCZOS)
    stage = Stage(
        width=width,
        height=height,
        picture_width=sides[0] / density,
        picture_height=sides[1] / density,
        subject=(sides[0] / density / 2, sides[1] / density / 2),
    )
    return Plate(to_planes(scaled), density, stage)


def to_planes(image: Image.Image) -> Planes:
    """Luma at full size and colour at half, limited range, BT.709 as HD players assume."""
    frame = av.VideoFrame.from_ndarray(np.asarray(image.convert("RGB")), format="rgb24")
    full = frame.reformat(
        format="yuv444p", dst_colorspace="itu709", dst_color_range="MPEG"
    ).to_ndarray()
    half = (image.width // 2, image.height // 2)
    luma, blue, red = (Image.fromarray(np.ascontiguousarray(plane)) for plane in full)
    return (
        luma,
        blue.resize(half, Image.Resampling.BOX),
        red.resize(half, Image.Resampling.BOX),
    )


def cut_box(plate: Plate, path: Path, frame: int, size: tuple[int, int]) -> Planes:
    """An upright view: the resampler takes the box in fractions of a pixel."""
    stage, density = plate.stage, plate.density
    half_width = stage.width / 2 / path.zoom[frame]
    half_height = stage.height / 2 / path.zoom[frame]
    box = (
        (path.x[frame] - half_width) * density,
        (path.y[frame] - half_height) * density,
        (path.x[frame] + half_width) * density,
        (path.y[frame] + half_height) * density,
    )
    luma, blue, red = plate.planes
    half = (size[0] // 2, size[1] // 2)
    return (
        _resize(luma, size, box, 1.0),
        _resize(blue, half, box, 0.5),
        _resize(red, half, box, 0.5),
    )


def _resize(
    plane: Image.Image, size: tuple[int, int], box: tuple[float, ...], part: float
) -> Image.Image:
    left, top, right, bottom = (float(side * part) for side in box)
    inside = (max(0.0, left), max(0.0, top), min(plane.width, right), min(plane.height, bottom))
    return plane.resize(size, Image.Resampling.BICUBIC, box=inside)


def cut_mesh(plate: Plate, points: Grid, size: tuple[int, int]) -> Planes:
    """A bent view: `points` are the places in the picture (output pixels) of `corners(size)`."""
    places = points * plate.density
    xs, ys = _lines(size)
    luma, blue, red = plate.planes
    halves = places * 0.5, xs // 2, ys // 2
    return (
        _bend(luma, places, xs, ys),
        _bend(blue, *halves),
        _bend(red, *halves),
    )


def corners(size: tuple[int, int]) -> Grid:
    """The corners of the mesh over a frame, in output pixels: rows x columns x (x, y)."""
    xs, ys = _lines(size)
    return np.stack(np.meshgrid(xs, ys), axis=-1).astype(np.float64)


def _lines(size: tuple[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    # Even numbers, so that the same lines exist in the halved colour planes.
    return (
        2 * np.linspace(0, size[0] // 2, _COLUMNS + 1).astype(np.int64),
        2 * np.linspace(0, size[1] // 2, _ROWS + 1).astype(np.int64),
    )


def _bend(
    plane: Image.Image, places: Grid, xs: NDArray[np.int64], ys: NDArray[np.int64]
) -> Image.Image:
    inside = np.clip(places, _EDGE, (plane.width - _EDGE, plane.height - _EDGE))
    # Per cell: upper left, lower left, lower right, upper right.
    quads = np.concatenate(
        (inside[:-1, :-1], inside[1:, :-1], inside[1:, 1:], inside[:-1, 1:]), axis=-1
    ).tolist()
    columns, rows = xs.tolist(), ys.tolist()
    mesh = [
        ((columns[i], rows[j], columns[i + 1], rows[j + 1]), quads[j][i])
        for j in range(_ROWS)
        for i in range(_COLUMNS)
    ]
    size = (columns[-1], rows[-1])
    return plane.transform(size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
