"""How a video service is doing, as plain data for whoever looks after the bot."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.words import Sentence, Text, say
from providers.verdicts import OURS


class Condition(StrEnum):
    READY = "ready"
    RESTING = "resting"  # comes back by itself
    RETIRED = "retired"  # the owners must act, then bring it back


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHealth:
    """One key; `id` names it without telling anything of it.

    `rests` is how many more seconds it is left alone, and `reason` why, or why it was retired.
    `tasks` are those known to be under way. `closed` are models that this key cannot order,
    and why; it goes on with the others.
    """

    id: str
    condition: Condition
    tasks: int = 0
    rests: float = 0.0
    reason: str = ""
    closed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One service: how many tasks each lane runs at a time, and its keys, where it needs any."""

    name: str
    lanes: Mapping[str, int]
    keys: tuple[KeyHealth, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What asking a service has shown; `key` is the id of the key that asked, where one did.

    `ok` is None where it cannot be told: nothing free can be asked, or the service wants a pause.
    The text is ours to translate, or what a call came to as it is.
    """

    ok: bool | None
    text: Text
    key: str = ""


def why_down(health: Health, model: str) -> Sentence:
    """Why a model cannot be had now, for everybody: nothing of keys, or of what the service said."""
    rests = [
        key.rests
        for key in health.keys
        if key.condition is not Condition.RETIRED and model not in key.closed
    ]
    if not rests:
        return OURS
    return say(
        "The service wants a pause or has trouble; it is used again in {seconds} s.",
        seconds=math.ceil(min(rests)),
    )
