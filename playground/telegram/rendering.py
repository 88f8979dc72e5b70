"""Messages, chats and people as one bot sees them: the JSON of the Bot API."""

from collections.abc import Callable

from playground.telegram.media import Media, PhotoSize, StoredFile
from playground.telegram.state import Bot, Chat, Json, Message, User

FileId = Callable[[Bot, StoredFile], str]


def user_json(user: User) -> Json:
    body: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name}
    for name in ("last_name", "username", "language_code"):
        if value := getattr(user, name):
            body[name] = value
    if user.is_premium:
        body["is_premium"] = True
    return body


def chat_json(chat: Chat) -> Json:
    body: Json = {"id": chat.id, "type": chat.type}
    if chat.user:
        shown = user_json(chat.user)
        return body | {n: shown[n] for n in ("first_name", "last_name", "username") if n in shown}
    body["title"] = chat.title
    if chat.username:
        body["username"] = chat.username
    if chat.is_forum:
        body["is_forum"] = True
    return body


def origin(source: Message) -> Json:
    """Where a forwarded message comes from."""
    if source.chat.type == "channel":
        return {
            "type": "channel",
            "date": source.date,
            "chat": chat_json(source.chat),
            "message_id": source.message_id,
        }
    if source.sender_chat:
        return {
            "type": "chat",
            "date": source.date,
            "sender_chat": chat_json(source.sender_chat),
        }
    sender = user_json(source.sender) if source.sender else {}
    return {"type": "user", "date": source.date, "sender_user": sender}


def _root(message: Message) -> Message:
    while message.reply_to:
        message = message.reply_to
    return message


class Renderer:
    def __init__(self, file_id: FileId, people: dict[int, User]) -> None:
        self._file_id = file_id
        self._people = people

    def message(self, bot: Bot, message: Message, *, nested: bool = False) -> Json:
        body: Json = {"message_id": message.id_for(bot), "date": message.date}
        body["chat"] = chat_json(message.chat)
        if message.sender:
            body["from"] = user_json(message.sender)
        if message.sender_chat:
            body["sender_chat"] = chat_json(message.sender_chat)
        if message.thread_id:
            body |= {"message_thread_id": message.thread_id, "is_topic_message": True}
        elif message.reply_to and message.chat.type == "supergroup":
            # Replies hang together in threads of their own, which are no topics.
            body["message_thread_id"] = _root(message).id_for(bot)
        if message.edit_date:
            body["edit_date"] = message.edit_date
        body |= self._content(bot, message)
        if message.album_id:
            body["media_group_id"] = message.album_id
        if message.markup:
            body["reply_markup"] = message.markup
        if message.origin:
            body["forward_origin"] = message.origin
        if not nested:
            body |= self._reply(bot, message)
        return body | message.extra

    def _content(self, bot: Bot, message: Message) -> Json:
        if message.service:
            return {
                name: self.message(bot, value, nested=True)
                if isinstance(value, Message)
                else value
                for name, value in message.service.items()
            }
        entities = [self._entity(entity) for entity in message.entities]
        if message.media is None:
            return {"text": message.text} | ({"entities": entities} if entities else {})
        body = self.media(bot, message.media)
        if message.text:
            body["caption"] = message.text
        if entities:
            body["caption_entities"] = entities
        return body

    def _entity(self, entity: Json) -> Json:
        if "user_id" not in entity:
            return entity
        user = self._people.get(entity["user_id"])
        body = {name: value for name, value in entity.items() if name != "user_id"}
        return body | {"user": user_json(user)} if user else body | {"type": "bold"}

    def _reply(self, bot: Bot, message: Message) -> Json:
        target = message.reply_to
        if target is None and message.chat.is_forum and not message.service:
            # In a topic everything hangs on the message that created the topic.
            target = message.chat.by_id.get(message.thread_id)
        if target is None or target.deleted:
            return {}
        body: Json = {"reply_to_message": self.message(bot, target, nested=True)}
        return body | ({"quote": message.quote} if message.quote else {})

    def media(self, bot: Bot, media: Media) -> Json:
        spoiler = {"has_media_spoiler": True} if media.spoiler else {}
        if media.kind == "photo":
            return {"photo": [self.size(bot, size) for size in media.sizes], **spoiler}
        body = self.file(bot, media.file) | media.fields
        if media.file.name and media.kind not in {"voice", "video_note", "sticker"}:
            body["file_name"] = media.file.name
        if media.file.mime and media.kind not in {"video_note", "sticker"}:
            body["mime_type"] = media.file.mime
        if media.thumbnail:
            body["thumbnail"] = self.size(bot, media.thumbnail)
        if media.cover:
            body["cover"] = [self.size(bot, size) for size in media.cover]
        if media.kind == "animation":
            # The same file stands a second time under its older name.
            names = (
                "file_id",
                "file_unique_id",
                "file_size",
                "file_name",
                "mime_type",
                "thumbnail",
            )
            return {
                "animation": body,
                "document": {n: body[n] for n in names if n in body},
            } | spoiler
        return {media.kind: body, **spoiler}

    def file(self, bot: Bot, file: StoredFile) -> Json:
        return {
            "file_id": self._file_id(bot, file),
            "file_unique_id": file.unique_id,
            "file_size": file.size,
        }

    def size(self, bot: Bot, size: PhotoSize) -> Json:
        return self.file(bot, size.file) | {"width": size.width, "height": size.height}
