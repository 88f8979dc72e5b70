"""The person's side, part three: sending, editing, deleting, pressing buttons."""

from collections.abc import Sequence
from typing import Unpack

from playground.telegram.composing import Composing, Where
from playground.telegram.detection import with_detected
from playground.telegram.errors import ClientRefusalError
from playground.telegram.formatting import MAX_CAPTION, MAX_TEXT
from playground.telegram.media import Media
from playground.telegram.rendering import user_json
from playground.telegram.state import Bot, CallbackQuery, Json, Message, User
from playground.telegram.uploads import MIME

Item = bytes | tuple[bytes, str]
MAX_ALBUM = 10


class People(Composing):
    def _publish(self, message: Message) -> Message:
        self.publish(message)
        return message

    def send_text(self, user: User, text: str, **where: Unpack[Where]) -> Message:
        return self._publish(self.compose(user, text, None, where))

    def send_photo(
        self,
        user: User,
        content: bytes,
        caption: str = "",
        *,
        spoiler: bool = False,
        **where: Unpack[Where],
    ) -> Message:
        media = self._photo(content)
        media.spoiler = spoiler
        return self._publish(self.compose(user, caption, media, where))

    def send_album(
        self,
        user: User,
        items: Sequence[Item],
        caption: str = "",
        *,
        swap: tuple[int, int] | None = None,
        **where: Unpack[Where],
    ) -> list[Message]:
        """Two to ten photos; a caption of its own comes as the second half of an item.

        `swap` is the fault that lets the updates of two of them arrive in the other order.
        """
        if not 1 < len(items) <= MAX_ALBUM:
            raise ClientRefusalError("an album has two to ten items")
        pairs = [item if isinstance(item, tuple) else (item, "") for item in items]
        if caption:
            pairs[0] = (pairs[0][0], caption)
        messages = [self.compose(user, said, self._photo(raw), where) for raw, said in pairs]
        album_id = str(self.ids.large("album", self.ids.number("album")))
        updates = []
        for message in messages:
            message.album_id = album_id
            updates.append(self.publish(message))
        if swap:
            first, second = (updates[index] for index in swap)
            for bot, one, other in zip(
                self.bots_in(messages[0].chat), first, second, strict=False
            ):
                bot.mailbox.swap(one, other)
        return messages

    def _photo(self, content: bytes) -> Media:
        try:
            return self.photo(content)
        except ValueError as error:
            raise ClientRefusalError(str(error)) from error

    def send_document(
        self,
        user: User,
        content: bytes,
        name: str = "file.bin",
        caption: str = "",
        *,
        mime: str = "application/octet-stream",
        claimed_size: int | None = None,
        allow_empty: bool = False,
        **where: Unpack[Where],
    ) -> Message:
        """Any file; `claimed_size` makes it look larger, `allow_empty` admits 0 bytes."""
        if not content and not allow_empty and claimed_size is None:
            raise ClientRefusalError("Telegram apps do not upload empty files")
        file = self.store("document", content, name, mime)
        file.claimed_size = claimed_size
        media = self.remember(Media("document", file))
        return self._publish(self.compose(user, caption, media, where))

    def send_voice(
        self,
        user: User,
        content: bytes,
        duration: int,
        caption: str = "",
        **where: Unpack[Where],
    ) -> Message:
        return self._file(user, "voice", content, "", {"duration": duration}, caption, where)

    def send_audio(
        self,
        user: User,
        content: bytes,
        duration: int,
        *,
        name: str = "audio.mp3",
        mime: str = "audio/mpeg",
        title: str = "",
        performer: str = "",
        caption: str = "",
        **where: Unpack[Where],
    ) -> Message:
        fields: Json = {"duration": duration}
        fields |= {"title": title} if title else {}
        fields |= {"performer": performer} if performer else {}
        return self._file(user, "audio", content, name, fields, caption, where, mime)

    def send_video(
        self,
        user: User,
        content: bytes,
        caption: str = "",
        *,
        kind: str = "video",
        width: int = 640,
        height: int = 360,
        duration: int = 1,
        name: str = "video.mp4",
        **where: Unpack[Where],
    ) -> Message:
        """A video, or with `kind` an animation or a video_note."""
        fields: Json = {"width": width, "height": height, "duration": duration}
        if kind == "video_note":
            fields = {"length": width, "duration": duration}
        return self._file(user, kind, content, name, fields, caption, where)

    def send_sticker(
        self, user: User, content: bytes, *, moving: str = "", **where: Unpack[Where]
    ) -> Message:
        """A sticker: a picture, or with `moving` an animation ("tgs") or a video ("webm")."""
        fields: Json = {"width": 512, "height": 512, "type": "regular"}
        fields |= {"is_animated": moving == "tgs", "is_video": moving == "webm"}
        name = f"sticker.{moving}" if moving else ""
        return self._file(user, "sticker", content, name, fields, "", where)

    def _file(
        self,
        user: User,
        kind: str,
        content: bytes,
        name: str,
        fields: Json,
        caption: str,
        where: Where,
        mime: str = "",
    ) -> Message:
        file = self.store(kind, content, name, mime or MIME.get(kind, ""))
        media = self.remember(Media(kind, file, fields=fields))
        return self._publish(self.compose(user, caption, media, where))

    # Afterwards

    def edit(self, user: User, message: Message, text: str) -> None:
        """Change the text or caption of one's own message."""
        if message.sender is not user and message.chat.type != "channel":
            raise ClientRefusalError("people edit their own messages only")
        if len(text) > (MAX_CAPTION if message.media else MAX_TEXT):
            raise ClientRefusalError("the text is too long")
        message.text, message.entities = text, with_detected(text, [])
        message.edit_date = self.now()
        self.log("edited", message)
        self.announce(message, edited=True)

    def delete_by_person(self, user: User, message: Message) -> None:
        """Gone for both sides; bots are not told."""
        private = message.chat.type == "private"
        if not private and message.sender is not user:
            member = message.chat.members.get(user.id)
            if member is None or member.status not in {"creator", "administrator"}:
                raise ClientRefusalError("only administrators delete what others wrote")
        self.delete(message)

    def press(self, user: User, message: Message, button: str) -> CallbackQuery:
        """Press an inline button, named by its label or its callback_data."""
        if message.deleted or message.chat.blocked:
            raise ClientRefusalError("the person cannot see this message")
        fitting = [
            found
            for row in message.buttons
            for found in row
            if button in {found["text"], found.get("callback_data")}
        ]
        if not fitting or "callback_data" not in fitting[0]:
            raise ClientRefusalError(f"no button {button!r} to press among {message.labels}")
        bot = self._author(message)
        data = str(fitting[0]["callback_data"])
        number = str(self.ids.large("query", self.ids.number("query")))
        query = CallbackQuery(number, bot, user, message, data, self.clock.now())
        self.queries[number] = query
        body = {
            "id": number,
            "from": user_json(user),
            "message": self.render.message(bot, message),
            "chat_instance": str(self.ids.large("instance", message.chat.id, bot.id)),
            "data": data,
        }
        self.log("pressed", message, query_id=number, data=data, user_id=user.id)
        self.notify(bot, "callback_query", body, user.id)
        return query

    def _author(self, message: Message) -> Bot:
        if message.chat.bot:
            return message.chat.bot
        bot = self.bot_of(message.sender) if message.sender else None
        return bot or self.bots_in(message.chat)[0]
