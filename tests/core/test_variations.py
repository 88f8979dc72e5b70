import pytest

from core.capabilities import Capabilities, Effect, Need, Shows
from core.problems import settled
from core.variations import (
    able,
    by_model,
    continued,
    looped,
    may_loop,
    reopened,
    reworded,
    takes_words,
)
from core.words import say
from tests.factories import make_picture, make_request, make_sound

MELT = Effect("melt", say("Melt"), Shows.ANYTHING)


def make_model(name="cloud/one", **changes):
    return Capabilities(**{"model": name, "title": name, "seed": True} | changes)


def made(model=None, **wishes):
    """A request as a task keeps it: what was left open has been chosen by its model."""
    model = model or make_model()
    return settled(make_request(**{"model": model.model, "seed": 7} | wishes), model)


def names(models):
    return [model.model for model in models]


def test_what_the_bot_chose_is_open_again_and_what_the_person_chose_is_not():
    request = made(resolution="720p")

    wish = reopened(request)

    assert (wish.seconds, wish.ratio, wish.resolution, wish.open) == (None, None, "720p", ())


def test_another_model_chooses_anew_what_the_person_left_open():
    short = make_model("cloud/short", seconds=(2,), default_seconds=2, seed=False)

    request = by_model(made(), short)

    assert (request.model, request.seconds, request.seed) == ("cloud/short", 2, None)


def test_the_same_model_keeps_every_choice():
    request = made()

    assert by_model(request, make_model(default_seconds=9, seconds=(5, 9))) == request


@pytest.mark.parametrize(
    ("other", "can"),
    [
        ({}, True),
        ({"seed": False}, True),  # the seed was the bot's own idea
        ({"seconds": (2,)}, False),  # but the length was asked for
        ({"first_frame": Need.NONE}, False),
    ],
)
def test_other_models_are_those_that_can_do_what_was_asked(other, can):
    request = made(seconds=5)

    found = able(request, [make_model(), make_model("cloud/two", **other)])

    assert names(found) == (["cloud/two"] if can else [])


def test_other_words_change_nothing_else():
    request = made()

    assert reworded(request, "a storm", {}) == request.with_options(prompt="a storm")


def test_options_without_words_keep_the_words():
    request = reworded(made(prompt="a walk"), "", {"seconds": 9})

    assert (request.prompt, request.seconds, request.seed) == ("a walk", 9, 7)


def test_a_seed_of_the_bots_stays_its_own_until_one_is_named():
    request = settled(make_request(), make_model()).with_drawn_seed(7)

    shorter = reworded(request, "", {"seconds": 5})
    named = reworded(request, "", {"seed": 9})

    assert (shorter.seed, shorter.own_seed) == (7, None)
    assert (named.seed, named.own_seed) == (9, 9)


def test_a_loop_ends_with_its_first_photo():
    request = looped(made())

    assert request.last_frame == request.first_frame


@pytest.mark.parametrize(
    "led", [{"last_frame": make_picture()}, {"audio": make_sound()}, {"effect": "melt"}]
)
def test_what_something_else_leads_is_not_looped(led):
    assert may_loop(made())
    assert not may_loop(make_request(**led))


def test_words_lead_nowhere_under_an_effect_or_in_a_model_without_any():
    model = make_model(effects=(MELT,))

    assert takes_words(made(model), model)
    assert not takes_words(made(model, effect="melt"), model)
    assert not takes_words(made(), make_model(prompt=Need.NONE))


def test_what_comes_next_is_made_in_the_same_manner():
    model = make_model(seconds=(5, 9), resolutions=("480p", "720p"))
    earlier = made(model, seconds=9, resolution="480p")

    request = continued(make_request(model="auto", resolution="720p"), earlier, [model])

    assert (request.model, request.seconds, request.resolution) == ("cloud/one", 9, "720p")


def test_a_seed_of_the_bots_goes_on_as_its_own():
    earlier = settled(make_request(), make_model()).with_drawn_seed(7)

    following = continued(make_request(model="auto"), earlier, [make_model()])
    request = settled(following, make_model())

    assert (request.seed, request.own_seed) == (7, None)
    assert {"ratio", "seed"} <= set(request.open)


@pytest.mark.parametrize("models", [[], [make_model(audio=Need.NONE)]])
def test_what_comes_next_is_left_open_where_the_same_model_cannot(models):
    wish = make_request(model="auto", audio=make_sound())

    assert continued(wish, made(), models) == wish


def test_the_length_of_a_sound_is_not_carried_on():
    model = make_model(audio=Need.OPTIONAL)

    request = continued(make_request(model="auto"), made(model, audio=make_sound()), [model])

    assert (request.model, request.seconds) == ("cloud/one", None)
