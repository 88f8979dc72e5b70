"""Cost and smoothness of the built-in renderer, each film drawn in a fresh child process.

Run from the repository root: python -m benchmarks.render
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import av
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.smoothness import (
    PATCH,
    Luma,
    Smoothness,
    decoded,
    floor,
    residue,
    rms,
    smoothness,
)
from core.ratios import frame_size
from media.images import read
from media.render.still import Still
from media.render.words import read_plan
from media.render.writer import CRF, FPS

SAMPLES = Path(__file__).parents[1] / "playground" / "samples"
PHOTO, OTHER, VOICE = (SAMPLES / name for name in ("astronaut.jpg", "coffee.jpg", "hello.ogg"))
MOVES = {
    "push": "zoom in",
    "pull": "zoom out",
    "pan": "pan right",
    "tilt": "tilt up",
    "roll": "rotate clockwise",
    "orbit": "orbit right",
    "dolly zoom": "dolly zoom",
    "follow": "tracking shot",
    "handheld": "handheld",
    "static": "static shot",
}
SIZE = frame_size("3:4", "720p")
FINE = 4  # crf at which the codec adds little to what is measured
LENGTHS = (3, 5)  # seconds: at 3, the shortest, the same way takes the fewest frames
RUNS = 5


@dataclass(frozen=True)
class Film:
    name: str
    prompt: str = "zoom in"
    ratio: str = "3:4"
    resolution: str = "720p"
    seconds: float = 5
    last: Path | None = None
    sound: Path | None = None


@dataclass(frozen=True)
class Cost:
    wall: float
    cpu: float
    memory: float  # MB at the peak
    size: int
    seconds: float
    kind: str


def draw(film: Film, target: Path, *, crf: int | None = None) -> Cost:
    """Run the media worker as the bot does and ask the kernel what this one child took."""
    arguments = {
        "first": str(PHOTO),
        "last": str(film.last) if film.last else None,
        "sound": str(film.sound) if film.sound else None,
        "target": str(target),
        "prompt": film.prompt,
        "seconds": film.seconds,
        "ratio": film.ratio,
        "resolution": film.resolution,
        "seed": 1,
    }
    if crf:
        arguments["crf"] = crf
    order = {"job": "render", "memory": 2000, "seconds": 100, "bytes": 10**9}
    order["parent"] = os.getpid()
    begun = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "media.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert child.stdin
    assert child.stdout
    with child.stdin, child.stdout:
        child.stdin.write(json.dumps({**order, "arguments": arguments}).encode() + b"\n")
        child.stdin.close()
        *_, answer = map(json.loads, child.stdout)
        # The sum over all children, RUSAGE_CHILDREN, would hide each one's peak of memory.
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
    result = answer["result"]
    return Cost(
        wall=wall,
        cpu=used.ru_utime + used.ru_stime,
        memory=used.ru_maxrss / 1000 * 1.024,
        size=target.stat().st_size,
        seconds=result["seconds"],
        kind=result["kind"],
    )


def films(folder: Path) -> list[Film]:
    aside = folder / "aside.png"
    with av.open(str(PHOTO)) as photo:
        frame = next(photo.decode(video=0)).to_ndarray(format="rgb24")[8:, 14:]
    with av.open(str(aside), "w", format="image2", options={"update": "1"}) as output:
        stream = output.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = frame.shape[1], frame.shape[0], "rgb24"
        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
        output.mux(stream.encode(picture))
        output.mux(stream.encode(None))
    push = Film("push")
    return [
        *(Film(name, prompt) for name, prompt in MOVES.items()),
        Film("morph", last=aside),
        Film("dissolve", last=OTHER),
        Film("photo and voice", sound=VOICE),
        replace(push, name="push, 480p", resolution="480p"),
        replace(push, name="push, 1080p", resolution="1080p"),
    ]


def drawn(film: Film) -> Iterator[Luma]:
    """The frames of a move as they are drawn, before any encoder."""
    frames = round(film.seconds * FPS)
    still = Still(read(PHOTO), SIZE, read_plan(film.prompt), frames, 1)
    for number in range(frames):
        yield np.asarray(still.frame(number)[0])


def measure(film: Film, folder: Path) -> dict[str, Smoothness]:
    """The smoothness of a move as drawn, at a crf that adds little, and as it is sent."""
    target = folder / f"{film.name} {film.seconds}.mp4"
    found = {"drawn": smoothness(drawn(film))}
    for kind, crf in (("fine", FINE), ("sent", None)):
        draw(film, target, crf=crf)
        found[kind] = smoothness(decoded(target))
    target.unlink()
    return found


def exact_pan() -> tuple[float, float]:
    """What the method finds amiss in an exact pan, and what the trend leaves of the pan's path."""
    pan = Film("pan", MOVES["pan"], seconds=LENGTHS[0])
    path = Still(read(PHOTO), SIZE, read_plan(pan.prompt), round(pan.seconds * FPS), 1).path
    way = (path.x - path.x[0]) * path.zoom
    steps = np.stack((np.diff(way), np.zeros(len(way) - 1)), axis=-1)
    return floor(next(drawn(pan)), way), rms(residue(steps))


def cost_table(wanted: list[Film], folder: Path) -> Table:
    table = Table(title="Cost: 720p, 3:4, 5 s unless said")
    table.add_column("film")
    for head in ("CPU s\nper s", "median", "wall s", "median", "peak MB", "kB"):
        table.add_column(head, justify="right")
    # All films once, then all again: what else runs meanwhile hits all alike.
    rounds = [[draw(film, folder / "film.mp4") for film in wanted] for _ in range(RUNS)]
    for film, costs in zip(wanted, zip(*rounds, strict=True), strict=True):
        cpu = [cost.cpu / cost.seconds for cost in costs]
        wall = [cost.wall for cost in costs]
        named = film.name in (*MOVES, costs[0].kind)
        table.add_row(
            film.name if named else f"{film.name} ({costs[0].kind})",
            f"{min(cpu):.2f}",
            f"{median(cpu):.2f}",
            f"{min(wall):.1f}",
            f"{median(wall):.1f}",
            f"{max(cost.memory for cost in costs):.0f}",
            f"{costs[0].size / 1000:.0f}",
        )
    return table


def smoothness_table(folder: Path) -> Table:
    wanted = [Film(name, MOVES[name], seconds=length) for length in LENGTHS for name in MOVES]
    table = Table(
        title="Smoothness: px RMS off the trend at the centre and in a corner, 720p, 3:4"
    )
    table.add_column("film")
    for head in ("drawn", "", f"crf {FINE}", "", "worst\npx", f"sent\ncrf {CRF}", ""):
        table.add_column(head, justify="right")
    table.add_column("speed\npx/frame", justify="right")
    # What is measured here is no cost, so two may share the cores.
    with ThreadPoolExecutor(2) as pool:
        for film, found in zip(
            wanted, pool.map(lambda x: measure(x, folder), wanted), strict=True
        ):
            fine = found["fine"]
            cells = [
                (found[kind].centre, found[kind].corner) for kind in ("drawn", "fine", "sent")
            ]
            numbers = [f"{value:.4f}" for pair in cells for value in pair]
            numbers.insert(4, f"{fine.worst:.3f}")
            table.add_row(f"{film.name}, {film.seconds:.0f} s", *numbers, f"{fine.speed:.2f}")
    return table


def main() -> None:
    begun = time.perf_counter()
    console = Console(width=110)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        console.print(cost_table(films(folder), folder))
        console.print(smoothness_table(folder))
    error, left = exact_pan()
    console.print(
        f"squares of {PATCH} px; an exact pan of {LENGTHS[0]} s is measured to {error:.4f} px RMS, "
        f"and its path itself is {left:.4f} px RMS off the trend"
    )
    console.print(
        f"{RUNS} runs; Python {platform.python_version()}, av {av.__version__}, "
        f"{os.cpu_count()} cores; {time.perf_counter() - begun:.0f} s in all"
    )


if __name__ == "__main__":
    main()
