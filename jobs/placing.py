"""Placing an order: fit the files, submit once, learn what became of an interrupted submit."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from core.capabilities import Capabilities
from core.choice import stand_ins
from core.errors import UncertainError
from core.problems import is_cropped
from core.request import Picture
from core.words import say
from jobs.fitting import fit
from jobs.job import Job, Later, Moved, OnceMore, Refusal, Undecided
from jobs.workshop import Workshop
from providers.base import Blame, Order, Pending, Provider, Refused, RemoteId, Trace
from storage import doubts, media

_ALIKE = timedelta(minutes=15)  # between two orders of which one may be taken for the other
# Between two looks at an order that may be ours and is still being made.
_UNFINISHED_SHARE = 0.25  # of its age, within:
_SHORTEST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=10)
_NOT_THE_ORDER = {Blame.BUSY, Blame.ACCOUNT}  # another service may well take it


async def prepare(job: Job) -> dict[str, str]:
    """Fit the pictures and the sound to the model, and name the file that will be the video."""
    request, model = job.task.request, model_of(job)
    folder, runner = job.workshop.folder, job.workshop.runner
    inputs = {"target": folder.new(".mp4").name, "key": str(uuid4())}

    async def fitted(picture: Picture) -> Picture:
        return await job.unless_stopped(fit(job.workshop, picture, model.picture))

    async def crop(picture: Picture, like: Picture) -> Picture:
        source, target = folder.path(picture.file), folder.new(".jpg")
        size = [like.width, like.height]
        arguments = {"source": str(source), "target": str(target), "size": size}
        return Picture(**await job.unless_stopped(runner.run("cut_picture", arguments)))

    if request.first_frame:
        first = await fitted(request.first_frame)
        inputs["first"] = first.file
        last = None if model.effect(request.effect) else request.last_frame
        if last == request.first_frame:
            inputs["last"] = first.file  # a loop
        elif last and is_cropped(request, model):
            inputs["last"] = (await crop(last, first)).file
        elif last:
            inputs["last"] = (await fitted(last)).file
    limits = model.audio_limits
    if request.audio and limits.format is None:
        inputs["audio"] = request.audio.file
    elif request.audio:
        target = folder.new(f".{limits.format}")
        arguments = {
            "source": str(folder.path(request.audio.file)),
            "target": str(target),
            "max_seconds": min(model.longest_sound, request.audio.seconds),
        }
        await job.unless_stopped(runner.run("convert_sound", arguments))
        inputs["audio"] = target.name
    files = [name for role, name in inputs.items() if role != "key"]
    keep(job, "input", files, job.workshop.keep_inputs)
    return inputs


async def submit(job: Job, order: Order) -> str:
    """Place the order; the intent to do so is already committed."""
    job.check_stop()
    answer = await provider_of(job).submit(order)
    await tell_owners(job.workshop)
    if isinstance(answer, Refused):
        if answer.blame in _NOT_THE_ORDER:
            await go_elsewhere(job, answer)
        raise await refused(job, answer)
    return answer


async def tell_owners(workshop: Workshop) -> None:
    """Pass on what the owners must do something about, such as a key that was refused."""
    for provider in workshop.catalog.providers.values():
        for text in provider.news():
            await workshop.front.report(text)


async def go_elsewhere(job: Job, answer: Refused) -> None:
    """Give an order that left the model open to another one, if the result would be the same."""
    catalog, request = job.workshop.catalog, job.task.request
    tried = [*job.task.facts.get("tried", []), request.model]
    models = [one for one in catalog.models() if one.model not in tried and catalog.is_up(one)]
    for other in stand_ins(request, models):
        model = catalog.model(other.model)
        if model is None:
            continue
        price = job.workshop.prices.get(model.model)
        if model.cost(other.seconds or 0, price) > job.task.cost:
            continue
        if answer.owners:
            await job.workshop.front.report(answer.owners)
        lane, now = model.lane or model.provider, job.workshop.now()
        await job.save(request=other, lane=lane, due=now, tried=tried, inputs=None, intent=None)
        raise Moved(lane)


async def refused(job: Job, answer: Refused) -> OnceMore | Refusal:
    """What follows from a no: one more order, or an end with a word to whom it concerns."""
    if answer.owners:
        await job.workshop.front.report(answer.owners)
    if answer.once_more and "redone" not in job.task.facts:
        return OnceMore()
    return Refusal(answer.reason, again=answer.blame in {Blame.BUSY, Blame.ACCOUNT})


async def find(job: Job, order: Order) -> str | None:
    """Learn whether an interrupted order went through; never order twice on a guess."""
    provider, database, task = provider_of(job), job.workshop.database, job.task
    if not provider.can_find:
        raise Undecided(say("the service cannot be asked"))
    since = datetime.fromisoformat(task.facts["intended"])
    left = since + provider.settles - job.workshop.now()
    if left > timedelta(0):
        raise Later(left)

    async def is_held(remote: RemoteId) -> bool:
        return await database.read(doubts.holds, remote)

    around = since - _ALIKE, since + _ALIKE
    by_likeness = False

    async def has_rival() -> bool:
        nonlocal by_likeness
        by_likeness = True
        return await database.read(doubts.has_rival, task, *around)

    account = task.facts.get("account")
    trace = Trace(since=since, is_held=is_held, has_rival=has_rival, account=account)
    try:
        answer = await provider.find(order, trace)
    except UncertainError as error:
        raise Undecided(str(error)) from error
    if isinstance(answer, Refused):
        job.forget_intent()
        raise Refusal(answer.reason, again=True)
    if isinstance(answer, str):
        # Others have gone on since they were asked about: the commit that adopts it decides.
        among = around if by_likeness else None
        job.along(partial(doubts.check_is_ours, remote=answer, task=task, among=among))
        return answer
    _check_may_order_again(job, job.workshop.now() - since, answer)
    return None


def _check_may_order_again(job: Job, age: timedelta, answer: Pending | None) -> None:
    """Note that an order was not found; raises where it may still turn up."""
    if age >= provider_of(job).keeps:
        # What it has forgotten by now may have been made, and paid for.
        raise Undecided(say("the service keeps no orders of that time any more"))
    if isinstance(answer, Pending):
        raise Later(min(max(age * _UNFINISHED_SHARE, _SHORTEST_WAIT), _LONGEST_WAIT))
    job.remember_unseen()


def make_order(job: Job, inputs: Mapping[str, str]) -> Order:
    def path(name: str) -> Path | None:
        return job.workshop.folder.path(inputs[name]) if name in inputs else None

    async def chosen(account: str) -> None:
        await job.save(account=account)

    link = job.workshop.link

    return Order(
        key=inputs["key"],
        model=model_of(job),
        request=job.task.request,
        target=job.workshop.folder.path(inputs["target"]),
        first=path("first"),
        last=path("last"),
        audio=path("audio"),
        link=partial(link, f"task:{job.task.id}") if link else None,
        chosen=chosen,
    )


def model_of(job: Job) -> Capabilities:
    model = job.workshop.catalog.model(job.task.request.model)
    if model is None:
        raise Refusal(say("{model} is not offered any more.", model=job.task.request.model))
    return model


def provider_of(job: Job) -> Provider:
    return job.workshop.catalog.provider(model_of(job))


def keep(job: Job, kind: str, files: list[str], stay: timedelta) -> None:
    """Register files, together with the next save."""
    now = job.workshop.now()
    job.along(partial(media.keep, files=files, kind=kind, until=now + stay, now=now))
