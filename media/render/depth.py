"""What is in front and where the eye goes: guesses from colour and place, no model."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Floats = NDArray[np.float64]

_SIDE = 64
_REACH = 0.28  # how far from the middle a guessed subject may lie, as a share of the side


class Scene:
    """A picture's subject, as shares of its sides, and a smooth map of nearness from 0 to 1."""

    def __init__(self, image: Image.Image) -> None:
        salience = _salience(image)
        self.subject = _focus(salience)
        self._near = _nearness(salience)

    def near(self, places: Floats, picture: tuple[float, float]) -> Floats:
        """Nearness at places (..., 2) of a picture with the given sides, between map points."""
        rows, columns = self._near.shape
        x = np.clip(places[..., 0] / picture[0], 0, 1) * (columns - 1)
        y = np.clip(places[..., 1] / picture[1], 0, 1) * (rows - 1)
        left, top = np.floor(x).astype(int), np.floor(y).astype(int)
        right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
        dx, dy = x - left, y - top
        values: Floats = (
            self._near[top, left] * (1 - dx) * (1 - dy)
            + self._near[top, right] * dx * (1 - dy)
            + self._near[bottom, left] * (1 - dx) * dy
            + self._near[bottom, right] * dx * dy
        )
        return values


def _salience(image: Image.Image) -> Floats:
    """How much a place differs in colour from the picture's border, more so in the middle."""
    small = image.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    pixels = np.asarray(small.filter(ImageFilter.GaussianBlur(1.5)), dtype=np.float64) / 255
    rim = np.concatenate(
        (pixels[:4].reshape(-1, 3), pixels[:, :4].reshape(-1, 3), pixels[:, -4:].reshape(-1, 3))
    )
    spread = np.cov(rim.T) + np.eye(3) * 0.01
    away = pixels - rim.mean(axis=0)
    distance = np.sqrt(np.einsum("...i,ij,...j->...", away, np.linalg.inv(spread), away))
    axis = np.linspace(-1, 1, _SIDE)
    middle = np.exp(-(axis[None, :] ** 2 + (axis[:, None] + 0.25) ** 2) / 0.6)
    salience: Floats = distance / max(distance.max(), 1e-9) * middle
    return salience


def _focus(salience: Floats) -> tuple[float, float]:
    weights = np.where(salience > np.quantile(salience, 0.8), salience, 0)
    total = max(weights.sum(), 1e-9)
    axis = (np.arange(_SIDE) + 0.5) / _SIDE
    x = float((weights.sum(axis=0) * axis).sum() / total)
    y = float((weights.sum(axis=1) * axis).sum() / total)
    return (
        min(max(x, 0.5 - _REACH), 0.5 + _REACH),
        min(max(y, 0.5 - _REACH), 0.5 + _REACH),
    )


def _nearness(salience: Floats) -> Floats:
    """The subject is nearer than its surroundings, and the ground nearer than the sky."""
    figure = salience / max(salience.max(), 1e-9)
    ground = np.linspace(0, 1, _SIDE)[:, None] ** 1.5
    rough = np.clip(0.65 * figure + 0.35 * ground, 0, 1)
    picture = Image.fromarray((rough * 255).astype(np.uint8))
    # Smooth over about a quarter of the side: a sharp map would tear at its edges.
    smooth = np.asarray(picture.filter(ImageFilter.GaussianBlur(_SIDE / 8)), dtype=np.float64)
    scaled: Floats = smooth / max(smooth.max(), 1.0)
    return scaled
