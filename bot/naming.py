"""Names in PRICES and LIMITS that mean nothing: a slip of the pen would change nothing, unsaid."""

import re

from bot.pace import GROUP, OVERALL, PRIVATE
from bot.settings import Settings
from providers.base import Kit
from providers.catalog import SERVICES
from providers.offer import Catalog


def unknown_names(settings: Settings, kit: Kit, models: Catalog) -> list[str]:
    """A line for each; what belongs to a service that is off may be meant for another day."""
    priced = {model.model for model in models.known()} | models.off().keys()
    limited = kit.asked | {PRIVATE, GROUP, OVERALL}
    off = SERVICES - models.providers.keys()

    def unknown(names: dict[str, float], known: set[str]) -> list[str]:
        return [one for one in names if one not in known and re.split("[./]", one)[0] not in off]

    return [
        *(f"PRICES: {name} is no model here" for name in unknown(settings.prices, priced)),
        *(f"LIMITS: {name} limits nothing here" for name in unknown(settings.limits, limited)),
    ]
