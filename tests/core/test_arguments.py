"""The grammar of owners' commands: every order, every kind, and what is asked about."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arguments import MAX_AMOUNT, Grammar, read_arguments, settle_numbers
from core.errors import UserError

BAN = Grammar(length=True)
GRANT = Grammar(amount=True)
ROLES = Grammar(choices=frozenset({"admin", "support", "none"}))
ANNA, BORIS = 10_001, 987_654_321


def read(text, grammar=BAN, **more):
    return read_arguments(text.split(), grammar, **more)


def settle(*numbers, known=(), targeted=False):
    return settle_numbers(numbers, known, targeted=targeted, example="/grant @anna 50")


@pytest.mark.parametrize("order", list(permutations(["@anna", "3d"])))
def test_target_and_length_come_in_any_order(order):
    found = read(f"{' '.join(order)} sells watches")

    assert (found.names, found.length) == (["anna"], timedelta(days=3))
    assert found.reason == "sells watches"


@pytest.mark.parametrize("order", list(permutations(["@anna", "50"])))
def test_target_and_amount_come_in_any_order(order):
    found = read(f"{' '.join(order)} for 3 good ideas", GRANT)

    assert (found.names, found.numbers) == (["anna"], [50])
    assert found.reason == "for 3 good ideas"


@pytest.mark.parametrize(
    ("word", "length"),
    [
        ("30m", timedelta(minutes=30)),
        ("12h", timedelta(hours=12)),
        ("3d", timedelta(days=3)),
        ("2w", timedelta(weeks=2)),
        ("1W2D", timedelta(days=9)),
        ("３d", timedelta(days=3)),
        ("10min", timedelta(minutes=10)),
        ("3 days", timedelta(days=3)),
        ("2 Weeks", timedelta(weeks=2)),
        ("5小时", timedelta(hours=5)),
        ("3 天", timedelta(days=3)),
    ],
)
def test_lengths(word, length):
    for text in (f"@anna {word}", f"{word} @anna", f"@anna {word} spam", f"@anna spam {word}"):
        found = read(text)
        assert (found.names, found.numbers, found.length) == (["anna"], [], length)
        assert found.reason in ("", "spam")


@pytest.mark.parametrize(
    "word",
    [
        "0d",
        "0h0m",
        "9999w",
        "3x",
        "20Y",
        "10000d",
        "3d!",
        "-3d",
        "3年",
        "3months",
        "0.5h",
        "三天",
        "半个月",
    ],
)
def test_a_length_that_is_none_is_asked_about(word):
    with pytest.raises(UserError, match="no length"):
        read(f"@anna {word} spam")


@pytest.mark.parametrize("word", ["d", "3rd", "2次违规", "they", "100%"])
def test_what_does_not_look_like_a_length_is_a_reason(word):
    found = read(f"@anna {word}")

    assert (found.length, found.reason) == (None, word)


@pytest.mark.parametrize("text", ["3", "@anna 3", "3 @anna", "@anna -3"])
def test_a_number_alone_is_a_length_without_its_unit(text):
    with pytest.raises(UserError, match="no length"):
        read(text)


def test_a_number_that_nobody_has_begins_the_reason():
    found = read("3 warnings @anna")

    assert (found.names, found.numbers, found.reason) == (["anna"], [], "3 warnings")


def test_behind_other_words_anything_is_a_reason():
    assert read("@anna sent 20ads").reason == "sent 20ads"


def test_a_reason_keeps_its_lengths_numbers_and_names():
    found = read("@anna told @boris 100 times in 3d to wait")

    assert (found.names, found.numbers, found.length) == (["anna"], [], None)
    assert found.reason == "told @boris 100 times in 3d to wait"


def test_the_words_of_an_answer_are_the_reason_whatever_they_look_like():
    found = read("100 watches from @boris", targeted=True)

    assert (found.names, found.numbers) == ([], [])
    assert found.reason == "100 watches from @boris"


@pytest.mark.parametrize("text", ["spam 12345", "spam 3d 12345", "3d spam 12345", "12345 spam 3d"])
def test_where_no_credits_move_target_and_length_may_come_last(text):
    found = read(text)

    assert (found.numbers, found.reason) == ([12345], "spam")
    assert found.length == (timedelta(days=3) if "3d" in text else None)


def test_where_credits_move_nothing_is_read_after_the_reason():
    found = read("@anna for video 12", GRANT)

    assert (found.numbers, found.reason) == ([], "for video 12")


def test_two_names_are_both_found():
    assert read("@anna @boris", BAN).names == ["anna", "boris"]


@pytest.mark.parametrize("text", ["admin @anna", "@anna ADMIN", "@anna because she helps admin"])
def test_a_choice_is_found_wherever_arguments_stand(text):
    found = read(text, ROLES)

    assert (found.names, found.choice) == (["anna"], "admin")


def test_here_is_the_chat():
    found = read("here 500 for all", GRANT)

    assert (found.here, found.numbers, found.reason) == (True, [500], "for all")


@pytest.mark.parametrize("number", [2**52, -(2**52), 10**30])
def test_numbers_that_telegram_gives_to_nobody_are_words(number):
    found = read(str(number))

    assert (found.numbers, found.reason) == ([], str(number))


def test_a_long_reason_is_cut():
    assert read(f"@anna {'x' * 5000}").reason == "x" * 300


@pytest.mark.parametrize(
    ("numbers", "known", "read_as"),
    [
        ((12345, 50), (), (12345, 50)),  # nobody has so short a number
        ((50, 12345), (), (12345, 50)),
        ((BORIS, 20_000), (), (BORIS, 20_000)),  # too much for an amount
        ((20_000, BORIS), (), (BORIS, 20_000)),
        ((-100_500, 20_000), (), (-100_500, 20_000)),  # amounts are not negative
        ((ANNA, 20_000), {ANNA}, (ANNA, 20_000)),
        ((20_000, ANNA), {ANNA}, (ANNA, 20_000)),
        ((7, 50), {7}, (7, 50)),
        ((ANNA, ANNA), (), (ANNA, ANNA)),
        ((BORIS, MAX_AMOUNT + 1), {BORIS}, (BORIS, MAX_AMOUNT + 1)),  # to be told what it may be
        ((-4, BORIS), {BORIS}, (BORIS, -4)),
        ((ANNA,), {ANNA}, (ANNA, None)),
        ((50,), (), (None, 50)),
        ((BORIS,), (), (BORIS, None)),
        ((), (), (None, None)),
    ],
)
def test_account_and_amount_are_told_apart(numbers, known, read_as):
    assert settle(*numbers, known=known) == read_as


@pytest.mark.parametrize(
    ("numbers", "known"),
    [
        ((20_000, 30_000), ()),  # either may be either
        ((20_000, 30_000), {20_000, 30_000}),
        ((5, 50), ()),  # neither is an account
        ((BORIS, BORIS + 1), ()),  # neither is an amount
        ((BORIS, 50, 3), ()),
    ],
)
def test_where_two_readings_are_left_it_is_asked(numbers, known):
    with pytest.raises(UserError, match="cannot tell the account from the amount"):
        settle(*numbers, known=known)


def test_somebody_named_leaves_one_number_the_amount():
    assert settle(50, targeted=True) == (None, 50)
    assert settle(BORIS, targeted=True) == (None, BORIS)
    assert settle(targeted=True) == (None, None)
    with pytest.raises(UserError, match="cannot tell"):
        settle(50, 3, targeted=True)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(-(2**51), 2**51),
    st.integers(0, MAX_AMOUNT),
    st.sets(st.integers(-9, 99), max_size=3),
)
def test_the_order_of_account_and_amount_never_matters(who, much, known):
    def outcome(*numbers):
        try:
            return settle(*numbers, known=known)
        except UserError:
            return None

    assert outcome(who, much) == outcome(much, who)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), max_size=8), st.booleans(), st.booleans())
def test_no_words_are_lost_and_nothing_breaks(words, amount, targeted):
    words = " ".join(words).split()
    try:
        found = read_arguments(words, Grammar(amount=amount, length=True), targeted=targeted)
    except UserError:
        return
    taken = len(found.names) + len(found.numbers) + bool(found.length) + found.here

    assert len(found.reason.split()) + taken == len(words)
