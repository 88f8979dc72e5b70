"""/balance: what is free, what is held and for which videos, and what happened lately."""

from collections.abc import Sequence

from telegram import Update
from telegram.constants import ChatType

from bot.acting import free_credits
from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer, shorten
from core.credits import day_of
from core.errors import AccessError
from core.task import TaskId
from core.words import Sentence, say, say_many
from jobs.ports import now
from storage import accounts, ledger, statements
from storage.statements import Line

_LINES = 5
_NOTE = 60  # characters
_HELD = 10  # videos named


async def show(update: Update, context: Context) -> None:
    sender, chat = sender_of(update), update.effective_chat
    if sender is None or chat is None:
        return
    tools = context.tools
    database = tools.workshop.database
    held = _held(await database.read(statements.held_for, sender))
    if tools.tariff.is_free:
        texts = [say("Videos are free here: you need no credits."), *held]
    elif chat.id != sender and await _payer(context, sender, chat.id) == chat.id:
        texts = await _of_group(context, sender, chat.id)
    else:
        texts = await _own(context, sender, held)
    if chat.type == ChatType.PRIVATE:
        texts += _lately(await database.read(statements.lately, sender, _LINES))
    await answer(update, *texts)


async def _own(context: Context, sender: int, held: Sequence[Sentence]) -> list[Sentence]:
    tools = context.tools
    database = tools.workshop.database
    balance = await database.read(ledger.balance, tools.policy, sender, day_of(now()))
    allowance = await database.read(ledger.allowance, tools.policy, sender)
    if not allowance:  # as anonymous admins and channels have none
        text = say_many(
            "<b>{count} credit</b> free.", "<b>{count} credits</b> free.", count=balance.free
        )
        return [text, *held]
    text = say_many(
        "<b>{count} credit</b> free: {daily} of today's {allowance}, and {granted} granted.",
        "<b>{count} credits</b> free: {daily} of today's {allowance}, and {granted} granted.",
        count=balance.free,
        daily=max(0, balance.daily),
        allowance=allowance,
        granted=balance.granted,
    )
    return [text, *held, say("The daily credits come back at 00:00 UTC.")]


async def _payer(context: Context, sender: int, chat: int) -> int | None:
    """Whose credits are spent here; None where nobody may order."""
    tools = context.tools
    try:
        return await tools.workshop.database.read(
            accounts.payer, tools.policy, sender=sender, chat=chat, now=now()
        )
    except AccessError:
        return None


async def _of_group(context: Context, sender: int, chat: int) -> list[Sentence]:
    """What somebody whom the group pays for may spend of its credits."""
    database, today = context.tools.workshop.database, day_of(now())
    free = await free_credits(context, chat)
    lines = [
        say_many(
            "<b>{count} credit</b> free: here this group pays for your videos.",
            "<b>{count} credits</b> free: here this group pays for your videos.",
            count=free,
        )
    ]
    known = await database.read(accounts.get, chat)
    if known and known.member_cap is not None:
        spent = await database.read(ledger.spent_by, sender, chat, today)
        lines.append(
            say(
                "Today you may spend {left} more of them.",
                left=min(free, max(0, known.member_cap - spent)),
            )
        )
    return lines


def _held(holds: Sequence[tuple[TaskId, int]]) -> list[Sentence]:
    if not holds:
        return []
    named = ", ".join(f"{task} ({amount})" for task, amount in holds[:_HELD])
    line = say_many(
        "{count} is held for videos being made: {videos}.",
        "{count} are held for videos being made: {videos}.",
        count=sum(amount for _, amount in holds),
        videos=named + (", …" if len(holds) > _HELD else ""),
    )
    return [line]


def _lately(found: Sequence[Line]) -> list[Sentence]:
    return [say("\n<b>Lately</b> (times in UTC)"), *map(_line, found)] if found else []


def _line(line: Line) -> Sentence:
    if line.kind == statements.CHARGED:
        text = say("{time}: {amount} charged for video {number}")
    elif line.kind == statements.GIVEN_BACK:
        text = say("{time}: {amount} given back, video {number} was not made")
    elif line.amount < 0:
        text = say("{time}: {amount} taken by the owners. {note}")
    else:
        text = say("{time}: {amount} granted. {note}")
    return say(
        text.template,
        time=f"{line.at:%m-%d %H:%M}",
        amount=abs(line.amount),
        number=line.task or 0,
        note=shorten(line.note, _NOTE),
    )


HANDLERS = [command("balance", show)]
