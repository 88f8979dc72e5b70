"""Whose a video or a question is: its buttons work for nobody else."""

from telegram import Update

from bot.admins import is_group_admin
from bot.context import Context
from bot.place import sender_of
from core.access import Role
from core.errors import ForeignError
from core.words import Sentence, say
from jobs.ports import now
from storage import accounts


async def is_theirs(update: Update, context: Context, *, owner: int, chat: int) -> bool:
    """Whether the sender may decide about what `owner` has asked for in `chat`.

    Nobody knows the person behind an anonymous admin or a channel, so there whoever runs the chat
    may. Raises ForeignError for others who press a button that is shown to them, unless they help
    to run the bot.
    """
    sender = sender_of(update)
    if sender is None:
        return False
    if sender == owner or (owner < 0 and await is_group_admin(context.bot, chat, sender)):
        return True
    is_shown = update.effective_chat is not None and update.effective_chat.id == chat < 0
    if update.callback_query and is_shown and await _is_nobody(context, sender):
        raise ForeignError(await _whose(context, owner))
    return False


async def _is_nobody(context: Context, sender: int) -> bool:
    tools = context.tools
    role = await tools.workshop.database.read(accounts.role_of, tools.policy, sender, now())
    return role is Role.NOBODY


async def _whose(context: Context, owner: int) -> Sentence:
    known = await context.tools.workshop.database.read(accounts.get, owner)
    if owner < 0:
        return say("Only the admins of this chat can press this.")
    if known is None or not known.name:
        return say("This button is not yours, or it is too old.")
    return say("This is {name}'s: only they can press it.", name=known.name)
