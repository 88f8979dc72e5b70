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

    Strangers are told so in private; in groups the bot stays silent.
    """

    def guard(handler: Handler) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
        @wraps(handler)
        async def guarded(update: Update, context: Context) -> None:
            if await role_of(update, context) < role:
                await _refuse(update, _STRANGER[role], is_stranger=True)
            elif not _fits(update, context, where):
                await _refuse(update, _ELSEWHERE[where], is_stranger=False)
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


async def _refuse(update: Update, sentence: Sentence, *, is_stranger: bool) -> None:
    if update.callback_query:
        await toast(update, sentence)
        return
    chat = update.effective_chat
    if chat and chat.type != ChatType.PRIVATE and is_stranger:
        return
    await answer(update, sentence)
