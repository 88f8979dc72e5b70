"""/block, /unblock and /blocked: words that nobody's video may be asked for with."""

from collections.abc import Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.authority import needs
from bot.commands import command
from bot.context import Context
from bot.lists import cut, page_line, pages_of, show, turning
from bot.place import sender_of
from bot.speech import answer, toast
from core.access import Role
from core.blocking import LONGEST, fold
from core.errors import UserError
from core.words import Sentence, say, say_many
from jobs.ports import now
from storage import blocked

_PAGE = 30
_LISTED = 3300  # characters: a page of the longest phrases


@needs(Role.ADMIN)
async def block(update: Update, context: Context) -> None:
    """/block word or phrase; several at once, each in a line of its own."""
    phrases = _phrases(update)
    if not phrases:
        await _show_page(update, context, 1)
        return
    sender, moment = sender_of(update) or 0, now()
    for phrase in phrases:
        await context.tools.workshop.database.write(blocked.block, phrase, by=sender, now=moment)
    await answer(
        update,
        say_many(
            "Blocked: {phrases}. Orders with it in their words are refused from now on.",
            "Blocked: {phrases}. Orders with one of them in their words are refused from now on.",
            count=len(phrases),
            phrases=_listed(phrases),
        ),
    )


@needs(Role.ADMIN)
async def unblock(update: Update, context: Context) -> None:
    phrases = _phrases(update)
    if not phrases:
        await _show_page(update, context, 1)
        return
    sender, moment = sender_of(update) or 0, now()
    for phrase in phrases:
        await context.tools.workshop.database.write(blocked.unblock, phrase, by=sender, now=moment)
    await answer(update, say("Not blocked: {phrases}.", phrases=_listed(phrases)))


@needs(Role.ADMIN)
async def show_list(update: Update, context: Context) -> None:
    await _show_page(update, context, 1)


@needs(Role.ADMIN)
async def turn(update: Update, context: Context) -> None:
    data = (update.callback_query.data if update.callback_query else None) or ""
    await toast(update)
    await _show_page(update, context, int(data.split(":")[1]))


async def _show_page(update: Update, context: Context, page: int) -> None:
    words = await context.tools.workshop.database.read(blocked.words)
    pages = pages_of(len(words), _PAGE)
    page = min(max(1, page), pages)
    shown = words[(page - 1) * _PAGE : page * _PAGE]
    lines: list[Sentence] = [
        say(
            "<b>Blocked words and phrases</b>: {total}. Capital letters, width and spaces make "
            "no difference; each stands for the whole word only.",
            total=len(words),
        ),
        *([say("{words}", words=_listed(shown))] if shown else []),
        say("<code>/block some phrase</code> adds, <code>/unblock some phrase</code> removes."),
        *page_line(page, pages),
    ]
    await show(update, lines, turning(page, pages, "blocked"))


def _phrases(update: Update) -> list[str]:
    """What stands behind the command, folded, line by line."""
    message = update.effective_message
    _, *rest = ((message.text if message else None) or "/block").split(maxsplit=1)
    found = [fold(line) for line in "".join(rest).splitlines()]
    phrases = list(dict.fromkeys(line for line in found if line))
    if any(len(phrase) > LONGEST for phrase in phrases):
        raise UserError(say("A phrase has {limit} characters at most.", limit=LONGEST))
    if any(len(phrase) == 1 and phrase.isascii() for phrase in phrases):
        raise UserError(say("A single letter would refuse almost everything."))
    return phrases


def _listed(phrases: Sequence[str]) -> str:
    return cut(", ".join(f"“{phrase}”" for phrase in phrases), _LISTED)


HANDLERS = [
    command("block", block),
    command("unblock", unblock),
    command("blocked", show_list),
    CallbackQueryHandler(turn, pattern=r"^blocked:\d{1,4}:$"),
]
