"""/privacy: what is kept, for how long, and who sees it."""

from datetime import timedelta

from telegram import Update

from bot.commands import command
from bot.context import Context
from bot.speech import answer
from core.words import say
from jobs.housekeeping import DRAFTS_STAY


async def show(update: Update, context: Context) -> None:
    workshop = context.tools.workshop
    await answer(
        update,
        say(
            "<b>What is kept</b>\n"
            "• Your photos and sounds: {hours} hours, then they are deleted. "
            "Places and camera data inside a photo are dropped at once.\n"
            "• Finished videos: {days} days here; what is in this chat is yours.\n"
            "• Your name, number and language, the words of your videos, and what each cost: "
            "until you delete them. Delete under a video takes its words and files, /deleteme "
            "everything but the sums. /mydata gives you all of it.\n"
            "• The messages you send me, as they came: until I have dealt with them. What you "
            "began and did not order: {drafts} days. In groups, parts of an album that I may still "
            "be asked about: up to an hour.\n"
            "• Backups keep what stood there when they were made, until newer ones replace them.\n\n"
            "<b>Who sees it</b>\n"
            "The built-in model <code>local/camera</code> shows your files to nobody. Any other "
            "model sends the photo, sound and words of that video to its service, "
            "and nothing else about you.",
            hours=f"{workshop.keep_inputs / timedelta(hours=1):g}",
            days=f"{workshop.keep_results / timedelta(days=1):g}",
            drafts=DRAFTS_STAY.days,
        ),
    )


HANDLERS = [command("privacy", show)]
