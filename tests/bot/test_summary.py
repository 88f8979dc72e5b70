"""The line that says what is made."""

from bot.summary import summary
from tests.factories import make_request


def test_a_line_holds_what_is_known():
    assert str(summary(make_request(), "Wan")) == "Wan"
    assert str(summary(make_request(seconds=5, ratio="1:1"), "Wan")) == "Wan, 5 s, 1:1"


def test_a_seed_that_was_asked_for_is_said_back_even_if_it_is_nought():
    assert str(summary(make_request(seed=0), "Wan")) == "Wan, seed 0"


def test_a_seed_that_the_bot_has_drawn_is_told_to_whoever_asks():
    request = make_request().with_drawn_seed(7)

    assert str(summary(request, "Wan")) == "Wan"
    assert str(summary(request, "Wan", whole=True)) == "Wan, seed 7"
