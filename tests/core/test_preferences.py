import pytest

from core.capabilities import Capabilities, Need
from core.preferences import fallen, possible, prefer, together
from tests.factories import make_picture, make_request, make_sound

FREE = make_request(model="auto")


def make_model(name, **changes):
    return Capabilities(**{"model": name, "title": name, "ratios": ()} | changes)


SHORT = make_model("cloud/short")
LONG = make_model("cloud/long", seconds=(5, 10), sound=True)
ENDS = make_model("cloud/ends", last_frame=Need.REQUIRED)
TALKS = make_model("cloud/talks", audio=Need.REQUIRED, lips=True, sound_decides=True)
SHAPED = make_model("local/camera", ai=False, ratios=("1:1", "9:16"), seconds=(5, 10))


def preferred(request, choices, *models, **more):
    """What goes into the request, and what is said of the rest."""
    found, notes = prefer(request, choices, models, **more)
    names = ("model", "seconds", "ratio", "resolution", "sound", "rewrite")
    given = {name: getattr(found, name) for name in names}
    return {name: value for name, value in given.items() if value not in (None, "auto")}, [
        str(note) for note in notes
    ]


def test_choices_fill_what_was_not_asked_for():
    choices = {"model": "cloud/long", "seconds": 10, "sound": False, "confirm": True}

    assert preferred(FREE, choices, SHORT, LONG) == (
        {"model": "cloud/long", "seconds": 10, "sound": False},
        [],
    )


def test_what_is_written_beats_the_choices():
    request = FREE.with_options(model="cloud/short", seconds=5)
    choices = {"model": "cloud/long", "seconds": 10}

    given = preferred(request, choices, SHORT, LONG, written=("model", "seconds"))

    assert given == ({"model": "cloud/short", "seconds": 5}, [])


def test_a_written_auto_beats_a_chosen_model():
    assert preferred(FREE, {"model": "cloud/long"}, SHORT, LONG, written=("model",)) == ({}, [])


def test_a_length_that_the_chosen_model_has_not_is_left_out():
    given, notes = preferred(FREE, {"model": "cloud/short", "seconds": 10}, SHORT, LONG)

    assert given == {"model": "cloud/short"}
    assert notes == ["The length chosen in /settings, 10 s, does not fit here: left out."]


def test_a_length_that_the_usual_model_has_not_is_left_out():
    given, notes = preferred(FREE, {"seconds": 10}, SHORT, LONG, usual="cloud/short")

    assert given == {}
    assert len(notes) == 1


def test_a_chosen_length_narrows_the_models_down():
    assert preferred(FREE, {"seconds": 10}, SHORT, LONG, SHAPED) == ({"seconds": 10}, [])


def test_no_ai_model_gives_way_to_the_built_in_one_for_the_sake_of_a_shape():
    given, notes = preferred(FREE, {"ratio": "9:16"}, SHORT, LONG, SHAPED)

    assert given == {}
    assert notes == ["The shape chosen in /settings, 9:16, does not fit here: left out."]


def test_the_built_in_model_gets_the_shape_where_it_is_alone():
    assert preferred(FREE, {"ratio": "9:16"}, SHAPED) == ({"ratio": "9:16"}, [])


@pytest.mark.parametrize("down", [SHORT, LONG])
def test_choices_are_for_a_model_that_is_up(down):
    given, notes = preferred(
        FREE, {"seconds": 10}, SHORT, LONG, is_up=lambda model: model is not down
    )

    assert (given == {}) is (down is LONG)
    assert bool(notes) is (down is LONG)


def test_choices_that_do_not_go_together_are_used_as_far_as_they_do():
    sharp = make_model("cloud/sharp", resolutions=("1080p",))

    given, notes = preferred(FREE, {"seconds": 10, "resolution": "1080p"}, LONG, sharp)

    assert given == {"seconds": 10}
    assert notes == ["The resolution chosen in /settings, 1080p, does not fit here: left out."]


def test_a_chosen_model_that_needs_more_than_came_gives_way_and_says_why():
    given, notes = preferred(FREE, {"model": "cloud/ends"}, SHORT, ENDS)

    assert given == {}
    assert notes == [
        "cloud/ends, chosen in /settings, does not fit here, so another model makes it.",
        "cloud/ends needs a second photo as last frame.",
    ]


def test_a_chosen_model_that_cannot_use_what_came_gives_way():
    pair = FREE.with_options(last_frame=make_picture())

    given, notes = preferred(pair, {"model": "cloud/short", "seconds": 5}, SHORT, ENDS)

    assert given == {"seconds": 5}
    assert notes[1] == "cloud/short cannot use a last frame."


def test_where_nothing_fits_the_chosen_model_says_what_is_wrong():
    request = FREE.with_options(seconds=99)

    given = preferred(request, {"model": "cloud/long"}, SHORT, LONG, written=("seconds",))

    assert given == ({"model": "cloud/long", "seconds": 99}, [])


def test_a_chosen_model_that_is_gone_gives_way():
    given, notes = preferred(FREE, {"model": "cloud/gone", "seconds": 10}, LONG)

    assert given == {"seconds": 10}
    assert notes == [
        "cloud/gone, chosen in /settings, is not available now, so another model makes it."
    ]


def test_a_sound_decides_about_the_length():
    voiced = FREE.with_options(audio=make_sound())

    given, notes = preferred(voiced, {"seconds": 10}, TALKS, SHAPED)

    assert given == {}
    assert notes == ["The video is as long as the sound, not 10 s as /settings says."]


def test_lips_that_can_move_do_not_stay_still_for_a_choice():
    voiced = FREE.with_options(audio=make_sound())
    still = make_model("cloud/still", audio=Need.OPTIONAL, resolutions=("1080p",))

    given, notes = preferred(voiced, {"resolution": "1080p"}, TALKS, still)

    assert given == {}
    assert len(notes) == 1


def test_in_a_group_its_choices_hold_and_the_rest_is_up_to_each():
    own = {"seconds": 10, "ratio": "1:1", "confirm": True}

    assert together(own, {"seconds": 5, "model": "cloud/long", "confirm": False}) == {
        "seconds": 5,
        "ratio": "1:1",
        "model": "cloud/long",
        "confirm": True,
    }


def test_possible_values_are_those_of_all_models_in_the_usual_order():
    more = make_model(
        "cloud/more", seconds=(3,), ratios=("16:9",), resolutions=("1080p", "480p"), rewrite=True
    )

    assert possible([LONG, more, SHAPED]) == {
        "seconds": (3, 5, 10),
        "resolution": ("480p", "720p", "1080p"),
        "ratio": ("16:9", "1:1", "9:16"),
        "sound": (True, False),
        "rewrite": (True, False),
    }


def test_what_no_model_can_do_falls():
    choices = {"seconds": 10, "resolution": "720p", "sound": True, "model": "cloud/short"}

    assert fallen(choices, [SHORT]) == ["seconds", "sound"]
    assert fallen(choices, [SHORT, LONG]) == []
