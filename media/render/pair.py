"""From a first photo to a last one: a morph where they show the same scene, else a dissolve."""

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from media.render.camera import ease
from media.render.flow import is_same_scene, measure
from media.render.plates import Grid, Planes, corners, cut_mesh, make_plate
from media.render.still import Still
from media.render.words import Plan

_SOFTNESS = 0.45  # share of the time that one place takes to dissolve


class Morph:
    """Moves every place from where it is in the first photo to where it is in the last."""

    def __init__(
        self, first: Image.Image, last: Image.Image, flow: Grid, size: tuple[int, int], frames: int
    ) -> None:
        self._size = size
        self._plates = make_plate(first, size, closest=1), make_plate(last, size, closest=1)
        self._corners = corners(size)
        self._motion = _at_corners(flow, self._corners, size)
        self._progress = ease(frames)

    def frame(self, number: int) -> Planes:
        done = self._progress[number]
        if done in (0.0, 1.0):
            return cut_mesh(self._plates[int(done)], self._corners, self._size)
        old = cut_mesh(self._plates[0], self._corners - done * self._motion, self._size)
        new = cut_mesh(self._plates[1], self._corners + (1 - done) * self._motion, self._size)
        return _blend(old, new, done)


class Dissolve:
    """The last photo appears over the first, its bright places before its dark ones."""

    def __init__(
        self, first: Image.Image, last: Image.Image, size: tuple[int, int], plan: Plan, frames: int
    ) -> None:
        self._old = Still(first, size, plan, frames, seed=0)
        self._new = Still(last, size, plan, frames, seed=0)
        self._progress = ease(frames)
        shade = last.convert("L").resize(size).filter(ImageFilter.GaussianBlur(size[0] / 20))
        self._delay = 1 - np.asarray(ImageOps.autocontrast(shade), dtype=np.float64) / 255

    def frame(self, number: int) -> Planes:
        done = self._progress[number]
        if done == 0.0:
            return self._old.frame(number)
        if done == 1.0:
            return self._new.frame(number)
        # Each place starts after its delay and takes _SOFTNESS of the time.
        part = np.clip((done - self._delay * (1 - _SOFTNESS)) / _SOFTNESS, 0, 1)
        mask = Image.fromarray((part * 255).astype(np.uint8))
        half = mask.resize((mask.width // 2, mask.height // 2), Image.Resampling.BOX)
        old, new = self._old.frame(number), self._new.frame(number)
        return (
            Image.composite(new[0], old[0], mask),
            Image.composite(new[1], old[1], half),
            Image.composite(new[2], old[2], half),
        )


def draw_pair(
    first: Image.Image, last: Image.Image, size: tuple[int, int], plan: Plan, frames: int
) -> Morph | Dissolve:
    """Choose how to get from one photo to the other."""
    framed = tuple(ImageOps.fit(photo, size, Image.Resampling.BICUBIC) for photo in (first, last))
    flow, agreement = measure(*framed)
    if is_same_scene(agreement):
        return Morph(framed[0], framed[1], flow, size, frames)
    return Dissolve(first, last, size, plan, frames)


def _at_corners(flow: Grid, places: Grid, size: tuple[int, int]) -> Grid:
    rows, columns = flow.shape[:2]
    x = np.clip(places[..., 0] / size[0] * (columns - 1), 0, columns - 1).round().astype(int)
    y = np.clip(places[..., 1] / size[1] * (rows - 1), 0, rows - 1).round().astype(int)
    return np.asarray(flow[y, x] * size)


def _blend(old: Planes, new: Planes, share: float) -> Planes:
    return (
        Image.blend(old[0], new[0], share),
        Image.blend(old[1], new[1], share),
        Image.blend(old[2], new[2], share),
    )
