"""When to ask a remote service whether a render is done, learnt from how long past ones took."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Self

DEFAULT_BUDGET = 10.0  # mean looks per task

FLOOR = 1.0  # seconds between two looks, at the least
CEILING = 60.0  # seconds between two looks once a task is overdue ...
OVERDUE_SHARE = 0.125  # ... or this share of the time elapsed, whichever is longer
JITTER = 0.25  # width of the random part of a wait, as a share of it

_NEWEST = 40  # renders remembered
_HALF_LIFE = 20.0  # renders after which a memory counts half: drift is followed, outliers fade
_PRIOR_WEIGHT = 2.0  # renders the declared usual time is worth
_PRIOR_SPREAD = 0.6  # its standard deviation in log time, a heavy tail under any history
_SPREADS = (0.05, 1.0)  # limits for a learnt standard deviation in log time
_FAST, _SLOW = 0.01, 0.97  # quantiles: nothing is asked before the first, the last is overdue
_THIN = 2.0  # budgets spent on an overdue task, at most, while its time grows e-fold
_PATIENCE = 8.0  # gap before a task is overdue, at most, in times elapsed or ceilings
_CELLS = 56  # of the time grid, even in log time
_FIRST = 0.75  # planned looks from the fast end to the first real one
_RESERVE = 0.02  # share of the repeated looks held back: drift costs more than forecast


def _ceiling(elapsed: float) -> float:
    return max(CEILING, OVERDUE_SHARE * elapsed)


def _forecast(history: Sequence[float], usual: float) -> tuple[list[float], list[float]]:
    """Time grid and the probability that the render has ended by each of its points.

    A kernel estimate in log time, newer renders weighing more, over one broad component.
    """
    logs = [math.log(value) for value in history[-_NEWEST:] if 0 < value < math.inf]
    weights = [0.5 ** (age / _HALF_LIFE) for age in range(len(logs))][::-1]
    total = sum(weights)
    centre, spread, width = math.log(usual), _PRIOR_SPREAD, 0.0
    if logs:
        points = sorted(zip(logs, weights, strict=True))

        def quantile(share: float) -> float:
            left = share * total
            return next((x for x, weight in points if (left := left - weight) <= 0), points[-1][0])

        # Quantiles, not moments: a few outliers must move neither place nor width.
        learnt = (quantile(0.84) - quantile(0.16)) / 2
        count = total**2 / sum(weight**2 for weight in weights)
        trust = count / (count + 2 * _PRIOR_WEIGHT)
        spread = math.sqrt(trust * learnt**2 + (1 - trust) * _PRIOR_SPREAD**2)
        spread = min(max(spread, _SPREADS[0]), _SPREADS[1])
        centre += (quantile(0.5) - centre) * total / (total + _PRIOR_WEIGHT)
        width = max(spread * count**-0.2, _SPREADS[0])
    low, high = centre - max(4 * spread, 1.2), centre + max(5 * spread, 2.2)
    grid = [low + (high - low) * cell / _CELLS for cell in range(_CELLS + 1)]
    ended = [0.0] * len(grid)
    kernels = [(centre, _PRIOR_WEIGHT, max(_PRIOR_SPREAD, spread))]
    # One outlier is weak news of where the next one ends: the farther out, the wider its kernel.
    for x, weight in zip(logs, weights, strict=True):
        kernels.append((x, weight, max(width, abs(x - centre) / 2)))
    for x, weight, sigma in kernels:
        scale, half = 1 / (sigma * math.sqrt(2)), weight / (total + _PRIOR_WEIGHT) / 2
        rise = (half + half * math.erf((at - x) * scale) for at in grid)
        ended = [p + more for p, more in zip(ended, rise, strict=True)]
    return [math.exp(at) for at in grid], ended


@dataclass(frozen=True, slots=True)
class Schedule:
    """When to look at one task; `looks` is the number planned by each of `times`."""

    times: tuple[float, ...]
    looks: tuple[float, ...]

    @classmethod
    def learn(cls, history: Sequence[float], usual: float, budget: float = DEFAULT_BUDGET) -> Self:
        """Plan from past render times (oldest first) and a declared usual time, in seconds.

        Mean lateness for a given mean number of looks is least when looks are as dense as the
        square root of the hazard rate (Barlow and Proschan; Kaio and Osaki). The factor in
        front is found by bisection, so that the forecast mean number of looks is the budget.
        """
        if not (0 < usual < math.inf and budget >= 1):
            raise ValueError("the usual time must be positive and the budget at least one look")
        times, ended = _forecast(history, usual)
        start = next(cell for cell, p in enumerate(ended) if p >= _FAST)
        times, ended = times[start:], ended[start:]
        cells: list[tuple[float, float, float, float, float]] = []
        for (t0, t1), (p0, p1) in zip(pairwise(times), pairwise(ended), strict=True):
            hazard = (p1 - p0) / (t1 - t0) / max(1 - (p0 + p1) / 2, 1e-9)
            # Before a task is overdue the budget decides, within reason; afterwards each e-fold
            # of the time elapsed costs two budgets at most: a hung task stays cheap.
            overdue = p0 >= _SLOW
            rarest = 1 / (_ceiling(t0) if overdue else _PATIENCE * max(CEILING, t0))
            densest = max(_THIN * budget / t0, rarest) if overdue else 1 / FLOOR
            cells.append((t1 - t0, p1 - p0, math.sqrt(hazard), rarest, min(densest, 1 / FLOOR)))

        def plan(factor: float) -> tuple[float, list[float]]:
            mean, done, looks = 1.0, 0.0, [0.0]
            for seconds, chance, density, rarest, densest in cells:
                step = seconds * min(max(factor * density, rarest), densest)
                # Half a look more: the one that finds the end lies beyond it.
                mean += chance * max(done + step / 2 + 0.5 - _FIRST, 0.0)
                done += step
                looks.append(done)
            return mean + (1 - ended[-1]) * (done + 0.5), looks

        few, many = 1e-3, 1e3
        for _ in range(13):
            factor = math.sqrt(few * many)
            if plan(factor)[0] - 1 > (budget - 1) * (1 - _RESERVE):
                many = factor
            else:
                few = factor
        return cls(tuple(times), tuple(plan(few)[1]))

    def next_look(self, elapsed: float, jitter: float) -> float:
        """Seconds to wait after `elapsed` seconds of a task; `jitter` is a number in [0, 1)."""
        times, looks = self.times, self.looks
        share = 1 + JITTER * (jitter - 0.5)
        rate = max((looks[-1] - looks[-2]) / (times[-1] - times[-2]), 1 / _ceiling(times[-1]))
        if elapsed >= times[-1]:
            # Past all history the gap grows with the time elapsed: a time-out is no verdict.
            return max(FLOOR, share * min(elapsed / times[-1] / rate, _ceiling(elapsed)))
        if elapsed <= times[0]:
            target = _FIRST * share
        else:
            cell = bisect_right(times, elapsed) - 1
            part = (elapsed - times[cell]) / (times[cell + 1] - times[cell])
            target = looks[cell] + part * (looks[cell + 1] - looks[cell]) + share
        if target >= looks[-1]:
            return max(FLOOR, times[-1] + (target - looks[-1]) / rate - elapsed)
        cell = bisect_left(looks, target) - 1
        part = (target - looks[cell]) / (looks[cell + 1] - looks[cell])
        return max(FLOOR, times[cell] + part * (times[cell + 1] - times[cell]) - elapsed)

    def next_pause(
        self, elapsed: float, jitter: float, asked: timedelta | None, *, late: bool
    ) -> float:
        """The wait before a look; what a service has `asked` for beats the plan while not late.

        Afterwards the longer of the two: a task that hangs stays cheap.
        """
        planned = self.next_look(elapsed, jitter)
        if asked is None:
            return planned
        return max(asked.total_seconds(), planned if late else FLOOR)

    def settle(self, missed: float, found: float) -> float:
        """Render time to remember when only looks tell: running at `missed`, done at `found`.

        Remembering `found` itself would feed the lateness back and push looks ever later.
        """
        return (max(missed, min(self.times[0], found)) + found) / 2
