"""One photo as the first and the last frame: a camera that comes back."""

from PIL import Image

from media.render.plates import Planes
from media.render.still import Still
from media.render.words import Plan


class Loop:
    """Goes the way of a camera move, and back to where it began."""

    def __init__(
        self, image: Image.Image, size: tuple[int, int], plan: Plan, frames: int, seed: int
    ) -> None:
        self._last = frames - 1
        self._way = Still(image, size, plan, self._last // 2 + 1, seed)

    def frame(self, number: int) -> Planes:
        return self._way.frame(min(number, self._last - number))
