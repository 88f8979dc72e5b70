"""/privacy: what is kept, for how long, and who sees it."""

from telegram import Update

from bot.commands import command
from bot.context import Context
from bot.keeping import in_days, in_hours
from bot.speech import answer
from core.words import say, say_many
from jobs.housekeeping import DRAFTS_STAY


async def show(update: Update, context: Context) -> None:
    workshop = context.tools.workshop
    hours, shown_hours = in_hours(workshop.keep_inputs)
    days, shown_days = in_days(workshop.keep_results)
    await answer(
        update,
        say("<b>What is kept</b>"),
        say_many(
            "• Your photos and sounds: {hours} hour, then they are deleted. "
            "Places and camera data inside a photo are dropped at once.",
            "• Your photos and sounds: {hours} hours, then they are deleted. "
            "Places and camera data inside a photo are dropped at once.",
            count=hours,
            hours=shown_hours,
        ),
        say_many(
            "• Finished videos: {days} day here; what is in this chat is yours.",
            "• Finished videos: {days} days here; what is in this chat is yours.",
            count=days,
            days=shown_days,
        ),
        say(
            "• Your name, number and language, the words of your videos, and what each cost: "
            "until you delete them. Delete under a video takes its words and files, /deleteme "
            "everything but the sums. /mydata gives you all of it."
        ),
        say_many(
            "• The messages you send me, as they came: until I have dealt with them. What you "
            "began and did not order: {count} day. In groups, parts of an album that I may still "
            "be asked about: up to an hour.",
            "• The messages you send me, as they came: until I have dealt with them. What you "
            "began and did not order: {count} days. In groups, parts of an album that I may still "
            "be asked about: up to an hour.",
            count=DRAFTS_STAY.days,
        ),
        say("• Backups keep what stood there when they were made, until newer ones replace them."),
        say("\n<b>Who sees it</b>"),
        say(
            "The built-in camera moves show your files to nobody. Any other "
            "model sends the photo, sound and words of that video to its service, "
            "and nothing else about you."
        ),
    )


HANDLERS = [command("privacy", show)]
