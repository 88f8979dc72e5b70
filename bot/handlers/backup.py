"""/backup: a checked copy of the database, made while the bot runs."""

import asyncio
from functools import partial

from telegram import Update

from bot.authority import Where, needs
from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer
from core.access import Role
from core.errors import StorageError
from core.words import say
from jobs.ports import now
from storage import audit, backups

FOLDER = "backups"


@needs(Role.OWNER, Where.PRIVATE)
async def back_up(update: Update, context: Context) -> None:
    tools, sender = context.tools, sender_of(update)
    folder = tools.settings.data_dir / FOLDER
    make = partial(backups.make, asked=update.update_id)
    try:
        copy = await asyncio.to_thread(make, tools.workshop.database.path, folder, now())
    except (StorageError, OSError) as error:
        await answer(update, say("The backup failed: {reason}", reason=str(error)))
        return
    await tools.workshop.database.write(
        audit.record, by=sender or 0, action="backup", detail=copy.name, now=now()
    )
    await answer(
        update,
        say(
            "Backup <code>{name}</code>, {size} kB, is complete and checked. It lies in "
            "<code>backups</code> under DATA_DIR and holds what people wrote: keep it safe. "
            "To put it back, stop the bot and run <code>firstframe restore {name}</code>.",
            name=copy.name,
            size=copy.stat().st_size // 1000,
        ),
    )


HANDLERS = [command("backup", back_up)]
