"""The question under photos: which of them are the first and the last frame, and what happens."""

from collections.abc import Sequence
from pathlib import Path

from bot.presets import PRESETS
from bot.questions import FRAMES, NO, PRESET, Answer, Question
from bot.quoting import Quote
from core.words import Sentence, Text, say, say_many
from storage.content import Content

_REPLACED = say(
    "I use this photo now, and not the one before. For a video from one to the other, send both "
    "in one album."
)
_REPLACED_BY_TWO = say("I use these two photos now, and not what came before.")
PAIR = 2  # frames that a video can be given: the first and the last


def ask_what_happens(
    content: Content, price: Sequence[Sentence], *, ends: bool, picture: Path | None
) -> Question:
    """Ready words, and where a model takes a last frame (`ends`), how to arrange the photos."""
    arranging = _arranging(content) if ends or len(content.frames) == PAIR else []
    presets = [
        [Answer(preset.label, str(number), verb=PRESET)] for number, preset in enumerate(PRESETS)
    ]
    rows = [*presets, arranging] if arranging else presets
    texts = [_text(content), *price]
    if content.replacing and content.picks is None:
        texts.insert(0, _REPLACED_BY_TWO if len(content.frames) == PAIR else _REPLACED)
    return Question(FRAMES, *texts, rows=rows, picture=picture)


def ask_which(
    content: Content, most: int, model: Text | None, pair: Quote | None = None
) -> Question:
    """More photos came than can be used: `most` is two, or one with this `model`, if one is named.

    `pair` is what another model can make of two.
    """
    picks = content.picks or tuple(range(len(content.photos)))
    only = Answer(say("Only the first"), value_of(picks[:1]))
    last = Answer(say("Only the last"), value_of(picks[-1:]))
    two = Answer(say("The first two"), value_of(picks[:2]))
    ends = Answer(say("The first and the last"), value_of((picks[0], picks[-1])))
    answers = [two, ends, only] if most == PAIR else [only, last]
    text = say(
        "I have {count} photos, and a video takes two: the first and the last frame. "
        "Which shall I use?",
        count=len(picks),
    )
    if most < PAIR:
        text = say(
            "One photo can be used here, as the first frame. I have {count}. Which?",
            count=len(picks),
        )
        if model:
            text = say(
                "{model} uses one photo here, as the first frame. I have {count}. Which?",
                model=model,
                count=len(picks),
            )
    texts = [text]
    if pair:
        answers.append(ends)
        instead = say_many(
            "With the first and the last, {model} makes it instead, for {count} credit.",
            "With the first and the last, {model} makes it instead, for {count} credits.",
            model=pair.model.title,
            count=pair.cost,
        )
        texts.append(instead)
    return Question(
        FRAMES,
        *texts,
        rows=[[answer] for answer in (*answers, Answer(say("None, drop them"), NO))],
    )


def value_of(picks: Sequence[int]) -> str:
    return "x".join(map(str, picks))


def picks_of(value: str) -> tuple[int, ...]:
    """What `value_of` wrote."""
    return tuple(map(int, value.split("x")))


def _arranging(content: Content) -> list[Answer]:
    """Buttons that each say how the photos stand afterwards, so that pressing twice is harmless."""
    photos = len(content.photos)
    picks = content.picks or tuple(range(photos))
    first = picks[0]
    other = next((pick for pick in reversed(range(photos)) if pick != first), None)
    remove = Answer(say("Remove last"), value_of((first,)))
    loop = Answer(say("🔁 Loop"), value_of((first, first)))
    if content.is_loop:
        back = [] if other is None else [Answer(say("No loop"), value_of((first, other)))]
        return [*back, remove]
    if len(picks) == PAIR:
        return [Answer(say("🔄 Swap"), value_of(picks[::-1])), loop, remove]
    if other is None:
        return [loop]
    return [loop, Answer(say("Add the other one"), value_of((first, other)))]


def _text(content: Content) -> Sentence:
    if content.is_loop:
        return say(
            "The video ends with the photo it begins with. What happens in between? "
            "Write a few words or press one:"
        )
    if len(content.frames) == PAIR:
        return say(
            "First and last frame are here. How do we get from one to the other? "
            "Write a few words or press one:"
        )
    return say(
        "What should happen in the video? Write a few words, send a voice message, or press one:"
    )
