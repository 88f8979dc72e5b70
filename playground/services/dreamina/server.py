"""The workbench, ImageX and the upload host over HTTP, each at an address of its own."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from aiohttp import web

from playground.services.dreamina import workbench as paths
from playground.services.dreamina.call import Call
from playground.services.dreamina.gate import Gate
from playground.services.dreamina.imagex import ImageX
from playground.services.dreamina.knobs import Knobs
from playground.services.dreamina.leaks import Area, Leak, Secrets, find_leaks
from playground.services.dreamina.links import Links
from playground.services.dreamina.switches import Switches
from playground.services.dreamina.tokens import Tokens
from playground.services.dreamina.uploads import Uploads
from playground.services.dreamina.videos import WIDTHS
from playground.services.dreamina.workbench import Workbench
from playground.services.service import CLIP, Handler, Received, Result, Service
from playground.services.studio import Render, Studio

_AREAS: tuple[Area, ...] = ("workbench", "imagex", "upload")  # in the order of the listeners
_COVER = CLIP.with_name("cat.jpg")
_FORBIDDEN = 403


class Dreamina(Knobs, Service):
    """The way from a photo to a video: token, apply, bytes, commit, generate, history, result.

    Routes, by which faults and the record go: token, apply, upload, commit, generate, history,
    queue, credits, result. `switches` holds every way in which the real service may differ.
    `leaks` lists the secrets that came where they do not belong; at ImageX and at the upload host
    a cookie is refused as well. `Knobs` has the methods that steer outcomes.
    """

    name: ClassVar[str] = "dreamina"

    def __init__(
        self,
        switches: Switches | None = None,
        *,
        sessions: Sequence[str] = ("5e55104e5e55104e5e55104e5e55104e",),
        host: str = "127.0.0.1",
        port: int = 0,
        studio: Studio | None = None,
    ) -> None:
        studio = studio or Studio()
        self.switches = switches or Switches()
        self.sessions = tuple(sessions)
        self.links = Links()
        self.tokens = Tokens(self.switches)
        self.uploads = Uploads(self.switches)
        self.gate = Gate(set(sessions), self.switches, studio)
        self.imagex = ImageX(
            switches=self.switches, studio=studio, tokens=self.tokens, uploads=self.uploads
        )
        self.workbench = Workbench(
            switches=self.switches,
            gate=self.gate,
            studio=studio,
            tokens=self.tokens,
            uploads=self.uploads,
            link=self._link,
        )
        self._hosts: list[str] = []
        super().__init__(host=host, port=port, studio=studio)

    def routes(self) -> Sequence[web.RouteDef]:
        work, bench = self._work, self.workbench
        return [
            web.post(paths.TOKEN, work("token", self._token), name="token"),
            web.post(paths.GENERATE, work("generate", bench.generate), name="generate"),
            web.post(paths.HISTORY, work("history", bench.history), name="history"),
            web.post(paths.QUEUE, work("queue", bench.queue), name="queue"),
            web.post(paths.CREDITS, work("credits", bench.credits), name="credits"),
            web.get("/", self._imagex, name="apply", allow_head=False),
            web.post("/", self._imagex, name="commit"),
            web.post("/upload/v1/{uri:.+}", self._upload, name="upload"),
        ]

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DREAMINA_SESSIONID": self.sessions[0],
            "DREAMINA_BASE_URL": self.url,
            "DREAMINA_IMAGEX_URL": self.imagex_url,
            "DREAMINA_DRAFT_STYLE": self.switches.draft_style,
            "ALLOW_PRIVATE_HOSTS": "true",
        }

    @property
    def imagex_url(self) -> str:
        """A listener of its own, since the path that is signed is `/`."""
        return f"http://{self._hosts[1]}"

    @property
    def leaks(self) -> list[Leak]:
        secrets = Secrets(
            sessions=self.sessions,
            tokens=[one.token for one in self.tokens.all],
            secret_keys=[one.secret_key for one in self.tokens.all],
            auths=[one.auth for one in self.uploads.slots],
            session_keys=[one.session_key for one in self.uploads.slots],
        )
        return find_leaks(self.requests, self._area, secrets)

    async def start(self) -> None:
        await super().start()
        for _ in _AREAS[1:]:
            await web.TCPSite(self._runner, self._host, 0).start()
        self._hosts = [f"{address[0]}:{address[1]}" for address in self._runner.addresses]

    def _area(self, one: Received) -> Area:
        if one.route == "result":
            return "result"
        host = next((value for name, value in one.headers if name.lower() == "host"), "")
        ports = [own.rpartition(":")[2] for own in self._hosts]
        port = host.rpartition(":")[2]
        return _AREAS[ports.index(port)] if port in ports else "workbench"

    def _token(self, call: Call) -> dict[str, Any]:
        return self.workbench.token(call, self._hosts[1])

    def _work(self, route: str, work: Callable[[Call], dict[str, Any]]) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            call = await self._call(request, "workbench")
            response = web.json_response(self.workbench.reply(route, work, call))
            if self.switches.set_cookie:
                response.set_cookie("ttwid", secrets.token_hex(8))
            return response

        return handle

    async def _imagex(self, request: web.Request) -> web.StreamResponse:
        call = await self._call(request, "imagex")
        status, body = self.imagex.manage(call, self._hosts[2])
        return web.json_response(body, status=status)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        call = await self._call(request, "upload")
        status, body = self.imagex.store(call, request.match_info["uri"])
        return (
            web.Response(status=status) if body is None else web.json_response(body, status=status)
        )

    def _link(self, render: Render) -> str:
        url = self.result_url(render.id)
        self.results.setdefault(
            f"{render.id}-cover", Result(kind="image/jpeg", body=_COVER.read_bytes())
        )
        for size in WIDTHS:
            self.results.setdefault(f"{render.id}-{size}", Result())
        expires = int(self.studio.clock() + self.switches.link_seconds)
        return f"{url}?{self.links.query(render.id, expires)}"

    async def _result(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if not self.links.holds(name, request.query_string, self.studio.clock()):
            return web.Response(status=_FORBIDDEN)
        return await super()._result(request)

    async def _call(self, request: web.Request, area: Area) -> Call:
        """The request in plain values; at another area's address there is nothing."""
        port = request.get_extra_info("sockname")[1]
        if not self._hosts[_AREAS.index(area)].endswith(f":{port}"):
            raise web.HTTPNotFound
        path, _, query = request.raw_path.partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        return Call(
            method=request.method,
            path=path,
            query=query,
            headers=headers,
            body=await request.read(),
        )
