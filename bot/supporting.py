"""Helping with somebody else's video: stop it, order it anew, send it again."""

from telegram import Update

from bot.context import Context
from bot.notices import tell_there
from bot.place import sender_of
from core.errors import UserError
from core.states import State
from core.task import Task
from core.words import Sentence, say
from jobs.ports import now
from jobs.story import DELIVERY
from storage import support, tasks


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


async def cost_of(context: Context, task: Task) -> int:
    """What the same video would cost today."""
    tools, request = context.tools, task.request
    model = tools.workshop.catalog.model(request.model)
    if model is None:
        raise UserError(say("{model} is not offered any more.", model=request.model))
    return model.cost(request.seconds or 0, tools.policy.prices.get(model.model, model.price))


async def other_of(context: Context, task: Task) -> Task | None:
    """A video that was ordered in place of this one, and is on its way or was delivered."""
    database = context.tools.workshop.database
    for origin in ("retry", "again"):
        for one in await database.read(tasks.repeats, f"{origin}:{task.id}:"):
            if not one.is_final or one.state is State.DELIVERED:
                return one
    return None


async def order_anew(update: Update, context: Context, task: Task) -> Task:
    """Order a video once more for whom it was ordered first, on the account that pays for it.

    Presses of two helpers at once order one: they count the same earlier tries.
    """
    tools = context.tools
    earlier = await tools.workshop.database.read(tasks.repeats, f"retry:{task.id}:")
    origin = f"retry:{task.id}:{len(earlier)}"
    put = support.noting_retry(tools.dispatcher.put, task, by=sender_of(update) or 0, now=now())
    return await tools.ordering.repeat(
        task, task.place, origin=origin, sender=task.account, put=put
    )


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
