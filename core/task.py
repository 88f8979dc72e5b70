"""One video on its way: what was asked, where it belongs and how far it is."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NewType

from core.request import VideoRequest
from core.states import FINAL, State

TaskId = NewType("TaskId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a task was asked for, and so where its video goes (Telegram ids).

    A `silent` one is a channel: its readers see the video and nothing else.
    """

    chat: int
    topic: int | None = None
    reply_to: int | None = None
    user: int | None = None
    language: str = "en"
    silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task not yet stored; `origin` names the message or press it came from, once only.

    `sender` is the Telegram user, or the chat that an anonymous sender writes for.
    """

    origin: str
    sender: int
    place: Place
    request: VideoRequest
    lane: str
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A stored task; `run` counts the claims, `facts` remembers results by name."""

    id: TaskId
    account: int
    place: Place
    request: VideoRequest
    lane: str
    cost: int
    state: State
    run: int
    cancelling: bool
    created: datetime
    due: datetime | None
    started: datetime | None = None
    finished: datetime | None = None
    status_message: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_made(self) -> bool:
        """Whether the video lies on disk: what is left is sending it."""
        return "clip" in self.facts

    @property
    def waits_elsewhere(self) -> bool:
        """Whether its service has taken it and not begun it, when it was last asked."""
        return self.state is State.RUNNING and self.facts.get("begun") is False

    @property
    def is_only_taken(self) -> bool:
        """Whether its service has taken it, and no look has told yet whether it was begun."""
        is_untold = self.facts.get("tells_begun") and "begun" not in self.facts
        return self.state is State.RUNNING and bool(is_untold)

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def is_unclear(self) -> bool:
        """Whether nobody knows if the video has arrived."""
        return "unclear" in self.facts.get("sent", {})

    @property
    def is_removed_by_staff(self) -> bool:
        """Whether those who run the bot took it back, and no admin of its chat."""
        return bool(self.facts.get("removed", {}).get("staff"))

    @property
    def is_withdrawn(self) -> bool:
        """Whether its owner has erased it, or an admin removed it: it is shown to nobody again."""
        return "erased" in self.facts or "removed" in self.facts
