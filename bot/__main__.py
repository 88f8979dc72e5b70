"""Run the bot: settings, wiring, and an orderly end at a signal."""

import asyncio
import os
import signal
import sys

import structlog
from telegram import error as telegram

from bot import logs, settings
from bot.wire import refused
from bot.wiring import running
from core.errors import SettingsError

log = structlog.get_logger()


async def run(config: settings.Settings) -> None:
    """Run until SIGINT or SIGTERM; raises SettingsError where the bot cannot go on."""
    ending = asyncio.Event()
    whole = asyncio.current_task()
    assert whole
    is_started = False

    def end() -> None:
        if not is_started and not ending.is_set():
            whole.cancel()  # the start may wait for Telegram for ever
        ending.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    try:
        async with running(config) as serving:
            is_started = True
            stopped = asyncio.create_task(ending.wait())
            await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            if serving.done():
                await serving
            log.info("stopping")
    except asyncio.CancelledError:
        if is_started:
            raise
        log.info("stopping before the start was complete")


def main() -> None:
    """Start the bot; a setting at fault ends the start with one line that names it."""
    os.umask(0o077)  # the database holds what people wrote
    try:
        config = settings.load()
        logs.set_up(settings.secrets(settings.environment()))
        asyncio.run(run(config))
    except* SettingsError as group:
        sys.exit(f"firstframe: {_first(group)}")
    except* (telegram.InvalidToken, telegram.Forbidden) as group:
        sys.exit(f"firstframe: {refused(_first(group))}")


def _first(group: BaseException) -> BaseException:
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit("python -m bot starts the bot and takes no arguments: see firstframe --help")
    main()
