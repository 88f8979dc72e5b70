"""What is said of a request that none of several models takes."""

import pytest

from core.capabilities import Capabilities, Effect, Need, Shows, SoundLimits
from core.refusing import refusal
from core.words import say
from tests.factories import make_picture, make_request, make_sound

MELT = Effect("melt", say("melts"), Shows.ANYTHING)
HUG = Effect("hug", say("embrace"), Shows.COUPLE)


def make_model(name, **changes):
    plain = {"model": name, "title": name, "ratios": (), "negative_chars": 9, "seed": True}
    return Capabilities(**plain | changes)


FLASH = make_model("Flash", seconds=(2, 3, 5, 10), resolutions=("720p", "1080p"), sound=True)
MELTING = make_model("Melting", effects=(MELT,), rewrite=True, shots=True)
HUGGING = make_model("Hugging", effects=(HUG,), seconds=(3, 5), resolutions=("480p", "720p"))
MOVING = make_model(
    "Moving",
    cameras=("orbit",),
    strengths=("weak", "strong"),
    seconds=(5, 10),
    last_frame=Need.OPTIONAL,
)
SHAPED = make_model("Shaped", ratios=("1:1", "16:9"), negative_chars=0)
LATE = make_model("Late", ratios=("9:16", "16:9"), follows_photo=True)
ALL = (FLASH, MELTING, HUGGING, MOVING, SHAPED, LATE)


def refused(*models, **changes):
    return str(refusal(make_request(model="auto", **changes), models or ALL))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"ratio": "7:3"}, "--ar 7:3 is not possible here. Possible: 16:9, 1:1."),
        ({"seconds": 99}, "--dur 99 is not possible here. Possible: 2, 3, 5, 10."),
        (
            {"seconds": 99, "ratio": "7:3"},
            "--ar 7:3 is not possible here. Possible: 16:9, 1:1.",
        ),
        (
            {"effect": "melt", "seconds": 3},
            "--dur 3 does not go with --effect melt. Possible: 5.",
        ),
        (
            {"effect": "melt", "seconds": 3, "resolution": "1080p", "seed": 7},
            "--res 1080p does not go with --effect melt. Possible: 720p.",
        ),
        (
            {"camera": "orbit:weak", "seconds": 7},
            "--dur 7 is not possible here. Possible: 5, 10.",
        ),
        (
            {"camera": "orbit:weak", "seconds": 3},
            "--dur 3 does not go with --camera orbit:weak. Possible: 5, 10.",
        ),
        (
            {"resolution": "480p", "seconds": 10},
            "--dur 10 does not go with --res 480p. Possible: 3, 5.",
        ),
        (
            {"ratio": "1:1", "negative_prompt": "blur"},
            "--ar 1:1 does not go with --neg.",
        ),
        (
            {"shots": "multi", "rewrite": False},
            "--rewrite off does not go with --shots multi. Possible: on.",
        ),
        (
            {"camera": "orbit:fast"},
            "--camera orbit: fast is not possible with Moving. Possible: weak, strong.",
        ),
        ({"watermark": True}, "--watermark is not possible with any model here."),
        (
            {"camera": "orbit", "last_frame": make_picture()},
            "--camera goes with one photo.",
        ),
        ({"negative_prompt": "too long by far"}, "Flash takes 9 characters after --neg."),
    ],
)
def test_options_are_to_blame_and_no_model_that_happens_to_lack_them(options, said):
    assert refused(**options) == said


def test_an_option_that_no_model_here_takes_is_said_so():
    assert refused(SHAPED, make_model("x", negative_chars=0), negative_prompt="blur") == (
        "--neg is not possible with any model here."
    )


def test_a_model_that_was_named_is_told_with_its_own_values():
    assert refused(FLASH, seconds=99) == (
        "--dur 99 is not possible with Flash. Possible: 2, 3, 5, 10."
    )


def test_of_models_that_hear_too_little_the_one_that_takes_the_shortest_sound_is_told():
    hears = [
        make_model(name, audio=Need.OPTIONAL, audio_limits=SoundLimits(min_seconds=least))
        for name, least in (("Long", 3), ("Short", 2))
    ]

    assert refused(*hears, audio=make_sound(seconds=1)) == (
        "The sound is 1.0 s long; Short needs at least 2 s."
    )
