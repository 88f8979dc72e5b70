from dataclasses import replace

import pytest

from bot.receipts import about
from bot.results import keyboard, keyboard_of_failed
from core.capabilities import Capabilities, Effect, Need, Shows
from core.states import State
from core.task import Place, Task, TaskId
from core.words import say
from tests.factories import NOON, make_picture, make_request, make_sound

MELT = Effect("melt", say("Melt"), Shows.ANYTHING)


class Shelf:
    """A catalogue with a few models."""

    def __init__(self, *models):
        self._models = models

    def models(self):
        return self._models

    def model(self, name):
        return next((one for one in self._models if one.model == name), None)

    def title(self, name):
        return name.title()


def make_model(name="cloud/one", **changes):
    plain = {"model": name, "title": name, "seed": True, "last_frame": Need.OPTIONAL}
    return Capabilities(**plain | {"audio": Need.OPTIONAL} | changes)


def make_task(*, chat=7, language="en", **wishes):
    return Task(
        id=TaskId(12),
        account=7,
        place=Place(chat=chat, user=7, language=language),
        request=make_request(**{"model": "cloud/one", "seed": 7} | wishes),
        lane="local",
        cost=10,
        state=State.DELIVERED,
        run=1,
        cancelling=False,
        created=NOON,
        due=None,
    )


def shown(task, *models, chat=7):
    rows = keyboard(task, Shelf(*(models or (make_model(),))), chat).inline_keyboard
    return {button.text: button.callback_data for row in rows for button in row}


ONE = {
    "Again": "same:12",
    "New seed": "again:12",
    "Edit words": "words:12",
    "Continue": "continue:12",
    "Loop": "loop:12",
    "As file": "file:12",
    "Delete": "delete:12",
}


def test_every_button_that_can_work_is_there():
    assert shown(make_task()) == ONE
    assert shown(make_task(), make_model(), make_model("cloud/two")) == {
        **ONE,
        "Other model": "model:12",
    }


def test_a_model_without_seeds_makes_it_again_anyhow():
    buttons = shown(make_task(seed=None), make_model(seed=False))

    assert buttons["Again"] == "again:12"
    assert "New seed" not in buttons


@pytest.mark.parametrize(
    ("wishes", "model", "missing"),
    [
        ({"audio": make_sound()}, {}, {"Loop"}),
        ({"last_frame": make_picture()}, {}, {"Loop"}),
        ({}, {"last_frame": Need.NONE}, {"Loop"}),
        ({}, {"prompt": Need.NONE}, {"Edit words"}),
        ({"effect": "melt"}, {"effects": (MELT,)}, {"Edit words", "Loop"}),
        ({"first_frame": None}, {"first_frame": Need.NONE}, {"Loop", "Continue"}),
    ],
)
def test_what_cannot_work_is_not_offered(wishes, model, missing):
    assert ONE.keys() - shown(make_task(**wishes), make_model(**model)).keys() == missing


def test_another_model_can_loop_where_its_own_cannot():
    own, other = make_model(last_frame=Need.NONE), make_model("cloud/two")

    assert "Loop" in shown(make_task(), own, other)


def test_what_is_no_longer_offered_is_not_made_again_but_by_another_model():
    buttons = shown(make_task(), make_model("cloud/two"))

    assert buttons.keys() == {"Other model", "Continue", "Loop", "As file", "Delete"}


def test_where_others_see_it_a_video_can_be_reported():
    models = make_model(), make_model("cloud/two")
    there, in_private = (shown(make_task(chat=-7), *models, chat=chat) for chat in (-7, 7))

    assert there == {**in_private, "Report": "report:12"}
    assert there.keys() == {*ONE, "Other model", "Report"}


def test_in_a_channel_no_button_writes_anything_but_a_video():
    task = make_task(chat=-7)
    task = replace(task, place=replace(task.place, silent=True))

    assert shown(task, chat=-7).keys() == {"Again", "New seed", "Delete", "Report"}


@pytest.mark.parametrize("models", range(1, 3))
@pytest.mark.parametrize("chat", [7, -7])
def test_rows_have_two_or_three_buttons(models, chat):
    names = ("cloud/one", "cloud/two")[:models]
    rows = keyboard(make_task(chat=chat), Shelf(*map(make_model, names)), chat).inline_keyboard

    assert {len(row) for row in rows} <= {2, 3}


def test_the_labels_are_in_the_language_of_the_place():
    assert "再来一次" in shown(make_task(language="zh"))


@pytest.mark.parametrize(
    ("again", "labels"),
    [(True, ["Try again", "Edit words", "Other model"]), (False, ["Edit words", "Other model"])],
)
def test_what_was_not_made_can_be_tried_in_other_ways(again, labels):
    models = Shelf(make_model(), make_model("cloud/two"))
    rows = keyboard_of_failed(make_task(), models, again=again).inline_keyboard

    assert [button.text for row in rows for button in row] == labels


def test_nothing_is_offered_where_nothing_would_help():
    assert keyboard_of_failed(make_task(), Shelf(), again=False) is None


@pytest.mark.parametrize(("ai", "said"), [(True, True), (False, False)])
def test_a_copy_says_that_ai_made_it(ai, said):
    lines = about(make_task(seconds=5), Shelf(make_model(ai=ai))).splitlines()

    assert lines[:3] == ["“a slow walk”", "<b>Video 12</b>", "Cloud/One, 5 s, seed 7"]
    assert ("🤖 Made by AI." in lines) is said
