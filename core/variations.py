"""Requests made from an earlier one: other words, another model, a loop, what comes next."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.capabilities import Capabilities, Need
from core.problems import problems, settled
from core.request import VideoRequest

# What goes on from one part of a film to the next.
LASTING = ("model", "seconds", "resolution", "seed")
_STAYING = ("model", "seed")


def reopened(request: VideoRequest) -> VideoRequest:
    """The request as the person made it: what the bot chose for them is open again.

    A seed stays: with another one it would be another video.
    """
    chosen = {name: None for name in request.open if name not in _STAYING}
    drawn = tuple(name for name in request.open if name == "seed")
    return request.with_options(**chosen, open=drawn)


def by_model(request: VideoRequest, model: Capabilities) -> VideoRequest:
    """The same wish put to a model; what was left open is chosen as this model would."""
    asked = request if model.model == request.model else reopened(request)
    seed = request.seed if model.seed else None
    return settled(asked.with_options(model=model.model, seed=seed), model)


def able(request: VideoRequest, models: Sequence[Capabilities]) -> list[Capabilities]:
    """The models other than its own that can do this request as it is."""
    wish = reopened(request)
    return [
        model
        for model in models
        if model.model != request.model
        and not problems(wish.with_options(seed=wish.seed if model.seed else None), model)
    ]


def reworded(request: VideoRequest, words: str, options: Mapping[str, Any]) -> VideoRequest:
    """The same video with other words; options among them count, without words the old ones stay."""
    changed = reopened(request) if options else request
    named = {name: value for name, value in options.items() if value != "auto"}
    left = tuple(name for name in changed.open if name not in named)
    return changed.with_options(prompt=words or request.prompt, **named, open=left)


def looped(request: VideoRequest) -> VideoRequest:
    """The same video, ending as it began."""
    return request.with_options(last_frame=request.first_frame)


def may_loop(request: VideoRequest) -> bool:
    """Whether a loop of this would be something new: one photo, and nothing else that leads."""
    return bool(request.first_frame) and not (
        request.last_frame or request.audio or request.effect
    )


def takes_words(request: VideoRequest, model: Capabilities) -> bool:
    """Whether other words would make another video."""
    return model.prompt is not Need.NONE and not request.effect


def continued(
    request: VideoRequest, earlier: VideoRequest, models: Sequence[Capabilities]
) -> VideoRequest:
    """What follows a video, by the same model and in the same manner, as far as that can be.

    What `request` itself says counts more.
    """
    lasting = {
        name: getattr(earlier, name)
        for name in LASTING
        if getattr(request, name) in (None, "auto") and (name != "seconds" or not earlier.audio)
    }
    wish = request.with_options(**lasting)
    if earlier.seed is not None and "seed" in lasting and earlier.own_seed is None:
        wish = wish.with_drawn_seed(earlier.seed)
    model = next((one for one in models if one.model == wish.model), None)
    return request if model is None or problems(wish, model) else wish
