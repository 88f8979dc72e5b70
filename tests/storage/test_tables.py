from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects.sqlite import dialect

from storage.tables import Moment

SQLITE = dialect()
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
moments = st.timedeltas(timedelta(0), timedelta(days=80 * 365)).map(lambda since: EPOCH + since)


def stored(moment):
    return Moment().process_bind_param(moment, SQLITE)


@settings(max_examples=100, deadline=None)
@given(moments)
def test_a_moment_comes_back_to_the_microsecond(moment):
    assert Moment().process_result_value(stored(moment), SQLITE) == moment


@settings(max_examples=100, deadline=None)
@given(moments)
def test_a_moment_is_smaller_than_the_next_microsecond(moment):
    assert stored(moment) < stored(moment + timedelta(microseconds=1))


def test_the_same_moment_elsewhere_on_earth_is_stored_alike():
    here = datetime(2026, 3, 2, 12, tzinfo=UTC)

    assert stored(here.astimezone(timezone(timedelta(hours=8)))) == stored(here)


def test_no_moment_stays_none():
    assert stored(None) is None
    assert Moment().process_result_value(None, SQLITE) is None
