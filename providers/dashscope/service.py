"""Alibaba DashScope: submit, look, find and cancel, as its manual has them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

import httpx

from core.errors import ProviderError
from core.words import Sentence, say
from providers import verdicts
from providers.base import (
    Answer,
    Blame,
    Kit,
    Lost,
    Order,
    Pending,
    Ready,
    Refused,
    Trace,
)
from providers.dashscope.codes import judge, refusal
from providers.dashscope.models import MODELS, SEATS, Wan
from providers.dashscope.recovery import is_ended, search
from providers.dashscope.regions import region_of
from providers.dashscope.replies import Page, Reply
from providers.dashscope.request import data_uri, make_input, make_parameters
from providers.dashscope.uploads import PolicyReply
from providers.web.accounts import Account
from providers.web.keyed import Candidates, Keyed
from providers.web.wire import SOON, parse

CHINA = "https://dashscope.aliyuncs.com/api/v1"
_BEGUN = {"PENDING": False, "RUNNING": True}
_SMALL = 200_000  # bytes of a picture that travels in the request itself
_PATHS = {"frames": "image2video", "picture": "video-generation", "media": "video-generation"}


class DashScope(Keyed):
    """Wan models: a photo, a last frame, a sound or an effect becomes a video."""

    name = "dashscope"
    running = SEATS["dashscope"]
    per_second: ClassVar[float] = 2
    looks_per_second: ClassVar[float] = 20
    can_find = True
    tells_begun = True
    keeps = timedelta(hours=24)

    def __init__(self, kit: Kit, keys: Sequence[str], base: str) -> None:
        self._base = base.rstrip("/")
        region = region_of(self._base)
        self._wans = {wan.name: wan for wan in MODELS if region in wan.regions}
        self.models = tuple(wan.model for wan in self._wans.values())
        self.off: Mapping[str, Sentence] = {
            wan.model.model: say("not offered in the region of DASHSCOPE_HTTP_BASE_URL")
            for wan in MODELS
            if wan.name not in self._wans
        }
        self._searching = asyncio.Lock()
        self._ended: dict[str, httpx.Response] = {}  # candidates of a search, by their paths
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
        if reply.is_success:
            output = parse(Reply, reply, paid=True).output
            if output and output.task_id:
                return output.task_id
        return judge(reply, paid=True)

    async def ask(self, account: Account, task: str, order: Order) -> Answer:  # noqa: ARG002
        reply = await self._call(account, "GET", f"tasks/{task}")
        output = parse(Reply, reply).output if reply.is_success else None
        if output is None:
            judge(reply, paid=False)
            # A look that is refused is no verdict on the task.
            raise ProviderError(f"a look gave HTTP {reply.status_code}", retry_in=SOON)
        match output.task_status:
            case "SUCCEEDED" if output.video_url:
                return Ready(url=output.video_url)
            case "SUCCEEDED":  # billed, so it is not ordered once more
                return Refused(blame=Blame.BUSY, reason=verdicts.FAILED)
            case "FAILED":
                return refusal(output.code or "")
            case "CANCELED" | "UNKNOWN":  # 24 hours are over, or it is not ours
                return Lost()
            case status:
                return Pending(begun=_BEGUN.get(status))

    async def search(self, account: Account, order: Order, trace: Trace) -> Candidates:
        wan = self._wans[order.model.model.partition("/")[2]]

        async def ask(path: str, **request: Any) -> httpx.Response:
            if (known := self._ended.get(path)) is not None:
                return known
            async with account.looks:
                reply = await self._call(account, "GET", path, **request)
            if is_ended(reply):
                self._ended[path] = reply
            return reply

        async def is_free(task: str) -> bool:
            return not await self.is_held(task, trace)

        # One after another: what one order has asked for, the next ones need not ask again.
        async with self._searching:
            return await search(ask, wan.name, order, trace, is_free)

    async def stop(self, account: Account, task: str) -> bool:
        """Only what still waits there can be stopped; the rest is made and billed."""
        reply = await self._call(account, "POST", f"tasks/{task}/cancel")
        if not reply.is_success:
            judge(reply, paid=False)  # raises where nobody knows what became of it
        return reply.is_success

    async def probe(self, account: Account) -> bool:
        """Its list of tasks, whatever is on it."""
        reply = await self._call(account, "GET", "tasks", params={"page_no": 1, "page_size": 1})
        if not reply.is_success:
            judge(reply, paid=False)
            raise ProviderError(f"the list gave HTTP {reply.status_code}", retry_in=SOON)
        parse(Page, reply)
        return True

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
            role: data_uri(path)
            for role, path in files.items()
            if role != "audio" and wan.style != "media" and path.stat().st_size <= _SMALL
        }
        rest = {role: path for role, path in files.items() if role not in inline}
        if not rest:
            return inline
        query = {"action": "getPolicy", "model": wan.name}
        reply = await self._call(account, "GET", "uploads", params=query)
        if not reply.is_success:
            return judge(reply, paid=False)
        policy = parse(PolicyReply, reply).data
        uploads = [policy.upload(self.web, path) for path in rest.values()]
        return inline | dict(zip(rest, await asyncio.gather(*uploads), strict=True))


def build(kit: Kit) -> DashScope | None:
    """On with DASHSCOPE_API_KEY; raises SettingsError for a base URL that is none."""
    keys = kit.keys("DASHSCOPE_API_KEY")
    if not keys:
        return None
    base = kit.address("DASHSCOPE_HTTP_BASE_URL", CHINA)
    return DashScope(kit, keys, base)
