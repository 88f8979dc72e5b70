"""As file: the same video as a document, exactly as it was made; free of charge."""

from functools import partial
from typing import Any

from telegram import InputFile, Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context
from bot.copies import send_copy, sent_as, was_just_sent
from bot.keeping import in_days
from bot.place import reply_options
from bot.pressing import Press, owner_press
from bot.receipts import about
from bot.speech import toast
from core.words import say, say_many
from jobs.ports import Clip

_UPLOAD_TIMEOUT = 300  # seconds: Telegram answers only after it has taken the file in


async def press(update: Update, context: Context) -> None:
    pressed = await owner_press(update, context)
    if pressed is None:
        return
    tools, task = context.tools, pressed.task
    film = (
        Clip.from_facts(task.facts["clip"], tools.workshop.folder.path) if task.is_made else None
    )
    known = task.facts.get("file", {}).get("file_id")
    if was_just_sent(task, "file"):
        await toast(update, say("It was sent just now."))
    elif known:
        await toast(update, say("Here is the file."))
        await send_copy(context, pressed, "file", partial(_send, context, pressed, known))
    elif film and film.size > tools.workshop.largest_video:
        await toast(update, say("This file is larger than Telegram takes from a bot."))
    elif film and film.video.exists():
        await toast(update, say("Sending it as a file."))
        await send_copy(context, pressed, "file", partial(_upload, context, pressed, film))
    else:
        # Telegram sends a video it knows by its id as a video only, whatever it is asked for.
        count, days = in_days(tools.workshop.keep_results)
        await toast(
            update,
            say_many(
                "The file of video {number} is gone: finished videos are kept for {days} day. "
                "The video in this chat can still be saved.",
                "The file of video {number} is gone: finished videos are kept for {days} days. "
                "The video in this chat can still be saved.",
                count=count,
                number=task.id,
                days=days,
            ),
        )


async def _upload(context: Context, pressed: Press, film: Clip) -> dict[str, Any]:
    with film.video.open("rb") as video:
        name = f"firstframe-{pressed.task.id}.mp4"
        return await _send(context, pressed, InputFile(video, name, read_file_handle=False))


async def _send(context: Context, pressed: Press, document: InputFile | str) -> dict[str, Any]:
    message = await context.bot.send_document(
        document=document,
        caption=about(pressed.task, context.tools.workshop.catalog),
        disable_content_type_detection=True,  # else Telegram makes a video of it
        write_timeout=_UPLOAD_TIMEOUT,
        read_timeout=_UPLOAD_TIMEOUT,
        **reply_options(pressed.place),
    )
    return sent_as(message)


HANDLERS = [CallbackQueryHandler(press, pattern=r"^file:\d{1,18}$")]
