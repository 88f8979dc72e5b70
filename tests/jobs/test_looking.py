import itertools
import math
import random
import statistics
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.looking import CEILING, FLOOR, JITTER, OVERDUE_SHARE, Schedule

seconds = st.floats(1, 3600)
histories = st.lists(seconds, max_size=60)
budgets = st.floats(1, 60)
jitters = st.floats(0, 1, exclude_max=True)
quick = settings(max_examples=40, deadline=None)


def looks(schedule, until, jitter=0.5):
    now = 0.0
    while now < until:
        now += schedule.next_look(now, jitter)
        yield now


def renders(seed, median, sigma, count):
    rng = random.Random(seed)
    return [median * math.exp(rng.gauss(0, sigma)) for _ in range(count)]


def cost(schedule, tasks, jitter=0.5):
    runs = [list(looks(schedule, task, jitter)) for task in tasks]
    late = [run[-1] - task for run, task in zip(runs, tasks, strict=True)]
    return statistics.fmean(map(len, runs)), statistics.fmean(late)


@quick
@given(histories, seconds, budgets, st.floats(0, 1e6), jitters)
def test_waits_are_bounded_below_and_above(history, usual, budget, elapsed, jitter):
    schedule = Schedule.learn(history, usual, budget)
    wait = schedule.next_look(elapsed, jitter)
    assert wait >= FLOOR
    # The grid ends within e^5 of what is known; no gap reaches farther beyond than the ceiling.
    end = schedule.times[-1]
    assert end < 150 * max([usual, *history])
    base = max(elapsed, end)
    ceiling = max(CEILING, OVERDUE_SHARE * base)
    assert elapsed + wait <= base + 1.001 * ceiling * (1 + JITTER / 2)


@quick
@given(histories, seconds, budgets, jitters)
def test_goes_on_for_ever_at_the_ceiling(history, usual, budget, jitter):
    schedule = Schedule.learn(history, usual, budget)
    elapsed = 1e3 * schedule.times[-1]
    for _ in range(20):
        wait = schedule.next_look(elapsed, jitter)
        ceiling = max(CEILING, OVERDUE_SHARE * elapsed)
        assert FLOOR <= wait <= ceiling * (1 + JITTER / 2)
        # Thinned out: a task this late is not asked every few seconds.
        assert wait >= min(ceiling, 10) * (1 - JITTER / 2)
        elapsed += wait


@quick
@given(histories, seconds, budgets, st.floats(0, 1e4), jitters)
def test_same_input_same_wait(history, usual, budget, elapsed, jitter):
    one, two = (Schedule.learn(history, usual, budget) for _ in range(2))
    assert one == two
    assert one.next_look(elapsed, jitter) == two.next_look(elapsed, jitter)


@quick
@given(histories, seconds, st.floats(2, 8))
def test_a_larger_budget_looks_more(history, usual, budget):
    few = Schedule.learn(history, usual, budget)
    many = Schedule.learn(history, usual, 3 * budget)
    assert many.times == few.times
    assert many.looks[-1] >= few.looks[-1]
    if usual > 120 and min(history, default=usual) > 120:  # else a second is the limit for both
        assert many.looks[-1] > 1.5 * few.looks[-1]


@quick
@given(st.floats(10, 1000), st.integers(0, 99), jitters)
def test_nothing_before_the_fast_end(median, seed, jitter):
    history = renders(seed, median, 0.2, 40)
    schedule = Schedule.learn(history, 3 * median)
    first = schedule.next_look(0, jitter)
    assert first > 0.75 * min(history)
    assert first < statistics.median(history) + FLOOR
    assert first == pytest.approx(0.1 * median + schedule.next_look(0.1 * median, jitter))


@pytest.mark.parametrize("usual", [10, 60, 600])
def test_without_history_the_usual_time_leads(usual):
    schedule = Schedule.learn([], usual, 6)
    seen = list(looks(schedule, 3 * usual))
    assert 0.2 * usual < seen[0] < usual
    assert len([at for at in seen if usual / 2 < at < 2 * usual]) >= 4


def test_densest_around_the_usual_time_and_thinner_after():
    schedule = Schedule.learn(renders(1, 100, 0.2, 40), 100, 12)
    gaps = [later - at for at, later in itertools.pairwise(looks(schedule, 1500))]
    times = list(looks(schedule, 1500))
    densest = times[gaps.index(min(gaps))]
    assert 90 < densest < 160
    assert gaps[0] > 1.3 * min(gaps)
    assert gaps[-1] > 8 * min(gaps)
    assert len(times) < 10 * 12  # fifteen times the usual time, and still not expensive


def test_follows_a_change_and_shrugs_off_outliers():
    past = renders(2, 60, 0.2, 40)
    steady = Schedule.learn(past, 60).next_look(0, 0.5)
    changed = Schedule.learn(past + renders(3, 180, 0.2, 40), 60).next_look(0, 0.5)
    hung = Schedule.learn([*past[:-2], 3000, 3000], 60).next_look(0, 0.5)
    assert changed > 1.8 * steady
    fast, slow = renders(2, 60, 0.2, 20), renders(3, 180, 0.2, 20)
    rising, falling = (
        Schedule.learn(past, 60).next_look(0, 0.5) for past in (fast + slow, slow + fast)
    )
    assert rising > 1.05 * falling  # the same renders, but the newer ones weigh more
    assert hung == pytest.approx(steady, rel=0.15)


def test_jitter_spreads_looks_without_moving_their_mean():
    schedule = Schedule.learn(renders(4, 100, 0.3, 40), 100)
    waits = [schedule.next_look(100, step / 20) for step in range(21)]
    assert waits == sorted(waits)
    assert 1.15 * waits[0] < waits[-1] < 1.45 * waits[0]
    assert statistics.fmean(waits) == pytest.approx(waits[10], rel=0.02)


def test_a_restart_in_the_middle_changes_nothing():
    schedule = Schedule.learn(renders(5, 100, 0.3, 40), 100)
    seen = list(looks(schedule, 200))
    again = Schedule.learn(renders(5, 100, 0.3, 40), 100)
    assert again.next_look(seen[4], 0.5) == pytest.approx(seen[5] - seen[4])


def test_unusable_numbers():
    clean = Schedule.learn([50, 60], 60)
    assert Schedule.learn([0, -3, math.nan, math.inf, 50, 60], 60) == clean
    for usual, budget in ((0, 10), (math.inf, 10), (60, 0.5), (60, math.nan)):
        with pytest.raises(ValueError):
            Schedule.learn([], usual, budget)


def test_what_looks_alone_tell_does_not_push_the_schedule_later():
    rng = random.Random(6)
    history = []
    for task in renders(7, 100, 0.3, 150):
        schedule = Schedule.learn(history, 100, 2)
        missed, found = 0.0, schedule.next_look(0, rng.random())
        while found < task:
            missed, found = found, found + schedule.next_look(found, rng.random())
        known = schedule.settle(missed, found)
        assert missed < known < found
        history.append(known)
    assert statistics.median(history[-60:]) == pytest.approx(100, rel=0.15)


def test_a_small_budget_is_kept():
    tasks = renders(10, 600, 0.3, 240)
    mean_looks, mean_late = cost(Schedule.learn(tasks[:40], 600, 1.5), tasks[40:])
    assert 1.2 < mean_looks < 1.55
    assert mean_late < 600 / 2


def test_earlier_than_every_ten_seconds_at_equal_looks():
    tasks = renders(8, 100, 0.3, 240)
    rival_looks = statistics.fmean(math.ceil(task / 10) for task in tasks)
    rival_late = statistics.fmean(math.ceil(task / 10) * 10 - task for task in tasks)
    rng = random.Random(9)
    pairs = [
        cost(Schedule.learn(tasks[:at], 80, rival_looks), [tasks[at]], rng.random())
        for at in range(len(tasks))
    ]
    mean_looks, mean_late = (statistics.fmean(column) for column in zip(*pairs, strict=True))
    assert mean_looks <= 1.01 * rival_looks
    assert mean_late < 0.8 * rival_late


def test_what_a_service_asks_for_beats_the_plan_until_it_is_late():
    schedule = Schedule.learn([100.0] * 20, 100.0)
    planned = schedule.next_look(0.0, 0.5)

    def pause(asked, *, late=False):
        return schedule.next_pause(0.0, 0.5, asked and timedelta(seconds=asked), late=late)

    assert planned > 60
    assert [pause(None), pause(5), pause(0.001), pause(400)] == [planned, 5, FLOOR, 400]
    assert [pause(5, late=True), pause(400, late=True)] == [planned, 400]
