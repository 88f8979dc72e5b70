"""Questions that stand between a draft and its order, with the answers as buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Answer:
    """One button: what it says and what is remembered of it; `verb` opens its data."""

    label: Sentence
    value: str
    verb: str = "choose"


class Question(Exception):  # noqa: N818  # an order that needs a word from the person first
    """Something only the person can decide; `kind` names what is asked.

    A `picture` is shown above the text, and its file goes once that is done.
    """

    def __init__(
        self,
        kind: str,
        *texts: Sentence,
        rows: Sequence[Sequence[Answer]] = (),
        picture: Path | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.texts = texts
        self.rows = rows
        self.picture = picture


CONSENT, TALK, SUBJECT, SOURCE = "consent", "talk", "subject", "source"
FRAMES, LATE, START = "frames", "late", "start"
YES, NO, LATER, BUILT_IN, WORDS = "yes", "no", "later", "local", "words"
PRESET = "preset"

AGREEMENT = r"\d{1,5}x\d{1,9}x[0-9a-f]{8}"  # to a price

# What the buttons of a question can say: data of a press may be made up.
VALUES = {
    CONSENT: r"yes|no",
    TALK: r"local|later",
    SUBJECT: r"\d{1,2}",
    SOURCE: r"words",
    FRAMES: r"no|\d{1,3}(x\d{1,3})?",
    LATE: r"yes|no",
    START: rf"no|{AGREEMENT}",
}


def ask_for_photo(may_go_without: bool, price: Sequence[Sentence]) -> Question:
    """Words came first: usually a photo follows, where a model can do it, none has to."""
    answers = [[Answer(say("Make it from words alone"), WORDS)]] if may_go_without else []
    text = say("Now send me a photo: the video begins with it.")
    return Question(SOURCE, text, *price, rows=answers)


def ask_consent() -> Question:
    """Asked once of everybody who wants to bring a face or a voice to life."""
    text = say(
        "This video brings a person to life. Do you have the right to use this face and this "
        "voice? I ask only once; the video will carry a label that AI made it."
    )
    answers = [Answer(say("Yes, I have the right"), YES)], [Answer(say("No"), NO)]
    return Question(CONSENT, text, rows=answers)


def ask_how_to_talk(why: Sentence | None) -> Question:
    """Asked where no model moves these lips now, or ever (`why`): never decided silently."""
    text = say(
        "The built-in camera moves can follow the sound, but the lips stay still. Shall I make it "
        "like that?"
    )
    built_in = Answer(say("Yes, with camera moves"), BUILT_IN)
    without = Answer(say("No, thanks") if why else say("Later"), LATER)
    gone = say("No model that makes a person speak is available right now.")
    return Question(TALK, why or gone, text, rows=[[built_in], [without]])


def ask_who_speaks(count: int, picture: Path) -> Question:
    text = say("I see {count} people in this photo. Who speaks?", count=count)
    answers = [Answer(say("{number}", number=number + 1), str(number)) for number in range(count)]
    return Question(SUBJECT, text, rows=[answers], picture=picture)


def ask_about_late() -> Question:
    """A part of an album came after the order: one more video is never made unasked."""
    text = say(
        "This photo of your album arrived after the video was started. Shall I make one more "
        "video that ends with it?"
    )
    return Question(
        LATE,
        text,
        rows=[[Answer(say("Yes, as the last frame"), YES)], [Answer(say("No, thanks"), NO)]],
    )
