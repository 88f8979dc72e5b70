"""/admin: what those who look after the bot can do, and how it is right now."""

from telegram import Update

from bot.authority import needs, role_of
from bot.commands import command
from bot.context import Context
from bot.menu import STAFF
from bot.speech import answer, language_of
from bot.translations import translate
from core.access import Role
from core.credits import day_of
from core.words import say, say_many
from jobs.ports import now
from storage import ledger, lines


@needs(Role.SUPPORT)
async def show(update: Update, context: Context) -> None:
    """The commands of one's own role, under the state of the day."""
    tools, language = context.tools, language_of(update)
    database = tools.workshop.database
    waiting = sum((await database.read(lines.queues)).values())
    spent = await database.read(ledger.spent, day_of(now()))
    role = await role_of(update, context)
    state = say_many(
        "Videos on their way: {waiting}. Spent or held today: {spent} of {count} credit.",
        "Videos on their way: {waiting}. Spent or held today: {spent} of {count} credits.",
        waiting=waiting,
        spent=spent,
        count=tools.policy.daily_budget,
    )
    commands = [
        say("/{name}: {what}", name=one.name, what=translate(one.what, language))
        for one in STAFF
        if role >= one.role
    ]
    await answer(update, state, *commands)


HANDLERS = [command("admin", show)]
