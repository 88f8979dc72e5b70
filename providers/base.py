"""What every video service is to us: models as data, submit, look, fetch."""

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar, NewType

from core.capabilities import Capabilities
from core.errors import SettingsError
from core.request import VideoRequest
from core.words import Sentence, say
from media.runner import MediaRunner
from providers.health import Check, Health
from providers.web.wire import Web

NOT_ASKED = say("there is nothing free to ask it")
_RATES = {"rps", "looks"}  # calls a second

RemoteId = NewType("RemoteId", str)


class Blame(StrEnum):
    """Whose matter a refusal is; people see one of these four honest kinds."""

    INPUT = "input"  # the picture, the sound or the words
    PERSON = "person"  # a rule about real people
    BUSY = "busy"  # the service; it was tried again
    ACCOUNT = "account"  # ours; the owners are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a provider gets: a key of our own for this order, the request, and fitted files.

    `target` is where the video shall lie in the end; `model` is the record that was promised.
    `link` gives a public address of one of the files, for as long as the task runs. `chosen`
    remembers the key that it goes out with, for a search after a crash.
    """

    key: str
    model: Capabilities
    request: VideoRequest
    target: Path
    first: Path | None = None
    last: Path | None = None
    audio: Path | None = None
    link: Callable[[Path], str] | None = None
    chosen: Callable[[str], Awaitable[None]] | None = None


async def _nobody() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What is known of an order that may or may not have been taken.

    `since` is the moment before it was sent, `account` the id of the key it went out with, where
    that was remembered; `is_held` tells whether a task of ours has a remote id already,
    `has_rival` whether another order with the same words is as unclear as this one.
    """

    since: datetime
    is_held: Callable[[RemoteId], Awaitable[bool]]
    has_rival: Callable[[], Awaitable[bool]] = _nobody
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Not done yet; the rest where the service tells.

    `begun` says whether it has begun to make it, `ahead` how many it makes before.
    """

    begun: bool | None = None
    percent: float | None = None
    ahead: int | None = None
    look_in: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Done; `url` is where the video can be fetched."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A final no, with words for the person and, where they must act, for the owners.

    `once_more` says that the same order, placed anew, may well succeed.
    """

    blame: Blame
    reason: Sentence
    owners: str | None = None
    once_more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The service does not know this task, or no longer."""


Answer = Pending | Ready | Refused | Lost
Found = RemoteId | Refused | Pending | None


class Provider(ABC):
    """One video service.

    Every method raises ProviderError where the call itself failed, and nothing else.
    """

    name: ClassVar[str]
    models: tuple[Capabilities, ...]
    lanes: Mapping[str, int]  # tasks that may run at a time, by lane
    running: ClassVar[int] = 1  # tasks the service lets one key run at a time
    can_find: ClassVar[bool] = False  # `find` has a way to ask
    # A look tells whether an order has been begun, so taking one is not beginning it.
    tells_begun: ClassVar[bool] = False
    # How long an order that went through may stay unseen there: nobody asks before.
    settles: ClassVar[timedelta] = timedelta(seconds=60)
    # How long the service keeps a task it has taken: until then, looking and fetching go on.
    keeps: ClassVar[timedelta] = timedelta(hours=24)
    is_open: bool = True  # owners may close a service for new orders
    off: Mapping[str, Sentence] = MappingProxyType({})  # models it could have, and why it has not

    @abstractmethod
    async def submit(self, order: Order) -> RemoteId | Refused:
        """Ask for a video; raises UncertainError where the service may have taken the order."""

    @abstractmethod
    async def look(self, remote: RemoteId, order: Order) -> Answer:
        """Ask how far it is. Looking never costs anything."""

    @abstractmethod
    async def fetch(self, ready: Ready, order: Order) -> None:
        """Bring the video to `order.target`."""

    async def find(self, order: Order, trace: Trace) -> Found:  # noqa: ARG002
        """Look for an order that may have been taken.

        None says that it was not and may be placed again; Refused that it was not and must not
        be; Pending that one is being made of which only its end can tell. Raises UncertainError
        where nobody can tell.
        """
        return None

    async def cancel(self, remote: RemoteId) -> bool:  # noqa: ARG002
        """Stop a render; False where the service goes on (and bills) all the same."""
        return False

    async def people(self, link: str, new_file: Callable[[], Path]) -> list[Path]:  # noqa: ARG002
        """Find the people in the picture at an address: a mask for each, the largest first."""
        return []

    def news(self) -> list[str]:
        """What the owners must do something about; each is given out once."""
        return []

    def is_up(self, model: Capabilities | None = None) -> bool:  # noqa: ARG002
        """Whether an order would be taken now, for all we know: of this model, or of any."""
        return True

    def health(self) -> Health:
        """How it is doing, for all we know; asks nobody."""
        return Health(name=self.name, lanes=dict(self.lanes))

    def revive(self, key: str | None = None) -> int:  # noqa: ARG002
        """Use keys again that were retired or rest, or the one of this id; says how many were."""
        return 0

    async def check(self, patience: float = 15.0) -> tuple[Check, ...]:  # noqa: ARG002
        """Ask whether it answers and takes our keys, in a way that is free and changes nothing.

        Raises nothing; after `patience` seconds no answer is an answer.
        """
        return (Check(ok=None, text=NOT_ASKED),)

    async def close(self) -> None:  # noqa: B027  # most have nothing to let go of
        """Let go of connections and processes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What providers are built from; `links` says that orders will have a `link`.

    `asked` collects the names by which `limits` were looked for.
    """

    environment: Mapping[str, str]
    runner: MediaRunner
    web: Web
    limits: Mapping[str, float] = field(default_factory=dict)
    links: bool = False
    asked: set[str] = field(default_factory=set)

    def keys(self, name: str) -> list[str]:
        """A variable that holds one key or several, separated by commas."""
        return [key.strip() for key in self.environment.get(name, "").split(",") if key.strip()]

    def address(self, name: str, usual: str) -> str:
        """A variable that holds a service's address, which is trusted from then on."""
        address = self.environment.get(name, "").strip() or usual
        if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", address):
            raise SettingsError(f"{name}: must be an address like {usual}")
        self.web.trust(address)
        return address.rstrip("/")

    def limit(self, lane: str, what: str, usual: float) -> float:
        """An override for a lane, or for its whole provider, else the usual figure."""
        own, whole = f"{lane}.{what}", f"{lane.partition('.')[0]}.{what}"
        self.asked.update((own, whole))
        found = self.limits.get(own, self.limits.get(whole, usual))
        if found <= 0 and what in _RATES:
            raise SettingsError(f"LIMITS: {lane}.{what} must be above 0")
        return found
