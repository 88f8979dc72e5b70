"""Volcengine's visual API: submit, look, cancel and find people, as its manual has them."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import httpx

from core.errors import AccountError, ProviderError, UncertainError
from core.words import say
from providers import verdicts
from providers.base import Answer, Blame, Kit, Lost, Order, Pending, Ready, Refused
from providers.volcengine.codes import BROKEN, UNFIT, judge
from providers.volcengine.models import DETECTION, LOOK, SUBMIT, Given, Jimeng
from providers.volcengine.orders import make_body
from providers.volcengine.replies import SUCCESS, Data, Reply, Ticket, people, read
from providers.volcengine.signing import sealed
from providers.web.accounts import Account
from providers.web.keyed import Keyed
from providers.web.wire import SOON

_CANCEL = "CVCancelTask"
_NO_LINKS = say("needs PUBLIC_URL: the service fetches the photo and the sound")
_GRACE = timedelta(minutes=1)  # a task just taken may not be seen there yet
_NO_TASK = "1"  # theirs have nineteen digits
_BEGUN = {"in_queue": False, "generating": True}
_PATIENCE = 6  # looks that may fail in the same way before it is the task that failed


class Volcengine(Keyed):
    """Jimeng videos of a photo, two, or words alone; OmniHuman makes a photo speak."""

    name = "volcengine"
    running = 1  # on trial; a paid account has two, and can buy more
    tells_begun = True
    keeps = timedelta(hours=12)

    def __init__(
        self,
        kit: Kit,
        secrets: Sequence[tuple[str, str]],
        address: str,
        jimengs: Sequence[Jimeng],
        label: str | None,
    ) -> None:
        offered = [one for one in jimengs if kit.links or Given.VOICE not in one.req_keys]
        self._jimengs = {one.model.model: one for one in offered}
        self.models = tuple(one.model for one in offered)
        self.off = {one.model.model: _NO_LINKS for one in jimengs if one not in offered}
        self._address, self._label = address, label
        self._broken: Counter[str] = Counter()
        super().__init__(kit, secrets)

    def seats(self) -> Mapping[str, int]:
        return {model.lane: self.running for model in self.models}

    async def order(self, account: Account, order: Order) -> str | Refused:
        jimeng = self._jimengs[order.model.model]
        masks = await self._choose_mask(account, order)
        if isinstance(masks, Refused):
            return masks
        body = await asyncio.to_thread(make_body, jimeng, order, masks)
        reply = await self._call(account, SUBMIT[jimeng.pair], body, paid=True)
        answer = read(reply, paid=True)
        if answer.code != SUCCESS:
            return judge(reply, answer, body["req_key"], paid=True)
        if not (answer.data and answer.data.task_id):
            raise UncertainError("a success without a task")
        return str(Ticket(jimeng.pair, body["req_key"], int(time.time()), answer.data.task_id))

    async def ask(self, account: Account, task: str, order: Order) -> Answer:  # noqa: ARG002
        ticket = Ticket.read(task)
        label = {"req_json": self._label} if self._label else {}
        reply = await self._call(account, LOOK[ticket.pair], ticket.query | label)
        answer = read(reply)
        if answer.code != SUCCESS:
            return self._ended(reply, answer, ticket)
        self._broken.pop(task, None)
        data = answer.data or Data()
        match data.status:
            case "done" if data.link:
                return Ready(url=data.link)
            case "done":
                return Refused(blame=Blame.BUSY, reason=verdicts.FAILED, once_more=True)
            case "expired":
                return Lost()
            case "not_found" if ticket.age >= _GRACE:
                return Lost()
            case status:
                return Pending(begun=_BEGUN.get(status or ""))

    def _ended(self, reply: httpx.Response, answer: Reply, ticket: Ticket) -> Answer:
        """What a look means that was answered with an error: of the task, or of the look itself."""
        if answer.code == UNFIT and ticket.age < _GRACE:
            return Pending()  # what is said of unknown tasks, too
        if answer.code == UNFIT and ticket.age > self.keeps:
            return Lost()
        if answer.code in BROKEN:
            if answer.data and answer.data.status == "done":
                return Refused(blame=Blame.BUSY, reason=verdicts.FAILED, once_more=True)
            self._broken[str(ticket)] += 1
            if self._broken[str(ticket)] >= _PATIENCE:
                # Not once more: should it be the look that fails, that would be paid twice.
                return Refused(blame=Blame.BUSY, reason=verdicts.FAILED)
        return judge(reply, answer, ticket.req_key)

    async def stop(self, account: Account, task: str) -> bool:
        """Only what still waits there can be stopped; the rest is made and billed."""
        ticket = Ticket.read(task)
        reply = await self._call(account, _CANCEL, ticket.query)
        answer = read(reply)
        if answer.code != SUCCESS:
            judge(reply, answer, ticket.req_key)  # raises where asking again may help
        return answer.code == SUCCESS

    async def probe(self, account: Account) -> bool:
        """A look at a task that nobody ordered: a key that is taken learns that there is none."""
        jimeng = next(iter(self._jimengs.values()))
        req_key = next(iter(jimeng.req_keys.values()))
        body = {"req_key": req_key, "task_id": _NO_TASK}
        reply = await self._call(account, LOOK[jimeng.pair], body)
        answer = read(reply)
        if answer.code in (SUCCESS, UNFIT):
            return True
        no = judge(reply, answer, req_key)
        if no.owners:
            raise AccountError(no.owners)
        raise ProviderError(f"a look gave code {answer.code}", retry_in=SOON)

    async def subjects(self, link: str) -> list[str]:
        """Masks of the people in a picture, the largest first; each can be fetched for an hour."""
        account = self.accounts.choose()
        with self.accounts.watched(account):
            async with account.looks:
                found = await self._find_people(account, link)
        if isinstance(found, Refused):
            raise ProviderError(f"nobody was looked for: {found.reason}")
        return found

    async def _choose_mask(self, account: Account, order: Order) -> list[str] | Refused:
        """The mask of the person who shall speak; those once shown may be older than their hour."""
        chosen = order.request.subject
        if chosen is None or not (order.first and order.link):
            return []
        found = await self._find_people(account, order.link(order.first))
        if isinstance(found, Refused):
            return found
        mask = found[chosen : chosen + 1]
        return mask or Refused(blame=Blame.INPUT, reason=verdicts.NOBODY)

    async def _find_people(self, account: Account, link: str) -> list[str] | Refused:
        reply = await self._call(account, "CVProcess", {"req_key": DETECTION, "image_url": link})
        answer = read(reply)
        return people(answer) if answer.code == SUCCESS else judge(reply, answer, DETECTION)

    async def _call(
        self, account: Account, action: str, body: Mapping[str, Any], *, paid: bool = False
    ) -> httpx.Response:
        version = "2024-06-06" if action == _CANCEL else "2022-08-31"
        url = httpx.URL(f"{self._address}/?Action={action}&Version={version}")
        seal = partial(sealed, url, body, account.secrets)
        # An order may hold megabytes of pictures: the event loop does not wait for their digest.
        content, headers = await asyncio.to_thread(seal) if paid else seal()
        return await self.web.call("POST", str(url), paid=paid, content=content, headers=headers)
