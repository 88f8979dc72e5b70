import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flags import Puzzle, read_caption

DASHES = "-\u2013\u2014\uff0d"
FLAGS = {
    "--dur 5": {"seconds": 5},
    "--ar=9:16": {"ratio": "9:16"},
    "\u2014res 720p": {"resolution": "720p"},
    "--seed 7": {"seed": 7},
    '--neg "low light"': {"negative_prompt": "low light"},
    "--model local/camera": {"model": "local/camera"},
    "--effect Hug": {"effect": "hug"},
    "--camera dynamic_orbit:strong": {"camera": "dynamic_orbit:strong"},
    "--shots multi": {"shots": "multi"},
    "--sound off": {"sound": False},
    "--rewrite on": {"rewrite": True},
    "--watermark 关": {"watermark": False},
}
KNOWN_FLAG = re.compile(
    r"(--|\u2013|\u2014)(model|m|dur|duration|seconds|sec|ar|ratio|aspect|res|resolution|seed"
    r"|neg|negative|no|effect|camera|shots|shot|sound|rewrite|watermark)\b",
    re.IGNORECASE,
)
words = st.text(st.characters(codec="utf-8", exclude_characters=DASHES))
one_word = st.text(
    st.characters(codec="utf-8", exclude_characters=DASHES, exclude_categories=["Z", "C"]),
    min_size=1,
)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("--dur 5", {"seconds": 5}),
        ("--dur=5s", {"seconds": 5}),
        ("--dur = 5", {"seconds": 5}),
        ("--DUR 5S", {"seconds": 5}),
        ("--dur 5秒", {"seconds": 5}),
        ("--duration 5sec", {"seconds": 5}),
        ("--seconds 10", {"seconds": 10}),
        ("\u2014dur 5", {"seconds": 5}),
        ("\u2013dur 5", {"seconds": 5}),
        ("\u2014 dur 5", {"seconds": 5}),
        ("\u2014\u2014dur 5", {"seconds": 5}),
        ("\uff0d\uff0ddur 5", {"seconds": 5}),
        ("-dur 5 -ar 9:16", {"seconds": 5, "ratio": "9:16"}),
        ("--ar 9:16", {"ratio": "9:16"}),
        ("--ar 9x16", {"ratio": "9:16"}),
        ("--ar 9/16", {"ratio": "9:16"}),
        ("--ar 9：16", {"ratio": "9:16"}),
        ("--aspect 9X16", {"ratio": "9:16"}),
        ("--res 720", {"resolution": "720p"}),
        ("--res 720p", {"resolution": "720p"}),
        ("--resolution 1080P", {"resolution": "1080p"}),
        ("--seed 7", {"seed": 7}),
        ("--seed 0", {"seed": 0}),
        ("--neg blurry", {"negative_prompt": "blurry"}),
        ('--neg "low light, text"', {"negative_prompt": "low light, text"}),
        ("--neg 'low light, text'", {"negative_prompt": "low light, text"}),
        ("--neg \u201clow light, text\u201d", {"negative_prompt": "low light, text"}),
        ("--neg «low light, text»", {"negative_prompt": "low light, text"}),
        ('--neg="low light"', {"negative_prompt": "low light"}),
        ('--neg "a --dur 5 b"', {"negative_prompt": "a --dur 5 b"}),
        ("--no text", {"negative_prompt": "text"}),
        ("--model local/camera", {"model": "local/camera"}),
        ("--m Local/Camera", {"model": "local/camera"}),
    ],
)
def test_an_option_is_read_and_taken_out_of_the_words(text, options):
    caption = read_caption(f"slow push {text} in")

    assert caption.options == options
    assert caption.words == "slow push in"
    assert caption.puzzles == ()


@pytest.mark.parametrize(
    ("text", "words", "options"),
    [
        ("挥手\u2014\u2014dur 3", "挥手", {"seconds": 3}),
        ("挥手--duration 3秒", "挥手", {"seconds": 3}),
        ("挥手，--dur3", "挥手", {"seconds": 3}),
        ("wave,\u2014dur 3", "wave", {"seconds": 3}),
        ("挥手。--sound 关\u2014\u2014res 720p", "挥手。", {"sound": False, "resolution": "720p"}),
        ("--dur 3, --res 480p", "", {"seconds": 3, "resolution": "480p"}),
        ("--dur 3，--res 480p", "", {"seconds": 3, "resolution": "480p"}),
        ("--ar 9：16、慢慢地", "慢慢地", {"ratio": "9:16"}),
        ("--camera dynamic_orbit:strong; wave", "wave", {"camera": "dynamic_orbit:strong"}),
        ("wave --model jimeng-3.0-720p.", "wave", {"model": "jimeng-3.0-720p"}),
        ("挥手（--dur 3）", "挥手", {"seconds": 3}),
        ("wave (--dur 3 --ar 9:16) twice", "wave twice", {"seconds": 3, "ratio": "9:16"}),
        ("挥手 --dur 3（--ar 9:16）", "挥手", {"seconds": 3, "ratio": "9:16"}),
        ("--dur 3 (twice) wave ()", "(twice) wave", {"seconds": 3}),
        ("--neg 模糊（背景）", "", {"negative_prompt": "模糊（背景）"}),
        ("--neg 模糊，文字。挥手", "挥手", {"negative_prompt": "模糊，文字"}),
        ("--neg blur,text,--dur 3!", "", {"negative_prompt": "blur,text", "seconds": 3}),
    ],
)
def test_punctuation_and_missing_spaces_part_options_from_words(text, words, options):
    caption = read_caption(text)

    assert (caption.words, caption.options, caption.puzzles) == (words, options, ())


def test_several_options_are_read_wherever_they_stand():
    caption = read_caption('--dur 5 slow --ar=9:16 push in\n--neg "low light" --seed 7')

    assert caption.words == "slow push in"
    assert caption.options == {
        "seconds": 5,
        "ratio": "9:16",
        "negative_prompt": "low light",
        "seed": 7,
    }


def test_the_last_of_two_equal_options_counts():
    assert read_caption("--dur 5 --duration 8").options == {"seconds": 8}


@pytest.mark.parametrize(
    "text",
    [
        "slow push in",
        "a well-known face",
        "2020 \u2013 2021",
        "wait\u2014what",
        "a well-known look -east of here",
        "semi--automatic",
        "- first\n- second",
        "a--b and e-mail, wave--dur 3",
        "\u201crun!\u201d\u2014camera shakes",
        "挥手\u2014\u2014慢慢地",
        "挥手，-dur 3",
        "dur 5 seed 7",
        "",
    ],
)
def test_words_without_options_stay_as_they_are(text):
    caption = read_caption(text)

    assert (caption.words, caption.options, caption.puzzles) == (text, {}, ())


def test_lines_stay_apart():
    assert read_caption("first  line --dur 5\nsecond line").words == "first line \nsecond line"


def test_an_unknown_option_is_a_puzzle_without_a_name():
    caption = read_caption("slow --Fps 30 --dur 5")

    assert caption.puzzles == (Puzzle("--fps", None, "30"),)
    assert caption.options == {"seconds": 5}


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("--dur", "seconds", ""),
        ("--dur slow", "seconds", "slow"),
        ("--dur -5", "seconds", "-5"),
        ("--duration 5.5", "seconds", "5.5"),
        ("--seed x", "seed", "x"),
        ("--seed 12345678901", "seed", "12345678901"),
        ("--ar wide", "ratio", "wide"),
        ("--ar 1.5:1", "ratio", "1.5:1"),
        ("--res hd", "resolution", "hd"),
        ("--neg", "negative_prompt", ""),
        ('--neg ""', "negative_prompt", ""),
        ("--model", "model", ""),
        ("--effect", "effect", ""),
        ("--sound maybe", "sound", "maybe"),
    ],
)
def test_an_option_without_a_fitting_value_is_a_puzzle(text, name, value):
    caption = read_caption(text)

    assert caption.puzzles == (Puzzle(text.split()[0], name, value),)
    assert caption.options == {}


def test_an_option_without_a_value_does_not_take_the_next_option_for_it():
    caption = read_caption("--dur --seed 7")

    assert caption.options == {"seed": 7}
    assert caption.puzzles == (Puzzle("--dur", "seconds", ""),)


@given(words)
def test_text_without_dashes_comes_back_as_the_words(text):
    caption = read_caption(text)

    assert caption.words.split() == text.split()
    assert (caption.options, caption.puzzles) == ({}, ())


@given(st.lists(one_word | st.sampled_from(sorted(FLAGS))))
def test_words_and_options_are_told_apart_in_any_order(parts):
    caption = read_caption(" ".join(parts))

    assert caption.words == " ".join(part for part in parts if part not in FLAGS)
    assert caption.options == {
        name: value for part in parts if part in FLAGS for name, value in FLAGS[part].items()
    }


@given(st.lists(one_word | st.sampled_from(sorted({part.split()[0] for part in FLAGS}))))
def test_words_never_keep_a_known_option(parts):
    caption = read_caption(" ".join(parts))

    assert not KNOWN_FLAG.search(caption.words)


@pytest.mark.parametrize(
    "text",
    [
        "the cat \u2014 a big one \u2014 jumps",
        "a walk \u2013 slow motion",
        "slow -- very slow",
        "he stops \u2014 no movement",
    ],
)
def test_a_dash_between_words_is_no_option(text):
    caption = read_caption(text)

    assert (caption.words, caption.options, caption.puzzles) == (text, {}, ())


def test_single_curly_quotes_hold_several_words():
    caption = read_caption("go --neg \u2018low light\u2019 on")

    assert (caption.words, caption.options) == ("go on", {"negative_prompt": "low light"})
