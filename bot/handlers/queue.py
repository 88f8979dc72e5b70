"""/queue: every line that videos stand in."""

from telegram import Update

from bot.authority import needs
from bot.commands import command
from bot.context import Context
from bot.speech import answer
from core.access import Role
from core.words import say
from jobs.ports import now
from storage import lines


@needs(Role.SUPPORT)
async def show(update: Update, context: Context) -> None:
    tools, moment = context.tools, now()
    found = await tools.workshop.database.read(lines.overview)
    seats = tools.dispatcher.seats()
    shown = [say("<b>Lines</b> of waiting and running videos:")]
    for lane in sorted({*seats, *found}):
        line = found.get(lane, lines.EMPTY)
        values: dict[str, str | int] = {
            "lane": lane,
            "running": line.running,
            "seats": seats.get(lane, 0),
            "waiting": line.waiting,
        }
        if line.oldest:
            minutes = int((moment - line.oldest).total_seconds()) // 60
            shown.append(
                say(
                    "• <code>{lane}</code>: {running} of {seats} running, {waiting} waiting, "
                    "the oldest for {minutes} min",
                    **values,
                    minutes=minutes,
                )
            )
        else:
            shown.append(
                say(
                    "• <code>{lane}</code>: {running} of {seats} running, {waiting} waiting",
                    **values,
                )
            )
    await answer(update, *shown)


HANDLERS = [command("queue", show)]
