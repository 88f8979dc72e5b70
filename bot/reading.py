"""What a caption asks for, in the names that the models here have."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from bot.flags import Caption, Puzzle, read_caption
from core.capabilities import Capabilities
from core.errors import UserError
from core.options import FLAGS, allowed, closest, united, written
from core.problems import MAX_SEED, impossible
from core.refusing import helpful, nowhere
from core.request import VideoRequest
from core.words import Sentence, say

_NAMED = ("effect", "camera")  # options whose values are names that models give


def read(
    text: str,
    models: Sequence[Capabilities],
    *,
    usual: str = "auto",
    off: Iterable[str] = (),
) -> Caption:
    """A caption with the names in it as the models spell them.

    `usual` is the model where none is named, `off` are those that cannot be had now. Raises
    UserError for a model, an effect or a camera move that nobody here has.
    """
    caption = read_caption(text)
    options = dict(caption.options)
    if "model" in options:
        options["model"] = _model(options["model"], models, off)
    wanted = options.get("model", "auto")
    wanted = usual if wanted == "auto" else wanted
    able = [model for model in models if wanted in ("auto", model.model)]
    for name in _NAMED:
        if name in options:
            options[name] = _name(name, options[name], able)
    return replace(caption, options=options)


def explain(
    puzzle: Puzzle,
    asked: VideoRequest,
    able: Sequence[Capabilities],
    models: Iterable[Capabilities],
) -> Sentence:
    """What can be written instead of an option that was not understood.

    `able` are the models that may be taken for what is `asked` besides, of all `models`.
    """
    if puzzle.name is None:
        known = ", ".join(FLAGS.values())
        return say("There is no option {flag}. Possible: {known}.", flag=puzzle.flag, known=known)
    if puzzle.name == "model":
        possible = ", ".join(one.model for one in models)
        return say(
            "{flag} needs a value. Possible: {allowed}.", flag=puzzle.flag, allowed=possible
        )
    if puzzle.name == "seed":
        return say("{flag} must lie between 0 and {limit}.", flag=puzzle.flag, limit=MAX_SEED)
    if puzzle.name == "negative_prompt":
        return say(
            "{flag} needs a value, like {example}.", flag=puzzle.flag, example='--neg "blur"'
        )
    values = helpful(asked, puzzle.name, able) or united(able)[puzzle.name]
    return _impossible(puzzle, FLAGS[puzzle.name], able, values)


def _impossible(
    puzzle: Puzzle, flag: str, able: Sequence[Capabilities], values: tuple[Any, ...]
) -> Sentence:
    sole = able[0] if len(able) == 1 else None
    if puzzle.value or not values:
        wrong = impossible(flag, puzzle.value, sole, values) if sole else None
        return wrong or nowhere(flag, puzzle.value, values)
    possible = ", ".join(map(written, values))
    if sole is None:
        return say(
            "{flag} needs a value. Possible: {allowed}.", flag=puzzle.flag, allowed=possible
        )
    return say(
        "{flag} needs a value. Possible with {model}: {allowed}.",
        flag=puzzle.flag,
        model=sole.title,
        allowed=possible,
    )


def _model(wanted: str, models: Sequence[Capabilities], off: Iterable[str]) -> str:
    here = closest(wanted, ["auto", *(one.model for one in models)], sole=True)
    found = here or closest(wanted, off, sole=True)
    if found is None:
        raise UserError(
            say(
                "There is no model {model}. Possible: {allowed}.",
                model=wanted,
                allowed=", ".join(one.model for one in models),
            )
        )
    return found


def _name(name: str, wanted: str, models: Sequence[Capabilities]) -> str:
    """An effect, or a camera move with the strength that may follow it, as a model spells it."""
    plain, colon, strength = wanted.partition(":")
    names: dict[Any, None] = dict.fromkeys(one for model in models for one in allowed(model)[name])
    found = closest(plain, names)
    if found:
        return f"{found}{colon}{strength}"
    flag = FLAGS[name]
    if not names and len(models) == 1:
        raise UserError(
            say("{flag} is not possible with {model}.", model=models[0].title, flag=flag)
        )
    if not names:
        raise UserError(say("{flag} is not possible with any model here.", flag=flag))
    raise UserError(
        say(
            "There is no {flag} {value}. Possible: {allowed}.",
            flag=flag,
            value=wanted,
            allowed=", ".join(names),
        )
    )
