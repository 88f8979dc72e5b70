"""Handing a finished video over: as a video, as a document, as a link, or with an honest word."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from core.errors import UnsuitableError
from core.states import State
from core.words import say
from jobs.job import Job, Refusal
from jobs.ports import Clip, Way
from storage import wishes

_MEGABYTE = 1_000_000


async def deliver(job: Job, clip: Mapping[str, Any]) -> dict[str, Any]:
    """Send a video in the first way that is taken; the intent to do so is already committed."""
    film = Clip.from_facts(clip, job.workshop.folder.path)
    if not film.video.exists():
        raise Refusal(say("The file of this video is lost."), again=True)

    if "parked" in job.task.facts:
        await job.save(parked=None)

    async def remember(way: Way) -> None:
        # Another try after a crash or a pause need not be refused all over again.
        await job.save(way=way.value)

    way = first_way(job.task.facts, film, job.workshop.largest_video)
    try:
        send = partial(job.workshop.front.deliver, job.task, film)
        sent = await hand_over(send, way, remember)
    except UnsuitableError as error:
        await _tell_owners(job, film)
        raise _too_large(job, film) from error
    if sent.get("chat") == job.task.place.chat:
        # It is open: others that were kept for it may go out as well.
        now, lane = job.workshop.now(), job.task.lane
        job.along(partial(wishes.hurry, chat=job.task.place.chat, now=now, lane=lane))
    return sent


def first_way(facts: Mapping[str, Any], film: Clip, largest: int) -> Way:
    """Where to begin: what was refused before, or is too large for certain, is not tried."""
    if "way" in facts:
        return Way(facts["way"])
    return Way.VIDEO if film.size <= largest else Way.LINK


async def hand_over(
    send: Callable[[Way], Awaitable[Mapping[str, Any]]],
    way: Way,
    remember: Callable[[Way], Awaitable[object]],
) -> dict[str, Any]:
    """Try one way after another; raises UnsuitableError where none is left."""
    while True:
        try:
            return {**await send(way), "way": way.value}
        except UnsuitableError:
            following = way.next
            if following is None:
                raise
            await remember(following)
            way = following


def kept_until(job: Job) -> datetime:
    """Until when the file of a finished video stays here."""
    rendered = job.task.facts["times"].get(State.FETCHING.value, job.workshop.now().isoformat())
    return datetime.fromisoformat(rendered) + job.workshop.keep_results


def _too_large(job: Job, film: Clip) -> Refusal:
    """The end of a video that was made and cannot be handed over: what it cost is charged."""
    reason = say(
        "It has {size} MB, more than Telegram takes from a bot. Its file is kept until {day}: "
        "ask the owners of this bot for it.",
        size=round(film.size / _MEGABYTE),
        day=f"{kept_until(job):%Y-%m-%d}",
    )
    return Refusal(reason, charged=True)


async def _tell_owners(job: Job, film: Clip) -> None:
    text = say(
        "Video {number} ({size} MB) is too large for Telegram and was not sent. PUBLIC_URL would "
        "let it go out as a link. Its file is {file} in the media folder, until {day}.",
        number=job.task.id,
        size=round(film.size / _MEGABYTE),
        file=film.video.name,
        day=f"{kept_until(job):%Y-%m-%d}",
    )
    await job.workshop.front.report(text)
