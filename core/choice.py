"""Choosing a model for a request that names none."""

from collections.abc import Callable, Mapping, Sequence

from core.capabilities import Capabilities
from core.problems import problems, settled
from core.request import VideoRequest


def choose(
    request: VideoRequest,
    models: Sequence[Capabilities],
    *,
    is_up: Callable[[Capabilities], bool] = lambda _: True,
    load: Mapping[str, float] | None = None,
) -> Capabilities:
    """The model that does best what was asked: by preference, health, queue and price.

    With a sound, models whose lips move come first; the built-in renderer comes last. `load` is
    waiting tasks per seat, by lane. `models` must not be empty: where none fits, one is given all
    the same, so that its problems can be told.
    """
    fitting = [model for model in models if not problems(request, model)]
    sound = [model for model in fitting if is_up(model)]
    waiting = load or {}

    def rank(model: Capabilities) -> tuple[bool, bool, int, float, float]:
        mute = bool(request.audio) and not model.lips
        queue = waiting.get(model.lane or model.provider, 0.0)
        return mute, not model.ai, model.preference, queue, model.price

    return min(sound or fitting or models, key=rank)


def talks(request: VideoRequest, models: Sequence[Capabilities]) -> list[Capabilities]:
    """The models that can make the person in this request speak."""
    return [model for model in models if model.lips and not problems(request, model)]


def stand_ins(request: VideoRequest, models: Sequence[Capabilities]) -> list[VideoRequest]:
    """The same video from other models, where a request left the model open.

    What was asked for stays, and so do the length and the resolution that were promised.
    """
    if "model" not in request.open:
        return []
    promised = {"seconds", "resolution"}
    free = {name: None for name in request.open if name not in promised | {"model", "seed"}}
    asked = request.with_options(**free)
    found: list[VideoRequest] = []
    for model in models:
        seed = asked.seed if model.seed else asked.own_seed
        wish = asked.with_options(seed=seed)
        if model.ai and model.model != request.model and not problems(wish, model):
            found.append(settled(wish, model).with_options(open=request.open))
    return [one for one in found if all(getattr(one, n) == getattr(request, n) for n in promised)]
