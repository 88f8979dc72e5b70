"""As file: the same video as a document, exactly as it was made; free of charge."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from telegram import InputFile, Update
from telegram import error as telegram
from telegram.ext import CallbackQueryHandler

from bot.context import Context
from bot.copies import hand_out, kept_clip, send_copy, sent_as, was_just_sent
from bot.keeping import in_days
from bot.place import reply_options
from bot.pressing import Press, owner_press
from bot.receipts import about
from bot.speech import toast
from bot.wire import is_about_the_file
from core.words import say, say_many
from jobs.delivering import first_way
from jobs.ports import Clip, Way

_UPLOAD_TIMEOUT = 300  # seconds: Telegram answers only after it has taken the file in


async def press(update: Update, context: Context) -> None:
    pressed = await owner_press(update, context)
    if pressed is None:
        return
    tools, task = context.tools, pressed.task
    film = kept_clip(context, task)
    known = task.facts.get("file", {}).get("file_id")
    if was_just_sent(task, "file"):
        await toast(update, say("It was sent just now."))
    elif known:
        await toast(update, say("Here is the file."))
        await send_copy(context, pressed, "file", partial(_send, context, pressed, known))
    elif film:
        way = first_way(task.facts, film, tools.workshop.largest_video)
        if way is Way.LINK:
            await toast(update, say("It is larger than Telegram takes from a bot."))
            send = partial(hand_out, context, pressed, film, way)
        else:
            await toast(update, say("Sending it as a file."))
            send = partial(_upload, context, pressed, film)
        await send_copy(context, pressed, "file", send)
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


async def _upload(context: Context, pressed: Press, film: Clip) -> Mapping[str, Any]:
    """As a document; what Telegram takes in no such form comes as a link."""
    name = f"firstframe-{pressed.task.id}.mp4"
    try:
        with film.video.open("rb") as video:
            return await _send(context, pressed, InputFile(video, name, read_file_handle=False))
    except telegram.TelegramError as error:
        if not is_about_the_file(error):
            raise
        return await hand_out(context, pressed, film, Way.LINK)


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
