"""Memory that many large videos take when they are fetched at once: 20 of 50 MB by default."""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks import meters
from benchmarks.emulated import emulated
from providers.web.downloads import download
from providers.web.wire import Web

_LIMIT = 64.0  # MB


async def fetch(web: Web, urls: list[str], folder: Path) -> None:
    files = [folder / f"{number}.mp4" for number in range(len(urls))]
    await asyncio.gather(
        *(download(web, url, file) for url, file in zip(urls, files, strict=True))
    )
    for file in files:
        file.unlink()


def measure(url: str, urls: list[str]) -> tuple[float, float, float]:
    """Seconds, CPU seconds, and growth of memory in MB."""
    return asyncio.run(_measure(url, urls))


async def _measure(url: str, urls: list[str]) -> tuple[float, float, float]:
    web = Web(private=True)
    with tempfile.TemporaryDirectory() as folder:
        await web.client(httpx.URL(url)).get(url)  # loads whatever is loaded at the first call
        meters.forget_peak()
        before = meters.memory("VmRSS")
        wall, cpu = time.perf_counter(), meters.cpu()
        await fetch(web, urls, Path(folder))
        took = time.perf_counter() - wall, meters.cpu() - cpu, meters.memory() - before
    await web.close()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=int, default=20)
    parser.add_argument("--megabytes", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    total = options.videos * options.megabytes
    table = Table("round", "MB/s", "CPU ms per video", "memory growth, MB", title="Fetching")
    worst = 0.0
    with emulated("dashscope") as service:
        for number in range(options.rounds):
            urls = list(service.results(options.videos, options.megabytes * 1_000_000))
            wall, cpu, growth = meters.apart(measure, service.url, urls)
            worst = max(worst, growth)
            each = cpu / options.videos * 1000
            table.add_row(str(number + 1), f"{total / wall:.0f}", f"{each:.0f}", f"{growth:.1f}")
    Console().print(table)
    if worst >= _LIMIT:
        raise SystemExit(f"{worst:.0f} MB: the aim is {_LIMIT:.0f}")


if __name__ == "__main__":
    main()
