"""Captions in the names of models, and what is said about options that cannot be."""

import pytest

from bot.reading import explain, read
from core.capabilities import Capabilities, Effect, Need, Shows
from core.errors import UserError
from core.words import say
from tests.factories import make_request

HUG = Effect("hug", say("embrace"), Shows.COUPLE)
JIMENG = Capabilities(
    model="cloud/jimeng-3.0-720p",
    title="Jimeng",
    cameras=("robo_arm", "dynamic_orbit", "central_orbit"),
    strengths=("weak", "strong"),
    last_frame=Need.OPTIONAL,
    seconds=(5, 10),
    sound=True,
)
JIMENG_PRO = Capabilities(model="cloud/jimeng-3.0-pro", title="Pro", effects=(HUG,))
PLAIN = Capabilities(model="local/camera", title="Camera")
MODELS = (JIMENG, JIMENG_PRO, PLAIN)
ASKED = make_request(model="auto")


@pytest.mark.parametrize(
    ("written", "options"),
    [
        ("--model cloud/jimeng-3.0-pro", {"model": "cloud/jimeng-3.0-pro"}),
        ("--model JIMENG-3.0-PRO", {"model": "cloud/jimeng-3.0-pro"}),
        ("--model camera", {"model": "local/camera"}),
        ("--model 720p", {"model": "cloud/jimeng-3.0-720p"}),
        ("--model auto", {"model": "auto"}),
        ("--camera robo_arm:weak", {"camera": "robo_arm:weak"}),
        ("--camera Robo-Arm", {"camera": "robo_arm"}),
        ("--camera orbit", {"camera": "dynamic_orbit"}),
        ("--camera central", {"camera": "central_orbit"}),
        ("--effect Hug", {"effect": "hug"}),
    ],
)
def test_names_are_understood_in_many_spellings(written, options):
    assert read(written, MODELS).options == options


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        (
            "--model jimeng",
            "There is no model jimeng. Possible: cloud/jimeng-3.0-720p, cloud/jimeng-3.0-pro, local/camera.",
        ),
        ("--effect kiss", "There is no --effect kiss. Possible: hug."),
        (
            "--camera zoom",
            "There is no --camera zoom. Possible: robo_arm, dynamic_orbit, central_orbit.",
        ),
        ("--camera or", "There is no --camera or. "),
        ("--model camera --effect hug", "--effect is not possible with Camera."),
    ],
)
def test_a_name_that_nobody_has_is_answered_with_those_there_are(written, answer):
    with pytest.raises(UserError) as caught:
        read(written, MODELS)

    assert str(caught.value).startswith(answer)


def test_the_usual_model_decides_where_none_is_named():
    with pytest.raises(UserError, match="--camera is not possible with Camera"):
        read("--camera orbit", MODELS, usual="local/camera")


def test_an_option_that_no_model_here_has_is_said():
    with pytest.raises(UserError, match="--effect is not possible with any model here"):
        read("--effect hug", (JIMENG, PLAIN))


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("--dur soon", "--dur soon is not possible with Jimeng. Possible: 5, 10."),
        ("--dur", "--dur needs a value. Possible with Jimeng: 5, 10."),
        (
            "--sound maybe",
            "--sound maybe is not possible with Jimeng. Possible: on, off.",
        ),
        ("--rewrite maybe", "--rewrite is not possible with Jimeng."),
        ("--seed x", "--seed must lie between 0 and 2147483647."),
        ("--neg", '--neg needs a value, like --neg "blur".'),
        ("--model", "--model needs a value. Possible: cloud/jimeng-3.0-720p, "),
        (
            "--fps 3",
            "There is no option --fps. Possible: --model, --dur, --ar, --res, --seed, --neg, ",
        ),
    ],
)
def test_a_value_that_makes_no_sense_is_answered_with_those_that_do(written, answer):
    (puzzle,) = read(written, MODELS).puzzles

    assert str(explain(puzzle, ASKED, [JIMENG], MODELS)).startswith(answer)


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("--ar wide", "--ar wide is not possible here. Possible: 21:9, 16:9, 4:3, "),
        ("--dur soon", "--dur soon is not possible here. Possible: 5, 10."),
        ("--dur soon --effect hug", "--dur soon is not possible here. Possible: 5."),
        (
            "--dur soon --effect hug --camera orbit",
            "--dur soon is not possible here. Possible: 5, 10.",
        ),
        ("--camera", "--camera needs a value. Possible: robo_arm, dynamic_orbit, central_orbit."),
        ("--rewrite maybe", "--rewrite is not possible with any model here."),
    ],
)
def test_where_no_model_is_named_the_values_of_all_are_told(written, answer):
    caption = read(written, MODELS)
    asked = ASKED.with_options(**caption.options)

    assert str(explain(caption.puzzles[0], asked, MODELS, MODELS)).startswith(answer)
