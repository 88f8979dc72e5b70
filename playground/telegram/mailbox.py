"""A bot's queue of updates: numbering, subscription, lifetimes, confirmation and disorder."""

from dataclasses import dataclass, field
from typing import Any

DAY = 86_400.0
LIFETIMES = {"callback_query": 150.0}
KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
)
# What a bot gets only when it asks for it by name.
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(slots=True)
class Update:
    id: int
    kind: str
    body: dict[str, Any]
    expires: float
    # Deliveries are ordered per person; this number says whose update it is.
    author: int = 0
    forced: bool = False
    delivered: bool = False

    def json(self) -> dict[str, Any]:
        return {"update_id": self.id, self.kind: self.body}


@dataclass(slots=True)
class Webhook:
    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str = ""
    last_error_date: int = 0
    last_error_message: str = ""
    own_certificate: bool = False


@dataclass(slots=True)
class Mailbox:
    next_id: int
    waiting: list[Update] = field(default_factory=list)
    past: list[Update] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    withhold: int = 0
    withheld: list[Update] = field(default_factory=list)

    def wants(self, kind: str) -> bool:
        if self.allowed:
            return kind in self.allowed
        return kind not in ON_REQUEST

    def add(self, kind: str, body: dict[str, Any], now: float, author: int) -> Update | None:
        """Queue an update, unless the bot did not ask for its kind at this moment."""
        if not self.wants(kind):
            return None
        update = Update(self.next_id, kind, body, now + LIFETIMES.get(kind, DAY), author)
        self.next_id += 1
        if self.withhold:
            self.withhold -= 1
            self.withheld.append(update)
        else:
            self.waiting.append(update)
        return update

    def confirm(self, offset: int) -> None:
        """A positive offset forgets all below it, a negative one all but the last few."""
        if offset < 0:
            gone = self.waiting[:offset]
        else:
            gone = [
                update
                for update in self.waiting
                if (update.delivered if update.forced else update.id < offset)
            ]
        for update in gone:
            self.settle(update)

    def settle(self, update: Update) -> None:
        self.waiting.remove(update)
        self.past.append(update)

    def batch(self, limit: int, now: float) -> list[Update]:
        self.waiting = [update for update in self.waiting if update.expires > now]
        chosen = self.waiting[:limit]
        for update in chosen:
            update.delivered = True
        return chosen

    def clear(self) -> None:
        self.past += self.waiting
        self.waiting.clear()

    def redeliver(self, update_id: int) -> bool:
        """Fault: the same number arrives again, although it was confirmed."""
        known = {update.id: update for update in self.past + self.waiting}
        if update_id not in known:
            return False
        old = known[update_id]
        again = Update(old.id, old.kind, old.body, old.expires, old.author, forced=True)
        self.waiting.append(again)
        return True

    def swap(self, first: Update, second: Update) -> None:
        """Fault: two updates change places and keep increasing numbers."""
        first.kind, second.kind = second.kind, first.kind
        first.body, second.body = second.body, first.body

    def release(self) -> int:
        """Fault, second half: what was withheld arrives after younger updates."""
        count = len(self.withheld)
        for update in self.withheld:
            update.forced = True
        self.waiting += self.withheld
        self.withheld.clear()
        return count
