"""One signed call to the workbench, and the envelope of its answers. The cookie goes nowhere else."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import httpx
from pydantic import BaseModel, ConfigDict, StringConstraints

from core.errors import ProviderError, ThrottledError, UncertainError
from providers.dreamina.signing import workbench_sign
from providers.web.wire import SOON, Web, parse, retry_after

SITE = "https://jimeng.jianying.com"
AID = 513695
OK = "0"

TOKEN = "/mweb/v1/get_upload_token"  # noqa: S105  # a path
GENERATE = "/mweb/v1/aigc_draft/generate"
HISTORY = "/mweb/v1/get_history_by_ids"

_APPVR = "5.8.0"
_TOO_MANY, _BROKEN = 429, 500
_COOLDOWN = 60.0  # seconds; the site does not say how long


class Loose(BaseModel):
    """Part of an answer; what is a text today may be a number tomorrow."""

    model_config = ConfigDict(coerce_numbers_to_str=True, hide_input_in_errors=True)


class Reply(Loose):
    """The envelope: HTTP 200 says nothing, `ret` says whether it was a yes."""

    ret: Annotated[str, StringConstraints(pattern=r"^-?[0-9]+$")]
    errmsg: str | None = None
    logid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """The site as one logged-in account sees it."""

    web: Web
    base: str
    version: str  # of the page that we claim to be
    session: str = field(repr=False)

    async def call(
        self, path: str, body: Mapping[str, Any], *, paid: bool = False
    ) -> tuple[Reply, httpx.Response]:
        """The envelope, and the answer that holds it; raises where there is no clear yes or no."""
        query = {
            "aid": AID,
            "device_platform": "web",
            "region": "CN",
            "da_version": self.version,
        }
        response = await self.web.call(
            "POST",
            self.base + path,
            paid=paid,
            params=query,
            headers=self._headers(path, int(time.time())),
            content=json.dumps(body).encode(),
        )
        if response.status_code == _TOO_MANY:
            pause = retry_after(response.headers, _COOLDOWN)
            raise ThrottledError("HTTP 429", retry_in=pause)
        if response.status_code < _BROKEN:
            reply = parse(Reply, response, paid=paid)
            if response.is_success or reply.ret != OK:
                return reply, response
        text = f"HTTP {response.status_code}"
        raise UncertainError(text) if paid else ProviderError(text, retry_in=SOON)

    def _headers(self, path: str, moment: int) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "Appid": str(AID),
            "Appvr": _APPVR,
            "Pf": "7",
            "Origin": SITE,
            "Referer": SITE,
            "Cookie": f"sessionid={self.session}",
            "Device-Time": str(moment),
            "Sign": workbench_sign(path, _APPVR, moment),
            "Sign-Ver": "1",
        }
