"""Result addresses that are signed and go out of date."""

import hashlib
import hmac
import secrets
from urllib.parse import parse_qs


class Links:
    """A new key makes every address given so far worthless."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)

    def expire(self) -> None:
        self._key = secrets.token_bytes(16)

    def query(self, name: str, expires: int) -> str:
        return f"x-expires={expires}&x-signature={self._signature(name, str(expires))}"

    def holds(self, name: str, query: str, now: float) -> bool:
        fields = {key: values[-1] for key, values in parse_qs(query).items()}
        expires = fields.get("x-expires", "")
        right = self._signature(name, expires)
        return fields.get("x-signature") == right and expires.isdecimal() and now < int(expires)

    def _signature(self, name: str, expires: str) -> str:
        job = name.partition("-")[0]  # the cover and the other sizes share the job's signature
        return hmac.digest(self._key, f"{job}|{expires}".encode(), hashlib.sha256).hex()
