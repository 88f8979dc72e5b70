"""The scenes that docs/tour.md is drawn from still find what they name, and can be drawn."""

import ast
import inspect
import re

import pytest
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.handlers import FEATURES
from bot.status import View, draw
from bot.translations import languages, plain
from core.states import State
from core.task import Place, Task, TaskId
from docs import draw_tour, journeys
from docs.transcript import FIXED
from jobs.estimate import Expected
from providers import catalog
from tests.bot.test_translations import TRANSLATED, forms
from tests.bot.test_translations import catalog as translations
from tests.factories import NOON, make_request

SCENES = [scene for scenes in draw_tour.JOURNEYS.values() for scene in scenes]
HANDLERS = [handler for feature in FEATURES for handler in feature]
COMMANDS = {name for one in HANDLERS if isinstance(one, CommandHandler) for name in one.commands}
PRESSES = [one.pattern for one in HANDLERS if isinstance(one, CallbackQueryHandler)]
SERVICES = {build.__module__.split(".")[1] for build in catalog.ALL}
# What a scene waits for, or presses: which argument of which call.
NAMED = {"hears": 0, "gets": 0, "press": 2}


def literals(scene):
    """The texts and buttons, and the commands, that a scene names."""
    named, commands = set(), set()
    for node in ast.walk(ast.parse(inspect.getsource(scene))):
        if isinstance(node, ast.Constant) and str(node.value).startswith("/"):
            commands.add(re.match(r"/(\w+)", node.value)[1])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            place = NAMED.get(node.func.attr, 9)
            arguments = node.args[place : place + 1]
            named |= {one.value for one in arguments if isinstance(one, ast.Constant)}
    return named - {""}, commands


@pytest.fixture(scope="module")
def sayable():
    """All texts of the bot in every language, as people read them."""
    return [
        plain(form)
        for language in TRANSLATED
        for pair in translations(language).items()
        for text in pair
        for form in forms(text)
    ]


def is_pressable(name):
    """Whether a name is the data of a button, or a service, whose name is a button itself."""
    return name in SERVICES or any(pattern and pattern.match(name) for pattern in PRESSES)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_what_a_scene_names_is_still_there(scene, sayable):
    named, commands = literals(scene)

    gone = {one for one in named if not any(one in text for text in sayable)}

    assert {one for one in gone if not is_pressable(one)} == set()
    assert commands <= COMMANDS


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("expected", [Expected(1, 2), Expected(1, 1)])
def test_a_status_is_written_down_alike_whether_its_render_has_begun_or_not(language, expected):
    def written(state):
        text, _ = draw(View(task=task(state, language), title="Wan", now=NOON, expected=expected))
        for pattern, fixed in FIXED:
            text = re.sub(pattern, fixed, plain(text))
        return text

    assert written(State.RUNNING) == written(State.QUEUED)


async def test_a_scene_is_played_and_written_down():
    async with draw_tour.stage({}) as stage:
        page = await stage.play(journeys.data)

    assert page.startswith("### Your data\n\nWhat is kept and for how long, all of it as a file,")
    assert "Anna     /privacy\nBot      What is kept\n" in page
    assert "         [Delete everything about me]\nAnna     presses [Delete everything" in page
    assert page.endswith(
        "Bot      (changes its message) Nothing is deleted. All stays as it is.\n```"
    )


def task(state, language):
    return Task(
        id=TaskId(12),
        account=7,
        place=Place(chat=7, user=7, language=language),
        request=make_request(seconds=5),
        lane="local",
        cost=0,
        state=state,
        run=1,
        cancelling=False,
        created=NOON,
        due=None,
    )
