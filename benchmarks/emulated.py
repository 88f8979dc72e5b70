"""Emulated services for benchmarks: each in a process of its own, roomy, and without rate limits."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from playground.services.dashscope import DashScope
from playground.services.dreamina import Dreamina
from playground.services.gateway import Gateway
from playground.services.service import Received, Result, Service
from playground.services.studio import Studio
from playground.services.volcengine import Manner, Volcengine

_MANY = 1_000_000
SECONDS = (1.0, 3.0)  # that a render takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A service, and the model of it that is measured."""

    make: Callable[[Studio], Service]
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How many requests came in by route, and the first of each."""

    counts: Mapping[str, int]
    first: Mapping[str, Received]


def _dashscope(studio: Studio) -> Service:
    service = DashScope(studio=studio)
    service.rates.enforced = False
    service.running = dict.fromkeys(service.running, _MANY)
    return service


def _dreamina(studio: Studio) -> Service:
    service = Dreamina(studio=studio)
    service.switches.at_once = _MANY
    return service


KINDS: Mapping[str, Kind] = {
    "dashscope": Kind(make=_dashscope, model="dashscope/wan2.6-i2v-flash"),
    "volcengine": Kind(
        make=lambda studio: Volcengine(studio=studio, manner=Manner(concurrency=_MANY)),
        model="volcengine/jimeng-3.0-720p",
    ),
    "tokenops": Kind(
        make=lambda studio: Gateway(studio=studio), model="tokenops/jimeng-video-3.0-720P"
    ),
    "dreamina": Kind(make=_dreamina, model="dreamina/i2v"),
}


class Emulated:
    """A running service, seen from outside its process."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.url, self.environment = connection.recv()

    def heard(self) -> Heard:
        """What came in so far."""
        return self._ask("heard")

    def results(self, count: int, pad: int) -> Sequence[str]:
        """Addresses of as many videos, each with so many bytes more."""
        return self._ask("results", count, pad)

    def _ask(self, *question: Any) -> Any:
        self._connection.send(question)
        return self._connection.recv()


@contextmanager
def emulated(name: str) -> Iterator[Emulated]:
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_serve, args=(name, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Emulated(ours)
    finally:
        ours.close()
        process.join()


def _serve(name: str, connection: Connection) -> None:
    asyncio.run(_answer(KINDS[name].make(Studio(seats=_MANY, seconds=SECONDS)), connection))


async def _answer(service: Service, connection: Connection) -> None:
    async with service:
        connection.send((service.url, service.environment))
        while True:
            try:
                question, *arguments = await asyncio.to_thread(connection.recv)
            except EOFError:
                return
            connection.send({"heard": _heard, "results": _results}[question](service, *arguments))


def _heard(service: Service) -> Heard:
    first: dict[str, Received] = {}
    for one in service.requests:
        first.setdefault(one.route, one)
    return Heard(counts=Counter(one.route for one in service.requests), first=first)


def _results(service: Service, count: int, pad: int) -> list[str]:
    names = [f"large-{number}" for number in range(count)]
    service.results |= {name: Result(pad=pad) for name in names}
    return [f"{service.url}/results/{name}" for name in names]
