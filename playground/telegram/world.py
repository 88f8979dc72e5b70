"""The state of one playground and the few moves everything else is made of."""

from pathlib import Path

from playground.telegram import audience
from playground.telegram.clock import Clock
from playground.telegram.faults import Faults
from playground.telegram.flood import FloodControl
from playground.telegram.ids import Identifiers
from playground.telegram.journal import Journal
from playground.telegram.mailbox import Update
from playground.telegram.media import KINDS, MAX_UPLOAD, Media, PhotoSize, StoredFile
from playground.telegram.pictures import jpeg_sizes
from playground.telegram.rendering import Renderer, chat_json, origin, user_json
from playground.telegram.state import Bot, CallbackQuery, Chat, Json, Message, User

# Who copies the posts of a channel into its discussion group.
TELEGRAM = User(777000, "Telegram")


class World:
    def __init__(self, *, seed: int = 1) -> None:
        self.clock = Clock()
        self.journal = Journal(self.clock)
        self.ids = Identifiers(seed)
        self.faults = Faults()
        self.flood = FloodControl()
        self.bots: dict[str, Bot] = {}
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.private_chats: dict[tuple[int, int], Chat] = {}
        self.queries: dict[str, CallbackQuery] = {}
        self.media_of: dict[int, Media] = {}
        # A server in local mode puts files here and names them by their path, whatever their size.
        self.local_folder: Path | None = None
        # What one call may bring: 50 MB, or 2 GB at a local server.
        self.max_upload = MAX_UPLOAD
        # Not documented by Telegram; the update about a press lives as long.
        self.callback_lifetime = 150.0
        self.render = Renderer(self.file_id, self.users)

    def now(self) -> int:
        return int(self.clock.now())

    # Files

    def store(self, kind: str, content: bytes, name: str = "", mime: str = "") -> StoredFile:
        number = self.ids.number("file")
        unique = "AQAD" + self.ids.digest("unique", number, size=9)
        return StoredFile(number, kind, content, unique, name, mime)

    def photo(self, content: bytes) -> Media:
        """A picture in the sizes Telegram keeps; raises ValueError where it is none."""
        stored = [
            PhotoSize(self.store("photo", copy), width, height)
            for copy, width, height in jpeg_sizes(content)
        ]
        return self.remember(Media("photo", stored[-1].file, sizes=stored))

    def remember(self, media: Media) -> Media:
        for file in (media.file, *(size.file for size in media.sizes)):
            self.media_of[file.number] = media
        return media

    def file_id(self, bot: Bot, file: StoredFile) -> str:
        """The bot's own name for a file; another bot cannot use it."""
        opening = KINDS[file.kind][1]
        file_id = opening + self.ids.digest("file_id", bot.id, file.number, size=36)
        bot.files[file_id] = file
        return file_id

    # Messages

    def bots_in(self, chat: Chat) -> list[Bot]:
        if chat.bot:
            return [chat.bot]
        return [bot for bot in self.bots.values() if bot.id in chat.members]

    def publish(self, message: Message, *, by: Bot | None = None) -> list[Update]:
        """Number a message, put it into its chat and tell the bots that may see it."""
        chat = message.chat
        if chat.numbers_itself:
            chat.last_message_id += 1
            message.ids[0] = chat.last_message_id
            chat.by_id[chat.last_message_id] = message
        else:
            for bot in self.bots_in(chat):
                bot.message_counter += 1
                message.ids[bot.id] = bot.message_counter
                bot.by_id[bot.message_counter] = message
        if "forum_topic_created" in message.service:
            message.thread_id = message.message_id
        chat.messages.append(message)
        self.log("message", message, album_id=message.album_id, thread_id=message.thread_id)
        updates = self.announce(message, by=by)
        if chat.discussion and not message.service:
            self.publish(_forwarded(message, chat.discussion))
        return updates

    def announce(
        self, message: Message, *, by: Bot | None = None, edited: bool = False
    ) -> list[Update]:
        kind = audience.update_kind(message.chat, edited=edited)
        author = message.sender.id if message.sender else message.chat.id
        if message.sender and any(message.sender is bot.user for bot in self.bots.values()):
            # Bots do not see what bots write; only what happens to the chat itself.
            if not message.service:
                return []
            by = by or next(b for b in self.bots.values() if b.user is message.sender)
        updates = []
        for bot in self.bots_in(message.chat):
            if bot is not by and audience.sees(bot, message):
                update = self.notify(bot, kind, self.render.message(bot, message), author)
                updates += [update] if update else []
        return updates

    def notify(self, bot: Bot, kind: str, body: Json, author: int) -> Update | None:
        update = bot.mailbox.add(kind, body, self.clock.now(), author)
        if update:
            self.journal.add("update", bot_id=bot.id, update_id=update.id, update_kind=kind)
        return update

    def log(self, kind: str, message: Message, **data: object) -> None:
        self.journal.add(
            kind,
            chat_id=message.chat.id,
            message_id=message.message_id,
            from_id=message.sender.id if message.sender else message.chat.id,
            content=message.kind,
            text=message.text,
            **data,
        )

    def find(self, bot: Bot, chat: Chat, message_id: int) -> Message | None:
        table = chat.by_id if chat.numbers_itself else bot.by_id
        message = table.get(message_id)
        if message is None or message.chat is not chat or message.deleted:
            return None
        return message

    def delete(self, message: Message) -> None:
        message.deleted = True
        if message in message.chat.pinned:
            message.chat.pinned.remove(message)
        self.log("deleted", message)

    def draft_system(self, chat: Chat, actor: User, **service: object) -> Message:
        """A service message; in channels it comes from the channel itself."""
        channel = chat if chat.type == "channel" else None
        return Message(
            chat,
            self.now(),
            sender=None if channel else actor,
            sender_chat=channel,
            service=dict(service),
        )

    def system(self, chat: Chat, actor: User, **service: object) -> Message:
        message = self.draft_system(chat, actor, **service)
        self.publish(message, by=self.bot_of(actor))
        return message

    def bot_of(self, user: User) -> Bot | None:
        return next((bot for bot in self.bots.values() if bot.user is user), None)

    def membership_changed(self, bot: Bot, chat: Chat, actor: User, old: Json, new: Json) -> None:
        body = {
            "chat": chat_json(chat),
            "from": user_json(actor),
            "date": self.now(),
            "old_chat_member": old,
            "new_chat_member": new,
        }
        self.journal.add("member", chat_id=chat.id, user_id=bot.id, status=new["status"])
        self.notify(bot, "my_chat_member", body, actor.id)


def _forwarded(post: Message, group: Chat) -> Message:
    """The copy of a channel's post that Telegram itself puts into its discussion group."""
    return Message(
        group,
        post.date,
        sender=TELEGRAM,
        sender_chat=post.chat,
        text=post.text,
        entities=post.entities,
        media=post.media,
        album_id=post.album_id,
        origin=post.origin or origin(post),
        extra={"is_automatic_forward": True},
    )
