"""The pictures of an order as bytes, cut to the size of the video where its dialect names one."""

import asyncio
import tempfile
from pathlib import Path

from core.errors import MediaCrashError, MediaError, ProviderError
from media.runner import MediaRunner
from providers.base import Blame, Order, Refused
from providers.tokenops.profiles import Size
from providers.web.wire import SOON


async def read_pictures(
    runner: MediaRunner, order: Order, size: Size | None
) -> list[bytes] | Refused:
    paths = [path for path in (order.first, order.last) if path]
    try:
        return [await _read(runner, path, size) for path in paths]
    except MediaError as error:
        return Refused(blame=Blame.INPUT, reason=error.sentence)
    except MediaCrashError as error:
        raise ProviderError(str(error), retry_in=SOON) from error


async def _read(runner: MediaRunner, path: Path, size: Size | None) -> bytes:
    if size is None:
        return await asyncio.to_thread(path.read_bytes)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".jpg") as file:
        arguments = {"source": str(path), "target": file.name, "size": size}
        await runner.run("cut_picture", arguments)
        return await asyncio.to_thread(Path(file.name).read_bytes)
