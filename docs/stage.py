"""People with a bot on an emulated Telegram: what they do, and waiting for what they get."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docs.transcript import Transcript, place_of
from playground.telegram import Chat, Message, Telegram, User

SAMPLES = Path(__file__).parent.parent / "playground" / "samples"
OWNER = 3_000_001
PATIENCE = 30.0  # seconds


@dataclass
class Stage:
    """People with a bot, and what is noted of them."""

    telegram: Telegram
    notes: Transcript

    async def play(self, journey: Callable[["Stage"], Awaitable[None]]) -> str:
        """One journey as Markdown; its docstring has its name, and a sentence on what it shows."""
        title, _, what = (journey.__doc__ or "").partition("\n")
        self.notes.begin()
        await journey(self)
        return f"### {title.rstrip('.')}\n\n{' '.join(what.split())}\n\n{self.notes.end()}"

    @property
    def anna(self) -> User:
        return self.telegram.person

    @property
    def olga(self) -> User:
        return self.telegram.users[OWNER]

    def say(self, who: User, words: str, chat: Chat | None = None, **more: Any) -> Message:
        where = {"chat": chat} if chat else {}
        self._told(who, words, chat, more.get("reply_to"))
        return self.telegram.send_text(who, words, **where, **more)

    def edit(self, who: User, message: Message, words: str) -> None:
        """Somebody changes what they have written."""
        self.notes.person(who.first_name, f"(changes the words to) {words}", place_of(message))
        self.telegram.edit(who, message, words)

    def photo(
        self, who: User, name: str, words: str = "", chat: Chat | None = None, **more: Any
    ) -> Message:
        where = {"chat": chat} if chat else {}
        self._told(who, f"<photo of {name}> {words}", chat, more.get("reply_to"))
        content = (SAMPLES / f"{name}.jpg").read_bytes()
        return self.telegram.send_photo(who, content, words, **where, **more)

    def album(self, who: User, *names: str, words: str = "") -> list[Message]:
        shown = " ".join(f"<photo of {name}>" for name in names)
        self._told(who, f"{shown} {words}", None, None)
        contents = [(SAMPLES / f"{name}.jpg").read_bytes() for name in names]
        return self.telegram.send_album(who, contents, words)

    def voice(self, who: User, **more: Any) -> Message:
        self._told(who, "<voice message, 5 s>", None, more.get("reply_to"))
        return self.telegram.send_voice(who, (SAMPLES / "hello.ogg").read_bytes(), 5, **more)

    async def press(self, who: User, message: Message, button: str) -> None:
        """Press a button and wait for the answer to the press."""
        label = next(
            (b["text"] for row in message.buttons for b in row if button in b.values()), button
        )
        self.notes.person(who.first_name, f"presses [{label}]", place_of(message))
        query = self.telegram.press(who, message, button)
        await self.telegram.wait_for(lambda: query.answer, timeout=PATIENCE)

    async def hears(self, words: str, kind: str = "") -> Message:
        """Wait until the bot has said or changed something with these words; gives the message."""

        def found() -> Message | None:
            for call in self.notes.calls:
                if not isinstance(call.result, dict):
                    continue
                body = call.result
                text = body.get("text") or body.get("caption") or ""
                if words in text + _labels(body) and (not kind or kind in body):
                    chat = self._chat(body["chat"]["id"])
                    return self.telegram.find(self.telegram.bot, chat, body["message_id"])
            return None

        message: Message = await self.telegram.wait_for(found, timeout=PATIENCE)
        return message

    async def asks(self, who: User, words: str, chat: Chat | None = None) -> Message:
        """Write something and wait for the message that answers it."""
        asked = self.say(who, words, chat)

        def found() -> list[Message]:
            said = self.telegram.from_bot(asked.chat)
            return [one for one in said if one.reply_to is asked]

        answers: list[Message] = await self.telegram.wait_for(found, timeout=PATIENCE)
        await self.hears(answers[0].text)
        return answers[0]

    async def gets(self, done: str = "is done") -> Message:
        """Wait for a finished video, and for its status to say so."""
        video = await self.hears("", "video")
        await self.hears(done)
        return video

    def _chat(self, number: int) -> Chat:
        users = self.telegram.users
        if number in users:
            return self.telegram.private_chat(users[number])
        return self.telegram.chats[number]

    def _told(self, who: User, what: str, chat: Chat | None, reply_to: Message | None) -> None:
        chat = chat or self.telegram.private_chat(who)
        place = place_of(Message(chat, 0))
        if reply_to:
            what = f"(answers {_named(reply_to)}) {what}"
        name = chat.title if chat.type == "channel" else who.first_name
        self.notes.person(name, what, place)


def _labels(body: dict[str, Any]) -> str:
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    return " ".join(button["text"] for row in rows for button in row)


def _named(message: Message) -> str:
    whose = message.sender.first_name if message.sender else message.chat.title
    whose = "the bot" if message.sender and message.sender.is_bot else whose
    return f"{whose}'s {'message' if message.kind == 'text' else message.kind}"
