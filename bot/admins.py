"""Who runs a group or channel: asked of Telegram when it matters, never for every message."""

from telegram import Bot, ChatMember
from telegram import error as telegram

_CHIEFS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


async def is_group_admin(bot: Bot, chat: int, user: int) -> bool:
    """Whether an account runs a chat; an anonymous admin speaks as the chat itself.

    False where Telegram does not tell the bot. Raises NetworkError where it cannot be asked.
    """
    if user == chat:
        return chat < 0
    if chat > 0 or user < 0:
        return False
    try:
        member = await bot.get_chat_member(chat, user)
    except (telegram.BadRequest, telegram.Forbidden, telegram.ChatMigrated):
        return False
    return member.status in _CHIEFS
