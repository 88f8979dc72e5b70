"""What owners are told about troubles: each matter at once, then counted, and never too many."""

import html
import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from telegram import error as telegram
from telegram.ext import ExtBot

from bot.outbound import Urgency
from bot.owners import OwnersChat
from jobs.ports import now

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

    def __init__(self, bot: ExtBot[Any], owners: OwnersChat) -> None:
        self._bot = bot
        self._owners = owners
        self._matters: dict[str, _Matter] = {}
        self._sent: list[datetime] = []

    async def tell(self, text: str, *, matter: str | None = None) -> None:
        """Report a text; texts of the same `matter` (by default the text itself) are one."""
        moment = now()
        log.warning("for the owners", text=text)
        known = self._matters.get(matter or text)
        if known and moment - known.told < _SPAN:
            known.since += 1
            return
        self._sent = [one for one in self._sent if moment - one < _SPAN]
        if len(self._sent) >= _MOST:
            return  # the log has it
        self._sent.append(moment)
        if known and known.since:
            text = f"{text}\n({known.since} more since {known.told:%H:%M} UTC)"
        if len(self._sent) == _MOST:
            text = f"{text}\n(Many reports: more of them are in the log only, for up to an hour.)"
        self._remember(matter or text, moment)
        await self._send(text)

    async def follow(self, old: int, new: int) -> None:
        """Go along with the owners' chat where it is this one that has moved, and tell them."""
        if news := await self._owners.follow(old, new):
            await self.tell(news)

    async def tell_error(self, where: str, error: BaseException) -> None:
        """Report a failure of the program by its kind and place; its text may hold anything."""
        place = place_of_error(error)
        matter = f"{where}: {type(error).__name__} at {place}"
        await self.tell(f"⚠️ {matter}. The log tells more.", matter=matter)

    def _remember(self, matter: str, moment: datetime) -> None:
        self._matters.pop(matter, None)
        self._matters[matter] = _Matter(moment)
        while len(self._matters) > _KNOWN:
            del self._matters[next(iter(self._matters))]

    async def _send(self, text: str) -> None:
        for chat in self._owners.chats:
            try:
                await self._bot.send_message(
                    chat, html.escape(text, quote=False), rate_limit_args=Urgency.PROGRESS
                )
            except telegram.ChatMigrated as error:
                news = await self._owners.follow(chat, error.new_chat_id)
                if self._owners.id != chat:
                    await self._send(f"{text}\n\n{news}" if news else text)
            except telegram.TelegramError as error:
                log.warning("owner not reached", chat=chat, reason=error.message)


def place_of_error(error: BaseException) -> str:
    """The innermost line of our own code that an error went through."""
    own = [
        f"{Path(frame.filename).relative_to(_ROOT)}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(_ROOT) and ".venv" not in frame.filename
    ]
    return own[-1] if own else "unknown"
