"""What people and groups have chosen for all their videos, and how it goes into a request."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from core.capabilities import Capabilities
from core.options import united
from core.problems import problems
from core.request import VideoRequest
from core.words import Sentence, Text, say

Choices = Mapping[str, Any]

# The options of a request that can be chosen once for all, besides the model.
OPTIONS = ("seconds", "resolution", "ratio", "sound", "rewrite")
_LEFT_OUT = {
    "seconds": say("The length chosen in /settings, {value} s, does not fit here: left out."),
    "resolution": say("The resolution chosen in /settings, {value}, does not fit here: left out."),
    "ratio": say("The shape chosen in /settings, {value}, does not fit here: left out."),
    "sound": say("What /settings says about sound does not fit here: left out."),
    "rewrite": say("What /settings says about rewriting words does not fit here: left out."),
}


def possible(models: Sequence[Capabilities]) -> dict[str, tuple[Any, ...]]:
    """The values that each option can have with one of these models at least."""
    found = united(models)
    return {name: found[name] for name in OPTIONS}


def fallen(choices: Choices, models: Sequence[Capabilities]) -> list[str]:
    """The options whose chosen value none of these models can do."""
    able = possible(models)
    return [name for name in OPTIONS if name in choices and choices[name] not in able[name]]


def together(own: Choices, groups: Choices) -> dict[str, Any]:
    """What counts in a group: its own choices hold for everybody, the rest is up to each."""
    shared = {name: groups[name] for name in ("model", *OPTIONS) if name in groups}
    return {**own, **shared}


def prefer(
    request: VideoRequest,
    choices: Choices,
    models: Sequence[Capabilities],
    *,
    written: Collection[str] = (),
    usual: str = "auto",
    is_up: Callable[[Capabilities], bool] = lambda _: True,
    title: Callable[[str], Text] = str,
) -> tuple[VideoRequest, list[Sentence]]:
    """Fill what was not `written` from the choices; what does not fit is left out, and said.

    `usual` is the model where neither names one. Where the models are free to choose from,
    choices narrow them down, but never to a lesser kind: no AI model gives way to the built-in
    renderer, and lips that can move do not stay still, for the sake of a shape. `title` is what
    a model is called that is not offered.
    """
    wished = {name: choices[name] for name in OPTIONS if name in choices and name not in written}
    notes: list[Sentence] = []
    if "model" in choices and "model" not in written:
        request, notes = _with_model(request, choices["model"], models, title)
    if request.audio and "seconds" in wished:
        seconds = wished.pop("seconds")
        notes.append(
            say(
                "The video is as long as the sound, not {value} s as /settings says.",
                value=seconds,
            )
        )
    able = _able(request, models, usual, is_up)
    for name, value in wished.items():
        more = request.with_options(**{name: value})
        still = [model for model in able if not problems(more, model)]
        if still:
            request, able = more, still
        elif able:
            notes.append(say(_LEFT_OUT[name].template, value=str(value)))
    return request, notes


def _with_model(
    request: VideoRequest,
    name: str,
    models: Sequence[Capabilities],
    title: Callable[[str], Text],
) -> tuple[VideoRequest, list[Sentence]]:
    model = next((one for one in models if one.model == name), None)
    if model is None:
        called = title(name)
        text = say(
            "{model}, chosen in /settings, is not available now, so another model makes it.",
            model=called,
        )
        return request, [text]
    wrong = problems(request, model)
    if not wrong or all(problems(request, one) for one in models):
        # What no other can do either will be refused in this one's name.
        return request.with_options(model=name), []
    text = say(
        "{model}, chosen in /settings, does not fit here, so another model makes it.",
        model=model.title,
    )
    return request, [text, wrong[0]]


def _able(
    request: VideoRequest,
    models: Sequence[Capabilities],
    usual: str,
    is_up: Callable[[Capabilities], bool],
) -> list[Capabilities]:
    """The models that may make this request, of the best kind there is for it."""
    wanted = request.model if request.model != "auto" else usual
    fitting = [
        model
        for model in models
        if wanted in ("auto", model.model) and not problems(request, model)
    ]
    fitting = [model for model in fitting if is_up(model)] or fitting
    best = min((_kind(request, model) for model in fitting), default=None)
    return [model for model in fitting if _kind(request, model) == best]


def _kind(request: VideoRequest, model: Capabilities) -> tuple[bool, bool]:
    return bool(request.audio) and not model.lips, not model.ai
