"""Why none of several models takes a request, and what would be possible instead."""

from collections.abc import Collection, Sequence
from typing import Any

from core.capabilities import Capabilities
from core.options import FLAGS, allowed, united, written
from core.problems import problems
from core.request import VideoRequest
from core.words import Sentence, say

# What gives way first where options do not go together: a length sooner than an effect.
_YIELDING = (
    "seconds",
    "resolution",
    "ratio",
    "sound",
    "rewrite",
    "watermark",
    "shots",
    "seed",
    "negative_prompt",
    "camera",
    "effect",
)
_LEFT_OPEN = {**dict.fromkeys(_YIELDING), "negative_prompt": ""}


def refusal(request: VideoRequest, models: Sequence[Capabilities]) -> Sentence:
    """What keeps a request from all of these; where they are several, nobody has named one.

    Then the options are told that are to blame, and not a model that happens to lack them.
    """
    clash = _clash(request, models) if len(models) > 1 else []
    if not clash:
        return problems(request, nearest_to(request, models))[0]
    if len(clash) > 1:
        return _apart(request, clash, models)
    (name,) = clash
    values = helpful(request, name, models) or helpful(_only(request, clash), name, models)
    plain, strength = _parts(request, name)
    knowing = [model for model in models if _knows(model, name, plain)]
    if knowing and (strength or not values):
        return problems(request, nearest_to(request, knowing))[0]
    return nowhere(FLAGS[name], plain, values or united(models)[name])


def discord(request: VideoRequest, models: Sequence[Capabilities]) -> Sentence | None:
    """That options do not go together with any of these, where each alone does with one."""
    clash = _clash(request, models)
    return _apart(request, clash, models) if len(clash) > 1 else None


def helpful(request: VideoRequest, name: str, models: Sequence[Capabilities]) -> tuple[Any, ...]:
    """The values of one option with which one of these models takes a request."""
    return tuple(
        value
        for value in united(models)[name]
        if _fits(request.with_options(**{name: value}), models)
    )


def nowhere(flag: str, value: object, possible: Collection[Any]) -> Sentence:
    """Why an option cannot have this value with any model, and what it can be."""
    if not possible:
        return say("{flag} is not possible with any model here.", flag=flag)
    return say(
        "{flag} {value} is not possible here. Possible: {allowed}.",
        flag=flag,
        value=written(value),
        allowed=", ".join(map(written, possible)),
    )


def nearest_to(request: VideoRequest, models: Sequence[Capabilities]) -> Capabilities:
    """The model that the least is wrong with; with a sound, one that takes short ones."""

    def distance(model: Capabilities) -> tuple[int, bool, float, int]:
        shortest = model.audio_limits.min_seconds if request.audio else 0
        return len(problems(request, model)), not model.ai, shortest, model.preference

    return min(models, key=distance)


def _clash(request: VideoRequest, models: Sequence[Capabilities]) -> list[str]:
    """The fewest options that no model takes together; none where it is not for the options."""
    if not _fits(_only(request, ()), models):
        return []
    clash = [name for name in _YIELDING if getattr(request, name) != _LEFT_OPEN[name]]
    for name in tuple(clash):
        fewer = [other for other in clash if other != name]
        if not _fits(_only(request, fewer), models):
            clash = fewer
    return clash


def _fits(request: VideoRequest, models: Sequence[Capabilities]) -> bool:
    return any(not problems(request, model) for model in models)


def _only(request: VideoRequest, names: Collection[str]) -> VideoRequest:
    """The request with no other options than these."""
    return request.with_options(
        **{name: value for name, value in _LEFT_OPEN.items() if name not in names}
    )


def _knows(model: Capabilities, name: str, value: object) -> bool:
    if name == "seed":
        return model.seed
    if name == "negative_prompt":
        return model.negative_chars > 0
    return value in allowed(model)[name]


def _parts(request: VideoRequest, name: str) -> tuple[Any, str]:
    """The value of an option, and the strength that may follow a camera move."""
    value = getattr(request, name)
    if name != "camera":
        return value, ""
    move, _, strength = value.partition(":")
    return move, strength


def _apart(
    request: VideoRequest, clash: Sequence[str], models: Sequence[Capabilities]
) -> Sentence:
    """That the first of these options does not go with the others, and what it can be there."""
    name, *others = clash
    possible = helpful(request, name, models) or helpful(_only(request, clash), name, models)
    rest = ", ".join(_option(request, other) for other in others)
    if not possible:
        return say(
            "{option} does not go with {others}.", option=_option(request, name), others=rest
        )
    return say(
        "{option} does not go with {others}. Possible: {allowed}.",
        option=_option(request, name),
        others=rest,
        allowed=", ".join(map(written, possible)),
    )


def _option(request: VideoRequest, name: str) -> str:
    """An option as it is written; words after it would be too many."""
    value = "" if name == "negative_prompt" else written(getattr(request, name))
    return f"{FLAGS[name]} {value}".strip()
