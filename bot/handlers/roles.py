"""/roles: who helps the owners, and as what."""

from telegram import Update

from bot import menu
from bot.acting import act_of
from bot.arguments import Asked, ask_whom, read_command
from bot.authority import needs
from bot.commands import command
from bot.context import Context
from bot.notices import tell
from bot.profiles import ROLE_NAMES, name_of
from bot.speech import answer, language_of
from bot.translations import translate
from core.access import ROLES, Role
from core.arguments import Grammar
from core.words import Sentence, say
from storage import accounts, acts, directory

_NONE = "none"
_GRAMMAR = Grammar(choices=frozenset({*ROLES, _NONE}))
_EXAMPLE = "/roles @anna support"


@needs(Role.OWNER)
async def roles(update: Update, context: Context) -> None:
    """/roles lists them; /roles @anna admin, support or none gives and takes one."""
    asked = await read_command(update, context, _GRAMMAR, example=_EXAMPLE)
    if asked.target is None or asked.choice is None:
        state = await _listed(update, context) if asked.is_bare else []
        await answer(update, *state, _missing(update, asked))
        return
    role = ROLES.get(asked.choice, Role.NOBODY)
    tools, who = context.tools, str(asked.target)
    act = act_of(update, asked.target.account, reason=asked.reason)
    await tools.workshop.database.write(acts.set_role, tools.policy, act, role)
    await menu.assign(context.bot, asked.target.account, role)
    name = translate(ROLE_NAMES[role], language_of(update))
    await answer(update, say("Role of {who} from now on: {role}.", who=who, role=name))
    await tell(context, act.account, _NEWS[role])


_NEWS = {
    Role.NOBODY: say("You no longer have a role in running this bot."),
    Role.SUPPORT: say(
        "You help to run this bot now: you may look things up, and retry and cancel videos."
    ),
    Role.ADMIN: say(
        "You help to run this bot now: you decide about people, credits and services."
    ),
}


async def _listed(update: Update, context: Context) -> list[Sentence]:
    tools, language = context.tools, language_of(update)
    database = tools.workshop.database
    lines = []
    for owner in sorted(tools.policy.owners):
        known = await database.read(accounts.get, owner)
        lines.append((Role.OWNER, name_of(known) if known else "-", owner))
    found = await database.read(directory.with_role)
    lines += [(ROLES[one.role or ""], name_of(one), one.id) for one in found]
    return [
        *(
            say(
                "• {who} <code>{account}</code>: {role}",
                who=name,
                account=account,
                role=translate(ROLE_NAMES[role], language),
            )
            for role, name, account in lines
        ),
    ]


def _missing(update: Update, asked: Asked) -> Sentence:
    if asked.target:
        return say(
            "Which role for {who}? support, admin or none: <code>{example}</code>",
            who=str(asked.target),
            example=_EXAMPLE,
        )
    if asked.is_bare:
        return say(
            "Give or take one: <code>{example}</code>, or admin, or none.", example=_EXAMPLE
        )
    return ask_whom(update, _EXAMPLE)


HANDLERS = [command("roles", roles)]
