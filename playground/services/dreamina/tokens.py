"""The temporary keys that a token call hands out, and whose they are."""

import secrets
from typing import Any

from playground.services.dreamina.signing import Credentials
from playground.services.dreamina.switches import Switches

SPACE = "tb4s082cfz"
SCENE_PICTURE = 2


class Tokens:
    """Every token call makes new ones; old ones stay good until their time is over."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._known: dict[str, Credentials] = {}

    @property
    def all(self) -> list[Credentials]:
        return list(self._known.values())

    def find(self, access_key: str) -> Credentials | None:
        return self._known.get(access_key)

    def expire(self) -> None:
        """As if the time of all credentials were over."""
        for one in self._known.values():
            one.expires = 0.0

    def issue(self, session: str, host: str, now: float) -> dict[str, Any]:
        """The `data` of the answer."""
        keys = Credentials(
            access_key="AKTP" + secrets.token_hex(16),
            secret_key=secrets.token_hex(20),
            token="STS2" + secrets.token_hex(40),
            session=session,
            expires=now + self._switches.credential_seconds,
        )
        self._known[keys.access_key] = keys
        data = {
            "access_key_id": keys.access_key,
            "secret_access_key": keys.secret_key,
            "session_token": keys.token,
            "space_name": SPACE,
            "upload_domain": host,
            "region": "cn",  # a word of the site's; the signing region is cn-north-1
            "expired_time": _text(keys.expires),
            "current_time": _text(now),
        }
        return {**data, "service_id": SPACE} if self._switches.service_id else data


def _text(moment: float) -> str:
    return str(int(moment))
