"""Tidying up: files whose time is over, and rows nobody needs any more."""

import asyncio
from datetime import timedelta

import structlog

from core.task import Task
from jobs.patience import patiently
from jobs.workshop import Workshop
from storage import belongings, drafts, inbox, media, tasks

log = structlog.get_logger()

_EVERY = timedelta(minutes=10)
_UPDATES_STAY = timedelta(days=2)  # Telegram itself forgets an update after one
_ALBUMS_STAY = timedelta(minutes=30)  # their parts come together, unless we were away
DRAFTS_STAY = timedelta(days=7)
_STRAYS_STAY = timedelta(days=1)


async def serve(workshop: Workshop) -> None:
    """Tidy up now and then until cancelled."""
    while True:
        await tidy(workshop)
        await asyncio.sleep(_EVERY.total_seconds())


@patiently
async def tidy(workshop: Workshop) -> int:
    """Remove what has outstayed its time; gives the number of files removed."""
    now, database = workshop.now(), workshop.database
    await _say_goodbye(workshop)
    in_use = {file for task in await database.read(tasks.unfinished) for file in files_of(task)}
    gone = [file for file in await database.read(media.expired, now) if file not in in_use]
    workshop.folder.remove(gone)
    await database.write(media.forget, gone)
    known = await database.read(media.known)
    strays = workshop.folder.strays(known | in_use, now - _STRAYS_STAY)
    workshop.folder.remove(strays)
    await database.write(inbox.forget_kept, now - _ALBUMS_STAY)
    await database.write(inbox.clear, now - _UPDATES_STAY)
    await database.write(drafts.clear, now - DRAFTS_STAY)
    if gone or strays:
        log.info("tidied", files=len(gone), strays=len(strays))
    return len(gone) + len(strays)


async def _say_goodbye(workshop: Workshop) -> None:
    """Delete everything about people who asked for it a day ago."""
    now, database = workshop.now(), workshop.database
    for account in await database.read(belongings.leaving, now):
        videos = await database.read(belongings.videos_of, account)
        files = sorted({file for task in videos for file in files_of(task)})
        workshop.folder.remove(files)
        await database.write(media.forget, files)
        await database.write(belongings.erase, account, now)
        log.info("deleted somebody", files=len(files))


def files_of(task: Task) -> set[str]:
    """Every file that a task may still need."""
    request = task.request
    asked = (request.first_frame, request.last_frame, request.audio)
    files = {one.file for one in asked if one}
    files |= {name for role, name in task.facts.get("inputs", {}).items() if role != "key"}
    clip = task.facts.get("clip", {})
    return files | {clip[name] for name in ("video", "poster") if name in clip}
