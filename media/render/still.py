"""One photo under a moving camera."""

from dataclasses import replace

import numpy as np
from PIL import Image

from media.render.camera import Path, build
from media.render.depth import Scene
from media.render.plates import Grid, Planes, corners, cut_box, cut_mesh, make_plate
from media.render.words import Plan

_CALM = 0.25  # share of the frame's half diagonal around the subject that a dolly zoom leaves


class Still:
    """Draws any frame of a camera move over a photo."""

    def __init__(
        self, image: Image.Image, size: tuple[int, int], plan: Plan, frames: int, seed: int
    ) -> None:
        self._size = size
        self._scene = Scene(image)
        plate = make_plate(image, size)
        stage = replace(
            plate.stage,
            subject=(
                self._scene.subject[0] * plate.stage.picture_width,
                self._scene.subject[1] * plate.stage.picture_height,
            ),
        )
        self._plate = replace(plate, stage=stage)
        self.path: Path = build(plan, stage, frames, seed)
        self._corners = corners(size)

    def frame(self, number: int, *, zoom: float = 1.0) -> Planes:
        """Draw a frame; `zoom` magnifies this one further."""
        path = self.path if zoom == 1 else replace(self.path, zoom=self.path.zoom * zoom)
        if path.is_upright:
            return cut_box(self._plate, path, number, self._size)
        return cut_mesh(self._plate, self._points(path, number), self._size)

    def _points(self, path: Path, number: int) -> Grid:
        """Where in the picture each mesh corner looks."""
        stage = self._plate.stage
        sides = (stage.picture_width, stage.picture_height)
        subject = np.array(stage.subject)
        angle = path.angle[number]
        turn = np.array(((np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))))
        middle = np.array((stage.width / 2, stage.height / 2))
        places = (self._corners - middle) @ turn / path.zoom[number]
        places += (path.x[number], path.y[number])
        if path.swell[number]:
            reach = float(np.hypot(*middle))
            places = subject + _swell(places - subject, path.swell[number], reach)
        if path.near[number] or path.shift[number]:
            near = self._scene.near(places, sides)[..., None]
            places = subject + (places - subject) * (1 - path.near[number] * near)
            places = places - near * (path.shift[number], 0.0)
        return np.asarray(places)


def _swell(offsets: Grid, amount: float, reach: float) -> Grid:
    """Magnify what surrounds the subject.

    The slope of the radius never falls below 1 - amount, so nothing smears.
    """
    radius = np.hypot(offsets[..., 0], offsets[..., 1]) / reach
    u = np.clip((radius - _CALM) / (1 - _CALM), 0, 1)
    lost = (1 - _CALM) * (u**3 - u**4 / 2) + np.clip(radius - 1, 0, None)
    share = 1 - amount * lost / np.maximum(radius, 1e-6)
    return offsets * share[..., None]
