"""/set: settings that owners change while the bot runs."""

from telegram import Update

from bot.authority import Where, needs
from bot.commands import command
from bot.context import Context
from bot.live import shown, unknown
from bot.place import sender_of
from bot.speech import answer, language_of
from bot.translations import translate
from core.access import Role
from core.errors import UserError
from core.words import say

_NAME_AND_VALUE = 2


@needs(Role.OWNER, Where.STAFF)
async def change(update: Update, context: Context) -> None:
    """/set lists; /set name shows one; /set name value reason... changes it; "default" undoes."""
    live, words, sender = context.tools.live, list(context.args or []), sender_of(update)
    if len(words) < _NAME_AND_VALUE or sender is None:
        await _show(update, context, words[0] if words else "")
        return
    name, value, *reason = words
    old, new = await live.change(name, value, by=sender, reason=" ".join(reason))
    await answer(
        update,
        say("<code>{name}</code>: {old} → <b>{new}</b>", name=name, old=old, new=new),
        say("It holds from now on, also after a restart."),
    )


async def _show(update: Update, context: Context, wanted: str) -> None:
    live, language = context.tools.live, language_of(update)
    names = [name for name in live.knobs if name.startswith(wanted)]
    if not names:
        raise UserError(unknown(wanted))
    lines = [
        say(
            "<code>{name}</code> = <b>{value}</b>{mark}: {meaning}",
            name=name,
            value=shown(live.knobs[name].read()),
            mark="*" if live.is_changed(name) else "",
            meaning=translate(live.knobs[name].meaning, language),
        )
        for name in names
    ]
    hints = [say("* was changed here.")] if any(map(live.is_changed, names)) else []
    hints.append(
        say(
            "Change one like this: <code>/set credits.daily 40</code>; "
            "<code>/set credits.daily default</code> undoes it."
        )
    )
    await answer(update, *lines, *hints)


HANDLERS = [command("set", change)]
