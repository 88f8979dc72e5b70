"""Who may give an owner's command, and where it is answered: asked in every such handler."""

from collections.abc import Awaitable, Callable, Coroutine
from enum import Enum, auto
from functools import wraps
from typing import Any

from telegram import Update
from telegram.constants import ChatType

from bot.context import Context
from bot.place import sender_of
from bot.speech import answer, toast
from core.access import Role
from core.task import Task, TaskId
from core.words import Sentence, say
from jobs.ports import now
from storage import accounts, tasks

Handler = Callable[[Update, Context], Awaitable[None]]


class Where(Enum):
    """Where a command is answered: what shows people's data is for private chats only."""

    ANYWHERE = auto()
    STAFF = auto()  # a private chat, or the owners' chat
    PRIVATE = auto()


async def role_of(update: Update, context: Context) -> Role:
    """What the sender may do; an anonymous admin or a channel has no role."""
    sender, tools = sender_of(update), context.tools
    if sender is None:
        return Role.NOBODY
    return await tools.workshop.database.read(accounts.role_of, tools.policy, sender, now())


def needs(
    role: Role, where: Where = Where.STAFF
) -> Callable[[Handler], Callable[[Update, Context], Coroutine[Any, Any, None]]]:
    """Let a handler run only for people with a role, in a chat that fits.

    Whoever may not is told so in private, in the owners' chat, and wherever they have any role;
    among strangers in a group the bot stays silent.
    """

    def guard(handler: Handler) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
        @wraps(handler)
        async def guarded(update: Update, context: Context) -> None:
            own = await role_of(update, context)
            if own < role:
                if own or update.callback_query or _fits(update, context, Where.STAFF):
                    await _refuse(update, _reason(update, role))
            elif not _fits(update, context, where):
                await _refuse(update, _ELSEWHERE[where])
            else:
                await handler(update, context)

        return guarded

    return guard


async def task_for_staff(update: Update, context: Context, number: str) -> Task | None:
    """Anybody's task by its number, for owners and their helpers."""
    if not number.isdecimal() or len(number) > 18:  # noqa: PLR2004  # 64 bits
        return None
    if await role_of(update, context) < Role.SUPPORT:
        return None
    return await context.tools.workshop.database.read(tasks.get, TaskId(int(number)))


_STRANGER = {
    Role.NOBODY: say("Only the owners of this bot can do that."),
    Role.SUPPORT: say("Only the owners of this bot and their helpers can do that."),
    Role.ADMIN: say("Only the owners and admins of this bot can do that."),
    Role.OWNER: say("Only the owners of this bot can do that."),
}
_ELSEWHERE = {
    Where.ANYWHERE: say("I answer that in our private chat."),
    Where.STAFF: say("I answer that in our private chat or in the owners' chat."),
    Where.PRIVATE: say("I answer that in our private chat."),
}


def _fits(update: Update, context: Context, where: Where) -> bool:
    chat = update.effective_chat
    if where is Where.ANYWHERE or chat is None or chat.type == ChatType.PRIVATE:
        return True
    return where is Where.STAFF and chat.id == context.tools.owners.id


def _reason(update: Update, role: Role) -> Sentence:
    """Why somebody may not; behind a group or a channel there may well be an owner."""
    sender = sender_of(update)
    if sender is not None and sender < 0:
        return say("I cannot see who you are: write as yourself, not as a group or a channel.")
    return _STRANGER[role]


async def _refuse(update: Update, sentence: Sentence) -> None:
    if update.callback_query:
        await toast(update, sentence)
    else:
        await answer(update, sentence)
