"""The options of a request: how they are written, and what each may be with a model."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from core.capabilities import Capabilities
from core.ratios import value as value_of

# By their names in a request, as people write them.
FLAGS: Mapping[str, str] = {
    "model": "--model",
    "seconds": "--dur",
    "ratio": "--ar",
    "resolution": "--res",
    "seed": "--seed",
    "negative_prompt": "--neg",
    "effect": "--effect",
    "camera": "--camera",
    "shots": "--shots",
    "sound": "--sound",
    "rewrite": "--rewrite",
    "watermark": "--watermark",
}
_SWITCH = (True, False)
# What is a name stands in the order of the models.
_ORDER: Mapping[str, Callable[[Any], Any]] = {
    "seconds": int,
    "resolution": lambda name: (len(name), name),
    "ratio": lambda name: -value_of(name),
}
_PART = 3  # letters that a part of a name must have


def allowed(model: Capabilities) -> dict[str, tuple[Any, ...]]:
    """The values that a model's options can have; an option it does not know has none.

    Seeds and negative words are not among them: those have limits instead of a list.
    """
    return {
        "seconds": model.seconds,
        "ratio": model.ratios,
        "resolution": model.resolutions,
        "effect": tuple(effect.name for effect in model.effects),
        "camera": model.cameras,
        "shots": ("single", "multi") if model.shots else (),
        "sound": _SWITCH if model.sound else (),
        "rewrite": _SWITCH if model.rewrite else (),
        "watermark": _SWITCH if model.watermark else (),
    }


def united(models: Sequence[Capabilities]) -> dict[str, tuple[Any, ...]]:
    """The values that each option can have with one of these models at least."""
    each = [allowed(model) for model in models]
    found = {
        name: dict.fromkeys(value for one in each for value in one.get(name, ())) for name in FLAGS
    }
    return {
        name: tuple(sorted(values, key=_ORDER[name]) if name in _ORDER else values)
        for name, values in found.items()
    }


def written(value: object) -> str:
    """A value as a person writes it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def closest(wanted: str, names: Iterable[str], *, sole: bool = False) -> str | None:
    """The name that is meant: itself in any spelling, without its service, or a part of it.

    A part that several names have means the first of them; none where it must be the `sole` one.
    """
    known = list(names)
    plain = _plain(wanted)
    for name in known:
        if plain in {_plain(name), _plain(name.rpartition("/")[2])}:
            return name
    parts = [name for name in known if len(plain) >= _PART and plain in _plain(name)]
    return parts[0] if parts and not (sole and len(parts) > 1) else None


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum() or letter in "./")
