"""Tasks through every emulated service: the bot's whole engine beside loops of bare HTTP calls.

One loop calls as httpx comes, the other through the bot's own client, which takes half of that.

The service, the bot's side and the bare loop are processes of their own. Everything between an
accepted order and a finished video is real: database, worker, dispatcher, media children, files,
logs; only Telegram is a front that takes notes.
"""

import argparse
import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks import bare, meters
from benchmarks.emulated import KINDS, emulated
from benchmarks.ours import Bot
from bot import logs
from media.nursery import SHARED
from media.runner import MediaRunner
from playground.services.service import Received
from providers import catalog
from providers.base import Kit
from providers.web.wire import Web

BOT, PLAIN, CLIENT = "bot", "plain httpx", "our client"

Looks = Sequence[Sequence[float]]
Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Milliseconds of CPU are per task; `memory` is the peak in MB."""

    rate: float
    cpu: float
    media: float
    memory: float

    def best(self, other: "Figures") -> "Figures":
        """The better of each figure: the machine is shared, and disturbs one way only."""
        return Figures(
            rate=max(self.rate, other.rate),
            cpu=min(self.cpu, other.cpu),
            media=min(self.media, other.media),
            memory=min(self.memory, other.memory),
        )


def run_ours(
    name: str, environment: Environment, count: int, at_once: int
) -> tuple[Figures, Looks]:
    """In a process of its own; also gives when each task was looked at."""
    # Logs are written as in service, but nobody reads them.
    sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115  # as long as the process
    logs.set_up(environment.values())
    return asyncio.run(_run_ours(name, environment, count, at_once))


async def _run_ours(
    name: str, environment: Environment, count: int, at_once: int
) -> tuple[Figures, Looks]:
    with tempfile.TemporaryDirectory() as folder:
        bot = Bot(Path(folder), name, environment, at_once)
        serving = asyncio.create_task(bot.dispatcher.serve())
        photos = await bot.take_in_photos()
        await bot.learn()
        await bot.work([bot.request(photos[0], 0)])  # loads whatever is loaded at first use
        requests = [bot.request(photos[n % len(photos)], n) for n in range(1, count + 1)]
        began, cpu = time.perf_counter(), meters.cpu()
        await bot.work(requests, start=1)
        wall, cpu = time.perf_counter() - began, meters.cpu() - cpu
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await bot.close()
    SHARED.close()  # only who has ended is counted
    # With the photos and the first task, whose share is small.
    media = meters.cpu(resource.RUSAGE_CHILDREN)
    looks = list(bot.looks.values())[1:]
    return _figures(count, wall, cpu, media), looks


def run_bare(
    name: str,
    url: str,
    environment: Environment,
    first: Mapping[str, Received],
    looks: Looks,
    at_once: int,
    *,
    plain: bool,
) -> Figures:
    """In a process of its own; `plain` calls as httpx comes, without the bot's client."""
    return asyncio.run(_run_bare(name, url, environment, first, looks, at_once, plain=plain))


async def _run_bare(
    name: str,
    url: str,
    environment: Environment,
    first: Mapping[str, Received],
    looks: Looks,
    at_once: int,
    *,
    plain: bool,
) -> Figures:
    web = Web(private=True)
    client = httpx.AsyncClient() if plain else web.client(httpx.URL(url))
    calls = bare.BARE[name](client, url, environment, first)
    with tempfile.TemporaryDirectory() as folder:
        await bare.run(calls, looks[:1], at_once, Path(folder))
        began, cpu = time.perf_counter(), meters.cpu()
        await bare.run(calls, looks, at_once, Path(folder))
        wall, cpu = time.perf_counter() - began, meters.cpu() - cpu
    await client.aclose()
    return _figures(len(looks), wall, cpu, 0.0)


def _figures(count: int, wall: float, cpu: float, media: float) -> Figures:
    return Figures(
        rate=count / wall,
        cpu=cpu / count * 1000,
        media=media / count * 1000,
        memory=meters.memory(),
    )


def measure(name: str, count: int, at_once: int) -> dict[str, tuple[Figures, float]]:
    """The figures of each side, and the requests that it makes per task."""
    with emulated(name) as service:
        ours, looks = meters.apart(run_ours, name, service.environment, count, at_once)
        heard = service.heard()
    found = {BOT: (ours, sum(heard.counts.values()) / (count + 1))}
    for side, plain in ((PLAIN, True), (CLIENT, False)):
        with emulated(name) as service:
            run = partial(run_bare, plain=plain)
            where = service.url, service.environment
            figures = meters.apart(run, name, *where, heard.first, looks, at_once)
            found[side] = figures, sum(service.heard().counts.values()) / (count + 1)
    return found


def offered(name: str) -> bool:
    """Whether the catalogue has a provider for an emulated service by now."""
    with emulated(name) as service:
        kit = Kit(environment=service.environment, runner=MediaRunner(), web=Web(private=True))
        return name in catalog.build(kit).providers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("services", nargs="*", help="all that are in the catalogue by default")
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    table = Table(
        *("service", "side", "tasks/s", "requests", "CPU ms", "of plain", "of client"),
        *("media CPU ms", "peak MB"),
        title=f"{options.tasks} tasks, {options.at_once} at a time, best of {options.rounds} runs",
        caption="requests and CPU are per task; media is the CPU of the bot's child processes",
    )
    for name in options.services or [name for name in KINDS if offered(name)]:
        runs = [measure(name, options.tasks, options.at_once) for _ in range(options.rounds)]
        best = {
            side: (reduce(Figures.best, (run[side][0] for run in runs)), runs[-1][side][1])
            for side in (BOT, PLAIN, CLIENT)
        }
        for side, (one, requests) in best.items():
            figures = f"{one.rate:.1f}", f"{requests:.1f}", f"{one.cpu:.1f}"
            times = [f"{one.cpu / best[other][0].cpu:.1f}" for other in (PLAIN, CLIENT)]
            table.add_row(name, side, *figures, *times, f"{one.media:.0f}", f"{one.memory:.0f}")
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
