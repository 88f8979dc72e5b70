"""Who may spend, and how much in a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The owners' rules, from the settings; `closed` means only allowed people and chats.

    `unfinished` is how many videos an account may have on the way: free ones take disk, too.
    """

    closed: bool
    owners: frozenset[int] = frozenset()
    daily_credits: int = 60
    daily_budget: int = 3000
    unfinished: int = 50
    prices: Mapping[str, float] = field(default_factory=dict)

    def is_owner(self, account: int) -> bool:
        """Roles belong to people: Telegram gives chats and channels negative ids."""
        return account > 0 and account in self.owners

    def allowance(self, account: int) -> int:
        """Daily credits; groups, channels and anonymous senders start with none of their own."""
        return self.daily_credits if account > 0 else 0
