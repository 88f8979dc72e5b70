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
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

Floats = NDArray[np.float64]

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
PATCH = 200  # pixels of the square that is followed
MARGIN = 24  # pixels between a corner's square and the frame's border
REACH, DEGREE = 5, 3  # a cubic through 11 frames is what counts as smooth
FINE = 4  # crf at which the codec adds little to what is measured
ROUNDS = 8
SHORTEST = 3  # seconds: the same way in the fewest frames, so the fastest motion


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


@dataclass(frozen=True)
class Smoothness:
    """Pixels left of the motion between frames after its smooth trend; `speed` is its peak."""

    centre: float
    corner: float
    worst: float
    speed: float


def smoothness(path: Path) -> Smoothness:
    frames = list(_luma(path))
    height, width = frames[0].shape
    centre = ((height - PATCH) // 2, (width - PATCH) // 2)
    far = (height - PATCH - MARGIN, width - PATCH - MARGIN)
    corners = [(top, left) for top in (MARGIN, far[0]) for left in (MARGIN, far[1])]
    detailed = max(corners, key=lambda at: float(_slopes(_cut(frames[0], at))[2].trace()))
    residues, speeds = [], []
    for at in (centre, detailed):
        motion = _motion(frames, at)
        residues.append(_residue(motion))
        speeds.append(np.hypot(*motion.T).max())
    middle, corner = (float(np.sqrt(np.mean(residue**2))) for residue in residues)
    worst = max(float(residue.max()) for residue in residues)
    return Smoothness(middle, corner, worst, float(max(speeds)))


def _luma(path: Path) -> Iterator[Floats]:
    with av.open(str(path)) as video:
        for frame in video.decode(video=0):
            yield frame.to_ndarray()[: frame.height].astype(np.float64)


def _cut(frame: Floats, at: tuple[int, int]) -> Floats:
    return frame[at[0] : at[0] + PATCH, at[1] : at[1] + PATCH]


def _motion(frames: list[Floats], at: tuple[int, int]) -> Floats:
    """Registration of each frame to the one before: steps x (x, y) in pixels."""
    steps = [np.zeros(2)]
    for before, after in pairwise(frames):
        steps.append(_register(before, after, at, steps[-1]))
    return np.array(steps[1:])


def _register(before: Floats, after: Floats, at: tuple[int, int], guess: Floats) -> Floats:
    """Iterative Lucas-Kanade: where the square at `at` went, symmetric in both frames."""
    step = guess.copy()
    for _ in range(ROUNDS):
        old, new = _read(before, at, -step / 2), _read(after, at, step / 2)
        across, down, structure = _slopes((old + new) / 2)
        error = old - new
        change = np.linalg.solve(structure, [(across * error).sum(), (down * error).sum()])
        step += change
        if np.abs(change).max() < 1e-4:
            break
    return step


def _slopes(patch: Floats) -> tuple[Floats, Floats, Floats]:
    down, across = np.gradient(patch)
    cross = (across * down).sum()
    return across, down, np.array([[(across**2).sum(), cross], [cross, (down**2).sum()]])


def _read(frame: Floats, at: tuple[int, int], offset: Floats) -> Floats:
    """The square moved by a fraction of a pixel, through a cubic in each direction."""
    whole = np.floor(offset).astype(int)
    across, down = (_taps(float(part)) for part in offset - whole)
    top, left = at[0] + whole[1] - 1, at[1] + whole[0] - 1
    area = frame[top : top + PATCH + 3, left : left + PATCH + 3]
    rows = sum(tap * area[k : k + PATCH] for k, tap in enumerate(down))
    moved: Floats = sum(tap * rows[:, k : k + PATCH] for k, tap in enumerate(across))
    return moved


def _taps(t: float) -> tuple[float, float, float, float]:
    """Weights of the cubic of Catmull and Rom for the four neighbours of a place."""
    return (
        (-(t**3) + 2 * t**2 - t) / 2,
        (3 * t**3 - 5 * t**2 + 2) / 2,
        (-3 * t**3 + 4 * t**2 + t) / 2,
        (t**3 - t**2) / 2,
    )


def _residue(motion: Floats) -> Floats:
    """Distance of each step from the local cubic through the steps around it."""
    t = np.arange(-REACH, REACH + 1)
    weights = np.linalg.pinv(np.vander(t, DEGREE + 1))[-1]
    smooth = np.stack([np.convolve(axis, weights, "valid") for axis in motion.T], axis=-1)
    residue: Floats = np.hypot(*(motion[REACH:-REACH] - smooth).T)
    return residue


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


def main() -> None:
    begun = time.perf_counter()
    table = Table(title="The built-in renderer: 720p, 3:4, 5 s unless said")
    table.add_column("film")
    heads = ("wall s", "CPU s", "CPU s per\nsecond", "peak MB", "kB")
    heads += ("centre\npx", "corner\npx", "worst\npx", "speed\npx/frame")
    for head in heads:
        table.add_column(head, justify="right")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wanted = films(folder)
        costs = [draw(film, folder / "film.mp4") for film in wanted]

        def measure(film: Film) -> Smoothness:
            target = folder / f"{film.name}.mp4"
            draw(replace(film, seconds=SHORTEST), target, crf=FINE)
            return smoothness(target)

        # What is measured here is no cost, so two may share the cores.
        with ThreadPoolExecutor(2) as pool:
            found = dict(zip(MOVES, pool.map(measure, wanted[: len(MOVES)]), strict=True))
    for film, cost in zip(wanted, costs, strict=True):
        motion = found.get(film.name)
        table.add_row(
            film.name if film.name in (*MOVES, cost.kind) else f"{film.name} ({cost.kind})",
            f"{cost.wall:.1f}",
            f"{cost.cpu:.1f}",
            f"{cost.cpu / cost.seconds:.2f}",
            f"{cost.memory:.0f}",
            f"{cost.size / 1000:.0f}",
            *((f"{motion.centre:.3f}", f"{motion.corner:.3f}") if motion else ("", "")),
            *((f"{motion.worst:.3f}", f"{motion.speed:.2f}") if motion else ("", "")),
        )
    console = Console(width=110)
    console.print(table)
    console.print(
        f"centre, corner (RMS) and worst: off the smooth trend, in films of {SHORTEST} s, "
        f"crf {FINE}, squares of {PATCH} px"
    )
    console.print(
        f"Python {platform.python_version()}, av {av.__version__}, {os.cpu_count()} cores; "
        f"{time.perf_counter() - begun:.0f} s in all"
    )


if __name__ == "__main__":
    main()
