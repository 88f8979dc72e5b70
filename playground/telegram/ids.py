"""Identifiers that are the same in every run with the same seed."""

import base64
import hashlib
from collections import defaultdict


class Identifiers:
    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._last: defaultdict[str, int] = defaultdict(int)

    def number(self, kind: str) -> int:
        self._last[kind] += 1
        return self._last[kind]

    def digest(self, *parts: object, size: int = 24) -> str:
        """URL-safe text that looks random and is not."""
        source = ":".join(str(part) for part in (self._seed, *parts))
        raw = hashlib.blake2b(source.encode(), digest_size=size).digest()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def large(self, *parts: object) -> int:
        source = ":".join(str(part) for part in (self._seed, *parts))
        return int.from_bytes(hashlib.blake2b(source.encode(), digest_size=7).digest())
