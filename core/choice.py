"""Choosing a model for a request that names none."""

from collections.abc import Sequence

from core.capabilities import Capabilities
from core.problems import problems
from core.request import VideoRequest


def choose(request: VideoRequest, models: Sequence[Capabilities]) -> Capabilities:
    """The first generative model that fits, in the catalogue's order, else the built-in one.

    With a sound, a model whose lips move comes first. `models` must not be empty.
    """
    fitting = [model for model in models if not problems(request, model)]
    order = sorted(
        fitting or models,
        key=lambda model: (bool(request.audio) and not model.lips, not model.ai),
    )
    return order[0]
