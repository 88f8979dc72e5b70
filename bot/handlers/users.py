"""/users: who uses the bot, page by page."""

from datetime import timedelta

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.authority import Where, needs
from bot.commands import command
from bot.context import Context
from bot.lists import cut, page_line, pages_of, show, turning
from bot.profiles import day, name_of, standing
from bot.speech import language_of, toast
from bot.translations import translate
from core.access import Role
from core.credits import day_of
from core.errors import UserError
from core.words import say
from jobs.ports import now
from storage import directory

_PAGE = 8
_LATELY = timedelta(days=29)  # and today
_SEARCH = 40  # bytes: a button carries it


@needs(Role.SUPPORT, Where.PRIVATE)
async def list_users(update: Update, context: Context) -> None:
    """/users, /users 2, /users anna: page by page, who wrote last first."""
    words = context.args or []
    page, search = 1, " ".join(words)
    if len(words) == 1 and words[0].isdecimal() and len(words[0]) <= 3:  # noqa: PLR2004
        page, search = int(words[0]), ""
    if len(search.encode()) > _SEARCH:
        raise UserError(say("That is too long to look for. Write a part of the name."))
    await _show_page(update, context, page, search)


@needs(Role.SUPPORT, Where.PRIVATE)
async def turn(update: Update, context: Context) -> None:
    data = (update.callback_query.data if update.callback_query else None) or ""
    _, page, search = data.split(":", 2)
    await toast(update)
    await _show_page(update, context, int(page), search)


async def _show_page(update: Update, context: Context, page: int, search: str) -> None:
    tools, language, moment = context.tools, language_of(update), now()
    database, since = tools.workshop.database, day_of(moment - _LATELY)
    _, total = await database.read(directory.page, search, offset=0, limit=0, since=since)
    pages = pages_of(total, _PAGE)
    page = min(max(1, page), pages)
    found, _ = await database.read(
        directory.page, search, offset=(page - 1) * _PAGE, limit=_PAGE, since=since
    )
    lines = [
        say(
            "<b>{who}</b> <code>{account}</code>: {standing}. Videos {videos}, credits in 30 days "
            "{spent}, last seen {seen}",
            who=cut(name_of(row.account), 60),
            account=row.account.id,
            standing=translate(standing(row.account, tools.policy, moment), language),
            videos=row.videos,
            spent=row.spent,
            seen=day(row.account.seen),
        )
        for row in found
    ]
    head = say("<b>Accounts</b>: {total}. One of them: /user 12345", total=total)
    if not found:
        head = say("Nobody here has {search} in their name or as their number.", search=search)
    await show(
        update,
        [head, *lines, *page_line(page, pages)],
        turning(page, pages, "users", search),
    )


HANDLERS = [
    command("users", list_users),
    CallbackQueryHandler(turn, pattern=r"^users:\d{1,4}:.{0,40}$"),
]
