"""Which buttons stand under which photos, and what they stand for."""

import pytest

from bot.cards import ask_what_happens, ask_which, picks_of, value_of
from bot.presets import PRESETS
from bot.quoting import Quote
from bot.translations import languages, translate
from core.capabilities import Capabilities
from media.render.words import read_plan
from storage.content import Content, Received
from tests.factories import make_request

PHOTOS = tuple(Received(message=number, file_id=f"photo-{number}") for number in range(1, 5))


def buttons(question):
    return {
        str(answer.label): answer.value
        for row in question.rows
        for answer in row
        if answer.verb == "choose"
    }


def card(photos, picks=None, *, ends=True):
    content = Content(photos=PHOTOS[:photos], picks=picks)
    return ask_what_happens(content, [], ends=ends, picture=None)


@pytest.mark.parametrize(
    ("photos", "picks", "shown"),
    [
        (1, None, {"🔁 Loop": "0x0"}),
        (1, (0, 0), {"Remove last": "0"}),
        (1, (0,), {"🔁 Loop": "0x0"}),
        (2, None, {"🔄 Swap": "1x0", "🔁 Loop": "0x0", "Remove last": "0"}),
        (2, (1, 0), {"🔄 Swap": "0x1", "🔁 Loop": "1x1", "Remove last": "1"}),
        (2, (1, 1), {"No loop": "1x0", "Remove last": "1"}),
        (2, (1,), {"🔁 Loop": "1x1", "Add the other one": "1x0"}),
        (4, (0, 3), {"🔄 Swap": "3x0", "🔁 Loop": "0x0", "Remove last": "0"}),
    ],
)
def test_buttons_say_how_the_photos_stand_afterwards(photos, picks, shown):
    assert buttons(card(photos, picks)) == shown


def test_one_photo_is_no_loop_where_no_model_takes_a_last_frame():
    assert buttons(card(1, ends=False)) == {}


@pytest.mark.parametrize(
    ("photos", "picks", "said"),
    [
        (1, None, "I use this photo now, and not the one before."),
        (2, None, "I use these two photos now, and not what came before."),
        (2, (1, 0), "First and last frame are here."),
    ],
)
def test_a_card_says_what_took_the_place_of_a_photo_that_waited(photos, picks, said):
    content = Content(photos=PHOTOS[:photos], picks=picks, replacing=True)

    question = ask_what_happens(content, [], ends=True, picture=None)

    assert str(question.texts[0]).startswith(said)


def test_every_card_has_the_ready_answers():
    values = [answer.value for row in card(2).rows for answer in row if answer.verb == "preset"]

    assert values == [str(number) for number in range(len(PRESETS))]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda one: one.words.template)
@pytest.mark.parametrize("language", languages())
def test_the_ready_words_move_the_camera_alike_in_every_language(preset, language):
    moves = read_plan(translate(preset.words, language)).moves

    assert moves == read_plan(str(preset.words)).moves
    assert len(moves) == 1


def test_of_many_photos_two_or_one_can_be_taken():
    assert buttons(ask_which(Content(photos=PHOTOS), 2, "auto")) == {
        "The first two": "0x1",
        "The first and the last": "0x3",
        "Only the first": "0",
        "None, drop them": "no",
    }


def test_of_two_frames_one_can_be_taken_where_a_model_uses_one():
    swapped = Content(photos=PHOTOS[:2], picks=(1, 0))

    assert buttons(ask_which(swapped, 1, "cloud/one")) == {
        "Only the first": "1",
        "Only the last": "0",
        "None, drop them": "no",
    }


def test_two_of_the_photos_can_be_taken_where_another_model_uses_them():
    other = Capabilities(model="cloud/two", title="Two")
    pair = Quote(request=make_request(), model=other, cost=5, free=60)

    question = ask_which(Content(photos=PHOTOS), 1, "One", pair)

    assert buttons(question)["The first and the last"] == "0x3"
    assert str(question.texts[-1]) == (
        "With the first and the last, Two makes it instead, for 5 credits."
    )


@pytest.mark.parametrize("picks", [(0,), (0, 1), (29, 0)])
def test_picks_come_back_from_a_button(picks):
    assert picks_of(value_of(picks)) == picks
