"""The picture's way into the site's store: a place is applied for, filled, and committed. All free."""

import asyncio
import hashlib
import json
import secrets
import string
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import httpx
import stamina
from pydantic import ValidationError

from core.errors import ProviderError, ThrottledError
from providers import verdicts
from providers.base import Blame, Refused
from providers.dreamina.imagex_replies import (
    Address,
    ApplyReply,
    BytesReply,
    CommitReply,
    StoreReply,
    Token,
)
from providers.dreamina.signing import authorization, make_query
from providers.web.wire import SOON, Web, parse

_VERSION = "2018-08-01"
_DONE = 2000
_LATER = timedelta(seconds=15)
_OWN_FAULT = ("SignatureDoesNotMatch", "InvalidTimestamp")
_CACHE_BREAKER = string.ascii_lowercase + string.digits

T = TypeVar("T")
R = TypeVar("R", bound=StoreReply)


class _RefusedError(Exception):
    """The store says no for good; the words are for the owners."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """A picture in the store, with its sides where the store tells them."""

    uri: str
    width: int = 0
    height: int = 0


async def patiently(step: Callable[[], Awaitable[T]]) -> T:
    """Take a free step up to three times where the connection, not the answer, was the matter."""
    # A context, not a decorator: stamina logs the arguments of what it decorates.
    async for attempt in stamina.retry_context(
        on=_is_passing, attempts=3, timeout=None, wait_initial=0.1, wait_max=1.0, wait_jitter=0.1
    ):
        with attempt:
            return await step()
    raise AssertionError("stamina gives up by raising")


def _is_passing(error: Exception) -> bool:
    if isinstance(error, ThrottledError):
        return False
    return isinstance(error, ProviderError) and error.retry_in == SOON


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageX:
    """The store; `address`, where it is set, is used whatever host the site names."""

    web: Web
    address: str | None = None

    async def upload(self, token: Token, file: Path) -> Uploaded | Refused:
        """Bring a picture into the store. Every upload gives a new uri."""
        content = await asyncio.to_thread(file.read_bytes)
        try:
            applied = await patiently(partial(self._apply, token, len(content)))
            address = applied.result.address
            await patiently(partial(self._send, token, address, content))
            done = await patiently(partial(self._commit, token, address.session_key))
        except _RefusedError as error:
            owners = f"Dreamina: {error}"
            return Refused(blame=Blame.ACCOUNT, reason=verdicts.OURS, owners=owners)
        return _uploaded(done, address.stores[0].uri)

    async def _apply(self, token: Token, size: int) -> ApplyReply:
        breaker = "".join(secrets.choice(_CACHE_BREAKER) for _ in range(11))
        query = {"FileSize": str(size), "s": breaker}
        return await self._call(ApplyReply, "GET", "ApplyImageUpload", token, query)

    async def _commit(self, token: Token, session_key: str) -> CommitReply:
        body = json.dumps({"SessionKey": session_key}).encode()
        return await self._call(CommitReply, "POST", "CommitImageUpload", token, {}, body)

    async def _send(self, token: Token, address: Address, content: bytes) -> None:
        store = address.stores[0]
        host = address.hosts[0] if address.hosts else address.host
        if not host:
            raise ProviderError("the picture store names no host for the bytes", retry_in=_LATER)
        # Bytes travel as safely as the store itself is reached: https, but in tests.
        scheme = self._base(token).partition(":")[0]
        headers = {
            **(address.headers or {}),
            "Authorization": store.auth,
            "Content-CRC32": f"{zlib.crc32(content):08x}",
            "Content-Type": "application/octet-stream",
        }
        url = f"{scheme}://{host}/upload/v1/{store.uri}"
        reply = await self.web.call("POST", url, headers=headers, content=content)
        if reply.is_server_error:
            raise ProviderError(f"the upload gave HTTP {reply.status_code}", retry_in=SOON)
        if not reply.is_success or _code(reply) not in {None, _DONE}:
            raise ProviderError(f"the upload gave HTTP {reply.status_code}", retry_in=_LATER)

    async def _call(
        self,
        kind: type[R],
        method: str,
        action: str,
        token: Token,
        more: Mapping[str, str],
        body: bytes = b"",
    ) -> R:
        fixed = {"Action": action, "Version": _VERSION, "ServiceId": token.service}
        query = make_query({**fixed, **more}.items())
        headers = {
            "x-amz-date": f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
            "x-amz-security-token": token.session_token,
        }
        if method == "POST":
            headers["x-amz-content-sha256"] = hashlib.sha256(body).hexdigest()
        headers["authorization"] = authorization(method, query, headers, body, token.keys)
        if method == "POST":
            headers["content-type"] = "application/json"
        url = f"{self._base(token)}/?{query}"
        reply = await self.web.call(method, url, headers=headers, content=body or None)
        code = parse(StoreReply, reply).code
        if code in _OWN_FAULT:
            raise _RefusedError(f"{code} by the picture store: is this machine's clock right?")
        if code:
            raise ProviderError(f"{action} was refused ({code})", retry_in=_LATER)
        if not reply.is_success:
            raise ProviderError(f"{action} gave HTTP {reply.status_code}", retry_in=SOON)
        return parse(kind, reply)

    def _base(self, token: Token) -> str:
        return self.address or token.host


def _code(reply: httpx.Response) -> int | None:
    """The upload's own verdict; where it is not told, the commit will show."""
    try:
        return BytesReply.model_validate_json(reply.content).code
    except ValidationError:
        return None


def _uploaded(reply: CommitReply, store_uri: str) -> Uploaded:
    result = reply.result
    place = result.places[0] if result and result.places else None
    plugin = result.plugins[0] if result and result.plugins else None
    if place and place.status not in {None, _DONE}:
        raise ProviderError(f"the picture was not stored ({place.status})", retry_in=_LATER)
    uri = (place and place.uri) or (plugin and plugin.uri) or store_uri
    if plugin is None:
        return Uploaded(uri=uri)
    return Uploaded(uri=uri, width=plugin.width or 0, height=plugin.height or 0)
