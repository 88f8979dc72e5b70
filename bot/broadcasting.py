"""Sending a broadcast: one person after the other, slowly, on after a restart, and stoppable."""

import asyncio
from typing import Any

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram import error as telegram
from telegram.ext import ExtBot

from bot.outbound import Urgency
from bot.translations import pick, translate
from bot.wire import is_unknown_chat, seconds_of
from core.words import say
from jobs.patience import patiently
from jobs.ports import now
from storage import accounts, broadcasts
from storage.broadcasts import Broadcast, Stage
from storage.database import Database

log = structlog.get_logger()

MUTE = "news:off"


class Broadcasting:
    """Sends what stands in the table as running; the outbound scheduler keeps the pace."""

    def __init__(self, bot: ExtBot[Any], database: Database) -> None:
        self._bot = bot
        self._database = database
        self._wake = asyncio.Event()

    def wake(self) -> None:
        self._wake.set()

    async def serve(self) -> None:
        """Send until cancelled; asleep while there is nothing to send."""
        while True:
            self._wake.clear()
            current = await patiently(self._database.read)(broadcasts.running)
            if current:
                await self._send(current)
            else:
                await self._wake.wait()

    async def _send(self, current: Broadcast) -> None:
        take, database = broadcasts.take_next, self._database
        while (account := await patiently(database.write)(take, current.id)) is not None:
            sent = await self._copy(current, account)
            await patiently(database.write)(broadcasts.count, current.id, sent=sent)
        # Stopped meanwhile, or at its end: only the latter may become done.
        if await patiently(database.write)(broadcasts.move, current.id, Stage.DONE, now()):
            log.info("broadcast done", broadcast=current.id)

    async def _copy(self, current: Broadcast, account: int) -> bool:
        person = await self._database.read(accounts.get, account)
        language = pick((person.spoken or person.language) if person else None)
        label = translate(say("No more news"), language)
        buttons = InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=MUTE)]])
        try:
            while True:
                try:
                    await self._bot.copy_message(
                        account,
                        current.chat,
                        current.message,
                        reply_markup=buttons,
                        rate_limit_args=Urgency.BULK,
                    )
                except telegram.RetryAfter as error:
                    await asyncio.sleep(seconds_of(error))
                else:
                    return True
        except telegram.TelegramError as error:
            log.info("not reached", broadcast=current.id, account=account, reason=error.message)
            if isinstance(error, telegram.Forbidden) or is_unknown_chat(error):
                await self._database.write(accounts.set_reachable, account, reachable=False)
            return False
