"""/effects: the ready-made effects by what the photo must show, in plain words."""

from telegram import Update

from bot.commands import command
from bot.context import Context
from bot.speech import answer, language_of
from bot.translations import translate
from core.capabilities import Effect, Shows
from core.words import Sentence, say

_GROUPS = {
    Shows.ANYTHING: say("<b>Anything</b>"),
    Shows.PERSON: say("<b>One person</b>"),
    Shows.LIVING: say("<b>One person or animal</b>"),
    Shows.COUPLE: say("<b>Two people</b>"),
}


async def show(update: Update, context: Context) -> None:
    models = context.tools.workshop.catalog.models()
    effects = {effect.name: effect for model in models for effect in model.effects}
    if not effects:
        await answer(update, say("No model here has ready-made effects."))
        return
    language = language_of(update)
    lines = [say("Put one into the caption of a photo, like <code>--effect melt</code>:")]
    for shows, title in _GROUPS.items():
        group = [effect for effect in effects.values() if effect.shows is shows]
        if group:
            lines += [title, *(_line(effect, language) for effect in group)]
    await answer(update, *lines)


def _line(effect: Effect, language: str) -> Sentence:
    title = translate(effect.title, language)
    return say("• <code>{name}</code>: {title}", name=effect.name, title=title)


HANDLERS = [command("effects", show)]
