"""Continue: the last frame of a video becomes the first one of the next."""

from functools import partial

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context
from bot.copies import kept_clip
from bot.drafting import AT_ONCE
from bot.handlers.photo import photo_of
from bot.keeping import in_days
from bot.place import reply_options
from bot.pressing import Press, carry_out, owner_press
from bot.speech import toast
from bot.translations import translate
from core.words import say, say_many
from jobs.ports import now
from storage import media, removal
from storage.content import Content, Received
from storage.drafts import Draft, Spot


async def press(update: Update, context: Context) -> None:
    """Send the last frame, and ask what happens next as for a photo alone."""
    pressed = await owner_press(update, context)
    if pressed is None:
        return
    tools, task = context.tools, pressed.task
    film = kept_clip(context, task)
    if film is None:
        count, days = in_days(tools.workshop.keep_results)
        await toast(
            update,
            say_many(
                "The file of video {number} is gone: finished videos are kept for {days} day. "
                "Send me a photo of its end instead.",
                "The file of video {number} is gone: finished videos are kept for {days} days. "
                "Send me a photo of its end instead.",
                count=count,
                number=task.id,
                days=days,
            ),
        )
        return
    await toast(update, say("One moment, I am getting its last frame."))
    with tools.workshop.folder.attempt(".jpg") as frame:
        arguments = {"source": str(film.video), "target": str(frame)}
        await tools.workshop.runner.run("last_frame", arguments)
        until = now() + tools.workshop.keep_inputs
        await tools.workshop.database.write(
            media.keep, [frame.name], "input", until=until, now=now()
        )
    again = say("Continue"), f"continue:{task.id}"
    asking = partial(_ask, context, pressed, frame.name)
    await carry_out(context, pressed, "continuing", again, asking)


async def _ask(context: Context, pressed: Press, frame: str) -> None:
    tools, place, task = context.tools, pressed.place, pressed.task
    caption = say("The last frame of video <b>{number}</b>: the next one begins with it.",
                  number=task.id)  # fmt: skip
    message = await context.bot.send_photo(
        photo=tools.workshop.folder.path(frame),
        caption=translate(caption, place.language),
        **reply_options(place),
    )
    # It shows a part of the video: who deletes that takes this back as well.
    where = message.chat_id, message.message_id
    await tools.workshop.database.write(removal.add_copy, task.id, *where)
    shown = photo_of(message)
    assert shown
    photo = Received(
        message=shown.message, file_id=shown.file_id, size=shown.size, kept=frame, after=task.id
    )
    content = Content(photos=(photo,), user=place.user, language=place.language)

    def change(_: Draft | None) -> tuple[Content, str | None]:
        return content, None

    spot = Spot(place.chat, pressed.sender, place.topic)
    await tools.drafting.receive(spot, change, quiet=AT_ONCE)


HANDLERS = [CallbackQueryHandler(press, pattern=r"^continue:\d{1,18}$")]
