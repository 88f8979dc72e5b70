"""The buttons under a video, and under the word that there is none: only those that can work."""

from collections.abc import Iterator, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.translations import plain, translate
from core.capabilities import Capabilities, Need
from core.problems import problems
from core.task import Task
from core.variations import able, looped, may_loop, takes_words
from core.words import Sentence, say
from providers.offer import Catalog

_WIDE = 3
_QUIET = {"same", "again", "delete", "report"}  # what writes nothing that readers would see

Button = tuple[Sentence, str]


def keyboard(task: Task, catalog: Catalog, chat: int) -> InlineKeyboardMarkup:
    """What a person may do with the video of a task, in the language of its place.

    `chat` is where it is shown: only where others see it, too, they can report it.
    """
    buttons = [*_made_anew(task, catalog.models()), *_with_the_video(task, catalog.models())]
    if chat < 0:
        buttons.append((say("Report"), f"report:{task.id}"))
    if task.place.silent:
        buttons = [one for one in buttons if one[1].partition(":")[0] in _QUIET]
    return in_rows(buttons, task.place.language)


def keyboard_of_failed(
    task: Task, catalog: Catalog, *, again: bool
) -> InlineKeyboardMarkup | None:
    """What may be tried where there is no video; `again` says that the same may well succeed."""
    buttons = [(say("Try again"), f"again:{task.id}")] if again else []
    buttons += _otherwise(task, catalog.models())
    return in_rows(buttons, task.place.language) if buttons else None


def in_column(buttons: Sequence[Button], language: str) -> InlineKeyboardMarkup:
    """Buttons below each other: their labels may be long."""
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(plain(translate(label, language)), callback_data=data)]
            for label, data in buttons
        ]
    )


def in_rows(buttons: Sequence[Button], language: str) -> InlineKeyboardMarkup:
    """Buttons in rows of two or three."""
    count = -(-len(buttons) // _WIDE)
    short, longer = divmod(len(buttons), count)
    rows: list[list[InlineKeyboardButton]] = []
    left = [
        InlineKeyboardButton(translate(label, language), callback_data=data)
        for label, data in buttons
    ]
    for row in range(count):
        size = short + (row < longer)
        rows.append(left[:size])
        left = left[size:]
    return InlineKeyboardMarkup(rows)


def loops(task: Task, models: Sequence[Capabilities]) -> list[Capabilities]:
    """The models that can end this video as it began: its own first, if it can."""
    wish = looped(task.request)
    own = [one for one in models if one.model == wish.model and not problems(wish, one)]
    return own + able(wish, models)


def _made_anew(task: Task, models: Sequence[Capabilities]) -> Iterator[Button]:
    model = _own(task, models)
    if model and model.seed:
        yield say("Again"), f"same:{task.id}"
        yield say("New seed"), f"again:{task.id}"
    elif model:
        yield say("Again"), f"again:{task.id}"
    yield from _otherwise(task, models)


def _otherwise(task: Task, models: Sequence[Capabilities]) -> Iterator[Button]:
    model = _own(task, models)
    if model and takes_words(task.request, model):
        yield say("Edit words"), f"words:{task.id}"
    if able(task.request, models):
        yield say("Other model"), f"model:{task.id}"


def _with_the_video(task: Task, models: Sequence[Capabilities]) -> Iterator[Button]:
    if any(one.first_frame is not Need.NONE for one in models):
        yield say("Continue"), f"continue:{task.id}"
    if may_loop(task.request) and loops(task, models):
        yield say("Loop"), f"loop:{task.id}"
    yield say("As file"), f"file:{task.id}"
    yield say("Delete"), f"delete:{task.id}"


def _own(task: Task, models: Sequence[Capabilities]) -> Capabilities | None:
    return next((one for one in models if one.model == task.request.model), None)
