"""The emulated DashScope over HTTP."""

from collections.abc import Sequence
from time import monotonic
from typing import Any, ClassVar, Literal
from uuid import uuid4

from aiohttp import web

from playground.services.dashscope import checks, orders, rim, sources, tasks
from playground.services.dashscope.access import KEYS, Access, Caller
from playground.services.dashscope.errors import RefusalError, invalid, wrong_path
from playground.services.dashscope.forms import read_form
from playground.services.dashscope.limits import POLICIES, TASK_CALLS, Rates
from playground.services.dashscope.models import Model, Region, models_of
from playground.services.dashscope.uploads import Bucket, BucketError
from playground.services.service import Service
from playground.services.studio import Clock, Render, Stage, Studio

_REGION_IDS: dict[Region, str] = {
    "beijing": "cn-beijing",
    "singapore": "ap-southeast-1",
    "virginia": "us-east-1",
}
_CREATE = "/services/aigc/{group:video-generation|image2video}/video-synthesis"


class DashScope(Service):
    """Model Studio's task interface, the temporary storage, and the results.

    Switches of the constructor: `region` (each has its own key and models; templates are in
    Beijing only); `media_verdict` says whether media that do not fit are refused at the create
    or fail the task, as the service is known to do both; `rate_clock` is what the requests per
    second go by.

    For tests: `refuse_next(code, message)` (moderation before, throttling, a capability not
    opened, ...), `fail_next(code, message)` (moderation after, ...), `studio.fail(id, ...)`,
    `studio.forget(id)` (a lost task), `access.keys` (take one out, add one of another account),
    `access.in_arrears`, `access.closed_models`, `access.spent`, `access.workspaces`, `rates.enforced`,
    `running[lane]` (tasks at once, up to the studio's seats), `patience` (seconds to wait for a
    file from the network), `bucket.objects`, `without_video` (ids that succeed with no
    address), and `results[id]`.
    """

    name: ClassVar[str] = "dashscope"

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        studio: Studio | None = None,
        region: Region = "beijing",
        media_verdict: Literal["create", "task"] = "create",
        rate_clock: Clock = monotonic,
    ) -> None:
        super().__init__(host=host, port=port, studio=studio)
        self.region = region
        self.media_verdict = media_verdict
        self.models = models_of(region)
        self.running = {model.lane.name: model.lane.running for model in self.models.values()}
        self.access = Access(region)
        self.rates = Rates(rate_clock)
        self.bucket = Bucket(self._now)
        self.patience = 5.0
        self.without_video: set[str] = set()

    def routes(self) -> Sequence[web.RouteDef]:
        base, slash = "/api/v1", "{slash:/?}"
        return [
            web.post(f"{base}{_CREATE}{slash}", rim.answering(self._create), name="create"),
            web.get(f"{base}/tasks/{{task}}{slash}", rim.answering(self._look), name="look"),
            web.post(
                f"{base}/tasks/{{task}}/cancel{slash}", rim.answering(self._cancel), name="cancel"
            ),
            web.get(f"{base}/tasks{slash}", rim.answering(self._list), name="list"),
            web.get(f"{base}/uploads{slash}", rim.answering(self._policy), name="policy"),
            web.post("/oss{slash:/?}", self._upload, name="upload"),
            web.route("*", base + "/{rest:.*}", rim.answering(self._nothing), name="unknown"),
        ]

    @property
    def key(self) -> str:
        return KEYS[self.region]

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DASHSCOPE_API_KEY": self.key,
            "DASHSCOPE_HTTP_BASE_URL": f"{self.url}/api/v1",
            "ALLOW_PRIVATE_HOSTS": "true",
        }

    def refuse_next(self, code: str, message: str = "", *, status: int | None = None) -> None:
        """Refuse an order that is otherwise right; with status 200 the answer still has a code."""
        self.access.refusals.append(RefusalError(code, message, status=status))

    def fail_next(self, code: str, message: str = "") -> None:
        """Accept the next order, and let its task fail."""
        self.access.failures.append((code, message))

    async def _create(self, request: web.Request, request_id: str) -> dict[str, Any]:
        raw = await request.read()
        sources.check_body_size(raw)
        caller = self.access.caller(request.headers)
        if request.headers.get("X-DashScope-Async") != "enable":
            message = "current user api does not support synchronous calls."
            raise RefusalError("AccessDenied", message)
        body = rim.read_json(request, raw)
        model = self._model(checks.model_name(body))
        if request.match_info["group"] != model.group:
            raise wrong_path()
        self.access.check_may_order(caller, model.name)
        self.rates.count(model.lane.rate, "create", caller.account, model.lane.name)
        resolve = request.headers.get("X-DashScope-OssResourceResolve") == "enable"
        asked = orders.Asked(caller, model, checks.check(model, body), resolve, request_id)
        render = await self._accept(asked)
        return {"output": {"task_id": render.id, "task_status": "PENDING"}}

    async def _accept(self, asked: orders.Asked) -> Render:
        failure: tuple[str, str] | None = None
        clip_seconds = 0.0
        try:
            clip_seconds = await orders.check_media(asked, self.bucket, self.patience)
        except RefusalError as refusal:
            if self.media_verdict == "create":
                raise
            failure = refusal.code, refusal.message
        if self.access.refusals:
            raise self.access.refusals.popleft()
        render = self._take(asked, clip_seconds)
        if failure is None and self.access.failures:
            failure = self.access.failures.popleft()
        if failure is not None:
            self.studio.fail(render.id, *failure)
        return render

    def _take(self, asked: orders.Asked, clip_seconds: float) -> Render:
        lane, caller = asked.model.lane.name, asked.caller
        key = f"{caller.account}/{lane}"
        self.studio.lanes[key] = self.running[lane]
        return self.studio.take(
            str(uuid4()),
            key,
            asked.order.wishes,
            account=caller.account,
            key_id=caller.key_id,
            model=asked.model,
            request_id=asked.request_id,
            clip_seconds=clip_seconds,
        )

    async def _look(self, request: web.Request, _: str) -> dict[str, Any]:
        caller = self._task_call(request)
        task_id = request.match_info["task"]
        render = self._known(task_id, caller)
        if render is None:
            return tasks.unknown(task_id)
        shown = render.stage is Stage.DONE and task_id not in self.without_video
        return tasks.describe(render, self.result_url(task_id) if shown else None)

    async def _cancel(self, request: web.Request, _: str) -> dict[str, Any]:
        caller = self._task_call(request)
        task_id = request.match_info["task"]
        if self._known(task_id, caller) is None or not self.studio.cancel(task_id):
            raise RefusalError("UnsupportedOperation", "Only a pending task can be canceled.")
        return {}

    async def _list(self, request: web.Request, _: str) -> dict[str, Any]:
        caller = self._task_call(request)
        search = tasks.read_search(request.query, self._now())
        known = [one for one in self.studio.renders if self._is_known(one, caller)]
        return search.page_of(known, _REGION_IDS[self.region])

    async def _policy(self, request: web.Request, _: str) -> dict[str, Any]:
        caller = self.access.caller(request.headers)
        if request.query.get("action") != "getPolicy":
            raise invalid("action must be getPolicy.")
        model = self._model(request.query.get("model", ""))
        self.rates.count(POLICIES, "policy", caller.account, model.name)
        return {"data": self.bucket.policy(caller.account, model.name, f"{self.url}/oss")}

    async def _nothing(self, _: web.Request, __: str) -> dict[str, Any]:
        raise wrong_path()

    async def _upload(self, request: web.Request) -> web.Response:
        try:
            rim.check_no_key(request)
            form = read_form(request.headers.get("Content-Type", ""), await request.read())
            return web.Response(status=self.bucket.put(form))
        except BucketError as error:
            return rim.xml(error)

    async def _result(self, request: web.Request) -> web.StreamResponse:
        """A result, as long as it lives; its address is its only key."""
        try:
            rim.check_no_key(request)
            self._check_lives(request.match_info["name"])
        except BucketError as error:
            return rim.xml(error)
        return await super()._result(request)

    def _check_lives(self, task_id: str) -> None:
        render = self.studio.get(task_id)
        ended = render.ended if render else None
        if ended is not None and self._now() >= ended + tasks.TASK_LIFE:
            raise BucketError(403, "AccessDenied", "Request has expired.")

    def _now(self) -> float:
        return self.studio.clock()

    def _model(self, name: str) -> Model:
        model = self.models.get(name)
        if model is None:
            raise RefusalError("ModelNotFound", f"Model not exist: {name}.")
        return model

    def _task_call(self, request: web.Request) -> Caller:
        caller = self.access.caller(request.headers)
        self.rates.count(TASK_CALLS, "tasks", caller.account)
        return caller

    def _known(self, task_id: str, caller: Caller) -> Render | None:
        render = self.studio.get(task_id)
        return render if render and self._is_known(render, caller) else None

    def _is_known(self, render: Render, caller: Caller) -> bool:
        """Whether a task is the caller's own and not forgotten yet."""
        is_own = render.extra["account"] == caller.account
        return is_own and self._now() < render.taken + tasks.TASK_LIFE
