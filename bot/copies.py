"""Copies of a finished video: sent once a press, free of charge, and taken back with it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from telegram import Message
from telegram import error as telegram

from bot.context import Context
from bot.place import reply_options
from bot.pressing import Press, carry_out
from bot.translations import translate
from core.errors import UnsuitableError
from core.task import Task
from core.words import Sentence, say
from jobs.delivering import hand_over
from jobs.ports import Clip, Way, now
from storage import media, removal, tasks, wishes

log = structlog.get_logger()

_JUST_NOW = timedelta(seconds=30)
_MEGABYTE = 1_000_000
_AGAIN = {"file": say("As file"), "replay": say("Send again")}  # what is pressed, by the kind


def kept_clip(context: Context, task: Task) -> Clip | None:
    """The files of a finished video; None where there are none any more."""
    if not task.is_made:
        return None
    clip = Clip.from_facts(task.facts["clip"], context.tools.workshop.folder.path)
    return clip if clip.video.exists() else None


def was_just_sent(task: Task, kind: str) -> bool:
    """Whether the same copy went out a moment ago: a button pressed twice means one."""
    copy = task.facts.get(kind)
    return copy is not None and now() - datetime.fromisoformat(copy["at"]) < _JUST_NOW


async def send_copy(
    context: Context, press: Press, kind: str, send: Callable[[], Awaitable[Mapping[str, Any]]]
) -> None:
    """Send one and remember it by its kind, with the id that sends it again.

    Where Telegram takes it in no way, the person hears how long its file stays.
    """
    try:
        again = _AGAIN[kind], f"{kind}:{press.task.id}"
        sent = await carry_out(context, press, f"{kind}:press", again, send)
    except UnsuitableError as error:
        log.info("no copy", task=press.task.id, reason=str(error))
        await _say_what_remains(context, press)
        return
    if sent is None:
        return  # by an earlier run of this press
    database, task = context.tools.workshop.database, press.task.id
    copy = {"file_id": sent["file_id"], "at": now().isoformat()}
    await database.write(wishes.note, task, kind, copy)
    await database.write(removal.add_copy, task, sent["chat"], sent["message"] or 0)


async def hand_out(context: Context, press: Press, film: Clip, way: Way) -> Mapping[str, Any]:
    """Deliver a film once more where the button was pressed, beginning with one of the ways.

    Raises UnsuitableError where none is left.
    """
    tools, task = context.tools, replace(press.task, place=press.place)
    database = tools.workshop.database
    return await hand_over(
        partial(tools.delivery.deliver, task, film),
        way,
        lambda following: database.write(wishes.note, task.id, "way", following.value),
    )


async def _say_what_remains(context: Context, press: Press) -> None:
    workshop, clip = context.tools.workshop, press.task.facts["clip"]
    until = await workshop.database.read(media.kept_until, clip["video"])
    text = say(
        "It has {size} MB, more than Telegram takes from a bot. Its file is kept until {day}: "
        "ask the owners of this bot for it.",
        size=round(clip["size"] / _MEGABYTE),
        day=f"{until or workshop.now():%Y-%m-%d}",
    )
    await context.bot.send_message(
        text=translate(text, press.place.language), **reply_options(press.place)
    )


def sent_as(message: Message) -> dict[str, Any]:
    """What is remembered of a message that shows a video."""
    file = message.video or message.animation or message.document
    return {
        "chat": message.chat_id,
        "message": message.message_id,
        "file_id": file.file_id if file else None,
    }


async def take_back(context: Context, task: Task, *more: tuple[int, int]) -> bool:
    """Delete every message that shows a video or tells of it; one that has to stay says so.

    Gives whether all of them are gone.
    """
    sent, chat = task.facts.get("sent", {}), task.place.chat
    # Soon after the end its status may still be brought up to date, or just have been.
    found = await context.tools.workshop.database.read(tasks.get, task.id) or task
    shown = [
        (sent.get("chat", chat), sent.get("message")),
        (chat, found.status_message),
        (chat, found.facts.get("status")),
        *more,
    ]
    shown += [(one, message) for one, message in task.facts.get("copies", [])]
    gone = [
        await _delete(context, task, one, message)
        for one, message in dict.fromkeys(shown)
        if message
    ]
    return all(gone)


async def _delete(context: Context, task: Task, chat: int, message: int) -> bool:
    try:
        await context.bot.delete_message(chat, message)
    except telegram.ChatMigrated:
        return False  # nothing can be changed in what a supergroup has left behind
    except (telegram.BadRequest, telegram.Forbidden) as error:
        log.info("not deleted", task=task.id, chat=chat, reason=error.message)
        if "message to delete not found" in error.message.lower():
            return True
        await _strip(context, task, chat, message)
        return False
    return True


async def _strip(context: Context, task: Task, chat: int, message: int) -> None:
    """Take words and buttons off a message that Telegram no longer lets us delete."""
    text, bot = translate(_STAYS, task.place.language), context.bot
    # What shows a video has a caption; a link to one, and a status, are texts.
    for edit in (
        partial(bot.edit_message_caption, caption=text),
        partial(bot.edit_message_text, text),
    ):
        try:
            await edit(chat_id=chat, message_id=message)
        except (telegram.BadRequest, telegram.Forbidden) as error:
            log.info("not stripped", task=task.id, chat=chat, reason=error.message)
        else:
            return


_STAYS: Sentence = say(
    "🗑 Deleted here. Telegram lets bots take messages back for two days only: "
    "this one has to be deleted by hand."
)
