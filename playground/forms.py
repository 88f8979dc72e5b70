"""Reading a request the four ways the Bot API accepts: query, form, JSON, multipart."""

from typing import Any

from aiohttp import BodyPartReader, web

from playground.telegram import Upload
from playground.telegram.media import MAX_UPLOAD


class TooLargeError(Exception):
    """The body is longer than the server accepts."""


async def read_form(
    request: web.Request, limit: int = MAX_UPLOAD
) -> tuple[dict[str, Any], dict[str, Upload]]:
    if (request.content_length or 0) > limit:
        raise TooLargeError
    params: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.method == "GET" or not request.can_read_body:
        return params, files
    if request.content_type == "application/json":
        body = await request.json()
        params |= body if isinstance(body, dict) else {}
    elif request.content_type == "application/x-www-form-urlencoded":
        params |= {name: str(value) for name, value in (await request.post()).items()}
    elif request.content_type == "multipart/form-data":
        await _read_parts(request, params, files, limit)
    return params, files


async def _read_parts(
    request: web.Request, params: dict[str, Any], files: dict[str, Upload], limit: int
) -> None:
    total = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        content = bytearray()
        while chunk := await part.read_chunk(1 << 18):
            content += chunk
            total += len(chunk)
            if total > limit:
                raise TooLargeError
        if part.filename is None:
            params[part.name] = content.decode(errors="replace")
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            # An album sent by a person may name all its parts alike.
            name = f"{part.name}#{len(files)}" if part.name in files else part.name
            files[name] = Upload(part.filename, bytes(content), mime)
