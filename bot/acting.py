"""Doing to accounts what owners and admins ask for, by command or by button."""

from telegram import Update

from bot.context import Context
from bot.notices import tell
from bot.place import sender_of
from core.credits import day_of
from core.words import Sentence, say, say_many
from jobs.ports import now
from storage import accounts, acts, ledger
from storage.acts import Act


def act_of(update: Update, account: int, *, reason: str = "", key: str | None = None) -> Act:
    """An act of the sender's; the same update again is the same act."""
    return Act(
        by=sender_of(update) or 0,
        account=account,
        key=key or f"update:{update.update_id}",
        now=now(),
        reason=reason,
    )


async def give(context: Context, act: Act, amount: int, who: str) -> Sentence:
    """Grant credits; gives what to answer before `tell_of_gift`."""
    tools = context.tools
    await tools.workshop.database.write(acts.grant, tools.policy, act, amount)
    return say_many(
        "{count} credit granted to {who}. Free now: {free}.",
        "{count} credits granted to {who}. Free now: {free}.",
        count=amount,
        who=who,
        free=await free_credits(context, act.account),
    )


async def tell_of_gift(context: Context, act: Act, amount: int) -> bool:
    """Tell a person of a grant, at last: an answer that has to be tried again tells them once."""
    free = await free_credits(context, act.account)
    news = [
        say_many(
            "🎁 The owners of this bot gave you {count} credit. Free now: {free}.",
            "🎁 The owners of this bot gave you {count} credits. Free now: {free}.",
            count=amount,
            free=free,
        )
    ]
    if act.reason:
        news.append(say("They write: {reason}", reason=act.reason))
    return await tell(context, act.account, *news)


async def let_in(context: Context, act: Act) -> None:
    """Let an account use the bot, and tell the person, where that is news."""
    tools, database = context.tools, context.tools.workshop.database
    before = await database.read(accounts.get, act.account)
    await database.write(acts.allow, tools.policy, act)
    if before and (before.is_kept_out(act.now) or not before.allowed):
        news = say("The owners of this bot have let you in. Send me a photo with a caption.")
        await tell(context, act.account, news)


async def purse_of(context: Context, chat: int) -> list[Sentence]:
    """What a group has to spend, and what is held beside it."""
    tools = context.tools
    balance = await tools.workshop.database.read(ledger.balance, tools.policy, chat, day_of(now()))
    lines = [
        say_many(
            "This group has <b>{count} credit</b>.",
            "This group has <b>{count} credits</b>.",
            count=balance.free,
        )
    ]
    if balance.held:
        lines.append(
            say_many(
                "{count} more is held for videos being made.",
                "{count} more are held for videos being made.",
                count=balance.held,
            )
        )
    return lines


async def free_credits(context: Context, account: int) -> int:
    tools = context.tools
    balance = await tools.workshop.database.read(
        ledger.balance, tools.policy, account, day_of(now())
    )
    return balance.free
