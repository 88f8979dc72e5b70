"""The story of a video, from top to bottom: prepare, submit, wait, fetch, deliver, settle.

After a crash it runs again from the top and skips what is remembered.
"""

import asyncio
import random
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog

from core.errors import MediaCrashError, MediaError, ProviderError
from core.states import State
from core.words import say
from jobs.delivering import deliver
from jobs.job import Cancelled, Job, OnceMore, Refusal
from jobs.placing import find, keep, make_order, prepare, provider_of, refused, submit
from jobs.ports import Progress
from providers.base import Lost, Order, Pending, Ready, Refused, RemoteId
from storage import renders

log = structlog.get_logger()

DELIVERY = "delivery"

_FETCH_PAUSE = timedelta(seconds=1)
_SHRUNK = 0.98  # of the limit: the form around a file counts as well


async def tell(job: Job) -> None:
    """Bring one task to its end."""
    # A finished video needs no model any more: it is delivered whatever is offered by now.
    clip = job.task.facts.get("clip")
    if clip is None:
        clip = await make(job)
    await job.enter_lane(DELIVERY)
    if job.stopping and not job.task.cost:
        raise Cancelled  # asked for before it was done; a paid one is better sent than lost
    # The clip is committed by now: what it was made from is needed no more.
    job.workshop.folder.remove([job.task.facts["inputs"]["target"]])
    await job.once(
        "sent",
        partial(deliver, job, clip),
        state=State.DELIVERING,
        found=partial(ask_whether_arrived, job),
        lazily=True,
    )
    await job.save(state=State.DELIVERED, settle="capture")


async def make(job: Job) -> dict[str, Any]:
    """Have the video made, where it fails without a reason a second time; gives the clip's facts."""
    try:
        return await make_once(job)
    except OnceMore:
        inputs = {**job.task.facts["inputs"], "key": str(uuid4())}
        job.note({"remote": None, "begun": None, "seen_begun": None})
        await job.save(inputs=inputs, redone=True, intent=None)
        return await make_once(job)


async def make_once(job: Job) -> dict[str, Any]:
    """Prepare, submit, wait, fetch."""
    inputs = await job.once("inputs", partial(prepare, job), lazily=True)
    order = make_order(job, inputs)
    job.note({"tells_begun": provider_of(job).tells_begun or None})
    remote = await job.once(
        "remote",
        partial(submit, job, order),
        state=State.SUBMITTING,
        becomes=State.RUNNING,
        found=partial(find, job, order),
    )
    bringing = partial(bring, job, order, RemoteId(remote))
    clip: dict[str, Any] = await job.once("clip", bringing, lazily=True)
    return clip


async def bring(job: Job, order: Order, remote: RemoteId) -> dict[str, Any]:
    """Wait for the render, fetch it, and mend what Telegram needs; gives the clip's facts."""
    ready = await wait(job, order, remote)
    await job.save(state=State.FETCHING)
    await job.unless_stopped(provider_of(job).fetch(ready, order))
    video, poster = job.workshop.folder.new(".mp4"), job.workshop.folder.new(".jpg")
    arguments = {"source": str(order.target), "target": str(video), "poster": str(poster)}
    finishing = job.workshop.runner.run("finish_video", arguments, limit=300)
    try:
        facts = await job.unless_stopped(finishing)
    except MediaError as error:
        # Cut off or no video at all: fetched again, for the service has it whole.
        raise ProviderError(str(error), retry_in=_FETCH_PAUSE) from error
    if facts["size"] > job.workshop.largest_video:
        video, facts = await shrink(job, video, facts)
    keep(job, "result", [video.name, poster.name], job.workshop.keep_results)
    return {**facts, "video": video.name, "poster": poster.name}


async def shrink(job: Job, video: Path, facts: dict[str, Any]) -> tuple[Path, dict[str, Any]]:
    """Encode a video again that Telegram would refuse for its size, where that can be done."""
    await job.save(shrinking=True)
    job.workshop.front.show(job.task.id)
    smaller = job.workshop.folder.new(".mp4")
    limit = int(job.workshop.largest_video * _SHRUNK)
    arguments = {"source": str(video), "target": str(smaller), "max_bytes": limit}
    shrinking = job.workshop.runner.run("shrink_video", arguments, limit=900)
    try:
        shrunk = await job.unless_stopped(shrinking)
    except (MediaError, MediaCrashError) as error:
        log.warning("not shrunk", task=job.task.id, reason=str(error))
        job.workshop.folder.remove([smaller.name])
        return video, facts  # a link takes any size
    job.workshop.folder.remove([video.name])
    return smaller, {**shrunk, "whole": facts["size"]}


async def wait(job: Job, order: Order, remote: RemoteId) -> Ready:
    """Look when the render is likely to be done; a long wait is no verdict."""
    provider, model, request = provider_of(job), order.model, job.task.request
    workshop = job.workshop
    forecast = await workshop.forecasts.of(workshop.database, model, request, workshop.now())
    schedule = forecast.schedule
    ordered = datetime.fromisoformat(job.task.facts["times"][State.RUNNING.value])
    show = partial(job.workshop.front.show, job.task.id)
    missed = 0.0
    asked: timedelta | None = None
    while True:
        elapsed = (job.workshop.now() - ordered).total_seconds()
        late = elapsed > forecast.late_after
        if schedule:
            jitter = random.random()  # noqa: S311  # spreads looks
            pause = schedule.next_pause(elapsed, jitter, asked, late=late)
            await job.unless_stopped(asyncio.sleep(pause))
        match await job.unless_stopped(provider.look(remote, order)):
            case Pending(begun=begun, percent=percent, ahead=ahead, look_in=asked):
                if begun is not None and begun != job.task.facts.get("begun"):
                    seen = job.workshop.now().isoformat() if begun else None
                    await job.save(begun=begun, seen_begun=seen)
                show(Progress(percent=percent, ahead=ahead, late=late))
                missed = elapsed
            case Ready() as ready:
                found = (job.workshop.now() - ordered).total_seconds()
                took = schedule.settle(missed, found) if schedule else found
                _remember_render(job, took)
                return ready
            case Refused() as no:
                raise await refused(job, no)
            case Lost():
                raise Refusal(say("The service no longer knows this video."), again=True)


async def ask_whether_arrived(job: Job) -> dict[str, Any]:
    await job.workshop.front.ask_whether_arrived(job.task)
    return {"unclear": True}


def is_kept(job: Job) -> bool:
    """Whether the service has taken this task and still keeps it."""
    ordered = job.task.facts["times"].get(State.RUNNING.value)
    if ordered is None:
        return False
    return job.workshop.now() < datetime.fromisoformat(ordered) + provider_of(job).keeps


def _remember_render(job: Job, seconds: float) -> None:
    if job.resumed:
        return  # how long it really took was not watched
    request = job.task.request
    record = partial(
        renders.add,
        task=job.task.id,
        model=request.model,
        resolution=request.resolution or "",
        length=request.seconds or 0,
        seconds=seconds,
        now=job.workshop.now(),
    )
    job.along(record)
