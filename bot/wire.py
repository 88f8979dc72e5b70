"""The connection to Telegram: a fast transport, and its errors in our words."""

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

import aiohttp
import httpx
import structlog
from httpx_aiohttp import AiohttpTransport
from telegram import error as telegram
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.refusals import Refusal, refusal_of
from core.errors import DeliveryError, UnclearDeliveryError, UnsuitableError

os.environ.setdefault("PTB_TIMEDELTA", "1")

log = structlog.get_logger()

_POOL = 512  # slow downloads of many people must not keep messages waiting
_LONGEST_PAUSE = 30.0  # seconds
_SOON = timedelta(seconds=1)
_SPARE = 10  # seconds beyond a long poll
_ABOUT_THE_FILE = (Refusal.TOO_LARGE, Refusal.FILE)
# Raised before a byte of the request was taken: repeating it cannot send anything twice.
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


def make_request(*, read_timeout: float = 20.0) -> HTTPXRequest:
    """A request object over aiohttp: 8 times the replies of the default at a tenth of its CPU."""
    return HTTPXRequest(
        connection_pool_size=_POOL,
        connect_timeout=10.0,
        read_timeout=read_timeout,
        write_timeout=60.0,
        pool_timeout=30.0,
        media_write_timeout=300.0,
        httpx_kwargs={"transport": _transport()},
    )


def _transport() -> AiohttpTransport:
    limits = httpx.Limits(max_connections=_POOL)
    return AiohttpTransport(limits=limits, verify=_trusted())


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates of this machine; reading them takes longer than a message."""
    return ssl.create_default_context()


class Client(ExtBot[None]):
    """The library's bot, which also hands out updates as Telegram sent them.

    They are stored as they are: a field that the library does not know yet is not lost, and one
    malformed update does not keep the others of its batch away.
    """

    async def raw_updates(
        self, *, offset: int | None, wait: int, allowed: Sequence[str]
    ) -> list[Any]:
        """Wait up to `wait` seconds for updates from `offset` on, which confirms those before."""
        wanted = {"offset": offset, "timeout": wait, "allowed_updates": list(allowed)}
        data = {name: value for name, value in wanted.items() if value is not None}
        found: Any = await self._post("getUpdates", data, read_timeout=wait + _SPARE)
        return found if isinstance(found, list) else []


@contextmanager
def delivering() -> Iterator[None]:
    """Translate the library's errors around one call that sends something.

    Raises DeliveryError (`retry_in` None: this chat cannot take it), UnsuitableError where it is
    about the file, or UnclearDeliveryError where the connection broke after the request was
    handed over.
    """
    try:
        yield
    except telegram.RetryAfter as error:
        raise DeliveryError("flood limit", retry_in=_span(error.retry_after)) from error
    except (telegram.BadRequest, telegram.Forbidden, telegram.ChatMigrated) as error:
        if is_about_the_file(error):
            raise UnsuitableError(error.message) from error
        raise DeliveryError(error.message) from error
    except telegram.NetworkError as error:  # also TimedOut, which is one of its kind
        if is_about_the_file(error):
            raise UnsuitableError(error.message) from error
        if was_not_sent(error):
            # An answer such as 500 came back, or no connection was made.
            raise DeliveryError(error.message, retry_in=_SOON) from error
        raise UnclearDeliveryError(error.message) from error
    except telegram.TelegramError as error:
        raise DeliveryError(error.message) from error


def is_about_the_file(error: telegram.TelegramError) -> bool:
    """Whether Telegram would take something, but not this file in this form."""
    return refusal_of(error) in _ABOUT_THE_FILE


async def persist(call: Callable[[], Awaitable[object]]) -> None:
    """Make a call at the start until Telegram answers; a refusal of the token ends it."""
    pause = 1.0
    while True:
        try:
            await call()
        except telegram.BadRequest:
            raise
        except telegram.RetryAfter as error:
            await asyncio.sleep(seconds_of(error))
        except telegram.NetworkError as error:
            log.warning("Telegram is not reachable, trying again", reason=error.message)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        else:
            return


def was_not_sent(error: telegram.TelegramError) -> bool:
    """Whether a call that failed has certainly sent nothing."""
    cause = error.__cause__
    # The transport calls every lost connection a ConnectTimeout: aiohttp's own error tells more.
    return (
        cause is None
        or isinstance(cause, httpx.PoolTimeout)
        or isinstance(cause.__cause__, _NOT_SENT)
    )


def was_not_taken(error: Exception) -> bool:
    """Whether Telegram is in trouble and has certainly sent nothing: another try may help."""
    if not isinstance(error, telegram.NetworkError) or isinstance(error, telegram.BadRequest):
        return False
    return was_not_sent(error)


def refused(error: BaseException) -> str:
    """Which setting is at fault where the server takes no token."""
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, ValueError):  # the answer is no JSON
            return "TELEGRAM_API_URL: is no Bot API server, or TELEGRAM_BOT_TOKEN is wrong"
        cause = cause.__cause__
    return "TELEGRAM_BOT_TOKEN: Telegram refuses this token"


def seconds_of(error: telegram.RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    return _span(error.retry_after).total_seconds()


def _span(value: float | timedelta) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(seconds=value)


def is_unchanged(error: telegram.TelegramError) -> bool:
    return "message is not modified" in error.message.lower()


def is_unknown_chat(error: Exception) -> bool:
    """Whether there is nobody to talk to: the chat is gone, or never spoke to this bot."""
    return isinstance(error, telegram.BadRequest) and "chat not found" in error.message.lower()
