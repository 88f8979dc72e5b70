"""/cap: what one member may spend of the group's credits in a day; for whoever runs the group."""

from dataclasses import dataclass

from telegram import Update
from telegram.constants import ChatType

from bot.acting import purse_of
from bot.admins import is_group_admin
from bot.authority import role_of
from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer
from core.access import Policy, Role
from core.words import Sentence, say
from jobs.ports import now
from storage import accounts
from storage.accounts import Account

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
    tools = context.tools
    known = await tools.workshop.database.read(accounts.get, chat)
    account = known or Account(id=chat)
    if tools.tariff.is_free:
        free = say("Videos are free here: nobody needs credits.")
        return [free, *([] if account.member_cap is None else [_cap(account.member_cap)])]
    return [
        *await purse_of(context, chat),
        _who_spends(account, tools.policy),
        _cap(account.member_cap) if tools.policy.closed else _kept(account.member_cap),
        _EXAMPLES,
    ]


def _who_spends(account: Account, policy: Policy) -> Sentence:
    """Whose videos the group pays for, as things stand now."""
    if account.is_kept_out(now()) or (policy.closed and not account.allowed):
        return say("Nobody can spend them: the owners of this bot have not let the group in.")
    if policy.closed:
        return say("They pay for everybody whom the owners have not let in themselves.")
    return say("They pay for whoever writes as the group; people spend their own here.")


def _cap(cap: int | None) -> Sentence:
    if cap is None:
        return say("No cap is set: one member may spend all of them.")
    if not cap:
        return say("A member may spend none of them.")
    return say("A member may spend {cap} of them a day.", cap=cap)


def _kept(cap: int | None) -> Sentence:
    """In an open bot nobody spends what is the group's, so no cap has anything to hold back."""
    if cap is None:
        return say("No cap is set; one would count once the owners close the bot to newcomers.")
    return say(
        "The cap of {cap} a day for a member is kept for when the owners close the bot to "
        "newcomers.",
        cap=cap,
    )


HANDLERS = [command("cap", show_or_set)]
