"""/effects: the ready-made effects by what the photo must show, in plain words and as buttons."""

from collections.abc import Iterable
from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import CallbackQueryHandler

from bot.commands import command
from bot.context import Context
from bot.drafting import AT_ONCE
from bot.place import spot_of
from bot.speech import answer, language_of, redraw, toast
from bot.translations import plain, translate
from core.capabilities import Effect, Shows
from core.words import Sentence, say
from storage import drafts
from storage.content import Content
from storage.drafts import Draft, Stage

_ALL = "all"
_GROUPS = {
    Shows.ANYTHING: say("<b>Anything</b>"),
    Shows.PERSON: say("<b>One person</b>"),
    Shows.LIVING: say("<b>One person or animal</b>"),
    Shows.COUPLE: say("<b>Two people</b>"),
}
_HOW = {
    Shows.ANYTHING: say("Send a photo of anything with this caption: <code>{example}</code>"),
    Shows.PERSON: say("Send a photo of one person with this caption: <code>{example}</code>"),
    Shows.LIVING: say(
        "Send a photo of one person or animal with this caption: <code>{example}</code>"
    ),
    Shows.COUPLE: say("Send a photo of two people with this caption: <code>{example}</code>"),
}


async def show(update: Update, context: Context) -> None:
    effects = _effects(context)
    if not effects:
        await answer(update, _NONE)
        return
    await answer(update, *_list(effects), keyboard=_groups(effects, update))


async def browse(update: Update, context: Context) -> None:
    """A group of effects, or all groups; everybody may look."""
    group, effects = _named(update), _effects(context)
    await toast(update)
    found = [one for one in effects if one.shows.value == group]
    if not effects:
        await _redraw(update, [_NONE], None)
    elif not found:
        await _redraw(update, _list(effects), _groups(effects, update))
    else:
        rows = [[_button(update, one.title, f"effect:{one.name}")] for one in found]
        rows.append([_button(update, _BACK, f"effects:{_ALL}")])
        lines = [_GROUPS[found[0].shows], say("Press one:")]
        await _redraw(update, lines, InlineKeyboardMarkup(rows))


async def pick(update: Update, context: Context) -> None:
    """Order it with the photo that waits for words; without one, say how to use it."""
    query, spot, name = update.callback_query, spot_of(update), _named(update)
    effect = next((one for one in _effects(context) if one.name == name), None)
    if query is None or spot is None or effect is None:
        await toast(update, say("This effect is not offered any more."))
        return
    draft = await context.tools.workshop.database.read(drafts.open_draft, spot)
    if draft is None or draft.stage is not Stage.ASKING or not draft.content.photos:
        await toast(update)
        example = f"--effect {effect.name}"
        lines = [
            say("<b>{title}</b>", title=effect.title),
            say(_HOW[effect.shows].template, example=example),
        ]
        back = _button(update, _BACK, f"effects:{effect.shows.value}")
        await _redraw(update, lines, InlineKeyboardMarkup([[back]]))
        return
    await toast(update, say("It is used for your photo."))

    def change(current: Draft | None) -> tuple[Content, str | None]:
        # In the place of the words: they are not used, and may be what was wrong.
        return replace((current or draft).content, words=f"--effect {effect.name}"), None

    await context.tools.drafting.receive(spot, change, quiet=AT_ONCE)


_NONE = say("No model here has ready-made effects.")
_BACK = say("← Back")


def _effects(context: Context) -> list[Effect]:
    models = context.tools.workshop.catalog.models()
    return list({effect.name: effect for model in models for effect in model.effects}.values())


def _named(update: Update) -> str:
    data = (update.callback_query.data if update.callback_query else None) or ""
    return data.partition(":")[2]


def _list(effects: Iterable[Effect]) -> list[Sentence]:
    lines = [
        say(
            "Press a group, or put one into the caption of a photo, like <code>--effect melt</code>:"
        )
    ]
    for shows, title in _GROUPS.items():
        group = [effect for effect in effects if effect.shows is shows]
        if group:
            lines += [title, *map(_line, group)]
    return lines


def _line(effect: Effect) -> Sentence:
    return say("• <code>{name}</code>: {title}", name=effect.name, title=effect.title)


def _groups(effects: Iterable[Effect], update: Update) -> InlineKeyboardMarkup:
    there = {effect.shows for effect in effects}
    return InlineKeyboardMarkup(
        [
            [_button(update, title, f"effects:{shows.value}")]
            for shows, title in _GROUPS.items()
            if shows in there
        ]
    )


def _button(update: Update, label: Sentence, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(plain(translate(label, language_of(update))), callback_data=data)


async def _redraw(
    update: Update, lines: Iterable[Sentence], keyboard: InlineKeyboardMarkup | None
) -> None:
    language = language_of(update)
    await redraw(update, "\n".join(translate(line, language) for line in lines), keyboard)


HANDLERS = [
    command("effects", show),
    CallbackQueryHandler(browse, pattern=r"^effects:[a-z]{1,10}$"),
    CallbackQueryHandler(pick, pattern=r"^effect:[a-z0-9-]{1,40}$"),
]
