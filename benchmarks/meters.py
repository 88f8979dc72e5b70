"""What a process has used so far: processor time and memory, of its own and of its children."""

import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def cpu(who: int = resource.RUSAGE_SELF) -> float:
    """Seconds of processor time; of children only those that have ended and were waited for."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def memory(line: str = "VmHWM") -> float:
    """Megabytes in main memory: the most there ever were, or with "VmRSS" what there is now."""
    for text in Path("/proc/self/status").read_text().splitlines():
        name, _, value = text.partition(":")
        if name == line:
            return int(value.split()[0]) * 1024 / 1e6
    raise RuntimeError(line)


def forget_peak() -> None:
    """Let the peak begin anew at what there is now."""
    Path("/proc/self/clear_refs").write_text("5")


def apart(function: Callable[..., T], *arguments: object) -> T:
    """Run a function in a fresh process, whose figures are nobody else's."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()
