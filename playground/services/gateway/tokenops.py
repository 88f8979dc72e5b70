"""The server of the emulated gateway: Jimeng and OmniHuman behind `/v1/videos`."""

import json
import secrets
import uuid
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from aiohttp import web

from playground.services.gateway.bearer import BearerService
from playground.services.gateway.errors import Refusal, invalid, unknown
from playground.services.gateway.translation import TALKER, check_model, translate
from playground.services.studio import Render, Stage, Studio
from playground.services.volcengine import errors as upstream
from playground.services.volcengine import orders
from playground.services.volcengine.capabilities import CAPABILITIES
from playground.services.volcengine.gallery import Gallery

_DETECTION = "jimeng_realman_avatar_object_detection"
_RECOGNITION = "jimeng_realman_avatar_picture_create_role_omni_v15"
_STATUS = {
    Stage.QUEUED: "in_queue",
    Stage.RUNNING: "processing",
    Stage.DONE: "completed",
    Stage.FAILED: "failed",
}


class Gateway(BearerService):
    """The gateway at `url`; routes: create, retrieve, content, detection, recognition, mask, result.

    `error_shape` is how the failure of a video is told; `subjects` (0 to 5) stand in every
    photo. All other knobs are those of `BearerService`.
    """

    name: ClassVar[str] = "tokenops"
    profile: ClassVar[str] = "tokenops"
    kept: ClassVar[float] = 12 * 3600  # nothing is said; what it sells is kept for so long

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        studio: Studio | None = None,
        subjects: int = 1,
        error_shape: Literal["object", "string", "null"] = "object",
        **more: Any,
    ) -> None:
        super().__init__(host=host, port=port, studio=studio, **more)
        self.subjects = subjects
        self.error_shape = error_shape
        self._gallery = Gallery()

    def routes(self) -> Sequence[web.RouteDef]:
        subject = "/v1/omnihuman/subject"
        return [
            web.post("/v1/videos", self._guard(self._create), name="create"),
            web.get("/v1/videos/{name}", self._guard(self._retrieve), name="retrieve"),
            web.get("/v1/videos/{name}/content", self._guard(self._content), name="content"),
            web.post(f"{subject}/detection", self._guard(self._detect), name="detection"),
            web.post(f"{subject}/recognition", self._guard(self._recognize), name="recognition"),
            web.get("/masks/{name}", self._mask, name="mask"),
        ]

    def _describe(self, render: Render) -> dict[str, object]:
        shown: dict[str, object] = {
            "id": render.id,
            "object": "video",
            "status": _STATUS[render.stage],
        }
        if render.failure:
            code, message = render.failure
            shapes = {"object": {"code": code, "message": message}, "string": message}
            shown["error"] = shapes.get(self.error_shape)
        return shown

    async def _create(self, request: web.Request) -> web.StreamResponse:
        order = translate(await _read(request))
        material = await self._check(order)
        self._refuse("create")
        number = str(10**19 + secrets.randbelow(8 * 10**18))
        render = self.studio.take(number, self._key(request), order)
        created: dict[str, object] = {
            "id": number,
            "object": "video",
            "created_at": int(render.taken),
            "status": "in_queue",
        }
        if material.too_long:
            self.studio.fail(number, "50215", "Audio too long")
        return web.json_response(created)

    async def _check(self, order: dict[str, Any]) -> orders.Material:
        """As the visual API checks it; how its refusals come through is not written down."""
        capability = CAPABILITIES[order["req_key"]]
        try:
            orders.check(capability, order)
            return await orders.collect(capability, order)
        except upstream.Refusal as refusal:
            raise Refusal(400, str(refusal.code), refusal.message) from None

    async def _retrieve(self, request: web.Request) -> web.StreamResponse:
        render = self._find(request)
        self._refuse("retrieve")
        return web.json_response(self._describe(render))

    async def _content(self, request: web.Request) -> web.StreamResponse:
        render = self._find(request)
        self._refuse("content")
        return await self._video(request, render)

    async def _detect(self, request: web.Request) -> web.StreamResponse:
        material = await self._subject(request, _DETECTION)
        self._refuse("detection")
        links = self._gallery.draw(
            self.url, material.pictures[0], self.subjects, self.studio.clock()
        )
        return web.json_response(
            {
                "status": int(bool(links)),
                "mask_urls": list(links),
                "request_id": str(uuid.uuid4()),
            }
        )

    async def _recognize(self, request: web.Request) -> web.StreamResponse:
        """Said to be a task; yet its answer is final, and there is no route to ask again."""
        await self._subject(request, _RECOGNITION)
        self._refuse("recognition")
        return web.json_response(
            {
                "task_id": secrets.token_hex(4),
                "status": int(self.subjects > 0),
                "request_id": str(uuid.uuid4()),
            }
        )

    async def _subject(self, request: web.Request, key: str) -> orders.Material:
        body = await _read(request)
        check_model(body, {TALKER: frozenset({key})})
        if extra := set(body) - {"model", "req_key", "image_url"}:
            raise unknown(min(extra))
        return await self._check({name: body[name] for name in body if name != "model"})

    async def _mask(self, request: web.Request) -> web.StreamResponse:
        mask = self._gallery.open(request.path, request.query, self.studio.clock())
        if mask is None:
            return web.Response(status=403)
        return web.Response(body=mask, content_type="image/png")


async def _read(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise Refusal(400, "invalid_request", "The body is not called application/json")
    try:
        body = json.loads(await request.read())
    except ValueError:
        raise Refusal(400, "invalid_request", "The body is not JSON") from None
    if not isinstance(body, dict):
        raise invalid("body", "not an object")
    return body
