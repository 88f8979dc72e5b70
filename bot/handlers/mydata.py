"""/mydata: everything the bot keeps about a person, as one file."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from telegram import InputFile, Update
from telegram.constants import ChatType

from bot.commands import command
from bot.context import Context
from bot.place import sender_of
from bot.speech import answer, language_of
from bot.translations import translate
from core.words import say, say_many
from jobs.housekeeping import files_of
from jobs.workshop import Workshop
from storage import accounts, belongings
from storage.export import write_zip

_AGAIN = timedelta(minutes=10)
_TIMEOUT = 300  # seconds: the file may have 45 MB


async def send(update: Update, context: Context) -> None:
    """Send it where only this person reads it, and no oftener than every ten minutes."""
    workshop, chat, sender = context.tools.workshop, update.effective_chat, sender_of(update)
    if chat is None or sender is None or chat.type != ChatType.PRIVATE:
        await answer(update, say("I answer that in our private chat."))
        return
    now = workshop.now()
    known = await workshop.database.read(accounts.get, sender)
    last = known.choices.get("exported") if known else None
    if last and now - datetime.fromisoformat(last) < _AGAIN:
        await answer(update, say("I sent you your data a few minutes ago. Try again later."))
        return
    await workshop.database.write(accounts.choose, sender, now, exported=now.isoformat())
    with workshop.folder.attempt(".zip") as target:
        left_out = await _pack(workshop, sender, target)
        caption = say("Everything I keep about you: data.json, and the files that are still here.")
        lines = [translate(caption, language_of(update))]
        if left_out:
            more = say_many(
                "{count} file had no room in it.",
                "{count} files had no room in it.",
                count=left_out,
            )
            lines.append(translate(more, language_of(update)))
        with target.open("rb") as file:
            await context.bot.send_document(
                chat.id,
                InputFile(file, filename="firstframe-data.zip", read_file_handle=False),
                caption="\n".join(lines),
                write_timeout=_TIMEOUT,
                read_timeout=_TIMEOUT,
            )
        target.unlink()


async def _pack(workshop: Workshop, sender: int, target: Path) -> int:
    data = await workshop.database.read(belongings.collect, sender)
    files = [
        (f"video {task.id}/{name[:8]}{Path(name).suffix}", workshop.folder.path(name))
        for task in await workshop.database.read(belongings.videos_of, sender)
        for name in sorted(files_of(task))
    ]
    return await asyncio.to_thread(write_zip, target, data, files)


HANDLERS = [command("mydata", send)]
