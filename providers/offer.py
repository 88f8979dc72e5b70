"""What is offered: the services that are on, and their models by id."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.capabilities import Capabilities
from core.request import VideoRequest
from core.words import Sentence, Text, say
from providers.base import Provider

CLOSED = say("Switched off by the owners.")


@dataclass(frozen=True, slots=True)
class Catalog:
    """The providers that are on, and their models by id."""

    providers: Mapping[str, Provider]

    def off(self) -> dict[str, Sentence]:
        """Models that are known but not offered, and why."""
        off = {name: why for one in self.providers.values() for name, why in one.off.items()}
        return off | {one.model: CLOSED for one in self.known() if not self.provider(one).is_open}

    def models(self) -> tuple[Capabilities, ...]:
        """Those that can be ordered."""
        return tuple(model for model in self.known() if self.provider(model).is_open)

    def model(self, name: str) -> Capabilities | None:
        """A model by its id, in capitals or not, open for new orders or not."""
        wanted = name.lower()
        return next((one for one in self.known() if one.model.lower() == wanted), None)

    def title(self, name: str) -> Text:
        """What people read for a model's id; the id itself where the model is gone."""
        model = self.model(name)
        return model.title if model else name

    def effect_title(self, request: VideoRequest) -> Text | None:
        """What people read for the effect that was asked for; its id where it is gone."""
        model = self.model(request.model)
        effect = model.effect(request.effect) if model else None
        return effect.title if effect else request.effect

    def known(self) -> Iterator[Capabilities]:
        """Those that can be ordered, and those that are closed for now."""
        return (model for one in self.providers.values() for model in one.models)

    def is_up(self, model: Capabilities) -> bool:
        return self.provider(model).is_up(model)

    def load(self, waiting: Mapping[str, int]) -> dict[str, float]:
        """Tasks per seat, from how many stand in each lane."""
        lanes = {
            lane: seats for one in self.providers.values() for lane, seats in one.lanes.items()
        }
        return {lane: waiting.get(lane, 0) / max(1, seats) for lane, seats in lanes.items()}

    def provider(self, model: Capabilities) -> Provider:
        return self.providers[model.provider]

    async def close(self) -> None:
        for provider in self.providers.values():
            await provider.close()
