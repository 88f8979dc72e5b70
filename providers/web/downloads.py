"""Bringing a video from wherever a service says it lies to the disk, in pieces and within bounds."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import httpx

from core.errors import DownloadError, ProviderError
from providers.web.guard import ForbiddenAddressError, authority
from providers.web.wire import SOON, Web, judged

_LARGEST = 400_000_000  # bytes; a minute of 1080p has about 60 MB
_PIECE = 1 << 20
_REDIRECTS = 3
_TIMEOUT = httpx.Timeout(60, connect=10, pool=60)
_MP4 = b"ftyp"  # its second four bytes
_TYPES = ("video/", "application/octet-stream", "binary/octet-stream", "application/mp4")


async def download(
    web: Web,
    url: str,
    target: Path,
    *,
    headers: Mapping[str, str] | None = None,
    largest: int = _LARGEST,
    kinds: tuple[str, ...] = _TYPES,
) -> None:
    """Stream a video to a file; `headers` go to the first host only.

    Follows up to three redirects by hand, each checked again. Raises ProviderError where it did
    not come whole, is too large or is no video.
    """
    sent = dict(headers or {})
    try:
        place = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ProviderError("the video lies at no address") from error
    for _ in range(_REDIRECTS + 1):
        try:
            client = web.client(place)
            async with client.stream("GET", place, headers=sent, timeout=_TIMEOUT) as reply:
                if not reply.has_redirect_location:
                    await _save(reply, target, largest, kinds)
                    return
                following = place.join(reply.headers.get("location", ""))
        except ForbiddenAddressError as error:
            raise ProviderError(f"the video lies at {error}") from error
        except httpx.InvalidURL as error:
            raise ProviderError("the video lies at no address") from error
        except httpx.HTTPError as error:
            raise judged(error, paid=False) from error
        if authority(following) != authority(place):
            sent = {}
        place = following
    raise ProviderError("the video is redirected too often")


async def _save(reply: httpx.Response, target: Path, largest: int, kinds: tuple[str, ...]) -> None:
    status = reply.status_code
    if status != httpx.codes.OK:
        # An expired link gives 403 or 404: looking again gives a fresh one.
        raise DownloadError(f"HTTP {status} instead of a file", status=status, retry_in=SOON)
    kind = reply.headers.get("content-type", "video/mp4").lower()
    chunks = reply.aiter_raw()
    start = await anext(chunks, b"")
    if not kind.startswith(kinds) and start[4:8] != _MP4:  # some servers call it anything
        text = f"{kind.partition(';')[0]} instead of what was asked"
        raise DownloadError(text, status=status, retry_in=SOON)
    length = reply.headers.get("content-length", "")
    if length.isdecimal() and int(length) > largest:
        raise ProviderError(f"a video of {int(length) // 1_000_000} MB is too large")
    size, piece = len(start), bytearray(start)
    mode = "wb"
    async for chunk in chunks:
        size += len(chunk)
        if size > largest:
            raise ProviderError("the video is too large")
        piece += chunk
        if len(piece) >= _PIECE:
            await asyncio.to_thread(_write, target, mode, piece)
            mode, piece = "ab", bytearray()
    await asyncio.to_thread(_write, target, mode, piece)
    if length.isdecimal() and size != int(length):
        raise ProviderError("the video was cut off", retry_in=timedelta(seconds=1))


def _write(target: Path, mode: str, piece: bytearray) -> None:
    """One hop to a thread for a piece, its file opened there: most hops cost more than the work."""
    with target.open(mode) as file:
        file.write(piece)
