"""/user: everything an owner needs about one account, and what is done about it most."""

from datetime import timedelta

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.acting import act_of, give, let_in, tell_of_gift
from bot.arguments import read_command
from bot.authority import Where, needs, role_of
from bot.commands import command
from bot.context import Context
from bot.lists import Row, button, show
from bot.profiles import ROLE_NAMES, day, minute, name_of, standing
from bot.speech import answer, language_of, toast
from bot.telling import NOW, state_of
from bot.translations import translate
from core.access import Role
from core.arguments import Grammar
from core.credits import day_of
from core.errors import UserError
from core.words import Sentence, say
from jobs.ports import now
from storage import accounts, acts, directory, ledger
from storage.accounts import Account

_LATELY = timedelta(days=29)  # and today
_GIFT = 50


@needs(Role.SUPPORT, Where.PRIVATE)
async def show_user(update: Update, context: Context) -> None:
    """/user @anna: standing, credits, videos, and buttons for what is done most."""
    example = "/user @anna"
    asked = await read_command(update, context, Grammar(), example=example)
    if asked.target is None:
        await answer(
            update,
            say(
                "Whom? Write a number or a @name I have met: <code>{example}</code>. "
                "/users lists them.",
                example=example,
            ),
        )
        return
    await _show_card(update, context, asked.target.account)


async def _show_card(update: Update, context: Context, account: int) -> None:
    tools, moment = context.tools, now()
    database = tools.workshop.database
    known = await database.read(accounts.get, account)
    one = known or Account(id=account)
    lines = [
        *_who(update, context, one),
        *await _credits(context, one),
        *await _videos(update, context, one),
        say(
            "Language {language}; here since {since}, last seen {seen}",
            language=one.spoken or one.language or "-",
            since=day(one.created),
            seen=f"{minute(one.seen)} UTC" if one.seen else "-",
        ),
    ]
    if known is None:
        lines.append(say("They have not written to this bot yet."))
    if one.leaving:
        lines.append(
            say("Everything about them is deleted after {moment} UTC.", moment=minute(one.leaving))
        )
    if one.note:
        lines.append(say("Note: {note}", note=one.note))
    rank = accounts.rank_of(tools.policy, one)
    mine = await role_of(update, context)
    rows: list[Row] = []
    if mine is Role.OWNER or (mine is Role.ADMIN and rank < mine):
        line = await database.read(ledger.newest_line, account)
        rows = [_buttons(update, one, line, is_out=one.is_kept_out(moment), rank=rank)]
    await show(update, lines, rows)


def _buttons(update: Update, one: Account, line: int, *, is_out: bool, rank: Role) -> Row:
    # The number of the newest line makes a press that comes twice one grant.
    gift = button(
        update,
        say("Grant {amount}", amount=_GIFT),
        f"user:grant:{one.id}:{line}",
    )
    if rank is Role.OWNER:
        return [gift]
    if is_out:
        return [button(update, say("Unban"), f"user:unban:{one.id}"), gift]
    ban = button(update, say("Ban"), f"user:ban:{one.id}")
    return (
        [ban, gift]
        if one.allowed
        else [button(update, say("Allow"), f"user:allow:{one.id}"), ban, gift]
    )


def _who(update: Update, context: Context, one: Account) -> list[Sentence]:
    language, policy = language_of(update), context.tools.policy
    role = ROLE_NAMES[accounts.rank_of(policy, one)]
    return [
        say("<b>{who}</b> <code>{account}</code>", who=name_of(one), account=one.id),
        say(
            "Standing: {standing}; role: {role}",
            standing=translate(standing(one, policy, now()), language),
            role=translate(role, language),
        ),
    ]


async def _credits(context: Context, one: Account) -> list[Sentence]:
    tools, today = context.tools, day_of(now())
    database = tools.workshop.database
    balance = await database.read(ledger.balance, tools.policy, one.id, today)
    spent = await database.read(directory.spent, one.id, day_of(now() - _LATELY))
    return [
        say(
            "Credits: {free} free ({daily} of today's {allowance}, {granted} granted), "
            "{held} held; {spent} in 30 days",
            free=balance.free,
            daily=max(0, balance.daily),
            allowance=tools.policy.allowance(one.id, one.daily),
            granted=balance.granted,
            held=balance.held,
            spent=spent,
        )
    ]


async def _videos(update: Update, context: Context, one: Account) -> list[Sentence]:
    language = language_of(update)
    card = await context.tools.workshop.database.read(
        directory.card, one.id, day_of(now() - _LATELY)
    )
    counts = "; ".join(
        f"{translate(NOW[state], language)} {count}" for state, count in card.states.items()
    )
    newest = "; ".join(f"{task.id} {translate(state_of(task), language)}" for task in card.newest)
    return [
        say("Videos: {counts}", counts=counts or "0"),
        *([say("Newest: {newest}. One of them: /task 12", newest=newest)] if newest else []),
    ]


@needs(Role.ADMIN, Where.PRIVATE)
async def decide(update: Update, context: Context) -> None:
    """A button on somebody's page: let in, keep out, or grant a few credits."""
    data = (update.callback_query.data if update.callback_query else None) or ""
    _, what, number, *line = data.split(":")
    account = int(number)
    try:
        done = await _do(update, context, what, account, line)
    except UserError as error:
        await toast(update, error.sentence)
        return
    await toast(update, done)
    await _show_card(update, context, account)


async def _do(
    update: Update, context: Context, what: str, account: int, line: list[str]
) -> Sentence:
    if what == "grant":
        # Both presses of a double one name the same newest line, so they are one grant.
        act = act_of(update, account, key=f"user:{account}:{line[0]}")
        done = await give(context, act, _GIFT, str(account))
        await tell_of_gift(context, act, _GIFT)
        return done
    act, tools = act_of(update, account), context.tools
    if what == "allow":
        await let_in(context, act)
    else:
        await tools.workshop.database.write(_ACTS[what], tools.policy, act)
    return say("Done.")


_ACTS = {"ban": acts.ban, "unban": acts.unban}

HANDLERS = [
    command("user", show_user),
    CallbackQueryHandler(decide, pattern=r"^user:(allow|ban|unban):-?\d{1,16}$"),
    CallbackQueryHandler(decide, pattern=r"^user:grant:-?\d{1,16}:\d{1,18}$"),
]
