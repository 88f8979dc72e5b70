"""/start and /help: what this bot does, by example."""

import re

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ChatType

from bot import menu
from bot.authority import role_of
from bot.commands import command
from bot.context import Context
from bot.handlers.story import tell
from bot.place import sender_of
from bot.speech import answer, language_of
from bot.translations import plain, translate
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
    "<b>A photo with a caption</b> becomes a video. Say what should happen: <i>pan left</i>, "
    "<i>zoom out fast</i>, <i>dolly zoom</i>. Two photos in one album are the first and the last "
    "frame; a voice message after a photo makes it follow the voice.\n\n"
    "<b>Options</b> in the caption, for this video alone:\n"
    "<code>--dur 5</code> seconds, <code>--ar 9:16</code> shape, <code>--res 720p</code>, "
    "<code>--seed 7</code>, <code>--model local/camera</code>, <code>--effect melt</code>, "
    "<code>--sound off</code>\n\n"
    "/settings keeps such choices for all your videos. /models shows what each model can do and "
    "costs, /jobs your videos, /balance your credits, /cancel stops a video."
)
GROUP_HELP = say(
    "<b>In this group</b> write <code>/video slow push in</code> under a photo, or as a reply to "
    "one. I answer nothing that is not meant for me.\n\n"
    "/jobs shows your videos, /settings what holds for this group; its admins change that. "
    "Everything else: in our private chat."
)
_JOB = re.compile(r"job_(\d{1,18})")


async def start(update: Update, context: Context) -> None:
    """Greet, or show what a link names; deliver what waited while the person had the bot blocked."""
    sender, chat = sender_of(update), update.effective_chat
    tools = context.tools
    if sender and chat:
        database = tools.workshop.database
        await database.write(accounts.set_reachable, sender, reachable=True)
        if await database.write(wishes.hurry, chat.id, now()):
            tools.dispatcher.wake()
    if link := _JOB.fullmatch(" ".join(context.args or [])):
        context.args = [link.group(1)]
        await tell(update, context)
        return
    await answer(update, WELCOME if _is_private(update) else GROUP_HELP)
    if sender and chat and chat.id == sender and (role := await role_of(update, context)):
        await menu.assign(context.bot, sender, role)


async def show_help(update: Update, _: Context) -> None:
    """The essentials for a private chat or a group, with the way to all choices."""
    language = language_of(update)
    buttons = [(say("⚙️ Settings"), "set:open"), (say("🎬 Models"), "models:all:0")]
    rows = [
        [InlineKeyboardButton(plain(translate(label, language)), callback_data=data)]
        for label, data in buttons
    ]
    text = HELP if _is_private(update) else GROUP_HELP
    await answer(update, text, keyboard=InlineKeyboardMarkup(rows))


def _is_private(update: Update) -> bool:
    chat = update.effective_chat
    return chat is not None and chat.type == ChatType.PRIVATE


HANDLERS = [command("start", start), command("help", show_help)]
