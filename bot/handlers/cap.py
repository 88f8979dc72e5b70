"""/cap: what one member may spend of the group's credits in a day; for whoever runs the group."""

from dataclasses import dataclass

from telegram import Update
from telegram.constants import ChatType

from bot.admins import is_group_admin
from bot.authority import role_of
from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer
from core.access import Role
from core.credits import day_of
from core.words import Sentence, say, say_many
from jobs.ports import now
from storage import accounts, ledger

_MOST = 1_000_000
_OFF = {"off", "none", "no"}
_EXAMPLES = say(
    "<code>/cap 20</code>: a member may spend 20 of them a day. "
    "<code>/cap off</code>: as many as there are."
)


@dataclass(frozen=True, slots=True)
class _Wish:
    """A cap to set; None takes it away."""

    cap: int | None


async def show_or_set(update: Update, context: Context) -> None:
    """/cap shows it, /cap 20 sets it, /cap off takes it away."""
    chat, sender = update.effective_chat, sender_of(update)
    if chat is None or sender is None:
        return
    if chat.type == ChatType.PRIVATE:
        await answer(update, say("/cap is for groups: write it there."))
        return
    runs_it = await is_group_admin(context.bot, chat.id, sender)
    if not runs_it and await role_of(update, context) < Role.ADMIN:
        await answer(update, say("Only the admins of this group can do that."))
        return
    if context.args:
        wish = _read(context.args)
        if wish is None:
            await answer(update, _EXAMPLES)
            return
        database = context.tools.workshop.database
        await database.write(accounts.change, chat.id, now(), member_cap=wish.cap)
    await answer(update, *await _state(context, chat.id))


def _read(words: list[str]) -> _Wish | None:
    word = words[0].lower()
    if len(words) > 1:
        return None
    if word in _OFF:
        return _Wish(None)
    fits = (
        word.isascii() and word.isdigit() and len(word) <= len(str(_MOST)) and int(word) <= _MOST
    )
    return _Wish(int(word)) if fits else None


async def _state(context: Context, chat: int) -> list[Sentence]:
    tools, database = context.tools, context.tools.workshop.database
    balance = await database.read(ledger.balance, tools.policy, chat, day_of(now()))
    known = await database.read(accounts.get, chat)
    lines = [
        say_many(
            "This group has <b>{count} credit</b>; held for videos being made: {held}.",
            "This group has <b>{count} credits</b>; held for videos being made: {held}.",
            count=balance.free,
            held=balance.held,
        )
    ]
    if not tools.policy.closed:
        lines.append(say("✅ Everybody spends their own credits."))
    if known is None or known.member_cap is None:
        lines.append(say("A member may spend all of them."))
    else:
        lines.append(say("A member may spend {cap} of them a day.", cap=known.member_cap))
    return [*lines, _EXAMPLES]


HANDLERS = [command("cap", show_or_set)]
