from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.credits import Balance, Hold, check_budget, day_of, split
from core.errors import CreditError


def test_the_daily_allowance_goes_first():
    assert split(40, Balance(daily=60, granted=100)) == Hold(daily=40, granted=0)


def test_grants_pay_what_the_day_does_not():
    assert split(70, Balance(daily=60, granted=100)) == Hold(daily=60, granted=10)


def test_the_last_credit_may_be_spent():
    assert split(70, Balance(daily=60, granted=10)) == Hold(daily=60, granted=10)


def test_more_than_both_purses_is_refused_with_both_figures():
    with pytest.raises(CreditError) as refused:
        split(71, Balance(daily=60, granted=10))

    assert "costs 71 credits and you have 70 left" in str(refused.value)


def test_an_overdrawn_day_takes_nothing_from_grants():
    """The owners lowered the allowance below what was spent already."""
    assert split(10, Balance(daily=-20, granted=10)) == Hold(daily=0, granted=10)


def test_an_overdrawn_day_does_not_lessen_what_is_free():
    assert Balance(daily=-20, granted=10).free == 10


def test_free_credits_are_those_of_both_purses():
    assert Balance(daily=60, granted=10, held=5).free == 70


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 200), st.integers(-50, 100), st.integers(0, 100))
def test_a_split_takes_the_cost_and_never_more_than_is_there(cost, daily, granted):
    balance = Balance(daily=daily, granted=granted)
    try:
        hold = split(cost, balance)
    except CreditError:
        assert cost > balance.free
        return

    assert hold.daily + hold.granted == cost <= balance.free
    assert 0 <= hold.daily <= max(0, daily)
    assert 0 <= hold.granted <= granted


def test_the_budget_may_be_used_up_exactly():
    check_budget(10, spent=90, budget=100)


def test_one_credit_beyond_the_budget_is_refused():
    with pytest.raises(CreditError, match="whole bot has used up its credits for today"):
        check_budget(11, spent=90, budget=100)


def test_what_costs_nothing_needs_no_budget():
    check_budget(0, spent=100, budget=100)
    check_budget(0, spent=200, budget=100)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 2, 23, 59, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2026, 3, 3, 1, 30, tzinfo=timezone(timedelta(hours=8))), date(2026, 3, 2)),
        (datetime(2026, 3, 2, 20, 0, tzinfo=timezone(timedelta(hours=-5))), date(2026, 3, 3)),
    ],
)
def test_the_day_is_the_utc_date(moment, day):
    assert day_of(moment) == day


def test_what_costs_nothing_needs_no_credits():
    assert split(0, Balance(daily=60, granted=-65)) == Hold(daily=0, granted=0)


def test_what_is_free_may_be_spent_after_a_negative_grant():
    assert split(10, Balance(daily=60, granted=-5)) == Hold(daily=10, granted=0)


def test_a_negative_grant_lessens_what_may_be_spent():
    with pytest.raises(CreditError):
        split(58, Balance(daily=60, granted=-5))
