"""/maintenance: no new videos for a while, and those on their way are finished."""

from datetime import datetime

from sqlalchemy import Connection
from telegram import Update

from bot.authority import needs
from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer
from core.access import FOREVER, Policy, Role
from core.arguments import take_length
from core.errors import UserError
from core.words import Sentence, say, say_many
from jobs.ports import now
from storage import audit, lines, overrides
from storage.database import Database

_NAME = "maintenance"
_USAGE = say("<code>/maintenance on 15m</code>, <code>/maintenance off</code>")


async def restore(database: Database, policy: Policy) -> None:
    """Go on with a maintenance that an earlier process was in."""
    found = (await database.read(overrides.read_all)).get(_NAME)
    policy.maintenance = datetime.fromisoformat(found) if found else None


@needs(Role.ADMIN)
async def switch(update: Update, context: Context) -> None:
    """/maintenance shows; on [15m] begins; off ends it."""
    tools, sender = context.tools, sender_of(update)
    if sender is None or not context.args:
        await _show(update, context)
        return
    switched, *words = context.args
    if switched.lower() not in {"on", "off"}:
        raise UserError(_USAGE)
    moment, until = now(), None
    if switched.lower() == "on":
        length, words = take_length(words)
        until = moment + length if length else FOREVER
    reason = " ".join(words)
    await tools.workshop.database.write(_remember, until, by=sender, reason=reason, moment=moment)
    tools.policy.maintenance = until
    await _show(update, context)


def _remember(
    connection: Connection, until: datetime | None, *, by: int, reason: str, moment: datetime
) -> None:
    if until:
        overrides.put(connection, _NAME, until.isoformat(), by=by, now=moment)
    else:
        overrides.drop(connection, _NAME)
    detail = "on" if until else "off"
    if until and until != FOREVER:
        detail = f"on until {until:%Y-%m-%d %H:%M}"
    audit.record(connection, by=by, action=_NAME, detail=detail, reason=reason, now=moment)


async def _show(update: Update, context: Context) -> None:
    tools = context.tools
    until = tools.policy.maintenance
    waiting = sum((await tools.workshop.database.read(lines.queues)).values())
    rest = say_many(
        "{count} video is on its way.",
        "{count} videos are on their way.",
        count=waiting,
    )
    texts = [_state(until), rest] if waiting else [_state(until)]
    await answer(
        update,
        *texts,
        _USAGE,
    )


def _state(until: datetime | None) -> Sentence:
    if until is None or until <= now():
        return say("The bot takes videos.")
    if until == FOREVER:
        return say("Maintenance: no new videos until you switch it off.")
    return say("Maintenance: no new videos until {time} UTC.", time=f"{until:%Y-%m-%d %H:%M}")


HANDLERS = [command(_NAME, switch)]
