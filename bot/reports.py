"""What owners are told about troubles: each matter at once, then counted, and never too many.

Every chat reads it in its own language.
"""

import html
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from telegram import error as telegram
from telegram.ext import ExtBot

from bot.outbound import Urgency
from bot.owners import OwnersChat
from bot.translations import SOURCE, pick, translate
from core.errors import StorageError
from core.words import Sentence, Text, say
from jobs.ports import now
from storage import accounts
from storage.database import Database

log = structlog.get_logger()

_SPAN = timedelta(hours=1)
_MOST = 20  # messages in that time
_KNOWN = 500  # matters that are remembered
_ROOT = Path(__file__).parents[1]


@dataclass(slots=True)
class _Matter:
    told: datetime
    since: int = 0  # how often it came again since


class Reports:
    """Sends to the owners' chats; a matter that comes again within the hour is counted instead."""

    def __init__(self, bot: ExtBot[Any], owners: OwnersChat, database: Database) -> None:
        self._bot = bot
        self._owners = owners
        self._database = database
        self._matters: dict[str, _Matter] = {}
        self._sent: list[datetime] = []

    async def tell(self, *lines: Text, matter: str | None = None) -> None:
        """Report a text; texts of the same `matter` (by default the text itself) are one."""
        moment = now()
        text = "\n".join(map(str, lines))
        log.warning("for the owners", text=text)
        matter = matter or text
        known = self._matters.get(matter)
        if known and moment - known.told < _SPAN:
            known.since += 1
            return
        self._sent = [one for one in self._sent if moment - one < _SPAN]
        if len(self._sent) >= _MOST:
            return  # the log has it
        self._sent.append(moment)
        if known and known.since:
            lines = (*lines, _again(known))
        if len(self._sent) == _MOST:
            lines = (*lines, _MANY)
        self._remember(matter, moment)
        await self._send(lines)

    async def follow(self, old: int, new: int) -> None:
        """Go along with the owners' chat where it is this one that has moved, and tell them."""
        if news := await self._owners.follow(old, new):
            await self.tell(news)

    async def tell_error(self, where: Text, error: BaseException) -> None:
        """Report a failure of the program by its kind and place; its text may hold anything."""
        what = {"error": type(error).__name__, "place": place_of_error(error)}
        text = say("⚠️ {where}: {error} at {place}. The log tells more.", where=where, **what)
        await self.tell(text)

    def _remember(self, matter: str, moment: datetime) -> None:
        self._matters.pop(matter, None)
        self._matters[matter] = _Matter(moment)
        while len(self._matters) > _KNOWN:
            del self._matters[next(iter(self._matters))]

    async def _send(self, lines: Sequence[Text]) -> None:
        for chat in self._owners.chats:
            language = await self._language(chat)
            text = "\n".join(_html(line, language) for line in lines)
            try:
                await self._bot.send_message(chat, text, rate_limit_args=Urgency.PROGRESS)
            except telegram.ChatMigrated as error:
                news = await self._owners.follow(chat, error.new_chat_id)
                if self._owners.id != chat:
                    await self._send([*lines, "", news] if news else lines)
            except telegram.TelegramError as error:
                log.warning("owner not reached", chat=chat, reason=error.message)

    async def _language(self, chat: int) -> str:
        """As the owner chose, else as Telegram says; of a group neither is known."""
        try:
            known = await self._database.read(accounts.get, chat)
        except StorageError:
            return SOURCE  # that may be what is to be reported
        return pick((known.spoken or known.language) if known else None)


def _html(line: Text, language: str) -> str:
    return html.escape(line, quote=False) if isinstance(line, str) else translate(line, language)


def _again(known: _Matter) -> Sentence:
    return say("({count} more since {time} UTC)", count=known.since, time=f"{known.told:%H:%M}")


_MANY = say("(Many reports: more of them are in the log only, for up to an hour.)")


def place_of_error(error: BaseException) -> str:
    """The innermost line of our own code that an error went through."""
    own = [
        f"{Path(frame.filename).relative_to(_ROOT)}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(_ROOT) and ".venv" not in frame.filename
    ]
    return own[-1] if own else "unknown"
