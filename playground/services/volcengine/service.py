"""The server of the emulated visual API: who asks, for which action, and what is answered."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from aiohttp import web

from playground.services.service import Service
from playground.services.studio import Studio
from playground.services.volcengine import answers, orders, reading
from playground.services.volcengine.capabilities import CAPABILITIES, Capability
from playground.services.volcengine.errors import Failure, GatewayRefusal, Refusal
from playground.services.volcengine.gallery import Gallery
from playground.services.volcengine.gate import Gate
from playground.services.volcengine.links import Links
from playground.services.volcengine.meta import wants_label
from playground.services.volcengine.tasks import Manner, Tasks

_ROUTES = {
    ("CVSync2AsyncSubmitTask", "2022-08-31"): "submit",
    ("CVSubmitTask", "2022-08-31"): "submit",
    ("CVSync2AsyncGetResult", "2022-08-31"): "look",
    ("CVGetResult", "2022-08-31"): "look",
    ("CVProcess", "2022-08-31"): "process",
    ("CVCancelTask", "2024-06-06"): "cancel",
}
_NAMES = {action: name for (action, _), name in _ROUTES.items()}


class Volcengine(Service):
    """The visual API at `url`; its routes are named submit, look, process, cancel, mask, result.

    Knobs. `gate`: keys, session token, rights, QPS, clock of the signature. `closed`: req_keys
    that are not opened (50400); an account in arrears is not known to look different.
    `refuse_next(code, message, route=...)` refuses the next right request of a route:
    moderation, 50429, 50500. After the submit: `studio.fail(id, "50511", "...")`,
    `studio.forget(id)`, `expire(id)`, `withhold(id)`. `subjects` (0 to 5) stand in every photo.
    `results[id]` and `studio.clock` end links. `manner` says what is done where more than one
    way is known; `further` adds req_keys.
    """

    name: ClassVar[str] = "volcengine"

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        studio: Studio | None = None,
        access_key: str = "AKLTplayground",
        secret_key: str = "cGxheWdyb3VuZA==",  # noqa: S107  # made up
        subjects: int = 1,
        manner: Manner | None = None,
        further: Mapping[str, Capability] | None = None,
    ) -> None:
        super().__init__(host=host, port=port, studio=studio)
        self.gate = Gate({access_key: secret_key})
        self.closed: set[str] = set()
        self.subjects = subjects
        self.manner = manner or Manner()
        self._own = access_key, secret_key
        self._capabilities = {**CAPABILITIES, **(further or {})}
        self._links = Links()
        self._tasks = Tasks(self.studio, self.manner, self._link)
        self._gallery = Gallery()
        self._refusals: dict[str, deque[Refusal]] = {}

    @property
    def environment(self) -> dict[str, str]:
        return {
            "VOLC_ACCESSKEY": self._own[0],
            "VOLC_SECRETKEY": self._own[1],
            "VOLC_VISUAL_URL": self.url,
            "ALLOW_PRIVATE_HOSTS": "true",
        }

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            web.post("/", self._handle, name="action"),
            web.get("/masks/{name}", self._mask, name="mask"),
        ]

    def route_of(self, request: web.Request) -> str:
        name = super().route_of(request)
        return _NAMES.get(request.query.get("Action", ""), name) if name == "action" else name

    def refuse_next(self, code: int, message: str = "", *, route: str = "submit") -> None:
        self._refusals.setdefault(route, deque()).append(Refusal(code, message))

    def expire(self, task_id: str) -> None:
        """As if the task had waited for too long."""
        self._mark(task_id, "expired")

    def withhold(self, task_id: str) -> None:
        """The finished answer has no video in it."""
        self._mark(task_id, "withheld")

    def _mark(self, task_id: str, word: str) -> None:
        render = self.studio.get(task_id)
        assert render is not None, "no such task"
        render.extra[word] = True

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        action, version = request.query.get("Action", ""), request.query.get("Version", "")
        try:
            key = await self.gate.key_of(request)
            route = _route(action, version)
            self.gate.throttle(self.studio.clock())
            order = reading.read(request.content_type, await request.read())
            return answers.success(await self._serve(route, action, key, order))
        except GatewayRefusal as refusal:
            return answers.refused_at_gateway(refusal, action, version)
        except Failure as failure:
            data = answers.task("done") if self.manner.failed_with_data else None
            return answers.envelope(failure.code, failure.message, data)
        except Refusal as refusal:
            return answers.envelope(refusal.code, refusal.message)

    async def _serve(
        self, route: str, action: str, key: str, order: dict[str, Any]
    ) -> dict[str, Any] | None:
        capability = self._capability(order)
        if route == "cancel":
            reading.check_query(order)
            self._refuse(route)
            self._tasks.cancel(key, order)
            return None
        if action not in capability.actions:
            raise Refusal(50215, f"{action} does not serve this req_key")
        if route == "look":
            reading.check_query(order, "req_json")
            label = wants_label(order)
            self._refuse(route)
            return self._tasks.look(key, order, label=label)
        orders.check(capability, order)
        material = await orders.collect(capability, order)
        self._refuse(route)
        if route == "process":
            photo, now = material.pictures[0], self.studio.clock()
            return answers.detection(self._gallery.draw(self.url, photo, self.subjects, now))
        seen = int(self.subjects > 0)
        return {"task_id": self._tasks.take(key, capability, order, material, seen=seen)}

    def _capability(self, order: dict[str, Any]) -> Capability:
        name = reading.text(order, "req_key")
        if name not in self._capabilities:
            raise Refusal(50402, "No such req_key")  # the number is a guess
        if name in self.closed:
            raise Refusal(50400)
        return self._capabilities[name]

    def _refuse(self, route: str) -> None:
        if waiting := self._refusals.get(route):
            raise waiting.popleft()

    def _link(self, task_id: str) -> str:
        path = f"/results/{task_id}"
        return self._links.sign(self.result_url(task_id), path, self.studio.clock())

    async def _mask(self, request: web.Request) -> web.StreamResponse:
        mask = self._gallery.open(request.path, request.query, self.studio.clock())
        if mask is None:
            return web.Response(status=403)
        return web.Response(body=mask, content_type="image/png")

    async def _result(self, request: web.Request) -> web.StreamResponse:
        if not self._links.holds(request.path, request.query, self.studio.clock()):
            return web.Response(status=403)
        return await super()._result(request)


def _route(action: str, version: str) -> str:
    try:
        return _ROUTES[action, version]
    except KeyError:
        raise GatewayRefusal("InvalidActionOrVersion", "No such action or version.") from None
