"""Whom an owner's command names, and what else stands in it."""

from dataclasses import dataclass
from datetime import timedelta

from telegram import (
    Chat,
    Message,
    MessageEntity,
    MessageOrigin,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginUser,
    Update,
)
from telegram import error as telegram
from telegram.constants import ChatType

from bot.context import Context
from core.arguments import Arguments, Grammar, read_arguments, settle_numbers
from core.errors import UserError
from core.words import Sentence, say
from storage import accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An account that a command is about; it need not have written to the bot before."""

    account: int
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.account})".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a command asks for; `is_bare` where nothing stood behind it at all."""

    target: Target | None
    amount: int | None = None
    length: timedelta | None = None
    choice: str | None = None
    reason: str = ""
    is_bare: bool = False


async def read_command(
    update: Update, context: Context, grammar: Grammar, *, example: str
) -> Asked:
    """Read a command that names somebody: by an answer, a mention, a @name, a number or "here".

    Raises UserError where it is not clear who is meant, or how much.
    """
    message = update.effective_message
    if message is None:
        return Asked(target=None, is_bare=True)
    answered, mentioned = _answered(message), None
    if answered is None or grammar.amount:
        mentioned = _mentioned(message)
    words = _words(message, without=mentioned[0] if mentioned else None)
    given = answered or (mentioned[1] if mentioned else None)
    found = read_arguments(words, grammar, targeted=given is not None)
    if len(found.names) + bool(mentioned) + found.here > 1:
        raise UserError(say("Name one at a time: <code>{example}</code>", example=example))
    named = (mentioned[1] if mentioned else None) or await _named(update, context, found)
    if answered and named and answered.account != named.account:
        raise UserError(
            say(
                "You answer {one} and name {other}. Whom do you mean?",
                one=str(answered),
                other=str(named),
            )
        )
    target = answered or named
    number, amount = await _numbers(context, grammar, found, target, example)
    if number is not None:
        target = await _known(context, number)
    return Asked(
        target=target,
        amount=amount,
        length=found.length,
        choice=found.choice,
        reason=found.reason,
        is_bare=target is None and not words,
    )


def ask_whom(update: Update, example: str) -> Sentence:
    """Nobody was named: a command is never about a chat only because it was written there."""
    if update.effective_chat and update.effective_chat.type == ChatType.PRIVATE:
        return say(
            "Whom? Write a number or a @name I have met, or forward me a message of theirs and "
            "answer it: <code>{example}</code>",
            example=example,
        )
    return say(
        "Whom? Answer one of their messages, or write a number or a @name I have met, or "
        "<code>here</code> for this group: <code>{example}</code>",
        example=example,
    )


def _answered(message: Message) -> Target | None:
    """Who wrote the answered message; of a forwarded one in private, who wrote it first."""
    replied = message.reply_to_message
    # Every message of a topic answers its beginning, and every comment its channel's post.
    if replied is None or replied.forum_topic_created or replied.is_automatic_forward:
        return None
    if message.chat.type == ChatType.PRIVATE and replied.forward_origin:
        return _origin(replied.forward_origin)
    if replied.sender_chat:
        return _of_chat(replied.sender_chat)
    if replied.from_user and not replied.from_user.is_bot:
        return Target(account=replied.from_user.id, name=replied.from_user.full_name)
    return None


def _origin(origin: MessageOrigin) -> Target:
    match origin:
        case MessageOriginUser(sender_user=user):
            return Target(account=user.id, name=user.full_name)
        case MessageOriginChat(sender_chat=chat) | MessageOriginChannel(chat=chat):
            return _of_chat(chat)
        case _:
            # Whoever forwarded it is not meant.
            raise UserError(
                say("Telegram hides who wrote that. Write their number or a @name I have met.")
            )


def _of_chat(chat: Chat) -> Target:
    return Target(account=chat.id, name=chat.title or "")


def _mentioned(message: Message) -> tuple[MessageEntity, Target] | None:
    """Somebody without a @name, picked from Telegram's list while writing."""
    for entity in message.entities:
        if entity.user:
            return entity, Target(account=entity.user.id, name=entity.user.full_name)
    return None


def _words(message: Message, *, without: MessageEntity | None) -> list[str]:
    """The words behind the command; a mention may consist of several, which are no words then."""
    text = message.text or ""
    if without:
        units = text.encode("utf-16-le")  # Telegram counts in these
        begin, end = 2 * without.offset, 2 * (without.offset + without.length)
        text = (units[:begin] + units[end:]).decode("utf-16-le")
    return text.split()[1:]


async def _named(update: Update, context: Context, found: Arguments) -> Target | None:
    chat = update.effective_chat
    if found.here and chat and chat.type != ChatType.PRIVATE:
        return _of_chat(chat)
    if not found.names:
        return None
    name = found.names[0]
    known = await context.tools.workshop.database.read(accounts.find, name)
    if known:
        return Target(account=known.id, name=known.name)
    try:
        public = await context.bot.get_chat(f"@{name}")
    except telegram.BadRequest as error:
        raise UserError(
            say("I have not met @{name}. Write their number instead.", name=name)
        ) from error
    return Target(account=public.id, name=public.effective_name or "")


async def _numbers(
    context: Context,
    grammar: Grammar,
    found: Arguments,
    target: Target | None,
    example: str,
) -> tuple[int | None, int | None]:
    if not grammar.amount:
        if target and found.numbers:
            raise UserError(say("Name one at a time: <code>{example}</code>", example=example))
        return next(iter(found.numbers), None), None
    database = context.tools.workshop.database
    known = {one for one in found.numbers if await database.read(accounts.get, one)}
    return settle_numbers(found.numbers, known, targeted=target is not None, example=example)


async def _known(context: Context, number: int) -> Target:
    known = await context.tools.workshop.database.read(accounts.get, number)
    return Target(account=number, name=known.name if known else "")
