"""Masks that were drawn for a photo, behind links of their own."""

import secrets
from collections.abc import Mapping, Sequence

from playground.services.volcengine import masks
from playground.services.volcengine.links import Links
from playground.services.volcengine.pictures import Picture


class Gallery:
    def __init__(self) -> None:
        self._links = Links()
        self._masks: dict[str, bytes] = {}

    def draw(self, root: str, photo: Picture, subjects: int, now: float) -> Sequence[str]:
        """Links to a new mask for each subject, the largest first."""
        links = []
        for mask in masks.draw(photo.width, photo.height, subjects):
            path = f"/masks/{secrets.token_hex(8)}.png"
            self._masks[path] = mask
            links.append(self._links.sign(f"{root}{path}", path, now))
        return links

    def open(self, path: str, query: Mapping[str, str], now: float) -> bytes | None:
        """A mask whose link still holds."""
        return self._masks[path] if self._links.holds(path, query, now) else None
