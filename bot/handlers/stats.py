"""/stats: how the bot did in the last days, in words and as a picture."""

from datetime import timedelta

from telegram import Update

from bot.authority import needs
from bot.commands import command
from bot.context import Context
from bot.pictures import send_picture
from bot.speech import answer
from core.access import Role
from core.credits import day_of
from core.words import Sentence, say, say_many
from jobs.ports import now
from storage import figures
from storage.figures import Figures, ModelFigures

_SPANS = {"7d": 7, "30d": 30, "90d": 90}


@needs(Role.SUPPORT)
async def show(update: Update, context: Context) -> None:
    """/stats, /stats 30d: what ended within so many days."""
    asked = (context.args or ["7d"])[0].lower()
    if asked not in _SPANS:
        await answer(update, say("Possible: {allowed}.", allowed=", ".join(_SPANS)))
        return
    count, moment = _SPANS[asked], now()
    found = await context.tools.workshop.database.read(
        figures.gather, moment - timedelta(days=count)
    )
    days = [day_of(moment) - timedelta(days=back) for back in range(count - 1, -1, -1)]
    empty = (0, 0)
    arguments = {
        "days": [
            {
                "day": f"{day:%m-%d}",
                "made": found.days.get(day, empty)[0],
                "failed": found.days.get(day, empty)[1],
            }
            for day in days
        ],
        "models": [
            {"model": one.model, "made": one.made, "failed": one.failed, "render": one.render}
            for one in found.models
        ],
    }
    await send_picture(update, context, "draw_days", arguments, _text(found, count))


def _text(found: Figures, days: int) -> list[Sentence]:
    lines = [
        say_many("<b>The last {count} day</b>", "<b>The last {count} days</b>", count=days),
        say(
            "Delivered: {made}, failed: {failed}; accounts: {people}; credits spent: {credits}.",
            made=found.made,
            failed=found.failed,
            people=found.people,
            credits=found.credits,
        ),
    ]
    lines += [_of_model(one) for one in found.models]
    if found.top:
        lines.append(say("<b>Most active</b>"))
    lines += [
        say("{name}: videos {videos}, credits {credits}", name=name, videos=videos, credits=spent)
        for name, videos, spent in found.top
    ]
    return lines


def _of_model(one: ModelFigures) -> Sentence:
    return say(
        "<code>{model}</code>: {made} made, {share} succeed; waits {wait} s, renders {render} s",
        model=one.model,
        made=one.made,
        share="-" if one.success is None else f"{one.success:.0%}",
        wait=_seconds(one.wait),
        render=_seconds(one.render),
    )


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


HANDLERS = [command("stats", show)]
