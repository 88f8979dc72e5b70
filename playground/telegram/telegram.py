"""The whole emulated Telegram: the person's side, the bot's side, and watching both."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, Unpack

from playground.telegram.composing import Where
from playground.telegram.errors import ApiError
from playground.telegram.faults import Drop, Fault
from playground.telegram.journal import Event, RecordedCall
from playground.telegram.media import Upload
from playground.telegram.people import People
from playground.telegram.request import Request
from playground.telegram.state import Bot, Chat, Message, User
from playground.telegram.table import METHODS, Handler, method_name

T = TypeVar("T")


class Telegram(People):
    """One world with its bots and people; everything a test does goes through it."""

    # The bot's side

    def call(
        self,
        bot: Bot,
        method: str,
        params: Mapping[str, Any] | None = None,
        files: Mapping[str, Upload] | None = None,
    ) -> Any:
        """One Bot API call without HTTP; refusals are raised as ApiError."""
        request = Request(self, bot, params or {}, files or {})
        return self.execute(request, method, self.fault_for(request, method))

    def fault_for(self, request: Request, method: str) -> Fault | None:
        if not self.faults.all:
            return None
        text = json.dumps(request.shown(), ensure_ascii=False, default=str)
        return self.faults.take(request.bot.id, method, text)

    def execute(
        self, request: Request, method: str, fault: Fault | None, work: Handler | None = None
    ) -> Any:
        """Do the work of a call and write it down, refused or not."""
        name = method_name(method)
        record = RecordedCall(0, request.bot.id, name or method, request.shown(), self.clock.now())
        record.fault = fault.label if fault else None
        record.answered = not (fault and fault.drop)
        try:
            record.result = self._work(request, name, fault, work)
        except ApiError as error:
            record.error_code, record.description = error.code, error.description
            raise
        else:
            record.ok = True
            return record.result
        finally:
            record.warnings = request.warnings
            self.journal.record(record)

    def _work(
        self, request: Request, name: str | None, fault: Fault | None, work: Handler | None
    ) -> Any:
        if name is None:
            raise ApiError(404, "method not found")
        if request.bot.logged_out:
            raise ApiError(401)
        if fault:
            fault.raise_error()
        result = (work or METHODS[name])(request)
        if fault and fault.zero_id and isinstance(result, dict):
            return result | {"message_id": 0}
        return result

    def note_lost(self, request: Request, method: str, fault: Fault) -> None:
        """A call whose connection broke before anything was done."""
        name = method_name(method) or method
        record = RecordedCall(0, request.bot.id, name, request.shown(), self.clock.now())
        record.fault, record.answered = fault.label, False
        self.journal.record(record)

    # Faults

    def fail(
        self,
        method: str,
        code: int = 0,
        description: str = "",
        *,
        bot: Bot | None = None,
        retry_after: int = 0,
        delay: float = 0.0,
        drop: Drop = "",
        hold: bool = False,
        zero_id: bool = False,
        contains: str = "",
        times: int = 1,
    ) -> Fault:
        """Order a fault for the next fitting calls; `file` stands for downloads."""
        fault = Fault(
            method,
            bot.id if bot else 0,
            code,
            description,
            retry_after,
            delay,
            drop,
            hold,
            zero_id,
            contains,
            times,
        )
        return self.faults.add(fault)

    def release(self, fault: Fault) -> None:
        """Let go of the calls that a `hold` fault keeps waiting."""
        fault.released.set()

    def redeliver(self, update_id: int, bot: Bot | None = None) -> bool:
        done = (bot or self.bot).mailbox.redeliver(update_id)
        self.journal.wake()
        return done

    def withhold_update(self, bot: Bot | None = None, count: int = 1) -> None:
        """The next updates stay back until `release_updates`, so younger ones overtake them."""
        (bot or self.bot).mailbox.withhold += count

    def release_updates(self, bot: Bot | None = None) -> int:
        count = (bot or self.bot).mailbox.release()
        self.journal.wake()
        return count

    # Looking and waiting

    def history(self, place: Chat | User, thread: int | None = None) -> list[Message]:
        """What a person sees in a chat; a User stands for the chat with the first bot."""
        chat = self.private_chat(place) if isinstance(place, User) else place
        return [
            message
            for message in chat.messages
            if not message.deleted and thread in {None, message.thread_id}
        ]

    def from_bot(self, place: Chat | User, containing: str = "") -> list[Message]:
        """The visible messages that a bot wrote."""
        return [
            message
            for message in self.history(place)
            if not message.service
            and ((message.sender and message.sender.is_bot) or message.chat.type == "channel")
            and containing in message.text
        ]

    def calls(self, method: str = "", *, ok: bool | None = None) -> list[RecordedCall]:
        return [
            call
            for call in self.journal.calls
            if (not method or call.method.lower() == method.lower()) and ok in {None, call.ok}
        ]

    def events(self, after: int = 0, kind: str = "") -> list[Event]:
        return [event for event in self.journal.after(after) if kind in {"", event.kind}]

    def download(self, file_id: str) -> bytes:
        """The bytes behind a file_id of any bot."""
        for bot in self.bots.values():
            if file_id in bot.files:
                return bot.files[file_id].content
        raise KeyError(file_id)

    async def wait_for(
        self,
        predicate: Callable[[], T],
        timeout: float = 10.0,  # noqa: ASYNC109 - part of the interface
    ) -> T:
        """Return the first truthy answer; asked again after every change, never by the clock."""
        return await self.journal.wait_for(predicate, timeout)

    def advance(self, seconds: float) -> None:
        """Push the clock forward: lifetimes end, limits recover."""
        self.clock.advance(seconds)
        self.journal.wake()

    def start(self, user: User, payload: str = "", **where: Unpack[Where]) -> Message:
        """Press Start, with what a deep link carries."""
        return self.send_text(user, f"/start {payload}".strip(), **where)
