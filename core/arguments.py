"""The grammar of owners' commands: who, how much, how long, in any order, and a reason at the end.

`/ban 3d @anna spam`, `/grant 12345 50 thanks`: what stands before the first plain word is read
as arguments, the rest is the reason. Where no credits move, a target or a length may also stand
at the very end.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from core.errors import UserError
from core.words import say

MAX_AMOUNT = 1_000_000
_BEYOND = 2**52  # Telegram: the numbers of accounts have at most 52 bits
_LEAST_ID = 10_000  # nobody who uses Telegram today has a shorter number
_REASON = 300  # characters
_LONGEST = timedelta(days=3650)

_NUMBER = re.compile(r"[+-]?\d{1,20}", re.ASCII)
_NAME = re.compile(r"@[A-Za-z]\w{2,63}", re.ASCII)
_UNITS = {
    "minutes": "m min mins minute minutes 分 分钟",
    "hours": "h hr hrs hour hours 小时",
    "days": "d day days 天 日",
    "weeks": "w week weeks 周 星期",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_UNIT = "|".join(sorted(_UNIT_OF, key=len, reverse=True))
_LENGTH = re.compile(rf"(?:[0-9]{{1,4}}(?:{_UNIT}))+")
_PART = re.compile(rf"([0-9]+)({_UNIT})")
# "3x", "0.5h", "-3d", "三天": somebody meant a length, and a ban for good is not what was meant.
_LIKE_LENGTH = re.compile(
    r"[+-]?\d+(?:[.,]\d+)?(?!(?:st|nd|rd|th)$)(?:[a-z]{1,7}|[^\W\d_a-z]{1,2})\W?"
    rf"|[一二两三四五六七八九十百半几]+个?(?:{_UNIT}|月|年)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """What a command takes beside its target; `choices` are words such as "default"."""

    amount: bool = False
    length: bool = False
    choices: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class Arguments:
    """What stood in a command; `here` names the chat it was given in."""

    names: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    length: timedelta | None = None
    choice: str | None = None
    here: bool = False
    reason: str = ""

    @property
    def names_somebody(self) -> bool:
        return self.here or bool(self.names)


def read_arguments(words: Sequence[str], grammar: Grammar, *, targeted: bool = False) -> Arguments:
    """Sort the words of a command; `targeted` means that the target is known, from a reply say.

    Raises UserError for a length that is none.
    """
    found, rest = Arguments(), _joined(words) if grammar.length else list(words)
    while rest and _take(rest[0], found, grammar, targeted=targeted):
        del rest[0]
    if not grammar.amount:
        missing = targeted or found.names_somebody or bool(found.numbers)
        while rest and _take(rest[-1], found, grammar, targeted=missing):
            del rest[-1]
            missing = missing or found.names_somebody or bool(found.numbers)
    if rest and grammar.length and found.length is None:
        length_of(rest[0], alone=len(rest) == 1)
    found.reason = " ".join(rest)[:_REASON]
    return found


def _take(word: str, found: Arguments, grammar: Grammar, *, targeted: bool) -> bool:
    """Note what a word says; False where it begins the reason."""
    plain = unicodedata.normalize("NFKC", word)
    if found.choice is None and plain.lower() in grammar.choices:
        found.choice = plain.lower()
    elif grammar.length and found.length is None and _LENGTH.fullmatch(plain.lower()):
        found.length = length_of(plain)
    elif _NAME.fullmatch(plain) and (grammar.amount or not targeted):
        found.names.append(plain[1:])
    elif plain.lower() == "here" and not targeted and not found.names_somebody:
        found.here = True
    elif is_number(plain) and (
        grammar.amount
        or not (targeted or found.names_somebody or found.numbers or _is_short(plain))
    ):
        found.numbers.append(int(plain))
    else:
        return False
    return True


def is_number(word: str) -> bool:
    return bool(_NUMBER.fullmatch(word)) and abs(int(word)) < _BEYOND


def _is_short(number: str) -> bool:
    """Whether nobody has this number: in "3 times @anna" it begins the reason."""
    return abs(int(number)) < _LEAST_ID


def take_length(words: Sequence[str]) -> tuple[timedelta | None, list[str]]:
    """The length that begins these words, None for none, and the rest of them.

    Raises UserError where they begin with something that only looks like a length.
    """
    rest = _joined(words)
    length = length_of(rest[0], alone=True) if rest else None
    return length, rest[1:] if length else list(words)


def _joined(words: Sequence[str]) -> list[str]:
    """Words with each "3 days" as one."""
    found: list[str] = []
    for word in words:
        if found and found[-1].isdecimal() and word.lower() in _UNIT_OF:
            found[-1] += word
        else:
            found.append(word)
    return found


def length_of(word: str, *, alone: bool = False) -> timedelta | None:
    """The length that a word says, None for any other word.

    Raises UserError for one that only looks like a length, as a number does that stands `alone`.
    """
    plain = unicodedata.normalize("NFKC", word).lower()
    parts = dict.fromkeys(_UNITS, 0)
    if _LENGTH.fullmatch(plain):
        for count, unit in _PART.findall(plain):
            parts[_UNIT_OF[unit]] += int(count)
    elif not (_LIKE_LENGTH.fullmatch(plain) or (alone and is_number(plain) and _is_short(plain))):
        return None
    length = timedelta(**parts)
    if not timedelta(0) < length <= _LONGEST:
        raise UserError(
            say(
                "{word} is no length I can use. Write 30m, 12h, 3d or 2w, ten years at most.",
                word=word,
            )
        )
    return length


def settle_numbers(
    numbers: Sequence[int], known: Collection[int], *, targeted: bool, example: str
) -> tuple[int | None, int | None]:
    """Tell which of the numbers is the account and which the amount.

    An account that is known beats one that is not, and short numbers are no accounts. Raises
    UserError where two readings are left: credits are not given on a guess.
    """
    if targeted:
        if len(numbers) > 1:
            raise _unclear(example)
        return None, numbers[0] if numbers else None
    if len(numbers) < 2:  # noqa: PLR2004  # two numbers are an account and an amount
        alone = next(iter(numbers), None)
        if alone is None or (alone not in known and _is_amount(alone)):
            return None, alone
        return alone, None
    if len(numbers) > 2:  # noqa: PLR2004
        raise _unclear(example)
    one, other = numbers
    readings = {
        (who, much)
        for who, much in ((one, other), (other, one))
        if (who in known or who < 0 or who >= _LEAST_ID) and _is_amount(much)
    }
    if len(readings) > 1:
        readings = {(who, much) for who, much in readings if who in known}
    elif not readings and (one in known) != (other in known):
        return (one, other) if one in known else (other, one)  # such an amount there is not
    if len(readings) != 1:
        raise _unclear(example)
    return readings.pop()


def _is_amount(number: int) -> bool:
    return 0 <= number <= MAX_AMOUNT


def _unclear(example: str) -> UserError:
    return UserError(
        say(
            "I cannot tell the account from the amount. Answer one of their messages, or write "
            "a @name and one number: <code>{example}</code>",
            example=example,
        )
    )
