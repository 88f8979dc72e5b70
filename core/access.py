"""Who may spend, how much in a day, and who may run the bot."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum

from core.errors import AccessError, MaintenanceError
from core.words import say


class Role(IntEnum):
    """What a person may do for the bot; a higher role may all that a lower one may.

    Owners come from the settings alone; the other roles are given and taken by owners.
    """

    NOBODY = 0
    SUPPORT = 1  # reads, retries, cancels
    ADMIN = 2  # people, credits, providers, maintenance, broadcasts
    OWNER = 3  # everything

    @property
    def label(self) -> str:
        return self.name.lower()


FOREVER = datetime(9999, 1, 1, tzinfo=UTC)  # until somebody says otherwise

# The names that owners write and the database keeps.
ROLES = {role.label: role for role in (Role.SUPPORT, Role.ADMIN)}


def is_kept_out(*, banned: bool, until: datetime | None, now: datetime) -> bool:
    """Whether a ban holds; one without an end holds for good."""
    return banned and (until is None or now < until)


def check_rank(actor: Role, target: Role) -> None:
    """Raise AccessError unless somebody may decide over somebody else.

    Owners decide over everybody; others only over those below them, so nobody raises himself.
    """
    if actor < Role.ADMIN:
        raise AccessError(say("Only the owners and admins of this bot can do that."))
    if actor < Role.OWNER and target >= actor:
        raise AccessError(say("Only an owner can do that to owners and admins, you included."))


@dataclass(slots=True, kw_only=True)
class Policy:
    """The owners' rules: from the settings, and changed while the bot runs.

    `closed` means only allowed people and chats; `unfinished` is how many videos an account may
    have on the way, for free ones take disk, too. Until the moment of `maintenance` no order is
    taken, and those that were taken are finished.
    """

    closed: bool
    owners: frozenset[int] = frozenset()
    daily_credits: int = 60
    daily_budget: int = 3000
    unfinished: int = 50
    prices: dict[str, float] = field(default_factory=dict)
    default_model: str = "auto"
    maintenance: datetime | None = None

    def is_owner(self, account: int) -> bool:
        """Roles belong to people: Telegram gives chats and channels negative ids."""
        return account > 0 and account in self.owners

    def allowance(self, account: int, own: int | None = None) -> int:
        """Daily credits; groups, channels and anonymous senders start with none.

        `own` is what the owners have set for this account.
        """
        if own is not None:
            return own
        return self.daily_credits if account > 0 else 0

    def check_open(self, now: datetime) -> None:
        """Raise MaintenanceError while no order is taken."""
        until = self.maintenance
        if until is None or until <= now:
            return
        if until.year == FOREVER.year:
            raise MaintenanceError(
                say(
                    "This bot is under maintenance and takes no new videos for a while. Videos "
                    "that are on their way will be finished."
                )
            )
        raise MaintenanceError(
            say(
                "This bot is under maintenance and takes no new videos until {time} UTC. Videos "
                "that are on their way will be finished.",
                time=f"{until:%H:%M}",
            )
        )
