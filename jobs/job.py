"""One claim on a task: remembered results, fenced saves, and the wish to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection

from core.errors import DeliveryError, ProviderError, UncertainError, UnclearDeliveryError
from core.request import VideoRequest
from core.states import State
from core.task import Task
from core.words import Sentence, Text
from jobs.workshop import Workshop
from storage import tasks

T = TypeVar("T")

log = structlog.get_logger()


class Cancelled(Exception):  # noqa: N818  # a wish of the person's, not an error
    """The person wants this task stopped."""


class Later(Exception):  # noqa: N818  # the ordinary way to wait
    """Nothing can be done for a while; it is no attempt that failed."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__(f"later, in {pause.total_seconds():.0f} s")
        self.pause = pause


class Moved(Exception):  # noqa: N818  # the ordinary way from lane to lane, not an error
    """The task waits in another lane now; whoever serves that lane goes on."""


class OnceMore(Exception):  # noqa: N818  # an outcome that is worth one more order
    """The service failed where another try may well succeed."""


class Undecided(Exception):  # noqa: N818  # neither taken nor refused, for all one can learn
    """Nobody can tell whether an interrupted order was taken."""

    def __init__(self, cause: Text) -> None:
        super().__init__(str(cause))
        self.cause = cause


class Refusal(Exception):  # noqa: N818  # a "no" is an outcome, not an error
    """The service, or we ourselves, said a final no; `charged` where the work was done all the same."""

    def __init__(self, reason: Sentence, *, again: bool = False, charged: bool = False) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.again = again
        self.charged = charged


class Job:
    """A task while this process owns it."""

    def __init__(self, task: Task, workshop: Workshop) -> None:
        self.task = task
        self.workshop = workshop
        self.stopping = False
        self._interrupted: asyncio.Timeout | None = None  # what a stop may interrupt just now
        self.resumed = "remote" in task.facts
        self._along: list[Callable[[Connection], Any]] = []
        if task.cancelling:
            self.stop()

    async def once(
        self,
        name: str,
        make: Callable[[], Awaitable[Any]],
        *,
        state: State | None = None,
        becomes: State | None = None,
        found: Callable[[], Awaitable[Any]] | None = None,
        lazily: bool = False,
    ) -> Any:
        """Give the remembered result of this name, or make it and remember it.

        `state` is saved before making, `becomes` together with the result. With `found`, the
        intent is committed before making; where an intent stands without a result, the process
        died in between, and `found` says what came of it instead of making it twice. A `found`
        that gives None says that nothing came of it. `lazily` leaves saving the result to the next
        save, where one follows before anything is done that must not be done twice.
        """
        facts = self.task.facts
        if name in facts:
            return facts[name]
        result = None
        if found and facts.get("intent") == name:
            log.info("interrupted", task=self.task.id, name=name)
            result = await found()
        if result is None:
            if state is not None or found:
                mark: dict[str, Any] = {}
                if found:
                    # The key of an earlier order says nothing of this one.
                    now = self.workshop.now().isoformat()
                    mark = {"intent": name, "intended": now, "account": None}
                await self.save(state=state, **mark)
            result = await self._make(make)
        if lazily:
            self.note({name: result, "intent": None})
        else:
            await self.save(state=becomes, **{name: result}, intent=None)
            log.info("remembered", task=self.task.id, name=name)
        return result

    async def _make(self, make: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await make()
        except (UncertainError, UnclearDeliveryError):
            raise  # it may have gone through: the intent stays
        except Refusal:
            self.forget_intent()
            raise
        except (ProviderError, DeliveryError, Cancelled):
            await self.save(intent=None)
            raise

    async def save(
        self,
        *,
        state: State | None = None,
        due: datetime | None = None,
        lane: str | None = None,
        settle: str | None = None,
        request: VideoRequest | None = None,
        **facts: Any,
    ) -> None:
        """Save progress under the fence; raises StaleTaskError where the task was lost."""
        now = self.workshop.now()
        state = state or self.task.state
        merged = _merge(self.task.facts, facts)
        if state is not self.task.state:
            merged["times"] = {**merged.get("times", {}), state.value: now.isoformat()}
        along, self._along = self._along, []
        stopping = await self.workshop.database.write(
            _save,
            along,
            self.task,
            state=state,
            facts=merged,
            now=now,
            due=due,
            lane=lane,
            settle=settle,
            request=request,
        )
        if stopping:
            # A cancel that met the claim, before anybody here could be told of it.
            self.stop()
        moved = state is not self.task.state
        self.task = replace(
            self.task, state=state, facts=merged, request=request or self.task.request
        )
        if moved:
            log.info("state", task=self.task.id, state=state.value)
            self.workshop.front.show(self.task.id)

    def along(self, write: Callable[[Connection], Any]) -> None:
        """Have something written together with the next save."""
        self._along.append(write)

    def forget_intent(self) -> None:
        """Have the next save say that nothing is unclear: an answer has come."""
        self.note({"intent": None})

    def remember_unseen(self) -> None:
        """Have the next save say since when there are orders of this task that were not found."""
        self.note({"unseen": self.task.facts.get("unseen", self.task.facts["intended"])})

    def note(self, facts: Mapping[str, Any]) -> None:
        """Have the next save remember these; None forgets one."""
        self.task = replace(self.task, facts=_merge(self.task.facts, facts))

    async def enter_lane(self, lane: str) -> None:
        """Leave the service's seat to the next task and stand in another line."""
        if self.task.lane != lane:
            await self.save(lane=lane, due=self.workshop.now())
            log.info("moved", task=self.task.id, lane=lane)
            raise Moved(lane)

    async def unless_stopped(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something that a cancel may interrupt; raises Cancelled then."""
        if self.stopping:
            work.close()
            raise Cancelled
        try:
            # A stop ends this "time" at once, which costs less than waiting for two tasks.
            async with asyncio.timeout(None) as self._interrupted:
                return await work
        except TimeoutError:
            if self._interrupted and self._interrupted.expired():
                raise Cancelled from None
            raise
        finally:
            self._interrupted = None

    def stop(self) -> None:
        """Note that the person wants this stopped, and interrupt what may be interrupted."""
        self.stopping = True
        if self._interrupted and not self._interrupted.expired():
            self._interrupted.reschedule(0)

    def check_stop(self) -> None:
        if self.stopping:
            raise Cancelled


def _merge(facts: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**facts, **changes}.items() if value is not None}


def _save(
    connection: Connection,
    /,
    along: Sequence[Callable[[Connection], Any]],
    task: Task,
    **changes: Any,
) -> bool:
    stopping = tasks.save(connection, task, **changes)
    for write in along:
        write(connection)
    return stopping
