"""A conversation in the emulated Telegram as lines of text, the same in every run."""

import re
import textwrap
from typing import Any

from playground.telegram import Message, Telegram

Json = dict[str, Any]

WIDTH, MARGIN = 100, 9
SAID = {"sendMessage", "sendPhoto", "sendVideo", "sendDocument"}
CHANGED = {"editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup"}
SHOWN = {*SAID, *CHANGED, "answerCallbackQuery", "deleteMessage"}
PASSING = ("⏳", "🎬", "📥", "📤")  # what a status says between its first text and its last
# Questions are tidied up after their answer, at no fixed moment.
TIDIED = re.compile(r"\n✓ .*\Z")
# What differs from run to run, and what stands for it.
FIXED = (
    # Whether a render has begun when its status is first written is a matter of milliseconds.
    (r"🎬 Video (\d+) is being made\.", r"⏳ Video \1 starts now."),
    (r"\d+ s so far; usually", "It usually takes"),
    (r"🎬 视频 (\d+) 正在制作。", r"⏳ 视频 \1 马上开始制作。"),
    (r"已用 \d+ 秒；通常", "通常"),
    (r"\d{4}-\d\d-\d\d", "2026-12-01"),
    (r"\d\d-\d\d (?=\d\d:\d\d)", "12-01 "),
    (r"(?!00:00)\d\d:\d\d(:\d\d)?(?!\d)", "12:00"),
    (r"waits \d+ s, renders \d+ s", "waits 0 s, renders 1 s"),
    (r"(seed|种子) \d{3,}", r"\1 123456"),
)


class Transcript:
    """Notes what was said since the last look: the person's part is told, the bot's is overheard."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._seen = 0
        self._place = ""
        self._lines: list[str] = []

    def begin(self) -> None:
        """Forget what was said before."""
        self._overhear()
        self._lines, self._place = [], ""

    def end(self) -> str:
        self._overhear()
        return "\n".join(["```text", *self._lines, "```"])

    def person(self, name: str, what: str, place: str) -> None:
        """Somebody has said or done something, after all that the bot has said so far."""
        self._overhear()
        self._write(name, what, place)

    def happens(self, what: str) -> None:
        """Something that nobody said."""
        self._overhear()
        self._lines += ["", f"({what})"] if self._lines else [f"({what})"]

    @property
    def calls(self) -> list[Any]:
        """What the bot has done since the last look, as far as people see it."""
        calls = self._telegram.journal.calls
        return [one for one in calls if one.seq > self._seen and one.ok and one.method in SHOWN]

    def _overhear(self) -> None:
        fresh = self.calls
        self._seen = self._telegram.journal.seq
        for call in fresh:
            if call.method in SAID:
                message = call.result
                self._write("Bot", _answers(message) + describe(message), _place(message))
            elif call.method == "editMessageReplyMarkup":
                if buttons := _buttons(call.result):
                    self._write("Bot", f"(changes the buttons)\n{buttons}", _place(call.result))
            elif call.method in CHANGED:
                self._change(call.result)
            elif call.method == "answerCallbackQuery" and call.params.get("text"):
                self._write("Bot", f"(pops up) {call.params['text']}", self._place)
            elif call.method == "deleteMessage":
                self._write("Bot", "(deletes that message)", self._place)

    def _change(self, message: Json) -> None:
        words = message.get("text") or message.get("caption") or ""
        if words.startswith(PASSING) or TIDIED.search(words):
            return
        self._write("Bot", f"(changes its message) {describe(message)}", _place(message))

    def _write(self, name: str, what: str, place: str) -> None:
        if place != self._place:
            self._lines += ["", f"-- {place} --", ""] if self._lines else [f"-- {place} --", ""]
            self._place = place
        for pattern, fixed in FIXED:
            what = re.sub(pattern, fixed, what)
        lines = [part for line in what.splitlines() for part in _wrapped(line)] or [""]
        wide = sum(sign > "\u3400" for sign in name)
        heads = [f"{name:{MARGIN - wide}}", *[" " * MARGIN] * len(lines)]
        self._lines += [f"{head}{line}".rstrip() for head, line in zip(heads, lines, strict=False)]


def describe(message: Json) -> str:
    """What a message shows: its picture or file, its words, its buttons."""
    what = ""
    if sizes := message.get("photo"):
        what = f"<picture, {sizes[-1]['width']} x {sizes[-1]['height']}>"
    elif video := message.get("video"):
        what = f"<video, {video['width']} x {video['height']}, {video['duration']} s>"
    elif file := message.get("document"):
        what = f"<file {file['file_name']}>"
    words = message.get("text") or message.get("caption") or ""
    return "\n".join(part for part in (what, words, _buttons(message)) if part)


def place_of(message: Message) -> str:
    if message.chat.type == "private" and message.chat.user:
        return f"{message.chat.user.first_name}, in private"
    return f"{message.chat.type} {message.chat.title}"


def _buttons(message: Json) -> str:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return "\n".join(" ".join(f"[{button['text']}]" for button in row) for row in rows)


def _place(message: Json) -> str:
    chat = message["chat"]
    if chat["type"] == "private":
        return f"{chat['first_name']}, in private"
    return f"{chat['type']} {chat['title']}"


def _answers(message: Json) -> str:
    """Whom a message answers, where several people are."""
    asked = message.get("reply_to_message")
    if asked is None or message["chat"]["type"] == "private":
        return ""
    name = asked.get("from", {}).get("first_name") or "the post"
    return f"(answers {name}) "


def _wrapped(line: str) -> list[str]:
    """Lines of a text block do not break by themselves; Chinese breaks anywhere."""
    room = WIDTH - MARGIN
    if any("\u3400" <= sign <= "\u9fff" for sign in line):
        room //= 2
    return textwrap.wrap(line, room) or [""]
