"""The gateway before the visual API: whose request it is, and whether it may come in."""

import time
from collections import deque

from aiohttp import web

from playground.services.studio import Clock
from playground.services.volcengine.errors import GatewayRefusal, Refusal
from playground.services.volcengine.signature import Signed, check


class Gate:
    """`secrets` maps every access key that works to its secret; empty it, and no key works.

    `session_token` has to come with every request where it is set, and with none where it is
    not. `lacks_policy` takes the right away. `qps` is how many requests a second are let in, 0
    for any number. `wall` is the clock of the signature.
    """

    def __init__(self, secrets: dict[str, str]) -> None:
        self.secrets = secrets
        self.session_token = ""
        self.lacks_policy = False
        self.qps = 0
        self.wall: Clock = time.time
        self._recent: deque[float] = deque()

    async def key_of(self, request: web.Request) -> str:
        signed = Signed(
            method=request.method,
            target=request.raw_path,
            headers=list(request.headers.items()),
            body=await request.read(),
        )
        key = check(signed, self.secrets, self.wall())
        if signed.header("x-security-token") != self.session_token:
            raise GatewayRefusal("InvalidSecretToken", "The session token does not fit the key.")
        if self.lacks_policy:
            raise GatewayRefusal("LackPolicy", "The key has no right to this service.")
        return key

    def throttle(self, now: float) -> None:
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if self.qps and len(self._recent) >= self.qps:
            raise Refusal(50429)
        self._recent.append(now)
