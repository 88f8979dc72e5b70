"""/audit: what owners and their helpers did, in plain words."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.arguments import read_command
from bot.authority import Where, needs
from bot.commands import command
from bot.context import Context
from bot.lists import cut, page_line, pages_of, show, turning
from bot.profiles import ROLE_NAMES, minute, name_of
from bot.speech import toast
from core.access import ROLES, Role
from core.arguments import Grammar
from core.errors import UserError
from core.words import Sentence, Text, Value, say, say_many
from storage import accounts, audit, directory
from storage.audit import Entry

_PAGE = 10
_MOST = 25
_TEXT = 120  # characters of a detail or a reason
_VIDEO = re.compile(r"video (\d+)")
_COUNT = re.compile(r"\d+$")
_FORGOTTEN = say("(no longer known)")

_USAGE = say(
    "<code>/audit</code> shows the newest acts, <code>/audit {most}</code> so many of them and no "
    "more, <code>/audit @anna</code> what one account did and what was done to it.",
    most=_MOST,
)

_WORDS = {
    "grant": say_many(
        "<i>{moment}</i> {who} granted {count} credit to {whom}",
        "<i>{moment}</i> {who} granted {count} credits to {whom}",
        count=0,
    ),
    "take": say_many(
        "<i>{moment}</i> {who} took {count} credit from {whom}",
        "<i>{moment}</i> {who} took {count} credits from {whom}",
        count=0,
    ),
    "grant unknown": say(
        "<i>{moment}</i> {who} granted credits to {whom}; how many is no longer known"
    ),
    "take unknown": say(
        "<i>{moment}</i> {who} took credits from {whom}; how many is no longer known"
    ),
    "quota": say("<i>{moment}</i> {who} set the daily credits of {whom}: {detail}"),
    "allow": say("<i>{moment}</i> {who} let {whom} in"),
    "ban": say("<i>{moment}</i> {who} kept {whom} out"),
    "ban until": say("<i>{moment}</i> {who} kept {whom} out until {detail} UTC"),
    "unban": say("<i>{moment}</i> {who} ended the ban of {whom}"),
    "role": say("<i>{moment}</i> {who} changed the role of {whom}: {detail}"),
    "retry": say("<i>{moment}</i> {who} ordered video {detail} of {whom} anew"),
    "redeliver": say("<i>{moment}</i> {who} had video {detail} sent to {whom} again"),
    "cancel": say("<i>{moment}</i> {who} cancelled video {detail} of {whom}"),
    "remove": say("<i>{moment}</i> {who} removed video {detail} of {whom}"),
    "maintenance on": say("<i>{moment}</i> {who} switched maintenance on"),
    "maintenance until": say("<i>{moment}</i> {who} switched maintenance on until {detail} UTC"),
    "maintenance off": say("<i>{moment}</i> {who} switched maintenance off"),
    "broadcast running": say("<i>{moment}</i> {who} let broadcast {detail} go out"),
    "broadcast stopped": say("<i>{moment}</i> {who} stopped broadcast {detail}"),
    "set": say("<i>{moment}</i> {who} set {detail}"),
    "backup": say("<i>{moment}</i> {who} made the backup {detail}"),
    "revive": say_many(
        "<i>{moment}</i> {who} woke {count} key of {detail}",
        "<i>{moment}</i> {who} woke {count} keys of {detail}",
        count=0,
    ),
    "block": say("<i>{moment}</i> {who} blocked “{detail}”"),
    "unblock": say("<i>{moment}</i> {who} unblocked “{detail}”"),
}


@needs(Role.SUPPORT, Where.PRIVATE)
async def show_audit(update: Update, context: Context) -> None:
    """/audit, /audit 20, /audit @anna: the newest acts, all or by and to one account."""
    words = context.args or []
    if len(words) == 1 and words[0].isdecimal() and int(words[0][:9]) <= _MOST:
        await _show_page(update, context, 1, None, size=max(1, int(words[0])))
        return
    asked = await read_command(update, context, Grammar(), example="/audit @anna")
    account = asked.target.account if asked.target else None
    if not asked.is_bare and not await _is_known(context, account):
        raise UserError(_USAGE)
    await _show_page(update, context, 1, account)


async def _is_known(context: Context, account: int | None) -> bool:
    """Whether there can be anything to show: a word or a number that is too large names nobody."""
    database = context.tools.workshop.database
    if account is None:
        return False
    return bool(
        await database.read(accounts.get, account)
        or await database.read(audit.count, account=account)
    )


@needs(Role.SUPPORT, Where.PRIVATE)
async def turn(update: Update, context: Context) -> None:
    data = (update.callback_query.data if update.callback_query else None) or ""
    _, page, account = data.split(":")
    await toast(update)
    await _show_page(update, context, int(page), int(account) if account else None)


async def _show_page(
    update: Update, context: Context, page: int, account: int | None, *, size: int = _PAGE
) -> None:
    database = context.tools.workshop.database
    total = await database.read(audit.count, account=account)
    pages = pages_of(total, size)
    page = min(max(1, page), pages)
    found = await database.read(audit.newest, size, account=account, offset=(page - 1) * size)
    who = {one.by for one in found} | {one.account for one in found if one.account}
    names = {one.id: name_of(one) for one in await database.read(directory.named, who)}
    lines = [line for one in found for line in lines_of(one, names)]
    head = say("What was done, the newest first (times in UTC):")
    if not lines:
        nothing = say("Nothing has been written down yet.")
        head = nothing if account is None else say("Nothing has been written down about them yet.")
    # Pages of another size would begin elsewhere: a list of so many is one page.
    rows = turning(page, pages, "audit", "" if account is None else account)
    ends = page_line(page, pages) if size == _PAGE else []
    await show(update, [head, *lines, *ends], rows if size == _PAGE else ())


def lines_of(entry: Entry, names: Mapping[int, str]) -> list[Sentence]:
    action, detail = _read(entry)
    said = _WORDS.get(action, say("<i>{moment}</i> {who}: {action} {detail} {whom}"))
    values: dict[str, Value] = {
        "moment": minute(entry.at),
        "who": f"{names.get(entry.by, '-')} ({entry.by})",
        "whom": f"{names.get(entry.account, '-')} ({entry.account})"
        if entry.account is not None
        else "",
        "action": action,
        "detail": cut(detail, _TEXT) if isinstance(detail, str) else detail,
    }
    if said.plural:
        found = _COUNT.search(entry.detail)
        values["count"] = int(found[0]) if found else 0
    reason = [say("Reason: {reason}", reason=cut(entry.reason, _TEXT))] if entry.reason else []
    return [replace(said, values=values), *reason]


def _read(entry: Entry) -> tuple[str, Text]:
    """What was done and its detail, as they are said: the words in the audit are ours.

    Who has deleted themselves has taken the details with them.
    """
    action, detail = entry.action, entry.detail
    said: Text = detail or _FORGOTTEN
    match action:
        case "grant" | "take" if not detail.isdecimal():
            action = f"{action} unknown"
        case "ban" if detail:
            action, said = "ban until", _until(detail)
        case "role" if detail:
            said = ROLE_NAMES[ROLES.get(detail, Role.NOBODY)]
        case "quota" if detail == "default":
            said = say("as many as everybody")
        case "remove" if found := _VIDEO.match(detail):
            said = found[1]
        case "revive":
            said = detail.partition(": ")[0]
        case "maintenance" if detail.startswith("on until "):
            action, said = "maintenance until", detail.removeprefix("on until ")
        case "maintenance" if detail:
            action = f"maintenance {detail}"
        case "broadcast" if detail:
            said, _, stage = detail.partition(": ")
            action = f"broadcast {stage}"
        case _:
            pass
    return action, said


def _until(detail: str) -> str:
    try:
        return minute(datetime.fromisoformat(detail))
    except ValueError:
        return detail


HANDLERS = [
    command("audit", show_audit),
    CallbackQueryHandler(turn, pattern=r"^audit:\d{1,4}:(-?\d{1,16})?$"),
]
