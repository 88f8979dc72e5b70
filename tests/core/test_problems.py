import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.capabilities import Capabilities, Effect, Need, PictureLimits, Shows, SoundLimits
from core.problems import MAX_SEED, mends, problems, settled
from core.ratios import RATIOS
from core.words import say
from tests.factories import make_picture, make_request, make_sound


def make_model(**changes):
    return Capabilities(**{"model": "cloud/one", "title": "One"} | changes)


def say_problems(request, model):
    return [str(sentence) for sentence in problems(request, model)]


REQUIRED, OPTIONAL, NONE = Need.REQUIRED, Need.OPTIONAL, Need.NONE
HEARING = {
    "audio": OPTIONAL,
    "audio_limits": SoundLimits(min_seconds=2, max_seconds=10),
    "sound_decides": True,
}
KISS = Effect("kiss", say("kiss"), Shows.COUPLE)
DANCE = Effect("dance", say("dance"), Shows.PERSON)
NARROW = PictureLimits(min_side=100, min_aspect=0.5, max_aspect=2.0)

MISFITS = {
    "a photo is missing": (
        {"first_frame": None},
        {},
        "One needs a photo.",
    ),
    "a last frame is not possible": (
        {"last_frame": make_picture()},
        {"last_frame": NONE},
        "One cannot use a last frame.",
    ),
    "a last frame is missing": (
        {},
        {"last_frame": REQUIRED},
        "One needs a second photo as last frame.",
    ),
    "a sound is not possible": (
        {"audio": make_sound()},
        {"audio": NONE},
        "One cannot use a sound.",
    ),
    "a sound is missing": (
        {},
        {"audio": REQUIRED},
        "One needs a voice message or another sound.",
    ),
    "words are missing": (
        {"prompt": "  \n"},
        {"prompt": REQUIRED},
        "One needs a few words.",
    ),
    "a length is not offered": (
        {"seconds": 7},
        {"seconds": (5, 10)},
        "--dur 7 is not possible with One. Possible: 5, 10.",
    ),
    "a ratio is not offered": (
        {"ratio": "4:3"},
        {"ratios": ("16:9", "1:1")},
        "--ar 4:3 is not possible with One. Possible: 16:9, 1:1.",
    ),
    "a resolution is not offered": (
        {"resolution": "1080p"},
        {"resolutions": ("480p", "720p")},
        "--res 1080p is not possible with One. Possible: 480p, 720p.",
    ),
    "an effect is not offered": (
        {"effect": "hug"},
        {"effects": (KISS, DANCE)},
        "--effect hug is not possible with One. Possible: kiss, dance.",
    ),
    "a camera move is not offered": (
        {"camera": "roll"},
        {"cameras": ("pan",)},
        "--camera roll is not possible with One. Possible: pan.",
    ),
    "several shots without the rewriting that makes them": (
        {"shots": "multi", "rewrite": False},
        {"shots": True, "rewrite": True},
        "--shots multi does not go with --rewrite off.",
    ),
    "effects are unknown": (
        {"effect": "hug"},
        {"effects": ()},
        "--effect is not possible with One.",
    ),
    "camera moves are unknown": (
        {"camera": "pan"},
        {"cameras": ()},
        "--camera is not possible with One.",
    ),
    "a seed is below zero": (
        {"seed": -1},
        {"seed": True},
        "--seed must lie between 0 and 2147483647.",
    ),
    "a seed is too large": (
        {"seed": MAX_SEED + 1},
        {"seed": True},
        "--seed must lie between 0 and 2147483647.",
    ),
    "the words are too long": (
        {"prompt": "x" * 41},
        {"prompt_chars": 40},
        "The words are 41 characters long; One takes 40.",
    ),
    "the unwanted words are too long": (
        {"negative_prompt": "x" * 21},
        {"negative_chars": 20},
        "One takes 20 characters after --neg.",
    ),
    "unwanted words are unknown": (
        {"negative_prompt": "rain"},
        {"negative_chars": 0},
        "--neg is not possible with One.",
    ),
    "the picture is too wide": (
        {"first_frame": make_picture(width=2001, height=1000)},
        {"picture": NARROW},
        "This photo is 2001 x 1000: too long and narrow. Crop it, or send another one.",
    ),
    "the picture is too tall": (
        {"first_frame": make_picture(width=499, height=1000)},
        {"picture": NARROW},
        "This photo is 499 x 1000: too long and narrow. Crop it, or send another one.",
    ),
    "the picture is too small": (
        {"first_frame": make_picture(width=50, height=33)},
        {"picture": NARROW},
        "This photo is 50 x 33: too small. Its shorter side must have 34 pixels.",
    ),
    "the last picture is too small": (
        {"last_frame": make_picture(width=33, height=50)},
        {"picture": NARROW, "last_frame": OPTIONAL},
        "This photo is 33 x 50: too small. Its shorter side must have 34 pixels.",
    ),
    "the sound is too short": (
        {"audio": make_sound(seconds=1.9)},
        HEARING,
        "The sound is 1.9 s long; One needs at least 2 s.",
    ),
}

FITS = {
    "no photo where none is required": ({"first_frame": None}, {"first_frame": OPTIONAL}),
    "a last frame that may be given": ({"last_frame": make_picture()}, {"last_frame": OPTIONAL}),
    "a last frame that must be given": ({"last_frame": make_picture()}, {"last_frame": REQUIRED}),
    "no sound where one may be given": ({}, HEARING),
    "a sound that must be given": ({"audio": make_sound()}, {"audio": REQUIRED}),
    "words that must be given": ({"prompt": "go"}, {"prompt": REQUIRED}),
    "no words where they may be given": ({"prompt": ""}, {"prompt": OPTIONAL}),
    "an offered length": ({"seconds": 10}, {"seconds": (5, 10)}),
    "any length where the sound decides": ({"seconds": 7, "audio": make_sound()}, HEARING),
    "an offered ratio": ({"ratio": "1:1"}, {"ratios": ("16:9", "1:1")}),
    "an offered resolution": ({"resolution": "480p"}, {"resolutions": ("480p", "720p")}),
    "an offered effect": ({"effect": "kiss"}, {"effects": (KISS,)}),
    "an offered camera move": ({"camera": "pan"}, {"cameras": ("pan",)}),
    "the lowest seed": ({"seed": 0}, {"seed": True}),
    "the highest seed": ({"seed": MAX_SEED}, {"seed": True}),
    "words of exactly the limit": ({"prompt": "x" * 40}, {"prompt_chars": 40}),
    "unwanted words of exactly the limit": (
        {"negative_prompt": "x" * 20},
        {"negative_chars": 20},
    ),
    "a picture of the widest shape": (
        {"first_frame": make_picture(width=2000, height=1000)},
        {"picture": NARROW},
    ),
    "a picture of the tallest shape": (
        {"first_frame": make_picture(width=500, height=1000)},
        {"picture": NARROW},
    ),
    "a picture of the smallest side": (
        {"first_frame": make_picture(width=150, height=100)},
        {"picture": NARROW},
    ),
    "a picture that only needs shrinking": (
        {"first_frame": make_picture(width=9000, height=6000, size=90_000_000, format="PNG")},
        {"picture": NARROW},
    ),
    "a sound of exactly the shortest length": ({"audio": make_sound(seconds=2.0)}, HEARING),
    "a sound that only needs cutting": ({"audio": make_sound(seconds=99)}, HEARING),
}


@pytest.mark.parametrize(("asked", "offered", "said"), MISFITS.values(), ids=MISFITS)
def test_what_does_not_fit_is_said_once(asked, offered, said):
    assert say_problems(make_request(**asked), make_model(**offered)) == [said]


@pytest.mark.parametrize(("asked", "offered"), FITS.values(), ids=FITS)
def test_what_fits_is_not_complained_about(asked, offered):
    assert say_problems(make_request(**asked), make_model(**offered)) == []


def test_every_problem_is_said_at_once():
    request = make_request(first_frame=None, seconds=7, prompt="x" * 41)

    said = say_problems(request, make_model(prompt_chars=40))

    assert said == [
        "One needs a photo.",
        "--dur 7 is not possible with One. Possible: 5.",
        "The words are 41 characters long; One takes 40.",
    ]


def test_a_short_sound_that_cannot_be_used_anyway_is_one_problem():
    request = make_request(audio=make_sound(seconds=0.1))

    assert say_problems(request, make_model()) == ["One cannot use a sound."]


def say_mends(request, model):
    return [str(sentence) for sentence in mends(request, model)]


def test_a_long_sound_is_said_to_be_cut():
    request = make_request(audio=make_sound(seconds=12.34))

    said = say_mends(request, make_model(**HEARING, lips=True))

    assert said == ["The sound is 12.3 s long; only its first 10 s are used."]


def test_a_sound_of_exactly_the_longest_length_is_not_said_to_be_cut():
    request = make_request(audio=make_sound(seconds=10.0))

    assert say_mends(request, make_model(**HEARING, lips=True)) == []


def test_still_lips_are_told_before_the_start():
    request = make_request(audio=make_sound())

    said = say_mends(request, make_model(**HEARING, lips=False))

    assert said == ["The video will move with the sound; the lips will not."]


def test_a_length_that_the_sound_overrides_is_told():
    request = make_request(audio=make_sound(), seconds=5)

    said = say_mends(request, make_model(**HEARING, lips=True))

    assert said == ["The length of the video follows the sound, not --dur."]


def test_a_length_that_was_left_open_is_not_said_to_be_overridden():
    model = make_model(**HEARING, lips=True)

    assert say_mends(settled(make_request(audio=make_sound()), model), model) == []


def test_without_a_sound_nothing_is_mended_aloud():
    assert say_mends(make_request(seconds=5), make_model(**HEARING)) == []


def test_what_was_left_open_is_filled_in():
    model = make_model(
        seconds=(5, 8), default_seconds=8, resolutions=("480p", "720p"), default_resolution="480p"
    )

    request = settled(make_request(model="auto"), model)

    filled = {"seconds": 8, "ratio": "16:9", "resolution": "480p"}
    left = (*filled, "model")
    assert request == make_request(model="cloud/one", open=left, **filled)


def test_what_was_asked_for_stays():
    asked = make_request(seconds=5, ratio="1:1", resolution="480p")
    model = make_model(
        seconds=(5, 8), default_seconds=8, resolutions=("480p", "720p"), default_resolution="720p"
    )

    assert settled(asked, model) == asked.with_options(model="cloud/one")


@pytest.mark.parametrize(
    ("sound", "video"), [(0.2, 1), (3.0, 3), (3.01, 4), (10.0, 10), (99.0, 10)]
)
def test_the_length_follows_the_sound_up_to_the_limit(sound, video):
    request = make_request(audio=make_sound(seconds=sound), seconds=5)

    assert settled(request, make_model(**HEARING)).seconds == video


@pytest.mark.parametrize(
    ("sound", "video"), [(3.0, 5), (5.0, 5), (5.01, 10), (10.0, 10), (99.0, 10)]
)
def test_where_the_model_has_its_own_lengths_the_sound_gets_the_next_one(sound, video):
    model = make_model(**HEARING | {"sound_decides": False, "seconds": (5, 10)})

    assert settled(make_request(audio=make_sound(seconds=sound)), model).seconds == video


def test_a_sound_is_cut_at_the_longest_video_too():
    limits = SoundLimits(min_seconds=3, max_seconds=30)
    model = make_model(audio=OPTIONAL, audio_limits=limits, seconds=(5, 10), lips=True)

    said = [str(note) for note in mends(make_request(audio=make_sound(seconds=12)), model)]

    assert said == ["The sound is 12.0 s long; only its first 10 s are used."]


@pytest.mark.parametrize(("size", "notes"), [((1280, 720), 0), ((1290, 720), 0), ((720, 1280), 1)])
def test_a_second_photo_of_another_shape_is_said_to_be_cropped(size, notes):
    last = make_picture(width=size[0], height=size[1])
    model = make_model(last_frame=OPTIONAL, same_shape=True)

    assert len(mends(make_request(last_frame=last), model)) == notes
    assert mends(make_request(last_frame=last), make_model(last_frame=OPTIONAL)) == []


def test_an_effect_needs_neither_words_nor_a_last_frame():
    model = make_model(effects=(KISS,), prompt=REQUIRED, last_frame=REQUIRED)

    assert say_problems(make_request(effect="kiss", prompt=""), model) == []
    assert len(say_problems(make_request(prompt=""), model)) == 2


def test_what_an_effect_does_not_use_keeps_no_model_from_it():
    model = make_model(effects=(KISS,), prompt_chars=3, picture=NARROW)
    last = make_picture(width=900, height=100)

    assert say_problems(make_request(effect="kiss", last_frame=last), model) == []
    assert len(say_problems(make_request(last_frame=last), model)) == 3


def test_what_an_effect_does_not_use_is_told():
    model = make_model(effects=(KISS,), last_frame=OPTIONAL)

    said = [str(note) for note in mends(make_request(effect="kiss"), model)]

    assert said == ["The effect “kiss” decides what happens: words and a last frame are not used."]


def test_the_ratio_is_the_nearest_that_the_model_offers():
    request = make_request(first_frame=make_picture(width=1000, height=1100))

    assert settled(request, make_model(ratios=("16:9", "9:16"))).ratio == "9:16"


@pytest.mark.parametrize(
    ("asked", "offered"),
    [({"first_frame": None}, {"first_frame": OPTIONAL}), ({}, {"ratios": ()})],
    ids=["no photo", "no ratios to choose from"],
)
def test_the_ratio_stays_open_without_anything_to_choose_by(asked, offered):
    assert settled(make_request(**asked), make_model(**offered)).ratio is None


def some(values):
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


def at_least_one(values):
    return st.lists(st.sampled_from(values), unique=True, min_size=1).map(tuple)


def open_or(values):
    return st.sampled_from((None, *values))


@st.composite
def models(draw):
    seconds = draw(at_least_one(range(1, 16)))
    resolutions = draw(at_least_one(("480p", "720p", "1080p")))
    return make_model(
        first_frame=draw(st.sampled_from((REQUIRED, OPTIONAL))),
        last_frame=draw(st.sampled_from(Need)),
        audio=draw(st.sampled_from(Need)),
        seconds=seconds,
        default_seconds=draw(st.sampled_from(seconds)),
        ratios=draw(some(RATIOS)),
        resolutions=resolutions,
        default_resolution=draw(st.sampled_from(resolutions)),
        audio_limits=SoundLimits(min_seconds=1, max_seconds=draw(st.integers(2, 60))),
    )


sides = st.integers(300, 900)
pictures = st.builds(make_picture, width=sides, height=sides)
sounds = st.builds(make_sound, seconds=st.floats(0.5, 90))


@st.composite
def wishes(draw):
    """A model and a request that often suits it, since both come from the same draw."""
    model = draw(models())
    none = st.none()

    def given(need, strategy):
        return draw({REQUIRED: strategy, OPTIONAL: none | strategy, NONE: none}[need])

    request = make_request(
        first_frame=given(model.first_frame, pictures),
        last_frame=given(model.last_frame, pictures),
        audio=given(model.audio, sounds),
        seconds=draw(open_or((*model.seconds, 99))),
        ratio=draw(open_or(model.ratios)),
        resolution=draw(open_or(model.resolutions)),
    )
    return request, model


@settings(max_examples=150, deadline=None)
@given(wishes())
def test_settling_a_fitting_request_leaves_it_fitting(wish):
    request, model = wish
    assume(not problems(request, model))

    assert say_problems(settled(request, model), model) == []


@settings(max_examples=80, deadline=None)
@given(wishes())
def test_a_settled_request_has_nothing_left_to_settle(wish):
    request, model = wish

    once = settled(request, model)

    assert settled(once, model) == once
    assert once.seconds
    assert once.resolution
