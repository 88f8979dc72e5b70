"""The server of OpenAI's videos, as its official client knows them."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from aiohttp import web

from playground.services.gateway import assets, creation
from playground.services.gateway.bearer import BearerService
from playground.services.gateway.errors import Refusal, invalid, unknown
from playground.services.studio import ENDED, Render, Stage, Studio

_STATUS = {
    Stage.QUEUED: "queued",
    Stage.RUNNING: "in_progress",
    Stage.DONE: "completed",
    Stage.FAILED: "failed",
}
_MOST = 100  # videos of a page


class OpenAiVideos(BearerService):
    """OpenAI's videos at `url`; routes: create, list, retrieve, delete, content, result.

    `poll_after_ms` is the header that a poll obeys, None for none. `files` holds what was
    uploaded before, by its id. `deletes_unfinished`: also what is not ended can be deleted.
    All other knobs are those of `BearerService`.
    """

    name: ClassVar[str] = "openai"
    profile: ClassVar[str] = "openai"
    kept: ClassVar[float] = float("inf")
    lifetime: ClassVar[int] = 3600  # seconds of the bytes; the field is known, the figure is not

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        studio: Studio | None = None,
        early_status: int = 404,
        poll_after_ms: int | None = 1000,
        deletes_unfinished: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(host=host, port=port, studio=studio, early_status=early_status, **more)
        self.poll_after_ms = poll_after_ms
        self.deletes_unfinished = deletes_unfinished
        self.files: dict[str, bytes] = {}

    def routes(self) -> Sequence[web.RouteDef]:
        one = "/v1/videos/{name}"
        return [
            web.post("/v1/videos", self._guard(self._create), name="create"),
            web.get("/v1/videos", self._guard(self._list), name="list"),
            web.get(one, self._guard(self._retrieve), name="retrieve"),
            web.delete(one, self._guard(self._delete), name="delete"),
            web.get(f"{one}/content", self._guard(self._content), name="content"),
        ]

    def _describe(self, render: Render) -> dict[str, object]:
        done = render.stage is Stage.DONE and render.ended is not None
        failure = None
        if render.failure:
            code, message = render.failure
            failure = {"code": code, "message": message}
        return {
            "id": render.id,
            "object": "video",
            **{name: render.order[name] for name in ("model", "prompt", "seconds", "size")},
            "status": _STATUS[render.stage],
            "progress": self._progress(render),
            "created_at": int(render.taken),
            "completed_at": int(render.ended or 0) if done else None,
            "expires_at": int(render.ended or 0) + self.lifetime if done else None,
            "remixed_from_video_id": None,
            "error": failure,
        }

    def _progress(self, render: Render) -> int:
        if render.stage is Stage.DONE:
            return 100
        if render.stage is not Stage.RUNNING or not render.lasts or render.began is None:
            return 0
        return min(99, int(100 * (self.studio.clock() - render.began) / render.lasts))

    async def _create(self, request: web.Request) -> web.StreamResponse:
        order = await creation.read(request)
        await creation.check(order, self.files)
        self._refuse("create")
        order.pop("input_reference", None)
        number = f"video_{secrets.token_hex(24)}"
        render = self.studio.take(number, self._key(request), order)
        shown = self._describe(replace(render, stage=Stage.QUEUED))
        return web.json_response(shown)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        if extra := set(request.query) - {"after", "limit", "order"}:
            raise unknown(min(extra))
        limit, order = request.query.get("limit", "20"), request.query.get("order", "desc")
        if not limit.isdecimal() or not 1 <= int(limit) <= _MOST:
            raise invalid("limit", "not from 1 to 100")
        if order not in {"asc", "desc"}:
            raise invalid("order", "neither asc nor desc")
        self._refuse("list")
        key = self._key(request)
        renders = [render for render in self.studio.renders if render.key == key]
        if order == "desc":
            renders.reverse()
        page = _after(renders, request.query.get("after", ""))
        shown = [self._describe(render) for render in page[: int(limit)]]
        return web.json_response(
            {
                "object": "list",
                "data": shown,
                "first_id": shown[0]["id"] if shown else None,
                "last_id": shown[-1]["id"] if shown else None,
                "has_more": len(page) > len(shown),
            }
        )

    async def _retrieve(self, request: web.Request) -> web.StreamResponse:
        render = self._find(request)
        self._refuse("retrieve")
        headers = {}
        if render.stage not in ENDED and self.poll_after_ms is not None:
            headers["openai-poll-after-ms"] = str(self.poll_after_ms)
        return web.json_response(self._describe(render), headers=headers)

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        render = self._find(request)
        self._refuse("delete")
        # Whether a video under way can be deleted is not written down.
        if render.stage not in ENDED and not self.deletes_unfinished:
            raise Refusal(409, "video_not_ended", "The video is still being made")
        self.studio.forget(render.id)
        return web.json_response({"id": render.id, "deleted": True, "object": "video.deleted"})

    async def _content(self, request: web.Request) -> web.StreamResponse:
        render = self._find(request)
        if extra := set(request.query) - {"variant"}:
            raise unknown(min(extra))
        variant = request.query.get("variant", "video")
        if variant not in assets.VARIANTS:
            raise invalid("variant", "not offered")
        self._refuse("content")
        if render.ended is not None and self.studio.clock() >= render.ended + self.lifetime:
            raise Refusal(404, "video_expired", "The bytes of the video are gone")
        if variant == "video":
            return await self._video(request, render)
        self._check_ready(render)
        return web.Response(body=assets.read(variant), content_type=assets.VARIANTS[variant])


def _after(renders: Sequence[Render], cursor: str) -> Sequence[Render]:
    if not cursor:
        return renders
    ids = [render.id for render in renders]
    if cursor not in ids:
        raise invalid("after", "no such video")
    return renders[ids.index(cursor) + 1 :]
