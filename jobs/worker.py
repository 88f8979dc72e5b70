"""Working on one claimed task: tell its story, and settle whatever way it ends."""

from datetime import timedelta

import structlog

from core.errors import (
    AccountError,
    DeliveryError,
    MediaCrashError,
    MediaError,
    ProviderError,
    StaleTaskError,
    StorageError,
    ThrottledError,
    UncertainError,
    UnclearDeliveryError,
)
from core.states import State
from core.task import Task, TaskId
from core.words import Sentence, Text, say
from jobs import story
from jobs.delivering import kept_until
from jobs.job import Cancelled, Job, Later, Moved, Refusal, Undecided
from jobs.placing import provider_of, tell_owners
from jobs.workshop import Workshop
from providers.base import RemoteId

log = structlog.get_logger()

MAX_ATTEMPTS = 5
_MEDIA_PAUSE = timedelta(seconds=2)
_ASK_PAUSE = timedelta(milliseconds=500)
_BUG_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=6)

BUSY = say("The service did not manage it in several attempts.")
BROKEN = say("Something broke on our side.")
UNSURE = say(
    "The bot was interrupted while it was ordering this video, and the service cannot be asked."
)


class Worker:
    """Runs claimed tasks; knows which ones run in this process, to stop them."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._jobs: dict[TaskId, Job] = {}

    async def run(self, task: Task) -> None:
        """Bring a task as far as it goes now; raises StorageError where nothing can be saved."""
        job = self._jobs[task.id] = Job(task, self._workshop)
        self._workshop.front.show(task.id)
        try:
            await self._run(job)
        except StaleTaskError as error:
            log.info("stale", task=task.id, reason=str(error))
        except StorageError:
            raise  # nothing can be saved of it now: whoever handed it out takes it back
        except (
            Exception
        ) as error:  # one step of a worker: the task must not take the process along
            log.exception("broken", task=task.id)
            text = say(
                "A step of a video failed by itself: {error}. The log tells more.",
                error=type(error).__name__,
            )
            await self._workshop.front.report(text)
            await self._later(job, _BUG_PAUSE, "broken", BROKEN)
        finally:
            await tell_owners(self._workshop)
            del self._jobs[task.id]
            self._workshop.front.show(task.id)

    def stop(self, task: TaskId) -> None:
        """Interrupt a task that the person wants stopped, if it runs here."""
        if job := self._jobs.get(task):
            job.stop()

    async def _run(self, job: Job) -> None:
        if "failure" in job.task.facts:
            await self._conclude(job)
            return
        try:
            await self._tell(job)
        except Moved:
            return
        except Later as later:
            await job.save(due=self._workshop.now() + later.pause)
        except Cancelled:
            await self._cancel(job)
        except Refusal as refusal:
            await self._fail(job, refusal.reason, again=refusal.again, charged=refusal.charged)
        except Undecided as doubt:
            await self._give_up(job, doubt.cause)

    async def _tell(self, job: Job) -> None:
        try:
            await story.tell(job)
        except MediaError as error:
            await self._fail(job, error.sentence, again=False)
        except MediaCrashError as error:
            await self._later(job, _MEDIA_PAUSE, str(error), BROKEN)
        except UncertainError as error:
            await self._search_later(job, str(error))
        except ThrottledError as error:
            await self._wait_for_service(job, error)
        except AccountError as error:
            await self._workshop.front.report(str(error))
            await self._later(job, error.retry_in, str(error), BUSY)
        except UnclearDeliveryError as error:
            # The intent stands, so the next run asks the person instead of sending again.
            await self._later(job, _ASK_PAUSE, str(error), BUSY)
        except (ProviderError, DeliveryError) as error:
            await self._later(job, error.retry_in, str(error), BUSY)

    async def _cancel(self, job: Job) -> None:
        remote = job.task.facts.get("remote")
        billed = False
        if remote is not None:
            try:
                billed = not await provider_of(job).cancel(RemoteId(remote))
            except ProviderError as error:
                log.warning("cancel failed", task=job.task.id, reason=str(error))
                cancels = job.task.facts.get("cancels", 0) + 1
                if error.retry_in is not None and cancels < MAX_ATTEMPTS:
                    await job.save(due=self._workshop.now() + error.retry_in, cancels=cancels)
                    return
                billed = True
        settle = "capture" if billed else "release"
        await job.save(state=State.CANCELLED, settle=settle, billed=billed or None)

    async def _search_later(self, job: Job, cause: str) -> None:
        """An order may have gone through: look for it once the service would show it."""
        provider = provider_of(job)
        if provider.can_find:
            log.warning("to be looked for", task=job.task.id, reason=cause)
            await job.save(due=self._workshop.now() + provider.settles)
        else:
            await self._give_up(job, cause)

    async def _give_up(self, job: Job, cause: Text) -> None:
        """Nobody can tell whether the service took an order: nothing is charged, nothing repeated."""
        log.warning("uncertain", task=job.task.id, reason=str(cause))
        text = say(
            "Video {number} may have been ordered from {model} without our learning of it: {cause}",
            number=job.task.id,
            model=job.task.request.model,
            cause=cause,
        )
        await self._workshop.front.report(text)
        await self._end(job, State.UNCERTAIN, UNSURE, again=True)

    async def _wait_for_service(self, job: Job, error: ThrottledError) -> None:
        """A service that takes nothing now is no attempt that failed, for some hours."""
        waited = self._workshop.now() - job.task.created
        if error.retry_in is None or waited > _LONGEST_WAIT:
            await self._fail(job, BUSY, again=True)
        else:
            await job.save(due=self._workshop.now() + error.retry_in)

    async def _fail(
        self, job: Job, reason: Sentence, *, again: bool, charged: bool = False
    ) -> None:
        if job.task.facts.get("intent") == "remote":
            # Whatever stopped it was no answer to the order.
            await self._give_up(job, reason)
        else:
            await self._end(job, State.FAILED, reason, again=again, charged=charged)

    async def _end(
        self, job: Job, state: State, reason: Sentence, *, again: bool, charged: bool = False
    ) -> None:
        """Remember the verdict, so that a crash cannot turn it into another one."""
        failure = {**reason.to_json(), "state": state.value, "again": again, "charged": charged}
        await job.save(failure=failure, intent=None)
        await self._conclude(job)

    async def _conclude(self, job: Job) -> None:
        """Tell the person first: a crash then tells twice, the other way round it never would."""
        failure = job.task.facts["failure"]
        reason = Sentence.from_json(failure)
        try:
            await self._workshop.front.tell_end(job.task, reason, again=failure["again"])
        except DeliveryError as error:
            if error.retry_in is not None and job.task.facts.get("untold", 0) < MAX_ATTEMPTS:
                untold = job.task.facts.get("untold", 0) + 1
                await job.save(due=self._workshop.now() + error.retry_in, untold=untold)
                return
        # A failure that an earlier version wrote down says nothing of charging.
        charged = failure.get("charged", False)
        settle = "capture" if charged else "release"
        await job.save(state=State(failure["state"]), settle=settle, billed=charged or None)

    async def _later(
        self, job: Job, pause: timedelta | None, cause: str, verdict: Sentence
    ) -> None:
        """Try again after a pause: a few times, or as long as the service keeps what it took.

        A service that cannot be reached for a while is no verdict on a video it is making.
        """
        attempts = job.task.facts.get("attempts", 0) + 1
        log.warning("again later", task=job.task.id, attempt=attempts, reason=cause)
        delivering = job.task.state is State.DELIVERING or job.task.lane == story.DELIVERY
        if delivering:
            await self._deliver_later(job, pause, attempts)
        elif pause is None or (attempts >= MAX_ATTEMPTS and not story.is_kept(job)):
            if job.task.facts.get("intent"):
                await self._give_up(job, cause)
            else:
                await self._fail(job, verdict, again=True)
        else:
            backoff = min(pause * 2 ** min(attempts - 1, 20), _LONGEST_PAUSE)
            await job.save(due=self._workshop.now() + backoff, attempts=attempts)

    async def _deliver_later(self, job: Job, pause: timedelta | None, attempts: int) -> None:
        """A paid video is kept as long as its file: the chat may open again until then."""
        now, until = self._workshop.now(), kept_until(job)
        if now >= until:
            await job.save(state=State.FAILED, settle="capture", billed=True)
            return
        wait = min(pause * 2 ** min(attempts - 1, 6), timedelta(hours=1)) if pause else None
        due = min(now + wait, until) if wait else until
        parked = None if wait else until.isoformat()
        await job.save(due=due, attempts=attempts, parked=parked)
