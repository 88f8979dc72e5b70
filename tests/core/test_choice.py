import pytest

from core.capabilities import Capabilities, Need
from core.choice import choose, stand_ins
from tests.factories import make_request, make_sound


def make_model(name, **changes):
    return Capabilities(**{"model": name, "title": name, "audio": Need.OPTIONAL} | changes)


def make_builtin(**changes):
    return make_model("local/camera", **{"ai": False, "prompt_chars": 9999} | changes)


def chosen(request, *models):
    return choose(request, models).model


def test_the_first_generative_model_of_the_catalogue_is_chosen():
    models = make_builtin(), make_model("cloud/one"), make_model("cloud/two")

    assert chosen(make_request(), *models) == "cloud/one"


def test_a_model_that_does_not_fit_is_passed_over():
    models = make_model("cloud/one", prompt_chars=3), make_model("cloud/two"), make_builtin()

    assert chosen(make_request(prompt="waves"), *models) == "cloud/two"


def test_the_built_in_model_serves_where_no_other_fits():
    models = make_model("cloud/one", prompt_chars=3), make_builtin()

    assert chosen(make_request(prompt="waves"), *models) == "local/camera"


def test_a_sound_goes_to_the_first_model_whose_lips_move():
    models = (
        make_model("cloud/mute"),
        make_model("cloud/talking", lips=True),
        make_model("cloud/chatty", lips=True),
    )

    assert chosen(make_request(audio=make_sound()), *models) == "cloud/talking"


def test_moving_lips_do_not_matter_without_a_sound():
    models = make_model("cloud/mute"), make_model("cloud/talking", lips=True)

    assert chosen(make_request(), *models) == "cloud/mute"


def test_a_sound_goes_to_a_model_of_still_lips_where_none_talks():
    models = make_builtin(), make_model("cloud/mute")

    assert chosen(make_request(audio=make_sound()), *models) == "cloud/mute"


def test_where_none_fits_one_is_named_so_that_its_problems_can_be_told():
    models = make_builtin(prompt_chars=3), make_model("cloud/one", prompt_chars=3)

    assert chosen(make_request(prompt="waves"), *models) == "cloud/one"


def test_a_model_that_is_down_is_passed_over():
    models = make_model("cloud/one"), make_model("cloud/two"), make_builtin()

    up = choose(make_request(), models, is_up=lambda model: model.model != "cloud/one")

    assert up.model == "cloud/two"


def test_where_all_are_down_the_preferred_one_is_waited_for():
    models = make_model("cloud/one"), make_model("cloud/two")

    assert choose(make_request(), models, is_up=lambda _: False).model == "cloud/one"


def test_preference_comes_before_the_queue_and_the_queue_before_the_price():
    models = (
        make_model("dear/one", price=3, preference=5),
        make_model("cheap/one", price=1, preference=5),
        make_model("odd/one", preference=9),
    )

    assert choose(make_request(), models).model == "cheap/one"
    assert choose(make_request(), models, load={"cheap": 2.0}).model == "dear/one"
    assert choose(make_request(), models, load={"cheap": 2.0, "dear": 5.0}).model == "cheap/one"


LEFT_OPEN = ("seconds", "ratio", "resolution", "model")


def stood_in(request, *models):
    return [(one.model, one.seconds) for one in stand_ins(request, models)]


def test_another_model_stands_in_with_the_length_and_resolution_that_were_promised():
    request = make_request(model="cloud/one", seconds=5, resolution="720p", open=LEFT_OPEN)
    models = (
        make_model("cloud/one"),
        make_model("cloud/two"),
        make_model("cloud/long", seconds=(10,), default_seconds=10),
        make_builtin(),
    )

    assert stood_in(request, *models) == [("cloud/two", 5)]


@pytest.mark.parametrize(
    ("drawn", "others"), [(True, ["cloud/two", "cloud/three"]), (False, ["cloud/two"])]
)
def test_only_a_seed_that_was_asked_for_keeps_a_model_from_standing_in(drawn, others):
    request = make_request(model="cloud/one", seconds=5, resolution="720p", open=LEFT_OPEN)
    request = request.with_drawn_seed(7) if drawn else request.with_options(seed=7)
    models = make_model("cloud/two", seed=True), make_model("cloud/three")

    found = stand_ins(request, models)

    assert [one.model for one in found] == others
    assert [one.seed for one in found] == [7, None][: len(others)]


def test_nothing_stands_in_for_a_model_that_was_asked_for():
    request = make_request(model="cloud/one", seconds=5, resolution="720p", open=("ratio",))

    assert stood_in(request, make_model("cloud/two")) == []


def test_a_shape_that_was_asked_for_is_kept_and_one_that_was_not_may_follow_the_model():
    asked = make_request(
        model="cloud/one", seconds=5, resolution="720p", ratio="21:9", open=("model",)
    )
    square = make_model("cloud/square", ratios=("1:1",))

    assert stood_in(asked, square) == []
    assert stood_in(asked.with_options(open=LEFT_OPEN), square) == [("cloud/square", 5)]
