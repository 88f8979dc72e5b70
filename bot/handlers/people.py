"""/allow and /ban: owners let people and chats in, and keep them out."""

import re
from dataclasses import dataclass

from telegram import Update

from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer
from core.words import say
from jobs.ports import now
from storage import accounts

_NUMBER = re.compile(r"-?\d{1,20}", re.ASCII)
_BEYOND = 2**52  # Telegram: the numbers of accounts have at most 52 bits


@dataclass(frozen=True, slots=True)
class _Target:
    account: int
    name: str
    reason: str


async def allow(update: Update, context: Context) -> None:
    """/allow 12345, /allow @name, or as a reply; in a group without a name: the group."""
    await _permit(update, context, allowed=True)


async def ban(update: Update, context: Context) -> None:
    await _permit(update, context, allowed=False)


async def _permit(update: Update, context: Context, *, allowed: bool) -> None:
    sender, tools = sender_of(update), context.tools
    if sender is None or not tools.policy.is_owner(sender):
        await answer(update, say("Only the owners of this bot can do that."))
        return
    target = await _target(update, context)
    if target is None:
        await answer(
            update,
            say(
                "Whom? Answer one of their messages, or write a number or a @name I have met: "
                "<code>{example}</code>",
                example="/allow 12345" if allowed else "/ban @name spam",
            ),
        )
        return
    if tools.policy.is_owner(target.account) and not allowed:
        await answer(update, say("An owner cannot be kept out."))
        return
    await tools.workshop.database.write(
        accounts.permit,
        target.account,
        allowed=allowed,
        banned=not allowed,
        note=target.reason,
        now=now(),
    )
    done = say("{who} may use this bot.") if allowed else say("{who} can no longer use this bot.")
    await answer(update, say(done.template, who=f"{target.name} ({target.account})"))


async def _target(update: Update, context: Context) -> _Target | None:
    """Who is meant: the answered one, a number or @name anywhere among the words, or the group."""
    words = list(context.args or [])
    database = context.tools.workshop.database
    message, reason = update.effective_message, " ".join(words)
    replied = message.reply_to_message if message else None
    if replied and replied.sender_chat:
        return _Target(replied.sender_chat.id, replied.sender_chat.title or "", reason)
    if replied and replied.from_user and not replied.from_user.is_bot:
        return _Target(replied.from_user.id, replied.from_user.full_name, reason)
    for word in words:
        rest = " ".join(other for other in words if other != word)
        if _NUMBER.fullmatch(word) and abs(int(word)) < _BEYOND:
            known = await database.read(accounts.get, int(word))
            return _Target(int(word), known.name if known else "", rest)
        if word.startswith("@"):
            known = await database.read(accounts.find, word[1:])
            return _Target(known.id, known.name, rest) if known else None
    chat = update.effective_chat
    if chat and chat.id < 0 and not words:
        return _Target(chat.id, chat.title or "", "")
    return None


HANDLERS = [command("allow", allow), command("ban", ban)]
