"""/start and /help: what this bot does, by example."""

from telegram import Update

from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer
from core.words import say
from jobs.ports import now
from storage import accounts, wishes

WELCOME = say(
    "Send me a <b>photo with a caption</b>, and I make a video that begins with it.\n\n"
    "• Two photos in one album: the first and the last frame.\n"
    "• A photo, then a voice message: a video that follows your voice.\n"
    "• A photo alone: I ask what should happen.\n\n"
    "Try a photo with the words <i>slow push in</i>. More: /help"
)
HELP = say(
    "<b>How to write a caption</b>\n"
    "Say what should happen: <i>pan left</i>, <i>zoom out fast</i>, <i>orbit</i>, "
    "<i>dolly zoom</i>, <i>handheld</i>.\n\n"
    "<b>Options</b> in the caption:\n"
    "<code>--dur 5</code> seconds, <code>--ar 9:16</code> shape, <code>--res 720p</code>, "
    "<code>--seed 7</code>, "
    "<code>--model local/camera</code>, <code>--effect melt</code>, "
    "<code>--camera robo_arm:weak</code>, <code>--sound off</code>\n\n"
    "<b>Commands</b>\n"
    "/jobs your videos, /history to get them again, /job 12 the story of one, "
    "/cancel stop one, /balance your credits, /effects ready-made effects, /privacy what is kept\n\n"
    "<b>Models here</b>: {models}"
)


async def start(update: Update, context: Context) -> None:
    """Greet, and deliver what could not be sent while the person had the bot blocked."""
    sender, chat = sender_of(update), update.effective_chat
    tools = context.tools
    if sender and chat:
        database = tools.workshop.database
        await database.write(accounts.set_reachable, sender, reachable=True)
        if await database.write(wishes.hurry, chat.id, now()):
            tools.dispatcher.wake()
    await answer(update, WELCOME)


async def show_help(update: Update, context: Context) -> None:
    models = context.tools.workshop.catalog.models()
    await answer(update, say(HELP.template, models=", ".join(one.model for one in models)))


HANDLERS = [command("start", start), command("help", show_help)]
