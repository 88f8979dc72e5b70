"""Signed links that stop working after an hour."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

LIFETIME = 3600  # seconds


class Links:
    """Makes links under a secret of its own, and tells whether one still holds."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def sign(self, url: str, path: str, now: float) -> str:
        expires = str(int(now) + LIFETIME)
        return f"{url}?x-expires={expires}&x-signature={self._seal(path, expires)}"

    def holds(self, path: str, query: Mapping[str, str], now: float) -> bool:
        expires = query.get("x-expires", "")
        seal = query.get("x-signature", "")
        right = hmac.compare_digest(seal.encode(), self._seal(path, expires).encode())
        return right and now < int(expires)

    def _seal(self, path: str, expires: str) -> str:
        return hmac.new(self._secret, f"{path} {expires}".encode(), hashlib.sha256).hexdigest()
