"""The keys of a pool: who orders next, who rests, who is out of use."""

from datetime import timedelta

import pytest

from core.errors import AccountError, ProviderError, ThrottledError, UncertainError
from providers.health import Condition, Health, why_down
from providers.verdicts import OURS
from providers.web.accounts import Accounts

SOON = timedelta(seconds=2)


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pool(clock):
    return make(clock, "one", "two")


def make(clock, *keys, per_second=1000):
    secrets = [(key,) for key in keys]
    return Accounts(secrets, per_second=per_second, looks_per_second=1000, clock=clock)


def fail(pool, account, error, times=1):
    for _ in range(times):
        with pytest.raises(type(error)), pool.watched(account):
            raise error


def chosen(pool):
    return pool.choose().secrets[0]


def test_the_name_of_a_key_tells_nothing_of_it_and_stays_the_same(pool, clock):
    one, two = pool.all()

    assert len(pool) == 2
    assert one.id != two.id
    assert "'one'" not in repr(one)
    assert one.id == make(clock, "one").all()[0].id
    assert pool.get(one.id) is one
    assert pool.get("another") is None


def test_a_pair_of_secrets_is_another_key_than_one_of_them_alone(clock):
    pairs = Accounts([("a", "b"), ("a", "c")], per_second=1, looks_per_second=1, clock=clock)
    alone = make(clock, "a")

    assert len({one.id for one in (*pairs.all(), *alone.all())}) == 3


def test_the_key_with_the_fewest_tasks_is_next(pool):
    pool.choose().tasks.add("first")
    assert chosen(pool) == "two"
    pool.choose().tasks.add("second")
    pool.all()[1].tasks.add("third")

    assert chosen(pool) == "one"


def test_a_key_that_rests_is_left_out_until_its_time_is_over(pool, clock):
    pool.give_rest(pool.all()[0], timedelta(seconds=30))
    pool.give_rest(pool.all()[0], timedelta(seconds=5))  # does not shorten it

    assert chosen(pool) == "two"
    clock.now += 29
    assert chosen(pool) == "two"
    clock.now += 1
    assert chosen(pool) == "one"


def test_when_all_keys_rest_the_first_to_be_back_sets_the_wait(pool):
    one, two = pool.all()
    pool.give_rest(one, timedelta(seconds=30))
    pool.give_rest(two, timedelta(seconds=7))

    with pytest.raises(ThrottledError) as caught:
        pool.choose()

    assert caught.value.retry_in == timedelta(seconds=7)
    assert not pool.is_ready()


def test_a_key_that_was_refused_is_out_of_use_and_says_why(pool):
    one, two = pool.all()
    fail(pool, one, AccountError("KEY: wrong"))
    assert chosen(pool) == "two"
    assert pool.is_ready()
    fail(pool, two, AccountError("KEY: unpaid"))

    with pytest.raises(AccountError, match="KEY: unpaid; KEY: wrong"):
        pool.choose()
    assert not pool.is_ready()


def test_what_was_refused_in_the_same_words_is_said_once(pool):
    for one in pool.all():
        fail(pool, one, AccountError("KEY: wrong"))

    with pytest.raises(AccountError) as caught:
        pool.choose()

    assert str(caught.value) == "KEY: wrong"


def test_a_resting_key_is_worth_waiting_for_where_the_other_is_out_of_use(pool):
    one, two = pool.all()
    fail(pool, one, AccountError("KEY: wrong"))
    pool.give_rest(two, timedelta(seconds=3))

    with pytest.raises(ThrottledError):
        pool.choose()


def test_after_five_failures_in_a_row_a_key_is_left_alone_longer_each_time(clock):
    pool = make(clock, "only")
    (only,) = pool.all()
    rests = []
    fail(pool, only, ProviderError("broken", retry_in=SOON), times=4)
    assert pool.is_ready()
    for _ in range(6):
        fail(pool, only, ProviderError("broken", retry_in=SOON))
        rests.append(only.rests_until - clock.now)
        clock.now = only.rests_until

    assert rests == [30, 60, 120, 240, 300, 300]


def test_one_call_tries_a_broken_service_before_others(clock):
    pool = make(clock, "only")
    (only,) = pool.all()
    fail(pool, only, UncertainError("lost", retry_in=SOON), times=5)
    clock.now = only.rests_until

    with pool.watched(pool.choose()), pytest.raises(ThrottledError):
        pool.choose()

    assert chosen(pool) == "only"
    assert (only.failures, only.rest) == (0, 30)


def test_success_in_between_forgives_failures(clock):
    pool = make(clock, "only")
    (only,) = pool.all()
    for _ in range(3):
        fail(pool, only, ProviderError("broken", retry_in=SOON), times=4)
        with pool.watched(only):
            pass

    assert pool.is_ready()


@pytest.mark.parametrize(
    "error", [ThrottledError("slower", retry_in=SOON), ProviderError("this order will not do")]
)
def test_a_service_that_answers_is_not_broken(clock, error):
    pool = make(clock, "only")
    fail(pool, pool.all()[0], error, times=20)

    assert pool.is_ready()


def test_a_bug_of_ours_does_not_leave_a_key_locked(clock):
    pool = make(clock, "only")
    (only,) = pool.all()
    fail(pool, only, ProviderError("broken", retry_in=SOON), times=5)
    clock.now = only.rests_until

    fail(pool, only, ZeroDivisionError())

    assert chosen(pool) == "only"


@pytest.mark.parametrize("per_second", [0.1, 1, 2, 20])
def test_calls_are_spaced_so_that_no_second_holds_too_many(clock, per_second):
    (only,) = make(clock, "only", per_second=per_second).all()

    assert only.submits.max_rate == 1
    assert only.submits.time_period == pytest.approx(1 / per_second)


# Their state, and how they come back


def states(pool):
    return [(one.condition, one.rests, one.reason) for one in pool.health()]


def test_a_key_says_what_it_rests_for_and_how_much_longer(pool, clock):
    pool.give_rest(pool.all()[0], timedelta(seconds=30), "slower")
    pool.give_rest(pool.all()[0], timedelta(seconds=5), "a shorter rest is no other one")
    clock.now += 10

    assert states(pool) == [(Condition.RESTING, 20, "slower"), (Condition.READY, 0, "")]
    clock.now += 20
    assert states(pool)[0] == (Condition.READY, 0, "")


def test_a_key_that_failed_too_often_says_how(clock):
    pool = make(clock, "only")
    fail(pool, pool.all()[0], ProviderError("HTTP 500", retry_in=SOON), times=5)

    assert states(pool) == [(Condition.RESTING, 30, "5 calls in a row failed: HTTP 500")]


def test_while_one_call_tries_a_key_it_is_not_ready(clock):
    pool = make(clock, "only")
    (only,) = pool.all()
    fail(pool, only, ProviderError("HTTP 500", retry_in=SOON), times=5)
    clock.now = only.rests_until

    with pool.watched(only):
        assert pool.health()[0].condition is Condition.RESTING
    assert pool.health()[0].condition is Condition.READY


def test_keys_come_back_one_or_all(pool):
    one, two = pool.all()
    for account in (one, two):
        fail(pool, account, AccountError("KEY: wrong"))
    pool.give_rest(one, timedelta(seconds=30))

    assert pool.revive(two.id) == 1
    assert chosen(pool) == "two"
    assert pool.health()[0].condition is Condition.RETIRED
    assert pool.revive() == 1
    assert [state[0] for state in states(pool)] == [Condition.READY] * 2


def test_a_key_that_came_back_has_five_failures_before_it_again(clock):
    pool = make(clock, "only")
    (only,) = pool.all()
    fail(pool, only, ProviderError("HTTP 500", retry_in=SOON), times=6)
    assert pool.revive() == 1

    fail(pool, only, ProviderError("HTTP 500", retry_in=SOON), times=4)
    assert pool.is_ready()
    fail(pool, only, ProviderError("HTTP 500", retry_in=SOON))
    assert pool.health()[0].rests == 30


def test_a_rest_that_nobody_may_cut_short_goes_on(pool):
    one, two = pool.all()
    fail(pool, one, AccountError("KEY: wrong"))
    pool.give_rest(one, timedelta(seconds=30), "a warning")
    pool.give_rest(two, timedelta(seconds=30), "a warning")

    assert pool.revive(rests=False) == 1
    assert states(pool) == [(Condition.RESTING, 30, "a warning")] * 2


def test_why_a_model_is_down_is_said_without_what_the_service_said(clock, pool):
    def why(model):
        return why_down(Health(name="cloud", lanes={}, keys=pool.health()), model)

    one, two = pool.all()
    one.closed["cloud/new"] = "403 AccessDenied: not activated"
    pool.give_rest(one, timedelta(seconds=20))
    pool.give_rest(two, timedelta(seconds=40.5), "429 Throttling")
    pause = "The service wants a pause or has trouble; it is used again in {} s."
    assert str(why("cloud/old")) == pause.format(20)
    assert str(why("cloud/new")) == pause.format(41)

    fail(pool, two, AccountError("the key is wrong"))
    assert why("cloud/new") == OURS
