"""Where the emulated DashScope gets the media of an order from: its bucket, the network, the order."""

import base64
import re
from dataclasses import dataclass

import aiohttp

from playground.services.dashscope.checks import Medium
from playground.services.dashscope.errors import RefusalError, TooLargeError, not_fetched
from playground.services.dashscope.uploads import Bucket

_MIB = 1 << 20
_PLAIN_BODY = 16 * _MIB
_INLINE_BODY = 64 * _MIB
_INLINE_ITEM = 20 * _MIB
_INLINE_TOTAL = 16 * _MIB  # decoded
_INLINE = re.compile(rb'data:[\w/+.-]*;base64,[^"]*')
_DATA = re.compile(r"data:(image/(?:jpeg|png|bmp|webp));base64,(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class File:
    """`mime` is known only of what was written out in the order."""

    data: bytes
    mime: str | None = None


def check_body_size(body: bytes) -> None:
    """The gateway's limits: generous only where files are written out in the body."""
    inline = [len(found[0]) for found in _INLINE.finditer(body)]
    if len(body) > (_INLINE_BODY if inline else _PLAIN_BODY):
        raise TooLargeError
    if max(inline, default=0) > _INLINE_ITEM or sum(inline) * 3 // 4 > _INLINE_TOTAL:
        raise TooLargeError


async def read(
    medium: Medium,
    *,
    bucket: Bucket,
    account: str,
    model: str,
    resolve: bool,
    most: int,
    patience: float,
) -> File:
    """The bytes of one file; `resolve` says whether the request let us look into the bucket."""
    scheme = medium.url.partition(":")[0].lower()
    if scheme == "data":
        return _decoded(medium)
    if scheme == "oss":
        if not resolve:
            raise not_fetched("oss:// needs the header X-DashScope-OssResourceResolve: enable.")
        return File(bucket.read(medium.url.removeprefix("oss://"), account, model))
    if scheme in {"http", "https"}:
        return File(await _fetched(medium.url, most, patience))
    raise RefusalError("InvalidURL", f"{medium.role} is no address.")


def _decoded(medium: Medium) -> File:
    found = _DATA.fullmatch(medium.url)
    if not medium.inline or found is None:
        raise RefusalError("InvalidURL", f"{medium.role} cannot be given like this.")
    try:
        return File(base64.b64decode(found[2], validate=True), found[1])
    except ValueError as error:
        raise not_fetched(f"{medium.role} is no base64.") from error


async def _fetched(url: str, most: int, patience: float) -> bytes:
    """A file from the network, up to one byte more than is allowed; redirects are not followed."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=patience)) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            if response.status != 200:  # noqa: PLR2004  # OK
                raise not_fetched(f"The address answers with {response.status}.")
            data = b""
            async for chunk in response.content.iter_chunked(_MIB):
                data += chunk
                if len(data) > most:
                    break
            return data[: most + 1]
    except TimeoutError as error:
        raise RefusalError("InvalidURL.Timeout", "The file came too slowly.") from error
    except aiohttp.ClientConnectorDNSError as error:
        raise not_fetched("The host is not known.") from error
    except aiohttp.ClientConnectorError as error:
        raise RefusalError("InvalidURL.ConnectionRefused", "The host refuses.") from error
    except (aiohttp.ClientError, ValueError) as error:
        raise not_fetched("The file cannot be had.") from error
