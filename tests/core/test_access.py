from datetime import timedelta
from itertools import product

import pytest

from core.access import Role, check_rank, is_kept_out
from core.errors import AccessError
from tests.factories import NOON, policy


@pytest.mark.parametrize(("account", "owner"), [(7, True), (8, False), (-100, False)])
def test_owners_are_people_on_the_list(account, owner):
    assert policy(owners=frozenset({7, -100})).is_owner(account) is owner


@pytest.mark.parametrize(("account", "whole"), [(7, 60), (-100, 0)])
def test_only_people_have_a_daily_allowance(account, whole):
    assert policy(daily_credits=60).allowance(account) == whole


@pytest.mark.parametrize(("actor", "target"), list(product(Role, Role)))
def test_who_decides_over_whom(actor, target):
    may = actor is Role.OWNER or (actor is Role.ADMIN and target < Role.ADMIN)

    if may:
        check_rank(actor, target)
    else:
        with pytest.raises(AccessError):
            check_rank(actor, target)


@pytest.mark.parametrize(
    ("banned", "until", "holds"),
    [
        (False, None, False),
        (True, None, True),
        (True, NOON + timedelta(seconds=1), True),
        (True, NOON, False),
    ],
)
def test_a_ban_holds_until_its_end(banned, until, holds):
    assert is_kept_out(banned=banned, until=until, now=NOON) is holds
