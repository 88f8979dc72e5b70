"""The media child process: jobs as JSON on its input, their progress and results on its output."""

import json
import os
import resource
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from core.capabilities import PictureLimits
from core.errors import MediaError

# Imported by name when needed: starting the child is part of everyone's waiting.
JOBS = {
    "take_in_picture": "media.images:take_in",
    "fit_picture": "media.images:fit",
    "cut_picture": "media.images:cut",
    "inspect_sound": "media.sounds:inspect",
    "convert_sound": "media.sounds:convert",
    "finish_video": "media.videos:finish",
    "shrink_video": "media.videos:shrink",
    "last_frame": "media.videos:last_frame",
    "draw_days": "media.charts:draw_days",
    "draw_services": "media.charts:draw_services",
    "outline_people": "media.people:outline",
    "draw_card": "media.card:draw",
    "render": "media.render.film:render",
}
MODULES = [job.partition(":")[0] for job in JOBS.values()]
_PATHS = {"source", "target", "poster", "first", "last", "sound"}
_MEGABYTE = 1_000_000

Report = Callable[[float], None]


def main() -> None:
    """Run jobs, one a line: {"job": name, "arguments": {...}, "seconds": n, ...}, till none comes."""
    # Libraries print to descriptor 1 as they like; what we say goes through a copy of it.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    order = json.loads(sys.stdin.readline())
    _confine(order)

    def tell(kind: str, value: Any) -> None:
        answers.write(json.dumps({kind: value}) + "\n")

    while True:
        _bound_time(order["seconds"], last=order.get("last", True))
        _work(order, tell)
        line = sys.stdin.readline()
        if not line:
            return
        order = json.loads(line)


def _work(order: dict[str, Any], tell: Callable[[str, Any], None]) -> None:
    try:
        job = _job(order["job"], lambda part: tell("progress", round(part, 3)))
        result = job(**_arguments(order["arguments"]))
    except MediaError as error:
        tell("refused", {"template": error.sentence.template, "values": error.sentence.values})
    except MemoryError:
        tell("failed", "out of memory")
    else:
        tell("result", result)


def _confine(order: dict[str, Any]) -> None:
    """Bound what this process may take; a hostile file can then only end its own one."""
    os.nice(10)
    limits = {
        resource.RLIMIT_AS: order["memory"] * _MEGABYTE,
        resource.RLIMIT_FSIZE: order["bytes"],
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    die_with(order["parent"])


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent dies, however that happens."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415  # needed on Linux only

        parent_death_signal = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(parent_death_signal, 9)
        if os.getppid() != parent:
            sys.exit("the parent is gone")


def _bound_time(seconds: int, *, last: bool) -> None:
    """Bound the processor time of one job; a hard limit could not be raised for the next one."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (end, end if last else resource.RLIM_INFINITY))


def _job(name: str, report: Report) -> Callable[..., dict[str, Any]]:
    module, _, function = JOBS[name].partition(":")
    job: Callable[..., dict[str, Any]] = getattr(import_module(module), function)
    return partial(job, report=report) if name == "render" else job


def _arguments(given: dict[str, Any]) -> dict[str, Any]:
    """Give arguments back the types that JSON took from them."""
    for name in _PATHS & given.keys():
        given[name] = given[name] and Path(given[name])
    if "limits" in given:
        given["limits"] = PictureLimits(**given["limits"])
    return given


if __name__ == "__main__":
    main()
