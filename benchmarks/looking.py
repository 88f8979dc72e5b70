"""Looks and lateness of learnt schedules beside the usual ladders, on simulated render times.

Run from the repository root: python -m benchmarks.looking
"""

import heapq
import itertools
import math
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from jobs.looking import DEFAULT_BUDGET, Schedule

SEED = 1
MEDIANS = (30.0, 100.0, 300.0)
SIGMAS = (0.15, 0.3, 0.4, 0.6)
MODELS, TASKS = 6, 250  # per cell: models, each with its own cold start, and tasks per model
BUDGETS = (4.0, 6.0, 8.0, 10.0, 12.0, 16.0, 24.0)
Ladder = Callable[[], Iterator[float]]


def ladder(*steps: float) -> Ladder:
    return lambda: itertools.chain(steps, itertools.repeat(steps[-1]))


RIVALS: dict[str, Ladder] = {
    "every 5 s": ladder(5),
    "every 10 s": ladder(10),
    "every 15 s": ladder(15),
    "doubling to 8 s": ladder(1, 2, 4, 8),
    "1,1,2,2,2,4,4,4,5": ladder(1, 1, 2, 2, 2, 4, 4, 4, 5),
}


@dataclass(frozen=True)
class Model:
    usual: float  # as declared, itself off by some 30 %
    tasks: list[tuple[float, float]]  # start and render time


@dataclass(frozen=True)
class Result:
    looks: list[int]
    late: list[float]

    def summary(self) -> tuple[float, float, float, float]:
        ranked = sorted(self.late)
        return (
            statistics.fmean(self.looks),
            statistics.fmean(ranked),
            statistics.median(ranked),
            ranked[int(0.95 * len(ranked))],
        )


def model(median: float, sigma: float, number: int) -> Model:
    rng = random.Random(f"{SEED}/{median}/{sigma}/{number}")
    start, wander, tasks = 0.0, 0.0, []
    for task in range(TASKS):
        # Drift: a walk of 1.5 % a task drawn back to the median (about 15 % wide in the long
        # run), and a middle third that is 40 % slower from one task to the next.
        wander += rng.gauss(0, 0.015) - wander / 200
        slower = math.log(1.4) if TASKS <= 3 * task < 2 * TASKS else 0.0
        seconds = median * math.exp(wander + slower + rng.gauss(0, sigma))
        outlier = rng.random()
        if outlier < 0.03:
            seconds *= rng.uniform(2, 5)
        elif outlier < 0.04:
            seconds *= rng.uniform(0.3, 0.6)
        start += rng.expovariate(2 / median)  # about two tasks under way at any time
        tasks.append((start, seconds))
    return Model(median * math.exp(rng.gauss(0, 0.3)), tasks)


def climb(models: list[Model], steps: Ladder) -> Result:
    result = Result([], [])
    for _, seconds in itertools.chain.from_iterable(one.tasks for one in models):
        now = 0.0
        for looks, step in enumerate(steps(), 1):
            now += step
            if now >= seconds:
                result.looks.append(looks)
                result.late.append(now - seconds)
                break
    return result


def learn(models: list[Model], budget: float, *, told: bool = False) -> Result:
    """Each task learns from tasks found done before it started, and only from their looks.

    With `told` the service reports the true render time once asked after the end.
    """
    result = Result([], [])
    for number, one in enumerate(models):
        rng = random.Random(f"{SEED}/jitter/{number}")
        history: list[float] = []
        running: list[tuple[float, float]] = []
        schedule = Schedule.learn(history, one.usual, budget)
        for start, seconds in one.tasks:
            if running and running[0][0] <= start:
                while running and running[0][0] <= start:
                    history.append(heapq.heappop(running)[1])
                schedule = Schedule.learn(history, one.usual, budget)
            missed, looks = 0.0, 1
            found = schedule.next_look(0.0, rng.random())
            while found < seconds:
                missed, looks = found, looks + 1
                found += schedule.next_look(found, rng.random())
            result.looks.append(looks)
            result.late.append(found - seconds)
            remembered = seconds if told else schedule.settle(missed, found)
            heapq.heappush(running, (start + found, remembered))
    return result


Row = tuple[str, Result, Result]


def cell(where: tuple[float, float]) -> tuple[list[Row], Result]:
    models = [model(*where, number) for number in range(MODELS)]
    rows: list[Row] = []
    for name, steps in RIVALS.items():
        rival = climb(models, steps)
        rows.append((name, rival, learn(models, statistics.fmean(rival.looks))))
    return rows, learn(models, DEFAULT_BUDGET)


def budgets(budget: float) -> list[tuple[float, float, float]]:
    shares = []
    for median in MEDIANS:
        models = [model(median, 0.3, number) for number in range(3)]
        looks, late, _, p95 = learn(models, budget).summary()
        mean = statistics.fmean(seconds for one in models for _, seconds in one.tasks)
        shares.append((looks, late / mean, p95 / mean))
    return shares


def extra(kind: str) -> Result:
    """One side question each, at median 100 s, sigma 0.3 and the looks of every 10 s."""
    models = [model(100, 0.3, number) for number in range(MODELS)]
    budget = statistics.fmean(climb(models, RIVALS["every 10 s"]).looks)
    return learn(models, budget, told=kind == "told")


def cold(median: float) -> tuple[list[Row], Result]:
    models = [model(median, 0.3, number) for number in range(60)]
    models = [Model(one.usual, one.tasks[:10]) for one in models]
    rows: list[Row] = []
    for name, steps in RIVALS.items():
        rival = climb(models, steps)
        rows.append((name, rival, learn(models, statistics.fmean(rival.looks))))
    return rows, learn(models, DEFAULT_BUDGET)


def figures(result: Result) -> list[str]:
    looks, *late = result.summary()
    return [f"{looks:.2f}", *(f"{value:.2f}" for value in late)]


def compare(title: str, heads: list[str], parts: list[tuple[list[Row], Result]]) -> Table:
    table = Table(title=title)
    for head in ("median, sigma", "rival"):
        table.add_column(head)
    for who in ("rival", "ours"):
        for column in ("looks", "mean", "p50", "p95"):
            table.add_column(f"{who}\n{column}", justify="right")
    for column in ("looks", "mean", "p95"):
        table.add_column(f"ratio\n{column}", justify="right")
    for head, (rows, default) in zip(heads, parts, strict=True):
        for name, rival, ours in rows:
            a, b = rival.summary(), ours.summary()
            ratios = [f"{b[i] / a[i]:.3f}" for i in (0, 1, 3)]
            table.add_row(head, name, *figures(rival), *figures(ours), *ratios)
        label = f"default, {DEFAULT_BUDGET:g} looks"
        table.add_row(head, label, *[""] * 4, *figures(default), *[""] * 3, end_section=True)
    return table


def main() -> None:
    begun = time.perf_counter()
    console = Console(width=140)
    wheres = list(itertools.product(MEDIANS, SIGMAS))
    with ProcessPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        cells_, colds = pool.map(cell, wheres), pool.map(cold, MEDIANS)
        shares, sides = pool.map(budgets, BUDGETS), pool.map(extra, ("looks", "told"))
        cells, starts = list(cells_), list(colds)
        known, costs = list(sides), list(shares)
    heads = [f"{median:g} s, {sigma:g}" for median, sigma in wheres]
    console.print(compare("Lateness in seconds at equal mean looks", heads, cells))
    heads = [f"{median:g} s, 0.3" for median in MEDIANS]
    console.print(compare("The first 10 tasks of 60 models, no history", heads, starts))

    table = Table("budget", title="Looks, and lateness as a share of the mean render (sigma 0.3)")
    for median in MEDIANS:
        for column in ("looks", "mean", "p95"):
            table.add_column(f"{median:g} s\n{column}", justify="right")
    for budget, row in zip(BUDGETS, costs, strict=True):
        texts = [(f"{looks:.2f}", f"{mean:.1%}", f"{p95:.1%}") for looks, mean, p95 in row]
        table.add_row(f"{budget:g}", *itertools.chain.from_iterable(texts))
    console.print(table)

    table = Table("history from", "looks", "mean", "p50", "p95", title="100 s, 0.3, as every 10 s")
    for name, result in zip(("looks only", "reported times"), known, strict=True):
        table.add_row(name, *figures(result))
    console.print(table)

    pairs = [
        (sigma, ours.summary(), rival.summary())
        for (_, sigma), (rows, _) in zip(wheres, cells, strict=True)
        for _, rival, ours in rows
    ]
    for title, wanted in (("sigma <= 0.4", (0.15, 0.3, 0.4)), ("sigma 0.6", (0.6,))):
        some = [(ours, rival) for sigma, ours, rival in pairs if sigma in wanted]
        lost = sum(ours[1] >= rival[1] for ours, rival in some)
        tail = sum(ours[3] >= rival[3] for ours, rival in some)
        over = max(ours[0] / rival[0] for ours, rival in some)
        worst = max(ours[1] / rival[1] for ours, rival in some)
        console.print(
            f"{title}: {len(some)} pairs, mean lateness lost in {lost} (worst ratio {worst:.3f}), "
            f"p95 lost in {tail}, looks at most {over:.3f} of the rival's"
        )
    clock = time.perf_counter()
    rng = random.Random(SEED)
    for _ in range(100):
        Schedule.learn([rng.lognormvariate(4, 0.3) for _ in range(100)], 50)
    built = (time.perf_counter() - clock) * 10
    console.print(
        f"one schedule {built:.2f} ms; seed {SEED}; Python {platform.python_version()}, "
        f"{os.cpu_count()} cores; {time.perf_counter() - begun:.0f} s in all"
    )


if __name__ == "__main__":
    main()
