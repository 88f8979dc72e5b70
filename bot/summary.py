"""What will be made, or was made, as it was understood: model, length, shape, and options."""

from core.request import VideoRequest
from core.words import Sentence, Text, say

_SHOWN = 100  # characters of words that are said back


def summary(request: VideoRequest, title: Text, *, whole: bool = False) -> Sentence:
    """The essentials in a line, with the model by its title.

    A seed that nobody has named is only in the `whole` of it.
    """
    seed = request.seed if whole else request.own_seed
    return joined(
        say("{model}", model=title),
        say("{seconds} s", seconds=request.seconds) if request.seconds else None,
        request.ratio,
        request.resolution,
        say("seed {seed}", seed=seed) if seed is not None else None,
    )


def joined(line: Sentence, *parts: Text | None) -> Sentence:
    """Parts in a row, with the commas of the reader's language; None is left out."""
    for part in parts:
        line = say("{before}, {part}", before=line, part=part) if part else line
    return line


def further(request: VideoRequest, effect: Text | None = None) -> list[Sentence]:
    """The options that were asked for beyond those of the summary, with the effect by its title."""
    switches = {
        "sound": (say("with sound"), say("without sound")),
        "rewrite": (say("words rewritten"), say("words as written")),
        "watermark": (say("with watermark"), say("without watermark")),
    }
    found: list[Sentence] = []
    if effect:
        found.append(say("effect “{effect}”", effect=effect))
    if request.camera:
        found.append(say("camera {camera}", camera=request.camera))
    if request.shots:
        found.append(say("shots {shots}", shots=request.shots))
    for name, (yes, no) in switches.items():
        if (wanted := getattr(request, name)) is not None:
            found.append(yes if wanted else no)
    if words := request.negative_prompt:
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
        found.append(say("not “{words}”", words=shown))
    return found
