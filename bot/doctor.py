"""`firstframe doctor`: what works here, what does not, and what is off and why."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import av
import httpx
from PIL import features
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from telegram import error as telegram

from bot import settings as settings_module
from bot.app import make_bot
from bot.naming import unknown_names
from bot.settings import Settings
from bot.wire import refused
from bot.wiring import make_kit
from core.errors import SettingsError, StorageError
from jobs.dispatcher import lock
from media.runner import MediaRunner
from providers import catalog
from storage.database import Database

_CODECS = ("libx264", "aac", "libmp3lame", "libopus")
_LOW_DISK = 2_000_000_000  # bytes
_CLOCK_DRIFT = 30.0  # seconds; signed requests of some services allow a few minutes


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `ok` is None for what is merely off."""

    subject: str
    ok: bool | None
    text: str


def examine() -> int:
    """Print the report; 0 where the bot can run, else 1."""
    findings = asyncio.run(_gather())
    table = Table("", "Subject", "Finding", title="Firstframe doctor")
    marks = {True: "[green]ok[/]", False: "[red]FAIL[/]", None: "[yellow]off[/]"}
    for finding in findings:
        table.add_row(marks[finding.ok], finding.subject, escape(finding.text))
    Console().print(table)
    return int(any(finding.ok is False for finding in findings))


async def _gather() -> list[Finding]:
    findings = [_codecs()]
    try:
        config = settings_module.load()
    except SettingsError as error:
        return [Finding("settings", ok=False, text=str(error)), *findings]
    findings.insert(0, Finding("settings", ok=True, text="complete"))
    findings += [finding async for finding in _telegram(config)]
    findings += [await _database(config), _disk(config)]
    findings += _models(config)
    return findings


async def _telegram(config: Settings) -> AsyncIterator[Finding]:
    bot = make_bot(config)
    try:
        async with bot:
            me = await bot.get_me()
    except telegram.InvalidToken as error:
        yield Finding("token", ok=False, text=refused(error))
        return
    except telegram.TelegramError as error:
        yield Finding("token", ok=False, text=f"TELEGRAM_API_URL: not reachable ({error.message})")
        return
    yield Finding("token", ok=True, text=f"@{me.username}")
    everything = bool(me.can_read_all_group_messages)
    yield Finding(
        "groups",
        ok=True if everything else None,
        text="sees every message" if everything else "privacy mode: sees commands and replies",
    )
    yield await _clock(config)


async def _clock(config: Settings) -> Finding:
    try:
        async with httpx.AsyncClient() as client:
            answer = await client.get(config.telegram_api_url)
    except httpx.HTTPError as error:
        return Finding("clock", ok=None, text=f"the server does not tell the time ({error})")
    told = answer.headers.get("Date")
    if not told:
        return Finding("clock", ok=None, text="the server does not tell the time")
    drift = time.time() - parsedate_to_datetime(told).timestamp()
    return Finding("clock", ok=abs(drift) < _CLOCK_DRIFT, text=f"{drift:+.0f} s from Telegram's")


async def _database(config: Settings) -> Finding:
    path = config.database_path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with lock(path):
            await Database(path).close()
    except SettingsError:
        return Finding("database", ok=True, text=f"{path}, in use by a running bot")
    except (StorageError, OSError) as error:
        return Finding("database", ok=False, text=f"DATABASE_URL: {path}: {error}")
    return Finding("database", ok=True, text=f"{path}, {path.stat().st_size // 1024} kB")


def _disk(config: Settings) -> Finding:
    folder = config.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = Path(folder) / f".probe-{os.getpid()}"
        with closing(probe.open("w")):
            probe.unlink()
    except OSError as error:
        return Finding("disk", ok=False, text=f"DATA_DIR: {folder}: {error.strerror}")
    free = shutil.disk_usage(folder).free
    return Finding("disk", ok=free > _LOW_DISK, text=f"{folder}: {free / 1e9:.1f} GB free")


def _codecs() -> Finding:
    missing = [name for name in _CODECS if name not in av.codecs_available]
    missing += [name for name in ("webp", "avif") if not features.check(name)]
    text = f"missing: {', '.join(missing)}" if missing else "H.264, AAC, MP3, Opus, WebP, AVIF"
    return Finding("codecs", ok=not missing, text=text)


def _models(config: Settings) -> list[Finding]:
    kit = make_kit(config, settings_module.environment(), MediaRunner())
    try:
        models = catalog.build(kit)
    except SettingsError as error:
        return [Finding("models", ok=False, text=str(error))]
    found = [
        Finding("model", ok=True, text=f"{model.model}: {model.title}")
        for model in models.models()
    ]
    found += [
        Finding("model", ok=None, text=f"{name}: {why}") for name, why in models.off().items()
    ]
    wanted = config.default_model
    if wanted != "auto" and models.model(wanted) is None:
        found.append(Finding("model", ok=False, text=f"DEFAULT_MODEL: {wanted} is not offered"))
    lines = unknown_names(config, kit, models)
    found += [Finding("settings", ok=None, text=line) for line in lines]
    policy = config.policy(paid=any(model.price > 0 for model in models.models()))
    who = "closed: owners and whom they allow" if policy.closed else "open to everyone"
    found.append(Finding("access", ok=True, text=who))
    if not policy.owners:
        found.append(Finding("owners", ok=None, text="ADMIN_IDS is empty: nobody can /allow"))
    return found
