"""The durable inbox: updates are committed first, then handled in order per chat and person."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import structlog
from telegram import Update
from telegram import error as telegram
from telegram.ext import Application

from bot.albums import is_part
from bot.audience import is_meant
from bot.context import Context
from bot.incoming import MalformedUpdateError, is_numbered, read_update
from bot.place import spot_of, written
from bot.speech import answer, spoken
from bot.wire import seconds_of, was_not_taken
from core.words import say
from jobs.patience import patiently
from jobs.ports import now
from storage import accounts, drafts, inbox
from storage.database import Database

log = structlog.get_logger()

_AT_ONCE = 256  # people served at a time; each has one handler running
_PAUSE = 2.0  # seconds before an update that failed is tried again
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 30.0  # seconds, while Telegram takes nothing
_LONGEST_OUTAGE = 6 * 3600.0  # seconds

Key = tuple[int, int]


class _Outage:
    """Waiting for Telegram where it took nothing: that is held against no update, for some hours."""

    def __init__(self) -> None:
        self._pause = _FIRST_PAUSE
        self._left = _LONGEST_OUTAGE

    def pause_after(self, error: Exception) -> float:
        """Seconds to wait for another try; 0 where the error is another, or has lasted too long."""
        if isinstance(error, telegram.RetryAfter):
            pause = seconds_of(error)
        elif was_not_taken(error):
            pause, self._pause = self._pause, min(2 * self._pause, _LONGEST_PAUSE)
        else:
            return 0.0
        self._left -= pause
        return pause if self._left > 0 else 0.0


class _Face(NamedTuple):
    account: int
    name: str
    username: str | None
    language: str | None


App = Application[Any, Context, Any, Any, Any, Any]


class Inbox:
    """Takes updates from the poll loop or the webhook, and feeds them to the handlers.

    An update counts as dealt with only after its handler has finished, so a crash repeats it;
    handlers are written so that a repetition does nothing twice.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._app: App | None = None
        self._seats = asyncio.Semaphore(_AT_ONCE)
        self._last: dict[Key, asyncio.Task[None]] = {}
        self._work: set[asyncio.Task[None]] = set()
        self._begun: set[int] = set()

    async def start(self, app: App) -> None:
        """Go on with what an earlier process had not dealt with."""
        self._app = app
        left = await self._database.read(inbox.unread)
        if left:
            log.info("unread updates", count=len(left))
        self._feed(left)

    async def take(self, updates: Sequence[dict[str, Any]]) -> None:
        """Commit a batch; only after this may Telegram hear that we have it."""
        if not updates:
            return
        numbered = [one for one in updates if is_numbered(one)]
        if len(numbered) < len(updates):
            log.warning("updates without a number", count=len(updates) - len(numbered))
        fresh = await self._database.write(inbox.add, numbered, now())
        self._feed(fresh)

    async def close(self) -> None:
        begun = set(self._begun)
        for work in list(self._work):
            work.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        # Ended by whoever runs the bot, not by an update: the attempt is not held against it.
        if begun:
            await self._database.write(inbox.take_back, begun)

    def _feed(self, updates: Sequence[dict[str, Any]]) -> None:
        for update in updates:
            key = _key(update)
            before = self._last.get(key) if key else None
            work = asyncio.create_task(self._handle(update, before))
            self._work.add(work)
            work.add_done_callback(self._ended)
            if key:
                self._last[key] = work
                work.add_done_callback(partial(self._leave, key))

    def _ended(self, work: "asyncio.Task[None]") -> None:
        self._work.discard(work)
        if not work.cancelled() and (error := work.exception()):
            # The update stays unread and comes again at the next start.
            log.error("update not handled", exc_info=error)

    def _leave(self, key: Key, done: "asyncio.Task[None]") -> None:
        if self._last.get(key) is done:
            del self._last[key]

    async def _handle(self, payload: dict[str, Any], before: "asyncio.Task[None] | None") -> None:
        if before:
            await asyncio.wait({before})
        assert self._app
        number = payload["update_id"]
        async with self._seats:
            self._begun.add(number)
            try:
                await self._attempt(number, payload, self._app)
            finally:
                self._begun.discard(number)

    async def _attempt(self, number: int, payload: dict[str, Any], app: App) -> None:
        keep = False
        # Counted before anything of it is touched: what brings us down is given up in the end.
        is_new = await patiently(self._database.write)(inbox.begin, number)
        try:
            update = read_update(payload, app.bot)
        except MalformedUpdateError as error:
            log.warning("malformed update", update=number, reason=str(error))
        else:
            if is_new:
                keep = await self._process(number, update)
            else:
                await self._give_up(number, update)
        await patiently(self._database.write)(inbox.finish, number, now(), keep=keep)

    async def _process(self, number: int, update: Update) -> bool:
        """Give an update to the handlers; whether it may be asked for later, with its album."""
        assert self._app
        if not await is_meant(update, self._database):
            return is_part(update)
        failures = self._app.bot_data["tools"].failures
        await self._meet(update)
        outage = _Outage()
        while True:
            await self._app.process_update(update)
            error = failures.pop(number, None)
            if error is None:
                return False
            if pause := outage.pause_after(error):
                await asyncio.sleep(pause)
                continue
            await asyncio.sleep(_PAUSE)
            if not await self._database.write(inbox.begin, number):
                await self._give_up(number, update)
                return False

    async def _give_up(self, number: int, update: Update) -> None:
        """Say so, and begin nothing from what it has left: the next photo is not its second."""
        log.error("update given up", update=number)
        assert self._app
        await apologize(update)
        if spot := spot_of(update):
            await patiently(self._database.write)(drafts.abandon, spot)

    async def _meet(self, update: Update) -> None:
        """Remember who is writing, with the newest name, and learn the language they chose."""
        message, user = written(update), update.effective_user
        if message and message.sender_chat:
            # An anonymous admin or a channel: Telegram lends all of them the same user.
            chat = message.sender_chat
            who = _Face(chat.id, chat.title or "", chat.username, None)
        elif user:
            who = _Face(user.id, user.full_name, user.username, user.language_code)
        else:
            return
        chosen = await self._database.write(
            accounts.meet,
            who.account,
            name=who.name,
            username=who.username,
            language=who.language,
            now=now(),
        )
        spoken.set(chosen)


async def apologize(update: Update) -> None:
    """Say that something broke; the details are in the log.

    What was ordered before it broke goes on, so of credits nothing is promised.
    """
    sentence = say(
        "Something broke on our side while I read this. If /jobs does not show it as ordered, "
        "please try again later."
    )
    try:
        await answer(update, sentence)
    except telegram.TelegramError as error:
        log.warning("apology unheard", reason=error.message)


def _key(update: dict[str, Any]) -> Key | None:
    """Whose line an update stands in; a cancel overtakes."""
    try:
        line = _line_of(update)
    except (KeyError, TypeError, AttributeError):
        return None  # nothing that Telegram sends; `read_update` will say so
    return line if line and all(type(part) is int for part in line) else None


def _line_of(update: dict[str, Any]) -> Key | None:
    for kind in ("message", "edited_message", "channel_post", "edited_channel_post"):
        if kind in update:
            message = update[kind]
            sender = message.get("sender_chat") or message.get("from") or message["chat"]
            return message["chat"]["id"], sender["id"]
    if changed := update.get("my_chat_member"):
        return changed["chat"]["id"], changed["from"]["id"]
    press = update.get("callback_query")
    if press and not press.get("data", "").startswith("cancel:"):
        # Presses that order or send something stand in line; a cancel overtakes.
        return press["message"]["chat"]["id"], press["from"]["id"]
    return None
