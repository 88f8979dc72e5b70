"""Helping with somebody else's video: stop it, order it anew, send it again."""

from telegram import Update

from bot.context import Context
from bot.notices import tell_there
from bot.place import sender_of
from core.capabilities import Capabilities
from core.errors import UserError
from core.states import State
from core.task import Task
from core.words import Sentence, say
from jobs.ports import now
from jobs.story import DELIVERY
from storage import accounts, support, tasks


async def stop_for(update: Update, context: Context, task: Task, reason: str) -> Task | None:
    """Stop a video that is not one's own, and tell the person who asked for it."""
    database = context.tools.workshop.database
    after, stopped = await database.write(
        support.cancel, task.id, by=sender_of(update) or 0, reason=reason, now=now()
    )
    if stopped:
        news = [say("The owners of this bot stop your video {number}.", number=task.id)]
        if reason:
            news.append(say("They write: {reason}", reason=reason))
        await tell_there(context, task.place, *news)
    return after


def cost_of(context: Context, task: Task) -> int:
    """What the same video would cost today."""
    return context.tools.tariff.cost(_model(context, task), task.request.seconds)


async def other_of(context: Context, task: Task) -> Task | None:
    """A video that was ordered in place of this one, and is on its way or was delivered."""
    database = context.tools.workshop.database
    for origin in ("retry", "again", "same"):
        for one in await database.read(tasks.repeats, f"{origin}:{task.id}:"):
            if not one.is_final or one.state is State.DELIVERED:
                return one
    return None


async def order_anew(update: Update, context: Context, task: Task) -> Task:
    """Order a video once more for whom it was ordered first, on the account that pays for it.

    Presses of two helpers at once order one: they count the same earlier tries. Raises UserError.
    """
    tools, request, model = context.tools, task.request, _model(context, task)
    folder, database = tools.workshop.folder, tools.workshop.database
    for one in (request.first_frame, request.last_frame, request.audio):
        if one and not folder.path(one.file).exists():
            raise UserError(say("The files of video {number} are no longer kept.", number=task.id))
    earlier = await database.read(tasks.repeats, f"retry:{task.id}:")
    return await tools.ordering.take(
        request,
        model,
        task.place,
        origin=f"retry:{task.id}:{len(earlier)}",
        sender=await _sender(context, task),
        put=support.noting_retry(tools.dispatcher.put, task, by=sender_of(update) or 0, now=now()),
    )


async def _sender(context: Context, task: Task) -> int:
    """In whose name to order, so that the same account pays.

    Where a chat paid for one of its members, the member's own limits count again.
    """
    tools, member = context.tools, task.place.user
    if member is None or member == task.account:
        return task.account
    payer = await tools.workshop.database.read(
        accounts.payer, tools.policy, sender=member, chat=task.place.chat, now=now()
    )
    return member if payer == task.account else task.account


def _model(context: Context, task: Task) -> Capabilities:
    model = context.tools.workshop.catalog.model(task.request.model)
    if model is None:
        raise UserError(say("{model} is not offered any more.", model=task.request.model))
    return model


def is_kept(context: Context, task: Task) -> bool:
    """Whether the file of a finished video is still there."""
    folder = context.tools.workshop.folder
    return task.is_made and folder.path(task.facts["clip"]["video"]).exists()


async def send_again(update: Update, context: Context, task: Task) -> Sentence:
    """Deliver a video whose delivery was given up; it was paid, so nothing more is charged."""
    tools = context.tools
    await tools.workshop.database.write(
        support.redeliver, task.id, by=sender_of(update) or 0, lane=DELIVERY, now=now()
    )
    tools.dispatcher.wake()
    tools.board.show(task.id)
    return say("Video {number} is being sent again, free of charge.", number=task.id)
