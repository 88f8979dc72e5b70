"""What videos cost here; where nothing costs anything, nothing is said of credits."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.capabilities import Capabilities
from core.errors import DeclinedError, UserError
from core.words import Sentence, say, say_many
from providers.offer import Catalog

NOT_CHARGED = say("Nothing was charged.")


def charged(cost: int) -> Sentence:
    return say_many("Charged: {count} credit.", "Charged: {count} credits.", count=cost)


def uncharged(sentence: Sentence) -> Sentence:
    return say("{text} {more}", text=sentence, more=NOT_CHARGED)


@dataclass(frozen=True, slots=True)
class Tariff:
    """The models' prices, with those that the owners have set, as they stand now."""

    catalog: Catalog
    prices: Mapping[str, float]

    @property
    def is_free(self) -> bool:
        """Whether no model costs anything, be it open for orders or not."""
        return not any(map(self.price, self.catalog.known()))

    def price(self, model: Capabilities) -> float:
        """Credits for a second of video."""
        return self.prices.get(model.model, model.price)

    def cost(self, model: Capabilities, seconds: float | None) -> int:
        return model.cost(seconds or 0, self.price(model))

    def uncharged(self, sentence: Sentence) -> Sentence:
        """A sentence about what did not come about, with a word on credits."""
        return sentence if self.is_free else uncharged(sentence)

    def refusal(self, error: UserError) -> Sentence:
        """Why something is not done."""
        declined = isinstance(error, DeclinedError)
        return self.uncharged(error.sentence) if declined else error.sentence
