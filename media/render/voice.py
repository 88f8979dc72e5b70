"""A photo that follows a sound: it breathes and brightens with it above a moving waveform."""

from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw

from media.render.loudness import Floats, loudness
from media.render.plates import Planes
from media.render.still import Still
from media.render.words import Plan
from media.render.writer import FPS

_BARS = 64
_NOW = 0.5  # where in the strip the present moment stands
_ZOOM = 0.035  # how much closer the loudest moment comes
_LIGHT = 0.09  # how much brighter it gets
_BLACK, _WHITE = 16, 235  # limited range
_CALMER = 0.5


class Voice:
    """Draws the frames of a photo with a sound; lips do not move."""

    def __init__(
        self,
        image: Image.Image,
        sound: Path,
        size: tuple[int, int],
        plan: Plan,
        frames: int,
        seed: int,
    ) -> None:
        calm = replace(plan, strength=plan.strength * _CALMER)
        self._still = Still(image, size, calm, frames, seed)
        self._level: Floats = loudness(sound, frames, FPS)
        self._size = size

    def frame(self, number: int) -> Planes:
        level = float(self._level[number])
        luma, blue, red = self._still.frame(number, zoom=1 + _ZOOM * level)
        gain = 1 - _LIGHT / 2 + _LIGHT * level
        table = [min(_WHITE, round(_BLACK + (value - _BLACK) * gain)) for value in range(256)]
        return self._with_strip(luma.point(table), number), blue, red

    def _with_strip(self, luma: Image.Image, number: int) -> Image.Image:
        """Draw the loudness around now as bars, the past left and what comes right."""
        width, height = self._size
        mask = Image.new("L", (width, max(24, height // 12)))
        draw = ImageDraw.Draw(mask)
        pitch = width / _BARS
        for bar in range(_BARS):
            moment = number + round((bar / _BARS - _NOW) * _BARS)
            level = self._level[moment] if 0 <= moment < len(self._level) else 0.0
            half = max(1.0, level * mask.height * 0.42)
            x, y = (bar + 0.5) * pitch, mask.height / 2
            strength = 190 if moment <= number else 90
            draw.rounded_rectangle(
                (x - pitch * 0.28, y - half, x + pitch * 0.28, y + half),
                radius=pitch * 0.28,
                fill=strength,
            )
        top = height - mask.height - height // 40
        luma.paste(_WHITE, (0, top, width, top + mask.height), mask)
        return luma
