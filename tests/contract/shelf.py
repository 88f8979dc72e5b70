"""Hosts beside a service: one for the bot's own files, one that redirects lead to."""

from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Shelf:
    """Serves the files of a folder under `/files/`, answers of one's own, and counts hops down.

    Everything it is told is in `heard`.
    """

    folder: object
    pages: dict = field(default_factory=dict)
    heard: list = field(default_factory=list)
    url: str = ""

    async def __aenter__(self):
        app = web.Application(middlewares=[self._listen])
        app.router.add_get("/hop/{left:\\d+}", self._hop)
        app.router.add_get("/files/{name}", self._file)
        app.router.add_get("/{page}", self._page)
        self._runner = web.AppRunner(app, shutdown_timeout=0.01)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *error):
        await self._runner.cleanup()

    @property
    def port(self):
        return self._runner.addresses[0][1]

    @property
    def wire(self):
        """Every byte of every request, roughly as it came."""
        return b"\n".join(self.heard)

    def link(self, path):
        return f"{self.url}/files/{path.name}"

    @web.middleware
    async def _listen(self, request, handler):
        lines = [f"{request.method} {request.rel_url}"]
        lines += [f"{name}: {value}" for name, value in request.headers.items()]
        self.heard.append("\r\n".join(lines).encode() + b"\r\n\r\n" + await request.read())
        return await handler(request)

    async def _hop(self, request):
        left = int(request.match_info["left"])
        to = f"/hop/{left - 1}" if left else "/files/clip.mp4"
        return web.Response(status=302, headers={"Location": to})

    async def _file(self, request):
        return web.FileResponse(self.folder / request.match_info["name"])

    async def _page(self, request):
        return await self.pages[request.match_info["page"]](request)
