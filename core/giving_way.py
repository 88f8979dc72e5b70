"""Why no AI model makes a video whose model was left open, where there are any."""

from collections.abc import Sequence

from core.capabilities import Capabilities
from core.problems import problems
from core.refusing import discord, nearest_to
from core.request import VideoRequest
from core.words import Sentence, say


def gives_way(
    request: VideoRequest, model: Capabilities, models: Sequence[Capabilities]
) -> list[Sentence]:
    """What is said where the AI models among these all give way to `model`; nothing else.

    Nothing either where that was asked for: by one of its camera moves, or in the question that
    comes before lips that stay still.
    """
    others = [one for one in models if one.ai]
    if model.ai or not others or request.camera or request.audio:
        return []
    # The nearest miss; nothing is wrong where one that fits cannot be had now.
    wrong = problems(request, nearest_to(request, others))
    if not wrong:
        return [
            say("No AI model that fits is available now, so {model} makes it.", model=model.title)
        ]
    reason = discord(request, others) or wrong[0]
    return [say("No AI model takes this, so {model} makes it.", model=model.title), reason]
