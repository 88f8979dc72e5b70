"""The owners' hand on the video services, by button or in words: on, off, test, keys, limits."""

from collections.abc import Collection, Sequence

from bot.context import Context
from core.errors import UserError
from core.words import Sentence, say
from jobs.ports import now
from providers.base import Provider
from storage import audit

HINT = say(
    "In words: <code>/providers off local</code>, also <code>on</code>, <code>test</code> and "
    "<code>keys</code> (use them again); <code>/providers default auto</code> sets the usual "
    "model, <code>/providers running local 2</code> how many videos are made at a time."
)
_OTHER_WORDS = {"enable": "on", "disable": "off", "revive": "keys", "limit": "running"}
_ACTS = ("on", "off", "test", "keys", "default", "running")


async def obey(context: Context, words: Sequence[str], *, by: int) -> list[Sentence]:
    """Do what stands behind /providers, what and whom in any order; gives what to answer.

    Raises UserError with what is possible where they make no sense.
    """
    act, *rest = (_OTHER_WORDS.get(word.lower(), word) for word in words)
    if act.lower() not in _ACTS and rest:
        act, rest[0] = rest[0].lower(), act
    match act.lower(), rest:
        case "default", [model, *reason]:
            return [await _set(context, "model.default", model, reason, by=by)]
        case "running", [count, line, *reason] if count.isdecimal():
            return [await _set(context, _seats(context, line), count, reason, by=by)]
        case "running", [line, count, *reason]:
            return [await _set(context, _seats(context, line), count, reason, by=by)]
        case "test", [name, *more]:
            return await test(_named(context, name, more))
        case "keys", [name, *more]:
            return [await revive(context, _named(context, name, more), by=by)]
        case ("on" | "off") as value, [name, *reason]:
            return [await switch(context, _named(context, name, reason), value, reason, by=by)]
        case _:
            raise UserError(HINT)


async def switch(
    context: Context, provider: Provider, value: str, reason: Sequence[str] = (), *, by: int
) -> Sentence:
    """Let a service take new videos ("on"), or not ("off")."""
    name = f"provider.{provider.name}"
    await context.tools.live.change(name, value, by=by, reason=" ".join(reason))
    if value == "on":
        return say("{name} is on.", name=provider.name)
    return say("{name} is off: it takes no new videos.", name=provider.name)


async def test(provider: Provider) -> list[Sentence]:
    """Ask a service whether it works, with each of its keys."""
    marks = {True: "✅", False: "❌", None: "➖"}
    return [
        say(
            "{mark} {name}: {finding}",
            mark=marks[one.ok],
            name=f"{provider.name} {one.key}".strip(),
            finding=one.text,
        )
        for one in await provider.check()
    ]


async def revive(context: Context, provider: Provider, *, by: int) -> Sentence:
    """Use keys again that were retired or rest."""
    count = provider.revive()
    await context.tools.workshop.database.write(
        audit.record, by=by, action="revive", detail=f"{provider.name}: {count}", now=now()
    )
    context.tools.dispatcher.wake()
    return say("{name}: keys brought back: {count}.", count=count, name=provider.name)


async def _set(
    context: Context, name: str, value: str, reason: Sequence[str], *, by: int
) -> Sentence:
    old, new = await context.tools.live.change(name, value, by=by, reason=" ".join(reason))
    return say("<code>{name}</code>: {old} → <b>{new}</b>", name=name, old=old, new=new)


def _named(context: Context, name: str, more: Sequence[str]) -> Provider:
    """The service of this name; raises UserError where `more` goes on with another one."""
    providers = context.tools.workshop.catalog.providers
    found = providers.get(name.lower())
    if found is None:
        raise _unknown(name, providers)
    if more and more[0].lower() in providers:
        raise UserError(say("I take one service at a time: nothing was done."))
    return found


def _seats(context: Context, line: str) -> str:
    """The setting of a line's limit; the service's name will do where it has one line."""
    lanes = list(context.tools.dispatcher.seats())
    own = [lane for lane in lanes if lane == line or lane.split(".")[0] == line.lower()]
    if line not in lanes and len(own) != 1:
        raise _unknown(line, own or lanes)
    return f"running.{line if line in lanes else own[0]}"


def _unknown(name: str, possible: Collection[str]) -> UserError:
    return UserError(
        say("There is no {name} here. Possible: {names}.", name=name, names=", ".join(possible))
    )
