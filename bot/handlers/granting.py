"""/grant, /take and /setquota: the credits of people, groups and channels."""

from collections.abc import Sequence

from telegram import Update
from telegram.constants import ChatType

from bot.acting import act_of, free_credits, give, purse_of, tell_of_gift
from bot.arguments import Asked, ask_whom, read_command
from bot.authority import Where, needs
from bot.commands import command
from bot.context import Context
from bot.profiles import name_of
from bot.speech import answer
from core.access import Role
from core.arguments import MAX_AMOUNT, Grammar
from core.errors import UserError
from core.words import Sentence, say, say_many
from storage import acts, audit, directory, ledger

_LATELY = 5
_AMOUNT = Grammar(amount=True)
_QUOTA = Grammar(amount=True, choices=frozenset({"default"}))


@needs(Role.ADMIN, Where.ANYWHERE)
async def grant(update: Update, context: Context) -> None:
    """/grant @anna 50 thanks: credits that do not expire."""
    example = "/grant @anna 50 thanks"
    asked = await read_command(update, context, _AMOUNT, example=example)
    if asked.target is None or asked.amount is None:
        await _ask(update, asked, example, await _moves(update, context, "grant"))
        return
    _check(asked.amount)
    act = act_of(update, asked.target.account, reason=asked.reason)
    await answer(update, await give(context, act, asked.amount, str(asked.target)))
    if not await tell_of_gift(context, act, asked.amount) and act.account > 0:
        await answer(
            update, say("I could not tell them: they have not written to me, or blocked me.")
        )


@needs(Role.ADMIN, Where.ANYWHERE)
async def take(update: Update, context: Context) -> None:
    """/take @anna 50 mistake: granted credits back, as far as they are free."""
    example = "/take @anna 50 mistake"
    asked = await read_command(update, context, _AMOUNT, example=example)
    if asked.target is None or asked.amount is None:
        await _ask(update, asked, example, await _moves(update, context, "take"))
        return
    _check(asked.amount)
    tools, account = context.tools, asked.target.account
    act = act_of(update, account, reason=asked.reason)
    taken = await tools.workshop.database.write(acts.take, tools.policy, act, asked.amount)
    lines = [
        say_many(
            "{count} credit taken from {who}. Free now: {free}.",
            "{count} credits taken from {who}. Free now: {free}.",
            count=taken,
            who=str(asked.target),
            free=await free_credits(context, account),
        )
    ]
    if taken < asked.amount:
        lines.append(
            say(
                "No more granted credits were free. Daily credits are changed with "
                "<code>{example}</code>.",
                example=f"/setquota {account} 20",
            )
        )
    await answer(update, *lines)


@needs(Role.ADMIN, Where.ANYWHERE)
async def set_quota(update: Update, context: Context) -> None:
    """/setquota @anna 100, or default: the daily credits of one account."""
    example = "/setquota @anna 100"
    asked = await read_command(update, context, _QUOTA, example=example)
    if asked.target is None or (asked.amount is None and asked.choice is None):
        await _ask(update, asked, example, await _quotas(update, context))
        return
    if asked.amount is not None:
        _check(asked.amount, least=0)
    tools, target = context.tools, asked.target
    act = act_of(update, target.account, reason=asked.reason)
    daily = None if asked.choice else asked.amount
    await tools.workshop.database.write(acts.set_daily, tools.policy, act, daily)
    usual = tools.policy.allowance(target.account)
    if daily is None:
        told = say(
            "{who} has the usual daily credits again: {daily}.", who=str(target), daily=usual
        )
    else:
        told = say_many(
            "{who} has {count} daily credit from now on.",
            "{who} has {count} daily credits from now on.",
            who=str(target),
            count=daily,
        )
    await answer(update, told)


def _check(amount: int, *, least: int = 1) -> None:
    if not least <= amount <= MAX_AMOUNT:
        raise UserError(
            say(
                "An amount is a whole number from {least} to {most}.",
                least=least,
                most=MAX_AMOUNT,
            )
        )


async def _ask(update: Update, asked: Asked, example: str, state: Sequence[Sentence]) -> None:
    """Say what is missing; without arguments also how things stand."""
    if asked.target is None:
        missing = ask_whom(update, example)
    else:
        missing = say(
            "{who}: how many credits? <code>{example}</code>",
            who=str(asked.target),
            example=example,
        )
    await answer(update, *(state if asked.is_bare else ()), missing)


async def _moves(update: Update, context: Context, action: str) -> Sequence[Sentence]:
    """The latest acts of one kind; a group sees nothing but what it has itself."""
    if chat := _group(update):
        return await purse_of(context, chat)
    database = context.tools.workshop.database
    found = await database.read(audit.newest, _LATELY, action=action)
    accounts = {one.account for one in found if one.account}
    names = {one.id: name_of(one) for one in await database.read(directory.named, accounts)}
    return [
        say_many(
            "• {moment}: {who} <code>{account}</code>, {count} credit. {reason}",
            "• {moment}: {who} <code>{account}</code>, {count} credits. {reason}",
            moment=f"{one.at:%Y-%m-%d %H:%M} UTC",
            who=names.get(one.account or 0, "-"),
            account=one.account or 0,
            count=int(one.detail),
            reason=one.reason,
        )
        for one in found
        if one.detail  # of who has deleted themselves nothing is known any more
    ]


async def _quotas(update: Update, context: Context) -> Sequence[Sentence]:
    tools = context.tools
    if chat := _group(update):
        daily = await tools.workshop.database.read(ledger.allowance, tools.policy, chat)
        return [say("Daily credits of this group: {daily}.", daily=daily)]
    found = await tools.workshop.database.read(directory.with_quota)
    return [
        say("Daily credits of everybody: {daily}.", daily=tools.policy.daily_credits),
        *(
            say(
                "• {who} <code>{account}</code>: {daily}",
                who=name_of(one),
                account=one.id,
                daily=one.daily or 0,
            )
            for one in found
        ),
    ]


def _group(update: Update) -> int | None:
    chat = update.effective_chat
    return chat.id if chat and chat.type != ChatType.PRIVATE else None


HANDLERS = [command("grant", grant), command("take", take), command("setquota", set_quota)]
