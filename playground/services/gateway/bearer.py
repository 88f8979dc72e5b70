"""What both servers share: keys, refusals in waiting, renders by id, and their bytes."""

from collections import deque
from typing import ClassVar

from aiohttp import web

from playground.services.gateway.errors import Refusal
from playground.services.service import Handler, Result, Service
from playground.services.studio import Render, Stage, Studio


class BearerService(Service):
    """A service behind `Authorization: Bearer`, with every route below `/v1`.

    Knobs. `keys`: the keys that work. `refuse_next(code, message, status=..., route=...)`
    refuses the next right request of a route: moderation, throttling, arrears, a model that is
    not opened. After the create: `studio.fail(id, code, message)`, `studio.forget(id)`.
    `content_lag`: how many requests find no bytes yet of a video just completed.
    `redirects`: its bytes lie behind a redirect to an address that asks for no key.
    `early_status`: for the bytes of a video that is not completed. `results[id]` changes them.
    """

    profile: ClassVar[str]
    early_status: int
    kept: ClassVar[float]  # seconds that a video can be asked for

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        studio: Studio | None = None,
        key: str = "sk-playground",
        content_lag: int = 0,
        redirects: bool = False,
        early_status: int = 400,
    ) -> None:
        super().__init__(host=host, port=port, studio=studio)
        self.keys = {key}
        self.content_lag = content_lag
        self.redirects = redirects
        self.early_status = early_status
        self._own = key
        self._refusals: dict[str, deque[Refusal]] = {}

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TOKENOPS_API_KEY": self._own,
            "TOKENOPS_BASE_URL": f"{self.url}/v1",
            "TOKENOPS_PROFILE": self.profile,
            "ALLOW_PRIVATE_HOSTS": "true",
        }

    def refuse_next(
        self, code: str, message: str = "Refused", *, status: int = 400, route: str = "create"
    ) -> None:
        self._refusals.setdefault(route, deque()).append(Refusal(status, code, message))

    def _refuse(self, route: str) -> None:
        if waiting := self._refusals.get(route):
            raise waiting.popleft()

    def _guard(self, handler: Handler) -> Handler:
        """Ask for a key first, and turn a refusal into an answer."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                self._check_key(request)
                return await handler(request)
            except Refusal as refusal:
                return refusal.answer()

        return guarded

    def _check_key(self, request: web.Request) -> None:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or key not in self.keys:
            raise Refusal(401, "invalid_api_key", "Incorrect API key provided")

    def _key(self, request: web.Request) -> str:
        return request.headers["Authorization"].removeprefix("Bearer ")

    def _find(self, request: web.Request) -> Render:
        """The video that an address names; another key's is as good as unknown."""
        render = self.studio.get(request.match_info["name"], self._key(request))
        if render is None or self._is_over(render):
            raise Refusal(404, "not_found", "No such video")
        return render

    def _is_over(self, render: Render) -> bool:
        return self.studio.clock() >= render.taken + self.kept

    async def _video(self, request: web.Request, render: Render) -> web.StreamResponse:
        self._check_ready(render)
        render.extra["asked"] = render.extra.get("asked", 0) + 1
        if render.extra["asked"] <= self.content_lag:
            raise Refusal(404, "video_not_ready", "The video is not there yet")
        if self.redirects:
            return web.Response(status=302, headers={"Location": self.result_url(render.id)})
        self.results.setdefault(render.id, Result())
        return await self._result(request)

    def _check_ready(self, render: Render) -> None:
        if render.stage is not Stage.DONE:
            raise Refusal(self.early_status, "video_not_ready", "The video is not completed")
