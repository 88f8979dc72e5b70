"""Whether it is said that the AI models give way to the built-in renderer, and why they do."""

import pytest

from core.capabilities import Capabilities, Need
from core.giving_way import gives_way
from tests.factories import make_picture, make_request, make_sound

ONE = Capabilities(model="cloud/one", title="One", ratios=())
TWO = Capabilities(model="cloud/two", title="Two", ratios=(), seconds=(4, 8))
DRAWN = Capabilities(
    model="local/camera", title="Drawn", ai=False, cameras=("orbit",), audio=Need.OPTIONAL
)
ALL = (ONE, TWO, DRAWN)
SMALL = make_picture(width=20, height=20)


def said(*, model=DRAWN, models=ALL, **asked):
    found = gives_way(make_request(model="auto", **asked), model, models)
    return [str(one) for one in found]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"first_frame": SMALL}, "This photo is 20 x 20: too small."),
        ({"last_frame": make_picture()}, "One cannot use a last frame."),
        ({"ratio": "9:16", "seconds": 8}, "--ar is not possible with Two."),
    ],
)
def test_what_keeps_the_nearest_ai_model_from_it_is_said(asked, why):
    note, reason = said(**asked)

    assert note == "No AI model takes this, so Drawn makes it."
    assert reason.startswith(why)


def test_of_options_that_single_models_take_it_is_said_that_they_do_not_go_together():
    tall = Capabilities(model="cloud/tall", title="Tall", ratios=("9:16",))

    said_then = said(ratio="9:16", seconds=8, models=(*ALL, tall))

    assert said_then[1] == "--dur 8 does not go with --ar 9:16. Possible: 5."


def test_that_those_which_fit_cannot_be_had_now_is_said():
    assert said() == ["No AI model that fits is available now, so Drawn makes it."]


@pytest.mark.parametrize(
    "expected",
    [
        {"model": ONE},
        {"models": (DRAWN,)},
        {"camera": "orbit", "first_frame": SMALL},
        {"audio": make_sound()},
    ],
    ids=["an AI model", "no other there", "a move of its own", "asked about before"],
)
def test_nothing_is_said_where_nobody_expects_another_model(expected):
    assert said(**expected) == []
