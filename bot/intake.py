"""Bringing a person's files from Telegram into the media folder, checked and normalised."""

import asyncio
from pathlib import Path
from shutil import copyfile

import httpx
import stamina
from telegram import error as telegram
from telegram.ext import ExtBot

from bot.wire import seconds_of
from core.errors import MediaError
from core.request import Picture, Sound
from core.words import say
from jobs.workshop import Workshop
from storage import media
from storage.content import Received

_LIMIT = 20_000_000  # bytes: what a bot may download from the public Bot API server
_MEGABYTE = 1_000_000
_PATIENCE = 3600.0  # seconds that somebody who sent a photo waits for Telegram
_LONGEST_PAUSE = 30.0  # seconds


def _may_pass(error: Exception) -> bool | float:
    """Whether another try may help, and after how many seconds, where Telegram names them.

    The library counts a 400 among network errors.
    """
    if isinstance(error, telegram.RetryAfter):
        seconds = seconds_of(error)
        return seconds if seconds < _PATIENCE else False
    passing = isinstance(error, telegram.NetworkError | httpx.TransportError)
    return passing and not isinstance(error, telegram.BadRequest)


class Intake:
    """Downloads, checks in a child process, and registers files with a day to go."""

    def __init__(self, bot: ExtBot[None], workshop: Workshop, *, limit: int = _LIMIT) -> None:
        self._bot = bot
        self._workshop = workshop
        self._limit = limit

    async def picture(self, photo: Received) -> Picture:
        """An upright sRGB copy of a photo; raises MediaError for what is none."""
        folder = self._workshop.folder
        with folder.attempt(".jpg") as target, folder.attempt(".bin") as source:
            await self._download(photo, source)
            facts = await self._workshop.runner.run(
                "take_in_picture", {"source": str(source), "target": str(target)}
            )
            source.unlink()
        await self._keep(target)
        return Picture(**facts)

    async def sound(self, audio: Received) -> Sound:
        """A voice or audio with its counted length; raises MediaError for what is none."""
        with self._workshop.folder.attempt(".bin") as source:
            await self._download(audio, source)
            facts = await self._workshop.runner.run("inspect_sound", {"source": str(source)})
        await self._keep(source)
        return Sound(**facts)

    async def _download(self, received: Received, target: Path) -> None:
        kept = received.kept and self._workshop.folder.path(received.kept)
        if kept and kept.exists():
            await asyncio.to_thread(copyfile, kept, target)
            return
        if received.size > self._limit:
            raise _too_big(self._limit)
        try:
            await self._fetch(received.file_id, target)
        except telegram.BadRequest as error:
            if "too big" in error.message.lower():
                raise _too_big(self._limit) from error
            raise MediaError(
                say("Telegram no longer has this file. Please send it again.")
            ) from error

    @stamina.retry(
        on=_may_pass,
        attempts=None,
        timeout=_PATIENCE,
        wait_initial=0.1,
        wait_max=_LONGEST_PAUSE,
        wait_jitter=0.1,
    )
    async def _fetch(self, file_id: str, target: Path) -> None:
        file = await self._bot.get_file(file_id)
        if self._bot.local_mode and file.file_path:
            # The library would copy on the event loop, up to 2 GB.
            await asyncio.to_thread(copyfile, file.file_path, target)
        else:
            await file.download_to_drive(target)

    async def _keep(self, path: Path) -> None:
        now = self._workshop.now()
        until = now + self._workshop.keep_inputs
        await self._workshop.database.write(media.keep, [path.name], "input", until=until, now=now)


def _too_big(limit: int) -> MediaError:
    sentence = say(
        "This file is larger than {limit} MB: Telegram lets bots receive no more. Please send a "
        "smaller one.",
        limit=limit // _MEGABYTE,
    )
    return MediaError(sentence)
