"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

import asyncio
import re
from typing import Any

from aiohttp import web

from playground.forms import TooLargeError, read_form
from playground.polling import long_poll
from playground.telegram import ApiError, Bot, Fault, Telegram, Upload
from playground.telegram.files import linked_file
from playground.telegram.journal import RecordedCall
from playground.telegram.request import Request
from playground.telegram.table import method_name

TOKEN = re.compile(r"\d{1,20}:[\w-]{1,100}")
DOWNLOAD = "file"


class ConnectionDroppedError(Exception):
    """A fault asked for silence instead of an answer."""


class BotApi:
    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/bot{token}/{method}", self.call),
            web.get("/file/bot{token}/{path:.+}", self.download),
            web.route("*", "/bot{tail:.*}", self.not_found),
            web.route("*", "/file{tail:.*}", self.not_found),
        ]

    async def not_found(self, _: web.Request) -> web.Response:
        return refusal(ApiError(404))

    async def call(self, http: web.Request) -> web.StreamResponse:
        method = http.match_info["method"]
        try:
            bot = self._bot(http, method)
            params, files = await self._form(http, bot, method)
            result = await self._answer(http, bot, method, params, files)
        except ValueError:
            return refusal(ApiError(400, "can't parse JSON object"))
        except ApiError as error:
            return refusal(error)
        except ConnectionDroppedError:
            return _hang_up(http)
        return web.json_response({"ok": True, "result": result})

    def _bot(self, http: web.Request, method: str) -> Bot:
        token = http.match_info["token"]
        bot = self._telegram.bots.get(token)
        if bot is not None:
            return bot
        error = ApiError(401, "" if TOKEN.fullmatch(token) else "invalid token specified")
        record = RecordedCall(0, 0, method, dict(http.query), self._telegram.clock.now())
        record.error_code, record.description = error.code, error.description
        self._telegram.journal.record(record)
        raise error

    async def _form(
        self, http: web.Request, bot: Bot, method: str
    ) -> tuple[dict[str, Any], dict[str, Upload]]:
        try:
            return await read_form(http, self._telegram.max_upload)
        except TooLargeError:
            error = ApiError(413)
            name = method_name(method) or method
            record = RecordedCall(0, bot.id, name, {}, self._telegram.clock.now())
            record.error_code, record.description = error.code, error.description
            self._telegram.journal.record(record)
            raise error from None

    async def _answer(
        self,
        http: web.Request,
        bot: Bot,
        method: str,
        params: dict[str, Any],
        files: dict[str, Upload],
    ) -> Any:
        request = Request(self._telegram, bot, params, files)
        fault = self._telegram.fault_for(request, method)
        if fault:
            await self._before(http, request, method, fault)
        if method_name(method) == "getUpdates":
            result: Any = await long_poll(self._telegram, request, fault, lambda: _alive(http))
        else:
            result = self._telegram.execute(request, method, fault)
        if fault and fault.drop == "after":
            if fault.hold:
                await self._hold(request, method, fault)
            raise ConnectionDroppedError
        return result

    async def _before(
        self, http: web.Request, request: Request, method: str, fault: Fault
    ) -> None:
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.hold and fault.drop != "after":
            await self._hold(request, method, fault)
        if fault.drop == "before" or not _alive(http):
            self._telegram.note_lost(request, method, fault)
            raise ConnectionDroppedError

    async def _hold(self, request: Request, method: str, fault: Fault) -> None:
        fault.waiting += 1
        self._telegram.journal.add(
            "held",
            fault_id=fault.id,
            bot_id=request.bot.id,
            method=method_name(method) or method,
            params=request.shown(),
        )
        try:
            await fault.released.wait()
        finally:
            fault.waiting -= 1

    async def download(self, http: web.Request) -> web.StreamResponse:
        telegram = self._telegram
        try:
            bot = self._bot(http, DOWNLOAD)
            path = http.match_info["path"]
            request = Request(telegram, bot, {"path": path}, {})
            fault = telegram.fault_for(request, DOWNLOAD)
            if fault:
                await self._before(http, request, DOWNLOAD, fault)
                fault.raise_error()
            file = linked_file(bot, path, telegram.clock.now())
        except ApiError as error:
            return refusal(error)
        except ConnectionDroppedError:
            return _hang_up(http)
        telegram.journal.add("download", bot_id=bot.id, path=path, size=len(file.content))
        if fault and fault.drop == "after":
            return await _half(http, file.content)
        return web.Response(body=file.content, content_type="application/octet-stream")


def refusal(error: ApiError) -> web.Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": error.code,
        "description": error.description,
    }
    headers = {}
    if error.parameters:
        body["parameters"] = error.parameters
    if "retry_after" in error.parameters:
        headers["Retry-After"] = str(error.parameters["retry_after"])
    return web.json_response(body, status=error.code, headers=headers)


def _alive(http: web.Request) -> bool:
    return http.transport is not None and not http.transport.is_closing()


def _hang_up(http: web.Request) -> web.Response:
    if http.transport is not None:
        http.transport.close()
    return web.Response()


async def _half(http: web.Request, content: bytes) -> web.StreamResponse:
    """Announce the whole file, send half of it and hang up."""
    response = web.StreamResponse(headers={"Content-Length": str(len(content))})
    await response.prepare(http)
    await response.write(content[: len(content) // 2])
    _hang_up(http)
    return response
