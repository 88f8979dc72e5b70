"""Which bots get an update about a message: membership, channels and privacy mode."""

from playground.telegram.state import PRESENT, Bot, Chat, Member, Message
from playground.telegram.text import cut


def sees(bot: Bot, message: Message) -> bool:
    chat = message.chat
    if chat.type == "private":
        return True
    member = chat.members.get(bot.id)
    if member is None or member.status not in PRESENT:
        return False
    if chat.type == "channel":
        return member.status == "administrator"
    return _privacy_allows(bot, member, message)


def _privacy_allows(bot: Bot, member: Member, message: Message) -> bool:
    if message.service or member.reads_all or member.status in {"administrator", "creator"}:
        return True
    target = message.reply_to
    if target is not None and target.sender is bot.user:
        return True
    return _command_for(bot, message)


def _command_for(bot: Bot, message: Message) -> bool:
    """A message that opens with a command to this bot by name, or to the bot that spoke last."""
    for entity in message.entities:
        if entity["type"] == "bot_command" and entity["offset"] == 0:
            _, _, name = cut(message.text, 0, entity["length"]).partition("@")
            if name:
                return name.lower() == bot.username.lower()
            return _last_speaker(message.chat) in {None, bot.id}
    return False


def _last_speaker(chat: Chat) -> int | None:
    """The bot whose message is the newest of any bot of this chat."""
    for message in reversed(chat.messages):
        sender = message.sender
        if sender and sender.is_bot and sender.id in chat.members and not message.service:
            return sender.id
    return None


def update_kind(chat: Chat, *, edited: bool) -> str:
    noun = "channel_post" if chat.type == "channel" else "message"
    return f"edited_{noun}" if edited else noun
