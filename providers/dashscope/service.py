"""Alibaba DashScope: submit, look, find and cancel, as its manual has them."""

import asyncio
import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import httpx
from pydantic import BaseModel

from core.errors import UncertainError
from core.words import Sentence, say
from providers import verdicts
from providers.base import Answer, Blame, Kit, Lost, Order, Pending, Ready, Refused, Trace
from providers.dashscope.codes import judge, refusal
from providers.dashscope.models import MODELS, SEATS, Wan
from providers.dashscope.uploads import PolicyReply
from providers.web.accounts import Account
from providers.web.keyed import Keyed
from providers.web.wire import parse

CHINA = "https://dashscope.aliyuncs.com/api/v1"
_SMALL = 200_000  # bytes of a picture that travels in the request itself
_PATHS = {"frames": "image2video", "picture": "video-generation", "media": "video-generation"}
_WINDOW = timedelta(minutes=10)
_SKEW = timedelta(seconds=5)
_PAGE = 100


class Output(BaseModel):
    task_id: str = ""
    task_status: str = ""
    orig_prompt: str | None = None
    video_url: str | None = None
    code: str = ""


class Reply(BaseModel):
    output: Output | None = None
    code: str | None = None


class Listed(BaseModel):
    task_id: str
    gmt_create: int  # milliseconds since 1970


class Page(BaseModel):
    data: list[Listed] = []
    total_page: int = 1


class DashScope(Keyed):
    """Wan models: a photo, a last frame, a sound or an effect becomes a video."""

    name = "dashscope"
    running = SEATS["dashscope"]
    per_second: ClassVar[float] = 2
    looks_per_second: ClassVar[float] = 20
    can_find = True
    keeps = timedelta(hours=24)

    def __init__(self, kit: Kit, keys: Sequence[str], base: str) -> None:
        self._base = base.rstrip("/")
        self._wans = {wan.name: wan for wan in MODELS if self._offers(wan)}
        self.models = tuple(wan.model for wan in self._wans.values())
        self.off: Mapping[str, Sentence] = {
            wan.model.model: say("not offered in the region of DASHSCOPE_HTTP_BASE_URL")
            for wan in MODELS
            if not self._offers(wan)
        }
        super().__init__(kit, [(key,) for key in keys])

    def seats(self) -> Mapping[str, int]:
        return SEATS

    async def order(self, account: Account, order: Order) -> str | Refused:
        wan = self._wans[order.model.model.partition("/")[2]]
        files = await self._files(account, wan, order)
        if isinstance(files, Refused):
            return files
        body = {
            "model": wan.name,
            "input": make_input(wan, order, files),
            "parameters": make_parameters(wan, order),
        }
        headers = {"X-DashScope-Async": "enable"}
        if any(address.startswith("oss://") for address in files.values()):
            headers["X-DashScope-OssResourceResolve"] = "enable"
        path = f"services/aigc/{_PATHS[wan.style]}/video-synthesis"
        reply = await self._call(account, "POST", path, paid=True, json=body, headers=headers)
        answer = parse(Reply, reply, paid=reply.is_success)
        if reply.is_success and answer.output and answer.output.task_id:
            return answer.output.task_id
        return judge(reply.status_code, answer.code or "", dict(reply.headers), paid=True)

    async def ask(self, account: Account, task: str, order: Order) -> Answer:  # noqa: ARG002
        reply = await self._call(account, "GET", f"tasks/{task}")
        answer = parse(Reply, reply)
        output = answer.output
        if not reply.is_success or output is None:
            return judge(reply.status_code, answer.code or "", dict(reply.headers), paid=False)
        match output.task_status:
            case "SUCCEEDED" if output.video_url:
                return Ready(url=output.video_url)
            case "SUCCEEDED":
                return Refused(blame=Blame.BUSY, reason=verdicts.FAILED, once_more=True)
            case "FAILED":
                return refusal(output.code)
            case "CANCELED" | "UNKNOWN":  # 24 hours are over, or it is not ours
                return Lost()
            case _:
                return Pending()

    async def search(self, account: Account, order: Order, trace: Trace) -> Sequence[str]:
        """Orders of the same model, moment and words; without words none can be told apart."""
        wan = self._wans[order.model.model.partition("/")[2]]
        earliest, latest = trace.since - _SKEW, trace.since + _WINDOW
        found: list[str] = []
        number, pages = 1, 1
        while number <= pages:
            query = {"page_no": number, "page_size": _PAGE, "model_name": wan.name}
            reply = await self._call(account, "GET", "tasks", params=query)
            page = parse(Page, reply)
            pages, number = page.total_page, number + 1
            found += [
                one.task_id
                for one in page.data
                if earliest <= datetime.fromtimestamp(one.gmt_create / 1000, UTC) <= latest
            ]
        if found and not (order.request.prompt and order.request.effect is None):
            raise UncertainError("orders without words cannot be told apart")
        looks = [self._call(account, "GET", f"tasks/{task}") for task in found]
        replies = [parse(Reply, reply) for reply in await asyncio.gather(*looks)]
        return [
            one.output.task_id
            for one in replies
            if one.output and one.output.orig_prompt == order.request.prompt
        ]

    async def stop(self, account: Account, task: str) -> bool:
        """Only what still waits there can be stopped; the rest is made and billed."""
        reply = await self._call(account, "POST", f"tasks/{task}/cancel")
        return reply.is_success

    async def _call(
        self, account: Account, method: str, path: str, *, paid: bool = False, **request: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {account.secrets[0]}", **request.pop("headers", {})}
        url = f"{self._base}/{path}"
        return await self.web.call(method, url, paid=paid, headers=headers, **request)

    async def _files(self, account: Account, wan: Wan, order: Order) -> dict[str, str] | Refused:
        """An address for every file: small pictures in the request itself, the rest uploaded."""
        given = {"first": order.first, "last": order.last, "audio": order.audio}
        if order.request.effect:
            given = {"first": order.first}
        files = {role: path for role, path in given.items() if path}
        inline = {
            role: _data_uri(path)
            for role, path in files.items()
            if role != "audio" and wan.style != "media" and path.stat().st_size <= _SMALL
        }
        rest = {role: path for role, path in files.items() if role not in inline}
        if not rest:
            return inline
        query = {"action": "getPolicy", "model": wan.name}
        reply = await self._call(account, "GET", "uploads", params=query)
        if not reply.is_success:
            error = parse(Reply, reply)
            return judge(reply.status_code, error.code or "", dict(reply.headers), paid=False)
        policy = parse(PolicyReply, reply).data
        uploads = [policy.upload(self.web, path) for path in rest.values()]
        return inline | dict(zip(rest, await asyncio.gather(*uploads), strict=True))

    def _offers(self, wan: Wan) -> bool:
        in_china = "dashscope.aliyuncs.com" in self._base or "cn-beijing" in self._base
        abroad = any(part in self._base for part in ("-intl", "-us", "ap-southeast", "eu-central"))
        return wan.abroad if abroad and not in_china else wan.china


def make_input(wan: Wan, order: Order, files: Mapping[str, str]) -> dict[str, Any]:
    """The `input` of a request, in the style of its model."""
    request = order.request
    if request.effect:
        picture = "first_frame_url" if wan.style == "frames" else "img_url"
        return {"template": request.effect, picture: files["first"]}
    words: dict[str, Any] = {"prompt": request.prompt} if request.prompt else {}
    if request.negative_prompt:
        words["negative_prompt"] = request.negative_prompt
    if wan.style == "media":
        roles = {"first": "first_frame", "last": "last_frame", "audio": "driving_audio"}
        media = [{"type": roles[role], "url": files[role]} for role in roles if role in files]
        return {**words, "media": media}
    fields = {"first": "img_url", "audio": "audio_url"}
    if wan.style == "frames":
        fields = {"first": "first_frame_url", "last": "last_frame_url"}
    return {**words, **{field: files[role] for role, field in fields.items() if role in files}}


def make_parameters(wan: Wan, order: Order) -> dict[str, Any]:
    """The `parameters` of a request; what the model does not know is left out."""
    request, model = order.request, wan.model
    found: dict[str, Any] = {"resolution": (request.resolution or "").upper()}
    if request.effect:
        return found
    if len(model.seconds) > 1:
        found["duration"] = request.seconds
    if request.seed is not None:
        found["seed"] = request.seed
    found["prompt_extend"] = request.rewrite is not False
    found["watermark"] = bool(request.watermark)
    if model.shots and request.shots:
        found["shot_type"] = request.shots
    if model.sound:
        # Silence must be asked for, and it beats a sound of one's own.
        found["audio"] = request.sound is not False
    return found


def build(kit: Kit) -> DashScope | None:
    """On with DASHSCOPE_API_KEY; raises SettingsError for a base URL that is none."""
    keys = kit.keys("DASHSCOPE_API_KEY")
    if not keys:
        return None
    base = kit.address("DASHSCOPE_HTTP_BASE_URL", CHINA)
    return DashScope(kit, keys, base)


def _data_uri(path: Path) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(path.read_bytes()).decode()}"
