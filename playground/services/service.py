"""What every emulated service shares: a server, the record of requests, faults, and result files."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from aiohttp import web

from playground.services.faults import Fault, Faults
from playground.services.studio import Studio

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CLIP = Path(__file__).parents[1] / "samples" / "clip.mp4"
_LARGEST = 200_000_000  # bytes of one request
_CHUNK = bytes(1 << 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as it came in; `route` is the name that the service gives it."""

    route: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def wire(self) -> bytes:
        """Everything the client told us, to be searched for what it should not have told."""
        lines = [
            f"{self.method} {self.url}",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        return "\r\n".join(lines).encode(errors="surrogateescape") + b"\r\n\r\n" + self.body


@dataclass(slots=True, kw_only=True)
class Result:
    """What the address of a result gives; the defaults are a small complete video.

    `cut` leaves out the last bytes of what Content-Length promises; `pad` appends zeros, which
    are made while they are sent.
    """

    status: int = 200
    body: bytes | None = None
    kind: str = "video/mp4"
    location: str = ""
    cut: int = 0
    pad: int = 0


class Service(ABC):
    """`async with Service() as service` serves it at `service.url`.

    A subclass gives `routes` (each with a name, which faults and the record go by) and the
    environment that points a bot at it. `elsewhere` is the root of another host that it names
    in the addresses of results.
    """

    name: ClassVar[str]

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, studio: Studio | None = None
    ) -> None:
        self.studio = studio or Studio()
        self.faults = Faults()
        self.requests: list[Received] = []
        self.results: dict[str, Result] = {}
        self.elsewhere = ""
        self._host = host
        self._port = port
        app = web.Application(client_max_size=_LARGEST, middlewares=[self._watch])
        app.add_routes([*self.routes(), web.get("/results/{name}", self._result, name="result")])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)

    @abstractmethod
    def routes(self) -> Sequence[web.RouteDef]:
        """The paths of the service, each with a name."""

    @property
    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The settings that point a bot at this server, with a key it accepts."""

    @property
    def url(self) -> str:
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    def result_url(self, render_id: str) -> str:
        """Where the video of a render lies; what it gives can be changed in `results`."""
        self.results.setdefault(render_id, Result())
        return f"{self.elsewhere or self.url}/results/{render_id}"

    def route_of(self, request: web.Request) -> str:
        """The route's name; where one path serves many actions, a subclass tells them apart."""
        return request.match_info.route.name or ""

    def sent_to(self, route: str) -> list[Received]:
        return [one for one in self.requests if one.route == route]

    async def start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()

    async def stop(self) -> None:
        self.faults.clear()
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @web.middleware
    async def _watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Record a request, and do to it what a fault asks for."""
        body = await request.read()
        route = self.route_of(request)
        self.requests.append(
            Received(
                route=route,
                method=request.method,
                url=str(request.rel_url),
                headers=tuple(request.headers.items()),
                body=body,
            )
        )
        fault = self.faults.take(route, body)
        if fault is None:
            return await handler(request)
        return await self._spoil(fault, request, handler)

    async def _spoil(
        self, fault: Fault, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        answer: web.StreamResponse | None = None
        if fault.drop != "before" and (fault.work or fault.drop or fault.hold):
            answer = await handler(request)
            fault.worked.set()
        if fault.hold:
            await fault.released.wait()
        if fault.drop:
            if request.transport:
                request.transport.abort()
            raise asyncio.CancelledError
        if fault.hold and answer is not None:
            return answer
        return web.Response(status=fault.status, body=fault.body, headers=fault.headers)

    async def _result(self, request: web.Request) -> web.StreamResponse:
        result = self.results.get(request.match_info["name"])
        if result is None:
            return web.Response(status=404)
        if result.location:
            return web.Response(status=302, headers={"Location": result.location})
        body = CLIP.read_bytes() if result.body is None else result.body
        response = web.StreamResponse(status=result.status, headers={"Content-Type": result.kind})
        response.content_length = len(body) + result.pad
        await response.prepare(request)
        if result.cut:
            await response.write(body[: -result.cut])
            if request.transport:
                request.transport.close()
            raise asyncio.CancelledError
        await response.write(body)
        for start in range(0, result.pad, len(_CHUNK)):
            await response.write(_CHUNK[: result.pad - start])
        return response
