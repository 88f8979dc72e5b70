"""The caption of a result: the person's words, what was made of them, what it cost, its number."""

import unicodedata
from collections.abc import Sequence

from bot.summary import summary
from bot.tariff import Tariff
from bot.translations import plain, translate
from core.access import Policy
from core.credits import day_of
from core.task import Task
from core.words import Sentence, say, say_many
from jobs.ports import now
from providers.offer import Catalog
from storage import ledger
from storage.database import Database

CAPTION = 1024  # characters that Telegram takes under a video, after its markup is read
_MEGABYTE = 1_000_000
_LEAST = 12  # characters of words that are worth showing
_JOINERS = {"\u200d", "\ufe0f", "\ufe0e"}
_TONES = range(0x1F3FB, 0x1F400)
_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))  # the letters that flags are spelt with


class Receipts:
    """Writes captions; what matters is never cut off, the person's own words are."""

    def __init__(self, database: Database, policy: Policy, tariff: Tariff) -> None:
        self._database = database
        self._policy = policy
        self._tariff = tariff
        self._catalog = tariff.catalog

    async def write(self, task: Task, *notes: Sentence, limit: int = CAPTION) -> str:
        """The receipt of a finished video in HTML, with what else has to be said about it."""
        language = task.place.language
        labels = _labels(task, self._catalog)
        lines = [*notes, _summary(task, self._catalog), await self._cost(task), *labels]
        rest = "\n".join(translate(line, language) for line in lines)
        words = _quoted(_used_words(task), limit - length(rest) - 1, language)
        return f"{words}\n{rest}" if words else rest

    async def _cost(self, task: Task) -> Sentence:
        if not task.cost:
            free = say("Video <b>{number}</b>: free.", number=task.id)
            return _named(task) if self._tariff.is_free else free
        day = day_of(now())
        balance = await self._database.read(ledger.balance, self._policy, task.account, day)
        return say_many(
            "Video <b>{number}</b>: {count} credit, {left} left.",
            "Video <b>{number}</b>: {count} credits, {left} left.",
            number=task.id,
            count=task.cost,
            left=balance.free,
        )


def about(task: Task, catalog: Catalog, limit: int = CAPTION) -> str:
    """The caption of a copy, which costs nothing: the words, which video, how it was made."""
    language = task.place.language
    lines = [_named(task), _summary(task, catalog), *_labels(task, catalog)]
    rest = "\n".join(translate(line, language) for line in lines)
    words = _quoted(_used_words(task), limit - length(rest) - 1, language)
    return f"{words}\n{rest}" if words else rest


def _used_words(task: Task) -> str:
    """The words that a video was made of: none where an effect decided what happens."""
    return "" if task.request.effect else task.request.prompt


def _named(task: Task) -> Sentence:
    return say("<b>Video {number}</b>", number=task.id)


def _summary(task: Task, catalog: Catalog) -> Sentence:
    return summary(task.request, catalog.title(task.request.model))


def _labels(task: Task, catalog: Catalog) -> Sequence[Sentence]:
    lines, model = [], catalog.model(task.request.model)
    if whole := task.facts.get("clip", {}).get("whole"):
        lines.append(
            say("Made smaller for Telegram: it had {size} MB.", size=round(whole / _MEGABYTE))
        )
    if model is None:
        return lines
    lines.append(say("🤖 Made by AI.") if model.ai else say("Made without AI."))
    if task.request.audio and not model.lips:
        lines.append(say("The video moves with the sound; the lips do not."))
    return lines


def length(text: str) -> int:
    """How long Telegram finds a text in HTML, in UTF-16 units: the strictest way to count."""
    return _units(plain(text))


def shortened(words: str, room: int) -> str:
    """Plain words that fit into so many UTF-16 units; nothing that is one sign to the eye is torn."""
    if _units(words) <= room:
        return words
    end, used = 0, 1  # the mark of the cut
    for sign in words:
        used += _units(sign)
        if used > room:
            break
        end += 1
    while end and (_continues(words[end]) or words[end - 1] == "\u200d"):
        end -= 1
    flags = len(words[:end]) - len(words[:end].rstrip(_FLAGS))
    end -= flags % 2  # a flag is two letters
    return f"{words[:end].rstrip()}…"


def _quoted(words: str, room: int, language: str) -> str:
    if not words:
        return ""
    frame = length(translate(say("“{words}”", words=""), language))
    if room - frame < min(_LEAST, _units(words)):
        return ""
    return translate(say("“{words}”", words=shortened(words, room - frame)), language)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _continues(sign: str) -> bool:
    """Whether a code point belongs to the sign before it."""
    return sign in _JOINERS or ord(sign) in _TONES or unicodedata.combining(sign) > 0
