"""A service that is reached with keys of ours: what its files need not repeat."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from core.capabilities import Capabilities
from core.errors import AccountError, ProviderError, ThrottledError, UncertainError
from core.words import Text, say
from providers import verdicts
from providers.base import (
    NOT_ASKED,
    Answer,
    Blame,
    Found,
    Kit,
    Lost,
    Order,
    Pending,
    Provider,
    Ready,
    Refused,
    RemoteId,
    Trace,
)
from providers.health import Check, Health
from providers.web.accounts import Account, Accounts
from providers.web.downloads import download

Candidates = Sequence[str] | Pending
_LARGEST_MASK = 20_000_000  # bytes
_ACTS = timedelta(minutes=5)  # the owner; until then a task that was taken is asked for again


class Keyed(Provider):
    """Chooses the key for an order, stays with it, and lets keys rest; a subclass speaks to the service.

    `per_second` bounds orders and `looks_per_second` everything free, for one key.
    """

    per_second: ClassVar[float] = 1.0
    looks_per_second: ClassVar[float] = 10.0

    def __init__(self, kit: Kit, secrets: Sequence[tuple[str, ...]]) -> None:
        self.web = kit.web
        self.accounts = Accounts(
            secrets,
            per_second=kit.limit(self.name, "rps", self.per_second),
            looks_per_second=kit.limit(self.name, "looks", self.looks_per_second),
        )
        self.lanes = {
            lane: int(kit.limit(lane, "running", seats)) * len(self.accounts)
            for lane, seats in self.seats().items()
        }

    def seats(self) -> Mapping[str, int]:
        """How many tasks of each lane one key may run at a time."""
        return {self.name: self.running}

    @abstractmethod
    async def order(self, account: Account, order: Order) -> str | Refused:
        """Order a video with one key; raises AccountError, ThrottledError or UncertainError."""

    @abstractmethod
    async def ask(self, account: Account, task: str, order: Order) -> Answer:
        """How far the service is with a task."""

    async def search(self, account: Account, order: Order, trace: Trace) -> Candidates:  # noqa: ARG002
        """Tasks of one key that may be this order and belong to no task of ours.

        Pending where one is being made of which only its end can tell.
        """
        return ()

    async def stop(self, account: Account, task: str) -> bool:  # noqa: ARG002
        """Stop a task that has not begun, where the service can."""
        return False

    async def probe(self, account: Account) -> bool:  # noqa: ARG002
        """Make a free call that takes nothing, with one key; False where there is none to make.

        Raises ProviderError where the service does not answer as it should, or takes no such key.
        """
        return False

    async def submit(self, order: Order) -> RemoteId | Refused:
        """Order with the key that has most room; one that is refused makes way for the next."""
        model = order.model.model
        while True:
            try:
                account = self.accounts.choose(model)
            except AccountError as error:
                return Refused(blame=Blame.ACCOUNT, reason=verdicts.OURS, owners=str(error))
            if order.chosen and self.can_find:
                await order.chosen(account.id)
            try:
                with self.accounts.watched(account, model):
                    async with account.submits:
                        answer = await self.order(account, order)
            except AccountError:
                continue
            except ThrottledError as error:
                if error.retry_in is None:
                    raise
                self.accounts.give_rest(account, error.retry_in, str(error))
                continue
            if isinstance(answer, Refused):
                return answer
            account.tasks.add(answer)
            return RemoteId(f"{account.id}:{answer}")

    async def look(self, remote: RemoteId, order: Order) -> Answer:
        account, task = self._owner(remote)
        if account is None:
            return Lost()
        try:
            with self.accounts.watched(account, order.model.model):
                async with account.looks:
                    answer = await self.ask(account, task, order)
        except AccountError as error:
            # What is made there already is there still once the owner has acted.
            raise AccountError(str(error), retry_in=error.retry_in or _ACTS) from error
        if isinstance(answer, Pending):
            account.tasks.add(task)
        else:
            account.tasks.discard(task)
        return answer

    async def fetch(self, ready: Ready, order: Order) -> None:
        await download(self.web, ready.url, order.target)

    async def find(self, order: Order, trace: Trace) -> Found:
        """Look through what its key, or any, has ordered lately; a tie is not decided."""
        found: dict[str, Account] = {}
        own = self.accounts.get(trace.account or "")
        for account in [own] if own else self.accounts.all():
            tasks = await self.search(account, order, trace)
            if isinstance(tasks, Pending):
                return tasks
            found |= dict.fromkeys(tasks, account)
        free = [task for task in found if not await self.is_held(task, trace)]
        if len(free) > 1:
            raise UncertainError("several orders there may be this one")
        if not free and trace.account and own is None:
            raise UncertainError("the key that it may have been ordered with is no longer set")
        return RemoteId(f"{found[free[0]].id}:{free[0]}") if free else None

    async def is_held(self, task: str, trace: Trace) -> bool:
        """Whether a task is one of ours, by whichever key: keys of one account see the same."""
        for account in self.accounts.all():
            if await trace.is_held(RemoteId(f"{account.id}:{task}")):
                return True
        return False

    async def subjects(self, link: str) -> list[str]:  # noqa: ARG002
        """Addresses of a mask for every person in a picture, where the service finds them."""
        return []

    async def people(self, link: str, new_file: Callable[[], Path]) -> list[Path]:
        masks = []
        for address in await self.subjects(link):
            masks.append(new_file())
            await download(self.web, address, masks[-1], kinds=("image/",), largest=_LARGEST_MASK)
        return masks

    def news(self) -> list[str]:
        told, self.accounts.news = self.accounts.news, []
        return told

    def is_up(self, model: Capabilities | None = None) -> bool:
        return self.accounts.is_ready(model.model if model else "")

    def health(self) -> Health:
        return Health(name=self.name, lanes=dict(self.lanes), keys=self.accounts.health())

    def revive(self, key: str | None = None) -> int:
        return self.accounts.revive(key)

    async def check(self, patience: float = 15.0) -> tuple[Check, ...]:
        asked = (self._check(account, patience) for account in self.accounts.all())
        return tuple(await asyncio.gather(*asked))

    async def _check(self, account: Account, patience: float) -> Check:
        """Ask with one key; it is not watched, so that asking takes no key out of use."""
        ok: bool | None = False
        text: Text = say("it answers and accepts the key")
        try:
            async with asyncio.timeout(patience), account.looks:
                ok = await self.probe(account) or None
            if not ok:
                text = NOT_ASKED
        except TimeoutError:
            text = say("no answer within {patience:.0f} s", patience=patience)
        except ThrottledError as error:
            ok, text = None, str(error)
        except ProviderError as error:
            text = str(error)
        return Check(ok=ok, text=text, key=account.id)

    async def cancel(self, remote: RemoteId) -> bool:
        account, task = self._owner(remote)
        if account is None:
            return False
        account.tasks.discard(task)
        with self.accounts.watched(account):
            async with account.looks:
                return await self.stop(account, task)

    def _owner(self, remote: RemoteId) -> tuple[Account | None, str]:
        name, _, task = remote.partition(":")
        return self.accounts.get(name), task
