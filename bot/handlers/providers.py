"""/providers: how the video services are doing, and the owners' hand on them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import CallbackQueryHandler

from bot import servicing
from bot.authority import needs
from bot.commands import command
from bot.context import Context
from bot.pictures import change_words, send_picture
from bot.place import sender_of
from bot.speech import answer, language_of, toast
from bot.translations import translate
from core.access import Role
from core.words import Sentence, say
from jobs.ports import now
from providers.base import Provider
from providers.health import Condition, KeyHealth
from storage import figures, lines
from storage.figures import ModelFigures
from storage.lines import EMPTY, Line

_SPAN = timedelta(days=1)
_WORST = (Condition.READY, Condition.RESTING, Condition.RETIRED)


async def providers(update: Update, context: Context) -> None:
    """/providers shows; what stands behind it is an order, such as "off dashscope"."""
    await (order if context.args else show)(update, context)


@needs(Role.ADMIN)
async def order(update: Update, context: Context) -> None:
    """What the buttons do, and the usual model and limits besides, in words."""
    sender = sender_of(update)
    if sender is not None:
        await answer(update, *await servicing.obey(context, context.args or [], by=sender))


@needs(Role.SUPPORT)
async def show(update: Update, context: Context) -> None:
    """A card of all services, with buttons for what can be done about each."""
    services = await _services(context)
    await send_picture(
        update,
        context,
        "draw_services",
        {"services": services},
        words_of(services),
        _keyboard(update, context),
    )


@needs(Role.ADMIN)
async def press(update: Update, context: Context) -> None:
    """Switch a service on or off, ask it whether it works, or bring its keys back."""
    query, sender = update.callback_query, sender_of(update)
    _, act, name = ((query.data if query else None) or "::").split(":", 2)
    provider = context.tools.workshop.catalog.providers.get(name)
    if provider is None or sender is None or query is None:
        await toast(update, say("There is no such service any more."))
    elif act == "test":
        await toast(update, say("Asking {name}.", name=name))
        await answer(update, *await servicing.test(provider))
    elif act == "keys":
        await toast(update, await servicing.revive(context, provider, by=sender))
        await _refresh(update, context)
    else:
        await toast(update, await servicing.switch(context, provider, act, by=sender))
        await _refresh(update, context)


async def _refresh(update: Update, context: Context) -> None:
    """Say under the card how things stand after a press."""
    words = words_of(await _services(context))
    await change_words(update, words, _keyboard(update, context))


async def _services(context: Context) -> list[dict[str, Any]]:
    database = context.tools.workshop.database
    past = await database.read(figures.gather, now() - _SPAN)
    standing = await database.read(lines.overview)
    return [
        _service(provider, past.models, standing)
        for provider in context.tools.workshop.catalog.providers.values()
    ]


def _service(
    provider: Provider,
    past: Sequence[ModelFigures],
    standing: Mapping[str, Line],
) -> dict[str, Any]:
    health = provider.health()
    mine = [one for one in past if one.model.partition("/")[0] == provider.name]
    made, failed = sum(one.made for one in mine), sum(one.failed for one in mine)
    renders = sorted(one.render for one in mine if one.render is not None)
    own = [standing.get(lane, EMPTY) for lane in health.lanes]
    conditions = [key.condition for key in health.keys] or [Condition.READY]
    # As long as one key is well the service is.
    state = min(conditions, key=_WORST.index).value if provider.is_open else "off"
    return {
        "name": provider.name,
        "state": state,
        "success": made / (made + failed) if made + failed else None,
        "render": renders[len(renders) // 2] if renders else None,
        "waiting": sum(line.waiting for line in own),
        "running": sum(line.running for line in own),
        "seats": sum(health.lanes.values()),
        "keys": [
            {
                "id": key.id,
                "state": key.condition.value,
                "tasks": key.tasks,
                "rests": round(key.rests) if key.condition is Condition.RESTING else 0,
                "why": _why(key),
            }
            for key in health.keys
        ],
    }


def _why(key: KeyHealth) -> str:
    """What a service has said, as it is."""
    closed = [f"{model}: {why}" for model, why in key.closed.items()]
    return "; ".join(filter(None, [key.reason, *closed]))


def words_of(services: Sequence[dict[str, Any]]) -> list[Sentence]:
    """What the picture shows, in the reader's language."""
    found = [say("<b>Services</b>, the last 24 hours")]
    found += [line for one in services for line in _in_words(one)]
    return [*found, servicing.HINT]


def _in_words(service: dict[str, Any]) -> list[Sentence]:
    states = {
        "ready": say("{name}: works"),
        "resting": say("{name}: rests for a while"),
        "retired": say("{name}: needs you"),
        "off": say("{name}: switched off"),
    }
    name, state = service["name"], states[service["state"]].template
    success, render = service["success"], service["render"]
    line = say(
        "{state}. {waiting} waiting, {running} of {seats} running",
        state=say(state, name=name),
        waiting=service["waiting"],
        running=service["running"],
        seats=service["seats"],
    )
    if success is not None:
        line = say("{figures}; success {share}", figures=line, share=f"{success:.0%}")
    if render is not None:
        line = say("{figures}; median render {render} s", figures=line, render=f"{render:.0f}")
    return [line] + [_of_key(key) for key in service["keys"] if key["rests"] or key["why"]]


def _of_key(key: dict[str, Any]) -> Sentence:
    name, why = key["id"], key["why"]
    if not key["rests"]:
        return say("• key <code>{key}</code>: {why}", key=name, why=why)
    rest = say("• key <code>{key}</code> rests {seconds} s", key=name, seconds=key["rests"])
    return say("{rest}: {why}", rest=rest, why=why) if why else rest


def _keyboard(update: Update, context: Context) -> InlineKeyboardMarkup:
    language = language_of(update)
    rows = []
    for name, provider in context.tools.workshop.catalog.providers.items():
        switch = say("Off: {name}") if provider.is_open else say("On: {name}")
        acts = [(switch, "off" if provider.is_open else "on"), (say("Test"), "test")]
        if any(
            key.condition is not Condition.READY or key.closed for key in provider.health().keys
        ):
            acts.append((say("Use its keys again"), "keys"))
        rows.append(
            [
                InlineKeyboardButton(
                    translate(
                        say(label.template, name=name) if "{name}" in label.template else label,
                        language,
                    ),
                    callback_data=f"service:{act}:{name}",
                )
                for label, act in acts
            ]
        )
    return InlineKeyboardMarkup(rows)


HANDLERS = [
    command("providers", providers),
    CallbackQueryHandler(press, pattern=r"^service:(?:on|off|test|keys):[a-z0-9]{1,30}$"),
]
