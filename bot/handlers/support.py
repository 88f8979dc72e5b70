"""/task and /retry: the whole story of anybody's video, and another try."""

from telegram import InlineKeyboardButton, Update
from telegram.ext import CallbackQueryHandler

from bot.authority import needs, task_for_staff
from bot.commands import command
from bot.context import Context
from bot.dossier import dossier, payer_of
from bot.lists import Row, button, cut, show
from bot.speech import answer, language_of, toast
from bot.supporting import cost_of, is_kept, order_anew, other_of, send_again
from bot.telling import state_of
from bot.translations import translate
from core.access import Role
from core.errors import UserError
from core.states import State
from core.task import Task
from core.words import Sentence, say, say_many
from storage import support
from storage.belongings import NOBODY


@needs(Role.SUPPORT)
async def show_task(update: Update, context: Context) -> None:
    """/task 12: everything that is known of it, with the service's own number."""
    task = await _named(update, context, "/task 12")
    if task:
        await show(update, await dossier(update, context, task), _buttons(update, task))


@needs(Role.SUPPORT)
async def retry(update: Update, context: Context) -> None:
    """/retry 12: send it again, or order it anew; what costs credits is asked first."""
    task = await _named(update, context, "/retry 12")
    if task:
        lines, rows = await _retry(update, context, task)
        await show(update, lines, rows)


@needs(Role.SUPPORT)
async def press(update: Update, context: Context) -> None:
    """Retry under a task's story, or the consent to what it costs."""
    data = (update.callback_query.data if update.callback_query else None) or ""
    _, what, number = data.split(":")
    task = await task_for_staff(update, context, number)
    if task is None:
        await toast(update, say("There is no video {number}.", number=number))
        return
    try:
        lines, rows = await _retry(update, context, task, agreed=what == "order")
    except UserError as error:
        await toast(update, context.tools.tariff.refusal(error))
        return
    await toast(update)
    await show(update, lines, rows)


async def _named(update: Update, context: Context, example: str) -> Task | None:
    number = (context.args or [""])[0].lstrip("#")
    task = await task_for_staff(update, context, number)
    if task is None and number:
        await answer(update, say("There is no video {number}.", number=cut(number, 20)))
    elif task is None:
        await answer(update, say("Which video? <code>{example}</code>", example=example))
    return task


async def _retry(
    update: Update, context: Context, task: Task, *, agreed: bool = False
) -> tuple[list[Sentence], list[Row]]:
    """Do what can be done for a video that did not come about; or ask, and offer the button."""
    if done := await _without_order(update, context, task):
        return [done], []
    who, cost = await payer_of(context, task), cost_of(context, task)
    if cost and not agreed:
        order = button(update, say("Order it"), f"support:order:{task.id}")
        return _question(task, who, cost), [[order]]
    try:
        new = await order_anew(update, context, task)
    except UserError as error:
        refused = say("Video {number} was not ordered anew for {who}:", number=task.id, who=who)
        return [refused, context.tools.tariff.refusal(error)], []
    return [_ordered(task, new, who)], []


def _ordered(task: Task, new: Task, who: str) -> Sentence:
    if not new.cost:
        return say(
            "Video {number} is ordered anew as video {new}, for {who}.",
            number=task.id,
            new=new.id,
            who=who,
        )
    return say_many(
        "Video {number} is ordered anew as video {new}: {count} credit of {who}.",
        "Video {number} is ordered anew as video {new}: {count} credits of {who}.",
        number=task.id,
        new=new.id,
        count=new.cost,
        who=who,
    )


async def _without_order(update: Update, context: Context, task: Task) -> Sentence | None:
    """Why no new order is needed, if none is: it goes on, it is there, or another took its place."""
    if not task.is_final:
        return say("Video {number} is still on its way.", number=task.id)
    if task.state is State.DELIVERED:
        return say("Video {number} was delivered.", number=task.id)
    if support.is_undelivered(task) and is_kept(context, task):
        return await send_again(update, context, task)
    if task.account == NOBODY:
        return say("What video {number} was made from has been deleted.", number=task.id)
    other = await other_of(context, task)
    if other is None:
        return None
    return say(
        "Video {other} was ordered in place of video {number}: {state}.",
        other=other.id,
        number=task.id,
        state=translate(state_of(other), language_of(update)),
    )


def _question(task: Task, who: str, cost: int) -> list[Sentence]:
    lines = [
        say_many(
            "Order video {number} anew? It costs {count} credit of {who}.",
            "Order video {number} anew? It costs {count} credits of {who}.",
            number=task.id,
            count=cost,
            who=who,
        )
    ]
    if task.state is State.UNCERTAIN:
        lines.append(say("The service may have taken the first order: then you pay it twice."))
    if task.state is State.CANCELLED:
        lines.append(say("Somebody has cancelled it."))
    if task.facts.get("billed"):
        lines.append(say("The first one was charged already."))
    return lines


def _buttons(update: Update, task: Task) -> list[Row]:
    row: list[InlineKeyboardButton] = []
    if not task.is_final:
        row.append(button(update, say("Cancel"), f"cancel:{task.id}"))
    elif task.state is not State.DELIVERED:
        row.append(button(update, say("Retry"), f"support:retry:{task.id}"))
    return [row] if row else []


HANDLERS = [
    command("task", show_task),
    command("retry", retry),
    CallbackQueryHandler(press, pattern=r"^support:(retry|order):\d{1,18}$"),
]
