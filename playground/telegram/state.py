"""The things a Telegram is made of: people, bots, chats and messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from playground.telegram.mailbox import Mailbox, Webhook
from playground.telegram.media import Media, StoredFile
from playground.telegram.text import Entity

Json = dict[str, Any]
ChatType = Literal["private", "group", "supergroup", "channel"]
GENERAL_TOPIC = 1
# The sign that a member is in the chat at all.
PRESENT = {"creator", "administrator", "member", "restricted"}


@dataclass(eq=False, slots=True)
class User:
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    is_premium: bool = False


@dataclass(eq=False, slots=True)
class Member:
    user: User
    status: str = "member"
    rights: dict[str, bool] = field(default_factory=dict)
    title: str = ""
    # Privacy as it was when the bot joined: a changed setting needs the bot added again.
    reads_all: bool = False


@dataclass(eq=False, slots=True)
class Topic:
    thread_id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str = ""
    closed: bool = False
    hidden: bool = False


def _general() -> Topic:
    return Topic(0, "General", 0)


@dataclass(eq=False, slots=True, repr=False)
class Chat:
    id: int
    type: ChatType
    title: str = ""
    username: str = ""
    is_forum: bool = False
    user: User | None = None
    bot: Bot | None = None
    blocked: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    permissions: dict[str, bool] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    by_id: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    # Of a forum: the topic whose messages carry no number.
    general: Topic = field(default_factory=_general)
    pinned: list[Message] = field(default_factory=list)
    migrated_to: Chat | None = None
    # Of a channel: the group that gets a copy of every post.
    discussion: Chat | None = None
    last_message_id: int = 0

    def __repr__(self) -> str:
        return f"<{self.type} {self.id} {self.title}>"

    @property
    def is_group(self) -> bool:
        return self.type in {"group", "supergroup"}

    @property
    def numbers_itself(self) -> bool:
        """Supergroups and channels count their own messages; elsewhere each bot counts."""
        return self.type in {"supergroup", "channel"}

    @property
    def has_topics(self) -> bool:
        return self.is_forum or (self.bot is not None and self.bot.has_topics)

    def topic(self, thread_id: int) -> Topic | None:
        if self.is_forum and thread_id in (0, GENERAL_TOPIC):
            return self.general
        return self.topics.get(thread_id)


@dataclass(eq=False, slots=True, repr=False)
class Message:
    chat: Chat
    date: int
    sender: User | None = None
    sender_chat: Chat | None = None
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    media: Media | None = None
    album_id: str = ""
    markup: Json = field(default_factory=dict)
    # A reply keyboard or a forced reply: the person sees it, the bot gets no echo of it.
    shown_markup: Json = field(default_factory=dict)
    reply_to: Message | None = None
    quote: Json = field(default_factory=dict)
    thread_id: int = 0
    origin: Json = field(default_factory=dict)
    service: Json = field(default_factory=dict)
    extra: Json = field(default_factory=dict)
    edit_date: int = 0
    deleted: bool = False
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    ids: dict[int, int] = field(default_factory=dict)

    def __repr__(self) -> str:
        who = self.sender.first_name if self.sender else self.chat.title
        gone = ", deleted" if self.deleted else ""
        text = f"{self.text!r}{gone}, buttons {self.labels}"
        return f"<message {self.message_id} {self.kind} from {who}: {text}>"

    def id_for(self, bot: Bot | None) -> int:
        """The number by which a bot knows this message; None asks for the first bot's."""
        if bot is not None and bot.id in self.ids:
            return self.ids[bot.id]
        return next(iter(self.ids.values()), 0)

    @property
    def message_id(self) -> int:
        return self.id_for(self.chat.bot)

    @property
    def kind(self) -> str:
        if self.service:
            return "service"
        return self.media.kind if self.media else "text"

    @property
    def buttons(self) -> list[list[Json]]:
        rows: list[list[Json]] = self.markup.get("inline_keyboard", [])
        return rows

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.buttons for button in row]


@dataclass(eq=False, slots=True)
class CallbackAnswer:
    text: str
    show_alert: bool
    url: str


@dataclass(eq=False, slots=True)
class CallbackQuery:
    id: str
    bot: Bot
    user: User
    message: Message
    data: str
    asked: float
    answer: CallbackAnswer | None = None


@dataclass(eq=False, slots=True, repr=False)
class Bot:
    token: str
    user: User
    mailbox: Mailbox
    privacy: bool = True
    has_topics: bool = False
    webhook: Webhook | None = None
    poll_ticket: int = 0
    message_counter: int = 0
    by_id: dict[int, Message] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    links: dict[str, tuple[StoredFile, float]] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    logged_out: bool = False

    def __repr__(self) -> str:
        return f"<bot {self.id} @{self.username}>"

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def username(self) -> str:
        return self.user.username
