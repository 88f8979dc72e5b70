"""What every video service is to us: models as data, submit, look, fetch."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, NewType

from core.capabilities import Capabilities
from core.request import VideoRequest
from core.words import Sentence

RemoteId = NewType("RemoteId", str)


class Blame(StrEnum):
    """Whose matter a refusal is; people see one of these four honest kinds."""

    INPUT = "input"  # the picture, the sound or the words
    PERSON = "person"  # a rule about real people
    BUSY = "busy"  # the service; it was tried again
    ACCOUNT = "account"  # ours; the owners are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a provider gets: a key of our own for this task, the request, and fitted files.

    `target` is where the video shall lie in the end; `model` is the record that was promised.
    """

    key: str
    model: Capabilities
    request: VideoRequest
    target: Path
    first: Path | None = None
    last: Path | None = None
    audio: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Not done yet; `percent` and the place in the service's own line where it tells them."""

    percent: float | None = None
    ahead: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Done; `url` is where the video can be fetched."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A final no, with words for the person."""

    blame: Blame
    reason: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The service does not know this task, or no longer."""


Answer = Pending | Ready | Refused | Lost


class Provider(ABC):
    """One video service.

    Every method raises ProviderError where the call itself failed, and nothing else.
    """

    name: ClassVar[str]
    models: tuple[Capabilities, ...]
    running: ClassVar[int] = 1  # tasks the service lets one key run at a time
    can_find: ClassVar[bool] = False  # `find` has a way to ask
    # How long the service keeps a task it has taken: until then, looking and fetching go on.
    keeps: ClassVar[timedelta] = timedelta(hours=24)

    @abstractmethod
    async def submit(self, order: Order) -> RemoteId | Refused:
        """Ask for a video; raises UncertainError where the service may have taken the order."""

    @abstractmethod
    async def look(self, remote: RemoteId, order: Order) -> Answer:
        """Ask how far it is. Looking never costs anything."""

    @abstractmethod
    async def fetch(self, ready: Ready, order: Order) -> None:
        """Bring the video to `order.target`."""

    async def find(self, order: Order) -> RemoteId | None:  # noqa: ARG002
        """Look for an order that may have been taken, by our key; None: it was not."""
        return None

    async def cancel(self, remote: RemoteId) -> bool:  # noqa: ARG002
        """Stop a render; False where the service goes on (and bills) all the same."""
        return False

    async def close(self) -> None:  # noqa: B027  # most have nothing to let go of
        """Let go of connections and processes."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The providers that are on, and their models by id."""

    providers: Mapping[str, Provider]

    def models(self) -> tuple[Capabilities, ...]:
        return tuple(model for one in self.providers.values() for model in one.models)

    def model(self, name: str) -> Capabilities | None:
        return next((model for model in self.models() if model.model == name), None)

    def provider(self, model: Capabilities) -> Provider:
        return self.providers[model.provider]

    async def close(self) -> None:
        for provider in self.providers.values():
            await provider.close()
