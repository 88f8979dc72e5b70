"""Rules of credits: what an account and the whole bot may spend in a day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from core.errors import CreditError
from core.words import say, say_many


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """An account's credits: today's allowance and grants still free, and what is held."""

    daily: int
    granted: int
    held: int = 0

    @property
    def free(self) -> int:
        return max(0, self.daily) + self.granted


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What one task takes from the daily allowance and from grants."""

    daily: int
    granted: int


def split(cost: int, balance: Balance, *, chat: int | None = None) -> Hold:
    """Take the daily allowance first, then grants; they are a `chat`'s where one is named.

    Raises CreditError where both together do not reach.
    """
    if cost > max(0, balance.free) and chat is not None:
        raise CreditError(
            say_many(
                "This video costs {count} credit and this chat has {free} left. "
                "An owner can give it more with /grant {chat} 100.",
                "This video costs {count} credits and this chat has {free} left. "
                "An owner can give it more with /grant {chat} 100.",
                count=cost,
                free=balance.free,
                chat=chat,
            )
        )
    if cost > max(0, balance.free):
        raise CreditError(
            say_many(
                "This video costs {count} credit and you have {free} left. "
                "The daily credits come back at 00:00 UTC.",
                "This video costs {count} credits and you have {free} left. "
                "The daily credits come back at 00:00 UTC.",
                count=cost,
                free=balance.free,
            )
        )
    daily = min(cost, max(0, balance.daily))
    return Hold(daily=daily, granted=cost - daily)


def check_cap(cost: int, spent: int, cap: int | None) -> None:
    """Refuse what would pass a member's share of a group's credits for the day."""
    if cap is not None and cost and spent + cost > cap:
        raise CreditError(
            say(
                "Each member may spend {cap} of this group's credits a day. You have spent "
                "{spent}, and this video costs {cost}. The day begins at 00:00 UTC.",
                cap=cap,
                spent=spent,
                cost=cost,
            )
        )


def check_budget(cost: int, spent: int, budget: int) -> None:
    """Refuse what would pass the whole bot's budget of the day, spent and held together."""
    if cost and spent + cost > budget:
        raise CreditError(
            say("The whole bot has used up its credits for today. Try again after 00:00 UTC.")
        )


def day_of(moment: datetime) -> date:
    """The day that a hold belongs to: the UTC date."""
    return moment.astimezone(UTC).date()
