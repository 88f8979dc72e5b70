"""What the life of a task needs from the outside: someone who delivers, and a clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, Self

from core.task import Task, TaskId
from core.words import Sentence, Text


class Way(StrEnum):
    """How a video is handed over; where one is refused, the next one is tried."""

    VIDEO = "video"
    DOCUMENT = "document"
    LINK = "link"

    @property
    def next(self) -> "Way | None":
        ways = list(Way)
        following = ways.index(self) + 1
        return ways[following] if following < len(ways) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A finished video on disk, with what a player wants to know; lengths in seconds."""

    video: Path
    poster: Path
    width: int
    height: int
    seconds: float
    size: int

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any], path: Callable[[str], Path]) -> Self:
        """Read what a task remembers of its video; `path` finds a file of the media folder."""
        return cls(
            video=path(facts["video"]),
            poster=path(facts["poster"]),
            width=facts["width"],
            height=facts["height"],
            seconds=facts["seconds"],
            size=facts["size"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a render goes; `late` once it takes unusually long.

    `percent` and how many stand `ahead` in the service's own line are there where it tells them.
    """

    percent: float | None = None
    ahead: int | None = None
    late: bool = False


class Front(Protocol):
    """The side that people see."""

    async def deliver(self, task: Task, clip: Clip, way: Way = Way.VIDEO) -> Mapping[str, Any]:
        """Send the finished video in one way; gives what identifies the message.

        Raises DeliveryError where it cannot be sent now or to this chat, UnclearDeliveryError
        where it may have arrived, UnsuitableError where this way is none for this video.
        """

    async def ask_whether_arrived(self, task: Task) -> None:
        """Say that a video may or may not have arrived, and offer to send it again."""

    async def tell_end(self, task: Task, reason: Sentence, *, again: bool) -> None:
        """Say how a task ended without a video, and offer another try where that makes sense."""

    async def report(self, *lines: Text) -> None:
        """Tell the owners what they must do something about; the same thing not too often."""

    def show(self, task: TaskId, progress: Progress | None = None) -> None:
        """Let the status message catch up with a task; never waits."""


def now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)
