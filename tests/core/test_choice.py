from core.capabilities import Capabilities, Need
from core.choice import choose
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
