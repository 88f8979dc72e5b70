"""Aspect ratios and the pixel sizes that belong to them."""

import math

RATIOS = ("21:9", "16:9", "4:3", "1:1", "3:4", "9:16", "9:21")

# A resolution names the pixels of its 16:9 frame; other ratios get the same number of pixels.
HEIGHTS = {"480p": 480, "720p": 720, "1080p": 1080}

_BLOCK = 2  # 4:2:0 video has one colour sample for every two rows and columns


def value(ratio: str) -> float:
    """Width over height of a name such as "16:9"."""
    width, height = ratio.split(":")
    return int(width) / int(height)


def nearest(aspect: float, among: tuple[str, ...] = RATIOS) -> str:
    """The named ratio nearest to width over height, measured in log space."""
    return min(among, key=lambda name: abs(math.log(aspect / value(name))))


def frame_size(ratio: str, resolution: str) -> tuple[int, int]:
    """Width and height in pixels for a ratio at a resolution, both even."""
    lines = HEIGHTS[resolution]
    pixels = lines * lines * 16 / 9
    width = math.sqrt(pixels * value(ratio))
    return _blocks(width), _blocks(width / value(ratio))


def _blocks(side: float) -> int:
    return max(_BLOCK, round(side / _BLOCK) * _BLOCK)
