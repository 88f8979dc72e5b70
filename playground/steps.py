"""Parameters of a `/sim` request turned into people, bots, chats and messages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.telegram import Bot, Chat, Message, Telegram, Topic, Upload, User
from playground.telegram.composing import Where


@dataclass(slots=True)
class Step:
    """One thing a person does. KeyError means: no such thing, or not given."""

    telegram: Telegram
    params: Mapping[str, Any]
    files: Mapping[str, Upload]

    def text(self, name: str, default: str = "") -> str:
        return str(self.params.get(name, default))

    def number(self, name: str, default: int = 0) -> int:
        return int(self.params.get(name) or default)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.params.get(name)
        return default if value is None else str(value).lower() in {"true", "1", "yes"}

    def values(self, name: str) -> list[Any]:
        """A list, given as JSON or as JSON inside a form field."""
        value = self.params.get(name) or []
        return list(json.loads(value) if isinstance(value, str) else value)

    def content(self, name: str = "file") -> Upload:
        return self.files[name]

    def user(self, name: str = "user") -> User:
        number = self.number(name)
        return self.telegram.users[number] if number else self.telegram.person

    def bot(self, name: str = "bot") -> Bot:
        number = self.number(name)
        if not number:
            return self.telegram.bot
        return next((b for b in self.telegram.bots.values() if b.id == number), None) or _no(name)

    def member(self, number: int) -> User | Bot:
        bots = {bot.id: bot for bot in self.telegram.bots.values()}
        return bots.get(number) or self.telegram.users[number]

    def chat(self, name: str = "chat") -> Chat:
        """A group or channel by its number, else the person's chat with the bot."""
        number = self.number(name)
        if number < 0:
            return self.telegram.chats[number]
        user = self.telegram.users[number] if number else self.user()
        return self.telegram.private_chat(user, self.bot())

    def message(self, name: str = "message") -> Message:
        number = int(self.params[name])
        found = [m for m in self.chat().messages if m.message_id == number]
        return found[0] if found else _no(name)

    def topic(self) -> Topic:
        chat, number = self.chat(), self.number("thread")
        return chat.topic(number) or chat.topics[number]

    def where(self) -> Where:
        where: Where = {"chat": self.chat()}
        if self.params.get("reply_to"):
            where["reply_to"] = self.message("reply_to")
        if thread := self.number("thread"):
            where["thread"] = thread
        if as_chat := self.number("as_chat"):
            where["as_chat"] = self.telegram.chats[as_chat]
        if source := self.text("forwarded_from"):
            number = int(source) if source.lstrip("-").isdigit() else 0
            known = self.telegram.users.get(number) or self.telegram.chats.get(number)
            where["forwarded_from"] = known or source
        return where


def _no(name: str) -> Any:
    raise KeyError(name)
