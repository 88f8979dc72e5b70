"""Who runs a group or channel: asked of Telegram when it matters, never for every message."""

from telegram import Bot, ChatMember
from telegram import error as telegram

from core.errors import UserError
from core.words import say

OUTDATED = say(
    "This group has become a supergroup since. Please use a newer button, or write the command "
    "again."
)
_CHIEFS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


async def is_group_admin(bot: Bot, chat: int, user: int) -> bool:
    """Whether an account runs a chat; an anonymous admin speaks as the chat itself.

    False where Telegram does not tell the bot. Raises NetworkError where it cannot be asked, and
    UserError where the chat is a supergroup now: only buttons from before still name the old one.
    """
    if user == chat:
        return chat < 0
    if chat > 0 or user < 0:
        return False
    try:
        member = await bot.get_chat_member(chat, user)
    except telegram.ChatMigrated as error:
        raise UserError(OUTDATED) from error
    except (telegram.BadRequest, telegram.Forbidden):
        return False
    return member.status in _CHIEFS
