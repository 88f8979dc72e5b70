import pytest

from tests.factories import policy


@pytest.mark.parametrize(("account", "owner"), [(7, True), (8, False), (-100, False)])
def test_owners_are_people_on_the_list(account, owner):
    assert policy(owners=frozenset({7, -100})).is_owner(account) is owner


@pytest.mark.parametrize(("account", "whole"), [(7, 60), (-100, 0)])
def test_only_people_have_a_daily_allowance(account, whole):
    assert policy(daily_credits=60).allowance(account) == whole
