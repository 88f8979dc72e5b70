"""How long a video will take, from how long others took: a range, not a promise."""

from collections.abc import Sequence
from dataclasses import dataclass

_ENOUGH = 5  # renders below which the declared usual time stands in
_SLOW_SHARE, _SLOW_GUESS = 0.9, 3.0


@dataclass(frozen=True, slots=True)
class Expected:
    """Seconds: half of the renders take up to `usual`, nine of ten up to `slow`.

    Without experience both are a guess.
    """

    usual: float
    slow: float
    is_guess: bool = False


def expect(past: Sequence[float], declared: float) -> Expected:
    """The range for the next render; `declared` is the model's own usual time."""
    if len(past) < _ENOUGH:
        return Expected(declared, _SLOW_GUESS * declared, is_guess=True)
    ordered = sorted(past)
    return Expected(_quantile(ordered, 0.5), _quantile(ordered, _SLOW_SHARE))


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
