"""The thin HTTP rim of the emulated DashScope: bodies in, JSON and XML answers out."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from aiohttp import web

from playground.services.dashscope.errors import RefusalError, TooLargeError
from playground.services.dashscope.uploads import BucketError

Answer = Callable[[web.Request, str], Awaitable[dict[str, Any]]]


def answering(answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler that sends what an answer gives, or the refusal that it raises."""

    async def handle(request: web.Request) -> web.Response:
        request_id = str(uuid4())
        try:
            body = await answer(request, request_id)
        except RefusalError as refusal:
            return web.json_response(refusal.body(request_id), status=refusal.status)
        except TooLargeError:
            return web.Response(status=413, text="Request Entity Too Large")
        return web.json_response({"request_id": request_id, **body})

    return handle


def read_json(request: web.Request, raw: bytes) -> Any:
    try:
        if request.content_type == "application/json":
            return json.loads(raw)
    except ValueError:
        pass
    raise RefusalError("BadRequest.IllegalInput", "The request body must be JSON.")


def check_no_key(request: web.Request) -> None:
    """A bucket takes a form or a signed address, and a key in a header beside it amiss."""
    if "Authorization" in request.headers:
        raise BucketError(400, "InvalidArgument", "Only one way to sign a request may be used.")


def xml(error: BucketError) -> web.Response:
    text = error.body(uuid4().hex.upper()[:24])
    return web.Response(status=error.status, text=text, content_type="application/xml")
