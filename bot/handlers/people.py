"""/allow, /ban and /unban: whom the bot serves, decided by owners and admins."""

from collections.abc import Sequence

from telegram import Update
from telegram.constants import ChatType

from bot.acting import act_of, free_credits, let_in
from bot.arguments import Target, ask_whom, read_command
from bot.authority import Where, needs
from bot.commands import command
from bot.context import Context
from bot.profiles import name_of, standing
from bot.speech import answer, language_of
from bot.translations import translate
from core.access import Role
from core.arguments import Grammar
from core.words import Sentence, say, say_many
from jobs.ports import now
from storage import accounts, acts, directory
from storage.accounts import Account


@needs(Role.ADMIN, Where.ANYWHERE)
async def allow(update: Update, context: Context) -> None:
    """/allow 12345, /allow @name, or as an answer; /allow here in a group: everybody there."""
    example, tools = "/allow 12345", context.tools
    asked = await read_command(update, context, Grammar(), example=example)
    if asked.target is None:
        found = await tools.workshop.database.read(directory.allowed)
        await _show_state(update, context, found, example)
        return
    act = act_of(update, asked.target.account, reason=asked.reason)
    await let_in(context, act)
    await answer(update, *await _welcome(context, asked.target))


async def _welcome(context: Context, target: Target) -> list[Sentence]:
    """That somebody may order now; of a chat also what it has to spend."""
    account, who, tools = target.account, str(target), context.tools
    if account > 0 or not tools.policy.closed:
        return [say("{who} may use this bot.", who=who)]
    if tools.tariff.is_free:
        return [say("Videos can be ordered in {who} now.", who=who)]
    free = await free_credits(context, account)
    lines = [
        say_many(
            "Videos can be ordered in {who} now. It has {count} credit for them.",
            "Videos can be ordered in {who} now. It has {count} credits for them.",
            count=free,
            who=who,
        )
    ]
    if not free:
        lines.append(say("Give it some: <code>{example}</code>", example=f"/grant {account} 100"))
    return lines


@needs(Role.ADMIN, Where.ANYWHERE)
async def ban(update: Update, context: Context) -> None:
    """/ban @name 3d spam: for three days; without a length for good."""
    example, tools = "/ban @name 3d spam", context.tools
    asked = await read_command(update, context, Grammar(length=True), example=example)
    if asked.target is None:
        found = await tools.workshop.database.read(directory.kept_out, now())
        await _show_state(update, context, found, example)
        return
    message = update.effective_message
    # Counted from the message, so that the command ends the ban at the same time if it comes again.
    until = message.date + asked.length if message and asked.length else None
    act = act_of(update, asked.target.account, reason=asked.reason)
    await tools.workshop.database.write(acts.ban, tools.policy, act, until)
    who = str(asked.target)
    if until is None:
        await answer(update, say("{who} can no longer use this bot.", who=who))
    else:
        moment = f"{until:%Y-%m-%d %H:%M}"
        await answer(
            update, say("{who} cannot use this bot until {moment} UTC.", who=who, moment=moment)
        )


@needs(Role.ADMIN, Where.ANYWHERE)
async def unban(update: Update, context: Context) -> None:
    """/unban @name: the way back; in a closed bot /allow may be needed as well."""
    example, tools = "/unban @name", context.tools
    database = tools.workshop.database
    asked = await read_command(update, context, Grammar(), example=example)
    if asked.target is None:
        found = await database.read(directory.kept_out, now())
        await _show_state(update, context, found, example)
        return
    account = asked.target.account
    act = act_of(update, account, reason=asked.reason)
    await database.write(acts.unban, tools.policy, act)
    lines = [say("{who} is not kept out any more.", who=str(asked.target))]
    known = await database.read(accounts.get, account)
    if tools.policy.closed and not (known and known.allowed):
        lines.append(
            say(
                "This bot is closed: <code>{example}</code> lets them in.",
                example=f"/allow {account}",
            )
        )
    await answer(update, *lines)


async def _show_state(
    update: Update, context: Context, listed: Sequence[Account], example: str
) -> None:
    """Show how things stand, and an example; a group sees nothing but its own standing."""
    chat = update.effective_chat
    if chat and chat.type != ChatType.PRIVATE:
        known = await context.tools.workshop.database.read(accounts.get, chat.id)
        listed = [known or Account(id=chat.id, name=chat.title or "")]
    await answer(update, *_lines(update, context, listed), ask_whom(update, example))


def _lines(update: Update, context: Context, found: Sequence[Account]) -> list[Sentence]:
    language, policy, moment = language_of(update), context.tools.policy, now()
    return [
        say(
            "• {who} <code>{account}</code>: {standing}",
            who=name_of(one),
            account=one.id,
            standing=translate(standing(one, policy, moment), language),
        )
        for one in found
    ]


HANDLERS = [command("allow", allow), command("ban", ban), command("unban", unban)]
