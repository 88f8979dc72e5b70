"""/selftest: whether everything the bot leans on works now."""

import asyncio
import shutil
from collections.abc import AsyncIterator

from telegram import Update
from telegram import error as telegram

from bot.authority import needs
from bot.commands import command
from bot.context import Context
from bot.speech import answer, language_of
from bot.translations import translate
from core.access import Role
from core.errors import MediaCrashError, ProviderError, StorageError
from core.words import Sentence, say
from storage.database import ping

_LOW_DISK = 2_000_000_000  # bytes
_GOOD, _BAD, _UNKNOWN = "✅", "❌", "➖"


@needs(Role.SUPPORT)
async def run(update: Update, context: Context) -> None:
    language = language_of(update)
    lines = [
        say("{mark} {what}", mark=mark, what=translate(what, language))
        async for mark, what in _findings(context)
    ]
    await answer(update, *lines)


async def _findings(context: Context) -> AsyncIterator[tuple[str, Sentence]]:
    tools = context.tools
    yield await _telegram(context)
    try:
        await tools.workshop.database.read(ping)
        yield _GOOD, say("The database answers.")
    except StorageError as error:
        yield _BAD, say("The database: {reason}", reason=str(error))
    free = (await asyncio.to_thread(shutil.disk_usage, tools.settings.data_dir)).free
    yield (
        _GOOD if free > _LOW_DISK else _BAD,
        say("{size:.1f} GB of disk are free.", size=free / 1e9),
    )
    yield await _media(context)
    for provider in tools.workshop.catalog.providers.values():
        try:
            checks = await provider.check()
        except ProviderError as error:
            yield _BAD, say("{name}: {finding}", name=provider.name, finding=str(error))
            continue
        for check in checks:
            mark = {True: _GOOD, False: _BAD, None: _UNKNOWN}[check.ok]
            name = f"{provider.name} {check.key}".strip()
            yield mark, say("{name}: {finding}", name=name, finding=check.text)


async def _telegram(context: Context) -> tuple[str, Sentence]:
    try:
        me = await context.bot.get_me()
    except telegram.TelegramError as error:
        return _BAD, say("Telegram: {reason}", reason=error.message)
    if me.can_read_all_group_messages:
        return _GOOD, say("Telegram answers. In groups I see every message.")
    return _GOOD, say("Telegram answers. In groups I see commands and replies to me.")


async def _media(context: Context) -> tuple[str, Sentence]:
    """Draw something small in a child process, as every video needs."""
    workshop = context.tools.workshop
    with workshop.folder.attempt(".png") as target:
        try:
            await workshop.runner.run(
                "draw_days", {"target": str(target), "days": [], "models": []}, limit=60
            )
        except MediaCrashError as error:
            return _BAD, say("Media children: {reason}", reason=str(error))
        finally:
            target.unlink(missing_ok=True)
    return _GOOD, say("Media children work.")


HANDLERS = [command("selftest", run)]
