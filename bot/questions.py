"""Questions that stand between a draft and its order, with the answers as buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Answer:
    """One button: what it says and what is remembered of it."""

    label: Sentence
    value: str


class Question(Exception):  # noqa: N818  # an order that needs a word from the person first
    """Something only the person can decide; `kind` names what is asked."""

    def __init__(
        self, kind: str, text: Sentence, answers: Sequence[Answer], *, picture: Path | None = None
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.text = text
        self.answers = answers
        self.picture = picture


CONSENT, TALK, SUBJECT, SOURCE = "consent", "talk", "subject", "source"
YES, NO, LATER, BUILT_IN, WORDS = "yes", "no", "later", "local", "words"


def ask_for_photo(may_go_without: bool) -> Question:
    """Words came first: usually a photo follows, where a model can do it, none has to."""
    answers = (Answer(say("Make it from words alone"), WORDS),) if may_go_without else ()
    return Question(SOURCE, say("Now send me a photo: it becomes the first frame."), answers)


def ask_consent() -> Question:
    """Asked once of everybody who wants to bring a face or a voice to life."""
    text = say(
        "This video brings a person to life. Do you have the right to use this face and this "
        "voice? I ask only once; the video will carry a label that AI made it."
    )
    answers = (Answer(say("Yes, I have the right"), YES), Answer(say("No"), NO))
    return Question(CONSENT, text, answers)


def ask_how_to_talk() -> Question:
    """Asked where no model that moves lips can be had now: never decided silently."""
    text = say(
        "No model that makes the person speak can be had right now. The built-in renderer can "
        "make the picture move with the sound, but the lips do not move. Shall it?"
    )
    answers = (
        Answer(say("Use the built-in renderer"), BUILT_IN),
        Answer(say("Later"), LATER),
    )
    return Question(TALK, text, answers)


def ask_who_speaks(count: int, picture: Path) -> Question:
    text = say("I see {count} people in this picture. Who speaks?", count=count)
    answers = [Answer(say("{number}", number=number + 1), str(number)) for number in range(count)]
    return Question(SUBJECT, text, answers, picture=picture)
