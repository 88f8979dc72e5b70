"""Sending a broadcast: one person after the other, slowly, on after a restart, and stoppable."""

import asyncio
from functools import partial
from typing import Any

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram import error as telegram
from telegram.ext import ExtBot

from bot.outbound import Outbound, Urgency
from bot.translations import pick, translate
from bot.wire import is_unchanged, is_unknown_chat, persist, seconds_of, was_not_taken
from core.words import Sentence, say
from jobs.patience import patiently
from jobs.ports import now
from storage import accounts, broadcasts
from storage.broadcasts import Broadcast, Stage
from storage.database import Database

log = structlog.get_logger()

MUTE = "news:off"

_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds, while Telegram takes nothing
_GRACE = 3.0  # seconds for what is being sent when the bot ends


class Broadcasting:
    """Sends what stands in the table as running; the outbound scheduler keeps the pace."""

    def __init__(self, bot: ExtBot[Any], outbound: Outbound, database: Database) -> None:
        self._bot = bot
        self._outbound = outbound
        self._database = database
        self._wake = asyncio.Event()
        self._showing = asyncio.Lock()

    def wake(self) -> None:
        self._wake.set()

    async def serve(self) -> None:
        """Send until cancelled; asleep while there is nothing to send."""
        await patiently(self._database.write)(broadcasts.count_cut_off)
        while True:
            self._wake.clear()
            current = await patiently(self._database.read)(broadcasts.running)
            if current:
                await self._send(current)
            else:
                await self._wake.wait()

    async def _send(self, current: Broadcast) -> None:
        database, pause = self._database, _PAUSE
        while (
            account := await patiently(database.read)(broadcasts.next_one, current.id)
        ) is not None:
            # Who waits for a turn has not been begun: an end of the bot takes nothing from them.
            await self._outbound.turn(account, Urgency.BULK)
            serving = asyncio.create_task(self._serve_one(current, account))
            try:
                await finish(serving)
            except telegram.TelegramError as error:
                log.warning("broadcast waits", broadcast=current.id, reason=error.message)
                told = seconds_of(error) if isinstance(error, telegram.RetryAfter) else None
                await asyncio.sleep(pause if told is None else told)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                pause = _PAUSE
        # Stopped meanwhile, or at its end: only the latter may become done.
        if await patiently(database.write)(broadcasts.move, current.id, Stage.DONE, now()):
            log.info("broadcast done", broadcast=current.id)
            ended = await patiently(database.read)(broadcasts.get, current.id)
            if ended and ended.panel_chat and ended.panel:
                await self.show(ended.id, ended.panel_chat, ended.panel)

    async def _serve_one(self, current: Broadcast, account: int) -> None:
        """Send to one person and count them.

        Raises telegram.TelegramError where Telegram took nothing: it is their turn again, unless
        the broadcast is stopped.
        """
        write = patiently(self._database.write)
        if not await write(broadcasts.take, current.id, account):
            return  # stopped meanwhile, or they want none any more
        try:
            sent = await self._copy(current, account)
        except telegram.TelegramError:
            await write(broadcasts.give_back, current.id, account)
            raise
        await write(broadcasts.count, current.id, sent=sent)

    async def show(self, number: int, chat: int, message: int) -> None:
        """Have a message say how a broadcast stands now, with buttons for what can be done.

        One at a time: a press and the end may come together, and the later one is the truth.
        """
        async with self._showing:
            found = await patiently(self._database.read)(broadcasts.get, number)
            if found is None:
                return
            language = await self._language_of(found.by)
            lines = [state_of(found)]
            if found.state is Stage.RUNNING:
                lines.append(say("/broadcast tells how far it has come."))
            edit = partial(
                self._bot.edit_message_text,
                "\n".join(translate(line, language) for line in lines),
                chat_id=chat,
                message_id=message,
                reply_markup=buttons_of(found, language),
            )
            try:
                await persist(edit)
            except telegram.TelegramError as error:
                if not is_unchanged(error):
                    log.info("broadcast not shown", broadcast=number, reason=error.message)

    async def _language_of(self, account: int) -> str:
        person = await patiently(self._database.read)(accounts.get, account)
        return pick((person.spoken or person.language) if person else None)

    async def _copy(self, current: Broadcast, account: int) -> bool:
        """Send to one person; False where they cannot be reached, or nobody knows.

        Raises telegram.TelegramError where Telegram has taken nothing, for now.
        """
        label = translate(say("No more news"), await self._language_of(account))
        buttons = InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=MUTE)]])
        try:
            await self._bot.copy_message(
                account,
                current.chat,
                current.message,
                reply_markup=buttons,
                rate_limit_args=Urgency.GRANTED,
            )
        except telegram.TelegramError as error:
            if isinstance(error, telegram.RetryAfter) or was_not_taken(error):
                raise
            log.info("not reached", broadcast=current.id, account=account, reason=error.message)
            if isinstance(error, telegram.Forbidden) or is_unknown_chat(error):
                await self._database.write(accounts.set_reachable, account, reachable=False)
            return False
        return True


async def finish(work: "asyncio.Task[None]") -> None:
    """Wait for work to come to its end, for a moment also when the bot ends."""
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work}, timeout=_GRACE)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        raise


def state_of(found: Broadcast) -> Sentence:
    states = {
        Stage.DRAFT: say("Broadcast {number} is not sent yet."),
        Stage.RUNNING: say("Broadcast {number} goes out: {sent} so far, {failed} not reached."),
        Stage.STOPPED: say("Broadcast {number} is stopped: {sent} sent, {failed} not reached."),
        Stage.DONE: say("Broadcast {number} is done: {sent} sent, {failed} not reached."),
    }
    template = states[found.state].template
    return say(template, number=found.id, sent=found.sent, failed=found.failed)


def buttons_of(found: Broadcast, language: str) -> InlineKeyboardMarkup | None:
    """What can be done with a broadcast as it stands."""
    if found.state is Stage.DRAFT:
        return _button(found, say("Send it"), "send", language)
    if found.state is Stage.RUNNING:
        return _button(found, say("Stop"), "stop", language)
    if found.state is Stage.STOPPED:
        return _button(found, say("Go on"), "go", language)
    return None


def _button(found: Broadcast, label: Sentence, act: str, language: str) -> InlineKeyboardMarkup:
    data = f"broadcast:{act}:{found.id}"
    text = translate(label, language)
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data)]])
