"""Fetching updates from Telegram: each batch is committed before the next one confirms it."""

import asyncio
import time

import structlog
from telegram import error as telegram

from bot.inbox import Inbox
from bot.incoming import is_numbered
from bot.wire import Client, refused
from core.errors import SettingsError, StorageError

log = structlog.get_logger()

UPDATES = (
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "my_chat_member",
)
_WAIT = 50  # seconds: the longest that Telegram lets a poll wait
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_SILENCE = 900.0  # seconds without an answer after which a supervisor should start us anew


async def poll(bot: Client, inbox: Inbox) -> None:
    """Poll until cancelled; raises SettingsError for a token that Telegram refuses."""
    offset: int | None = None
    pause, heard = _FIRST_PAUSE, time.monotonic()
    while True:
        try:
            updates = await bot.raw_updates(offset=offset, wait=_WAIT, allowed=UPDATES)
            await inbox.take(updates)
        except (telegram.InvalidToken, telegram.Forbidden) as error:
            raise SettingsError(refused(error)) from error
        except telegram.Conflict:
            log.warning("another process polls with the same token")
        except (telegram.TelegramError, StorageError) as error:
            log.warning("polling failed", reason=str(error))
        else:
            numbers = [update["update_id"] for update in updates if is_numbered(update)]
            offset = max(numbers) + 1 if numbers else offset
            pause, heard = _FIRST_PAUSE, time.monotonic()
            continue
        if time.monotonic() - heard > _SILENCE:
            raise ConnectionError("Telegram has not answered for a quarter of an hour")
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
