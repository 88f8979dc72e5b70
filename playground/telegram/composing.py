"""The person's side, part two: the message around what somebody sends."""

from typing import TypedDict

from playground.telegram.detection import with_detected
from playground.telegram.errors import ClientRefusalError
from playground.telegram.formatting import MAX_CAPTION, MAX_TEXT
from playground.telegram.media import Media
from playground.telegram.places import Places
from playground.telegram.rendering import chat_json, origin, user_json
from playground.telegram.state import PRESENT, Bot, Chat, Json, Message, User
from playground.telegram.text import Entity, trimmed

# Senders that Telegram invents for those who speak as a chat.
ANONYMOUS_ADMIN = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)
CHANNEL_SENDER = User(136817688, "Channel", username="Channel_Bot", is_bot=True)


class Where(TypedDict, total=False):
    """Where a person's message goes and what it hangs on."""

    chat: Chat
    bot: Bot
    reply_to: Message
    thread: int
    as_chat: Chat
    forwarded_from: User | Chat | Message | str
    entities: list[Entity]


class Composing(Places):
    def compose(self, user: User, text: str, media: Media | None, where: Where) -> Message:
        chat = where.get("chat") or self.private_chat(user, where.get("bot"))
        self._check(user, chat, text, media)
        message = Message(chat, self.now(), media=media)
        message.sender, message.sender_chat = self._voice(user, chat, where.get("as_chat"))
        given = where.get("entities", [])
        message.text, found = trimmed(text, given)
        message.entities = with_detected(message.text, found)
        message.reply_to = where.get("reply_to")
        inherited = message.reply_to.thread_id if message.reply_to else 0
        message.thread_id = where.get("thread", inherited)
        topic = chat.topic(message.thread_id)
        if topic and topic.closed and chat.members[user.id].status == "member":
            raise ClientRefusalError("the topic is closed")
        if source := where.get("forwarded_from"):
            message.origin = self._origin(source, message.date)
        return message

    def _check(self, user: User, chat: Chat, text: str, media: Media | None) -> None:
        if chat.blocked:
            raise ClientRefusalError("the person has blocked the bot")
        if chat.type != "private":
            member = chat.members.get(user.id)
            if member is None or member.status not in PRESENT:
                raise ClientRefusalError("the person is not in this chat")
            if chat.type == "channel" and member.status == "member":
                raise ClientRefusalError("only administrators post in a channel")
        if len(text) > (MAX_CAPTION if media else MAX_TEXT):
            raise ClientRefusalError("the text is too long")
        if not media and not text.strip():
            raise ClientRefusalError("there is nothing to send")

    def _voice(
        self, user: User, chat: Chat, as_chat: Chat | None
    ) -> tuple[User | None, Chat | None]:
        if chat.type == "channel":
            return None, chat
        if as_chat is chat:
            return ANONYMOUS_ADMIN, chat
        return (CHANNEL_SENDER, as_chat) if as_chat else (user, None)

    def _origin(self, source: User | Chat | Message | str, date: int) -> Json:
        match source:
            case Message():
                return source.origin or origin(source)
            case User():
                return {"type": "user", "date": date, "sender_user": user_json(source)}
            case Chat():
                shown = chat_json(source)
                if source.type == "channel":
                    return {"type": "channel", "date": date, "chat": shown, "message_id": 1}
                return {"type": "chat", "date": date, "sender_chat": shown}
            case str():
                return {"type": "hidden_user", "date": date, "sender_user_name": source}
