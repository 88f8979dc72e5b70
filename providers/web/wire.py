"""Calls to a video service, and what became of one that broke: not sent, or perhaps taken."""

import ssl
from collections.abc import Mapping
from datetime import timedelta
from functools import cache, lru_cache
from typing import Any, TypeVar

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver
from httpx_aiohttp import AiohttpTransport
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from core.errors import ProviderError, UncertainError
from providers.web.guard import ForbiddenAddressError, PublicResolver, authority, check_url

Reply = TypeVar("Reply", bound=BaseModel)

SOON = timedelta(seconds=2)
_LARGEST_REPLY = 8_000_000  # bytes
_TIMEOUT = httpx.Timeout(60, connect=10, pool=30)
# Raised before a byte of the request was taken: repeating it cannot order anything twice.
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Web:
    """HTTP for all providers, without any credentials of its own.

    Hosts of configured services are trusted; others must be public ones, unless `private` lets
    tests use the rest.
    """

    def __init__(
        self,
        *,
        private: bool = False,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._trusted: set[str] = set()
        self.private = private
        self._resolver = resolver
        self._ours: httpx.AsyncClient | None = None
        self._outside: httpx.AsyncClient | None = None

    def trust(self, url: str) -> None:
        """Let a configured address be wherever it is."""
        self._trusted.add(authority(httpx.URL(url)))

    async def close(self) -> None:
        for client in (self._ours, self._outside):
            if client:
                await client.aclose()

    def client(self, url: httpx.URL) -> httpx.AsyncClient:
        """The client for an address; raises ForbiddenAddressError for a private one."""
        trusted = self.private or authority(url) in self._trusted
        check_url(url, trusted=trusted)
        if trusted:
            self._ours = self._ours or _client(self._resolver)
            return self._ours
        self._outside = self._outside or _client(PublicResolver(self._resolver))
        return self._outside

    async def call(
        self,
        method: str,
        url: str,
        *,
        paid: bool = False,
        timeout: httpx.Timeout = _TIMEOUT,  # noqa: ASYNC109  # handed to the library
        json: Any = None,
        **request: Any,
    ) -> httpx.Response:
        """Make one call and read its whole reply, whatever its status; redirects are not followed.

        Raises ProviderError where it failed, UncertainError where a `paid` one may have been taken.
        """
        if json is not None:
            # httpx would write the same bytes, and take seven times as long over a picture.
            request["content"] = to_json(json)
            request["headers"] = {"Content-Type": "application/json", **request.get("headers", {})}
        try:
            target = _address(url)
            client = self.client(target)
            async with client.stream(method, target, timeout=timeout, **request) as reply:
                await _read(reply)
                return reply
        except ForbiddenAddressError as error:
            raise ProviderError(f"the service named {error}") from error
        except httpx.InvalidURL as error:
            raise ProviderError("the service named no plain web address") from error
        except httpx.HTTPError as error:
            raise judged(error, paid=paid) from error


def judged(error: httpx.HTTPError, *, paid: bool) -> ProviderError:
    """What a broken call means, by aiohttp's own error: the transport calls every one a time-out."""
    text = f"{type(error.__cause__ or error).__name__}: the connection failed"
    if isinstance(_origin(error), ForbiddenAddressError):
        return ProviderError("the service named a private address")
    sent = not isinstance(error.__cause__, _NOT_SENT) and not isinstance(error, httpx.PoolTimeout)
    if paid and sent:
        return UncertainError(text)
    return ProviderError(text, retry_in=SOON)


def _origin(error: BaseException) -> BaseException | None:
    cause = error.__cause__
    return cause.os_error if isinstance(cause, aiohttp.ClientConnectorError) else cause


def parse(kind: type[Reply], reply: httpx.Response, *, paid: bool = False) -> Reply:
    """Read a reply by its model; what does not fit is an error, after a paid call an unclear one."""
    try:
        return kind.model_validate_json(reply.content)
    except ValidationError as error:
        text = f"HTTP {reply.status_code} with an answer that is not understood"
        if paid:
            raise UncertainError(text) from error
        raise ProviderError(text, retry_in=SOON) from error


def retry_after(headers: Mapping[str, str], usual: float) -> timedelta:
    """The wait that a service asks for in seconds, within reason, else the usual one."""
    asked = headers.get("retry-after", "")
    seconds = float(asked) if asked.isdecimal() else usual
    return timedelta(seconds=min(max(seconds, 1.0), 600.0))


async def _read(reply: httpx.Response) -> None:
    content = bytearray()
    async for chunk in reply.aiter_bytes():
        content += chunk
        if len(content) > _LARGEST_REPLY:
            raise httpx.ReadError("the reply is too large")
    reply._content = bytes(content)  # noqa: SLF001  # as aread() does, with a limit


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates of this machine; reading them takes longer than a call."""
    return ssl.create_default_context()


def _client(resolver: AbstractResolver | None) -> httpx.AsyncClient:
    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=0, ssl=_trusted(), resolver=resolver)
        return aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
        )

    transport = AiohttpTransport(verify=_trusted(), client=session)
    client = httpx.AsyncClient(transport=transport, trust_env=False)
    # Both layers would keep what Set-Cookie brings, and send it to whoever shares the host.
    client._cookies = _NoCookies()  # noqa: SLF001  # given as a jar, it would be copied into one
    return client


class _NoCookies(httpx.Cookies):
    """Keeps none; refusing them by a policy costs a tenth of a call."""

    def extract_cookies(self, response: httpx.Response) -> None:  # noqa: ARG002
        return


@lru_cache(1024)
def _address(url: str) -> httpx.URL:
    """Reading an address takes a tenth of a call, and the same ones are called again and again."""
    return httpx.URL(url)
