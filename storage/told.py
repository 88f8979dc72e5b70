"""What was said about a group or channel, so that it is not said again."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from storage import accounts

_STANDING, _REFUSED = "standing", "refused"


def is_news(connection: Connection, chat: int, standing: Collection[str]) -> bool:
    """Whether the chat has not yet heard that this is how the bot stands there."""
    return _known(connection, chat).get(_STANDING) != sorted(standing)


def note_standing(
    connection: Connection, chat: int, standing: Collection[str] | None, now: datetime
) -> None:
    """Remember how the bot stands in a chat; None where it is gone."""
    known = None if standing is None else sorted(standing)
    accounts.choose(connection, chat, now, **{_STANDING: known})
    accounts.change(connection, chat, now, reachable=standing is not None)


def note_refusal(connection: Connection, chat: int, day: date, reason: str, now: datetime) -> bool:
    """Remember why a channel got no video; False where it was that on this day already."""
    known = _known(connection, chat).get(_REFUSED)
    # Earlier releases kept the day alone.
    known = known if isinstance(known, dict) else {}
    reasons = known["reasons"] if known.get("day") == day.isoformat() else []
    if reason in reasons:
        return False
    refused = {"day": day.isoformat(), "reasons": [*reasons, reason]}
    accounts.choose(connection, chat, now, **{_REFUSED: refused})
    return True


def _known(connection: Connection, chat: int) -> Mapping[str, object]:
    known = accounts.get(connection, chat)
    return known.choices if known else {}
