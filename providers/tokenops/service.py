"""Servers with the shape of `/v1/videos`: create, look, content and delete, by their profile."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import quote

import httpx
import structlog

from core.errors import (
    AccountError,
    DownloadError,
    ProviderError,
    SettingsError,
    UncertainError,
)
from core.words import Sentence, say
from providers.base import Answer, Kit, Lost, Order, Pending, Ready, Refused
from providers.tokenops.codes import check_call, failed, judge, look_in, pause
from providers.tokenops.jimeng import Model
from providers.tokenops.orders import make_request, size_of
from providers.tokenops.pictures import read_pictures
from providers.tokenops.profiles import Profile, choose
from providers.tokenops.replies import Stage, Video, read
from providers.tokenops.talking import Post, detect, make_talk
from providers.web.accounts import Account
from providers.web.downloads import download
from providers.web.keyed import Keyed

log = structlog.get_logger()

ADDRESS = "https://api.tokenops.ai/v1"
_TAKEN = (200, 201, 202)
_NO_CONTENT = (200, 404, 405, 501)  # answers of a server that has the video elsewhere
_NEVER = (405, 501)
_GONE = (404, 410)
_NO_VIDEO = "video_0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content(Ready):
    """A video behind a route that asks for the key; `elsewhere` is what the object itself named."""

    account: Account = field(repr=False)
    elsewhere: tuple[str, ...] = ()


class TokenOps(Keyed):
    """Whatever the profile's server offers: Jimeng and OmniHuman, Sora, or a model of one's own."""

    name = "tokenops"
    running = 2  # nobody wrote down how many; so many has an account of what stands behind it
    tells_begun = True
    per_second: ClassVar[float] = 1
    looks_per_second: ClassVar[float] = 5

    def __init__(self, kit: Kit, keys: Sequence[str], base: str, profile: Profile) -> None:
        self._profile, self._runner = profile, kit.runner
        self._base = base if re.search(r"/v\d+$", base) else f"{base}/v1"
        offered = [one for one in profile.models if kit.links or not one.talks]
        self._models = {one.model.model: one for one in offered}
        self.models = tuple(one.model for one in offered)
        self.off: Mapping[str, Sentence] = {
            one.model.model: say("needs PUBLIC_URL: the service fetches the photo and the sound")
            for one in profile.models
            if one not in offered
        }
        self._unknown: set[str] = set()
        super().__init__(kit, [(key,) for key in keys])

    async def order(self, account: Account, order: Order) -> str | Refused:
        model = self._models[order.model.model]
        request = await self._make(account, model, order)
        if isinstance(request, Refused):
            return request
        reply = await self._call(account, "POST", "videos", paid=True, **request)
        if reply.status_code not in _TAKEN:
            return judge(reply, paid=True)
        video = read(reply)
        if video is None or not video.name:
            raise UncertainError(f"HTTP {reply.status_code} without the id of a video")
        return video.name

    async def ask(self, account: Account, task: str, order: Order) -> Answer:  # noqa: ARG002
        reply = await self._call(account, "GET", _path(task))
        video = _found(reply)
        if video is None:
            return Lost()
        match video.stage:
            case Stage.DONE:
                url = f"{self._base}/{_path(task)}/content"
                return Content(url=url, account=account, elsewhere=tuple(video.links))
            case Stage.FAILED:
                return failed(video.failure)
            case Stage.GONE:
                return Lost()
            case Stage.WAITING | Stage.RUNNING:
                begun = video.stage is Stage.RUNNING
                return Pending(begun=begun, percent=video.percent, look_in=look_in(reply))
            case None:  # a new word: what it means shows in the end
                self._remark(video.state)
                return Pending(look_in=look_in(reply))

    async def fetch(self, ready: Ready, order: Order) -> None:
        """Bring the bytes from the route that has them, else from where the object said."""
        if not isinstance(ready, Content):
            await super().fetch(ready, order)
            return
        try:
            await download(self.web, ready.url, order.target, headers=_bearer(ready.account))
        except DownloadError as error:
            if error.status in _NO_CONTENT and ready.elsewhere:
                await download(self.web, ready.elsewhere[0], order.target)
            elif error.status in _NEVER:
                raise ProviderError(f"HTTP {error.status}: no route to the video") from error
            else:
                raise  # right after its end a video may not be there yet

    async def stop(self, account: Account, task: str) -> bool:
        """Delete a video that is not made yet; deleting a finished one would save nothing."""
        if not self._profile.deletes:
            return False
        video = _found(await self._call(account, "GET", _path(task)))
        if video is None or video.stage not in (Stage.WAITING, Stage.RUNNING):
            return False
        reply = await self._call(account, "DELETE", _path(task))
        if reply.is_server_error and reply.status_code not in _NEVER:
            raise ProviderError(f"HTTP {reply.status_code} to a delete", retry_in=pause(reply, 2))
        return reply.is_success

    async def probe(self, account: Account) -> bool:
        """A look at a video that nobody ordered: a key that is taken learns that there is none."""
        reply = await self._call(account, "GET", _path(_NO_VIDEO))
        no = check_call(reply)
        if no and no.owners:
            raise AccountError(no.owners)
        video = read(reply)
        if reply.is_client_error and video is not None and video.is_own_error:
            return True
        raise ProviderError(f"HTTP {reply.status_code} to a look", retry_in=pause(reply, 2))

    async def subjects(self, link: str) -> list[str]:
        """Addresses of a mask for every person in a picture, the largest first; for an hour."""
        account = self.accounts.choose()
        with self.accounts.watched(account):
            async with account.looks:
                found = await detect(self._poster(account), link)
        if isinstance(found, Refused):
            raise ProviderError(f"the picture was refused: {found.reason}")
        return found.mask_urls if found.status else []

    async def _make(
        self, account: Account, model: Model, order: Order
    ) -> dict[str, Any] | Refused:
        """The arguments of the call that orders."""
        if model.talks:
            fields = await make_talk(self._poster(account), model, order)
            return fields if isinstance(fields, Refused) else {"json": fields}
        size = size_of(self._profile, order)
        pictures = await read_pictures(self._runner, order, size)
        if isinstance(pictures, Refused):
            return pictures
        return await asyncio.to_thread(make_request, self._profile, model, order, pictures)

    def _poster(self, account: Account) -> Post:
        return lambda path, body: self._call(account, "POST", path, json=body)

    def _remark(self, status: str) -> None:
        if status not in self._unknown:
            self._unknown.add(status)
            log.warning("unknown status", provider=self.name, status=status[:40])

    async def _call(
        self, account: Account, method: str, path: str, *, paid: bool = False, **request: Any
    ) -> httpx.Response:
        url = f"{self._base}/{path}"
        return await self.web.call(method, url, paid=paid, headers=_bearer(account), **request)


def build(kit: Kit) -> TokenOps | None:
    """On with TOKENOPS_API_KEY; raises SettingsError for a key, an address or a profile that is none."""
    keys = kit.keys("TOKENOPS_API_KEY")
    if not keys:
        return None
    if not all(key.isascii() and key.isprintable() and " " not in key for key in keys):
        raise SettingsError("TOKENOPS_API_KEY: a key cannot hold such characters")
    base = kit.address("TOKENOPS_BASE_URL", ADDRESS)
    return TokenOps(kit, keys, base, choose(kit.environment.get("TOKENOPS_PROFILE", "")))


def _bearer(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.secrets[0]}"}


def _path(task: str) -> str:
    return f"videos/{quote(task, safe='')}"


def _found(reply: httpx.Response) -> Video | None:
    """The video that a look shows; None where there is none of this name."""
    video = read(reply)
    if reply.is_success and video is not None:
        return video
    check_call(reply)
    if reply.status_code in _GONE and video is not None and video.is_own_error:
        return None
    raise ProviderError(f"HTTP {reply.status_code} to a look", retry_in=pause(reply, 2))
