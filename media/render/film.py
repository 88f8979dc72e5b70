"""The built-in renderer: from photos, words and sound to an MP4."""

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from core.ratios import frame_size
from media.images import read
from media.render.loop import Loop
from media.render.pair import Dissolve, Morph, draw_pair
from media.render.plates import Planes
from media.render.still import Still
from media.render.voice import Voice
from media.render.words import read_plan
from media.render.writer import CRF, FPS, write
from media.sounds import inspect

COMMENT = "Firstframe: camera moves over a photo, rendered locally. No AI model was used."
_THREADS = 2
_AHEAD = 4  # frames drawn before the encoder asks for them

Report = Callable[[float], None]
Draw = Callable[[int], Planes]


def render(
    *,
    first: Path,
    target: Path,
    prompt: str,
    seconds: float,
    ratio: str,
    resolution: str,
    seed: int,
    report: Report,
    last: Path | None = None,
    sound: Path | None = None,
    max_seconds: float = 60.0,
    crf: int = CRF,
) -> dict[str, Any]:
    """Draw a video of `seconds`, or of a sound's exact length up to `max_seconds`.

    The first photo as the last one makes a loop. With a sound there is no way to a last photo: give one or the other. Gives the count of
    frames, the length in seconds and the kind of film.
    """
    size = frame_size(ratio, resolution)
    image = read(first)
    plan = read_plan(prompt)
    if sound:
        seconds = min(inspect(sound)["seconds"], max_seconds)
    frames = math.ceil(round(seconds * FPS, 6))
    scene: Still | Loop | Morph | Dissolve | Voice
    if sound:
        scene = Voice(image, sound, size, plan, frames, seed)
    elif last == first:
        scene = Loop(image, size, plan, frames, seed)
    elif last:
        scene = draw_pair(image, read(last), size, plan, frames)
    else:
        scene = Still(image, size, plan, frames, seed)
    write(
        target,
        _in_order(scene.frame, frames, report),
        size,
        comment=COMMENT,
        sound=sound,
        seconds=seconds,
        crf=crf,
    )
    return {"frames": frames, "seconds": seconds, "kind": type(scene).__name__.lower()}


def _in_order(draw: Draw, frames: int, report: Report) -> Iterator[Planes]:
    """Draw a few frames ahead on threads (the resampler frees the interpreter), in order."""
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting = [pool.submit(draw, number) for number in range(min(_AHEAD, frames))]
        for number in range(frames):
            if number % FPS == 0:
                report(number / frames)
            planes = waiting.pop(0).result()
            if number + _AHEAD < frames:
                waiting.append(pool.submit(draw, number + _AHEAD))
            yield planes
