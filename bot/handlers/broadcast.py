"""/broadcast: a message to everybody, seen first, stoppable, and never to those who said no."""

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler

from bot.authority import needs
from bot.broadcasting import MUTE, buttons_of, state_of
from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer, language_of, toast
from core.access import Role
from core.words import say, say_many
from jobs.ports import now
from storage import accounts, audit, broadcasts
from storage.broadcasts import Stage

_STAGES = {"send": Stage.RUNNING, "stop": Stage.STOPPED, "go": Stage.RUNNING}


@needs(Role.ADMIN)
async def prepare(update: Update, context: Context) -> None:
    """/broadcast words, or as a reply to any message: shows it, and how many would get it."""
    message, sender = update.effective_message, sender_of(update)
    if message is None or sender is None:
        return
    shown = await _preview(message)
    if shown is None:
        await _tell_latest(update, context)
        return
    database = context.tools.workshop.database
    made = await database.write(
        broadcasts.create, by=sender, chat=shown[0], message=shown[1], now=now()
    )
    count = await database.read(broadcasts.count_audience)
    text = say_many(
        "This goes to {count} person who has used the bot and did not say no. Nothing is sent yet.",
        "This goes to {count} people who have used the bot and did not say no. Nothing is sent yet.",
        count=count,
    )
    await answer(update, text, keyboard=buttons_of(made, language_of(update)))


async def _preview(message: Message) -> tuple[int, int] | None:
    """Show what would be sent, as it would be; gives where it stands."""
    if message.reply_to_message:
        copy = await message.reply_to_message.copy(message.chat_id)
        return message.chat_id, copy.message_id
    # What is sent may begin below the command, and keeps its lines.
    _, *words = message.text_html.split(maxsplit=1)
    if not words:
        return None
    shown = await message.reply_html(words[0])
    return shown.chat_id, shown.message_id


@needs(Role.ADMIN)
async def press(update: Update, context: Context) -> None:
    """Begin, stop, or go on; pressed twice it is the same."""
    query, sender = update.callback_query, sender_of(update)
    _, act, number = ((query.data if query else None) or "::").split(":")
    if query is None or query.message is None or sender is None:
        return
    pressed = query.message.chat.id, query.message.message_id
    tools, stage = context.tools, _STAGES[act]
    database = tools.workshop.database
    moved = await database.write(broadcasts.move, int(number), stage, now())
    if moved:
        await database.write(broadcasts.show_in, int(number), *pressed)
        await database.write(
            audit.record, by=sender, action="broadcast", detail=f"{number}: {stage}", now=now()
        )
        tools.broadcasting.wake()
    found = await database.read(broadcasts.get, int(number))
    if found is None:
        await toast(update, say("This button is not yours, or it is too old."))
        return
    await toast(update, state_of(found))
    await tools.broadcasting.show(found.id, *pressed)


async def mute(update: Update, context: Context) -> None:
    """A person wants no more of them."""
    user = update.effective_user
    if user:
        await context.tools.workshop.database.write(accounts.change, user.id, now(), quiet=True)
    await toast(update, say("You get no more news. /settings brings them back."))


async def _tell_latest(update: Update, context: Context) -> None:
    found = await context.tools.workshop.database.read(broadcasts.latest)
    lines = [state_of(found)] if found else []
    hint = say("<code>/broadcast words</code>, or /broadcast as a reply to what shall be sent.")
    await answer(
        update, *lines, hint, keyboard=buttons_of(found, language_of(update)) if found else None
    )


HANDLERS = [
    command("broadcast", prepare),
    CallbackQueryHandler(press, pattern=r"^broadcast:(?:send|stop|go):\d{1,18}$"),
    CallbackQueryHandler(mute, pattern=f"^{MUTE}$"),
]
