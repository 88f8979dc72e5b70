"""Options written into a caption: `--dur 5`, `--ar 9:16`, and what was understood of them."""

import re
from dataclasses import dataclass, field
from typing import Any

_NAMES = {
    "model": "model", "m": "model",
    "dur": "seconds", "duration": "seconds", "seconds": "seconds", "sec": "seconds",
    "ar": "ratio", "ratio": "ratio", "aspect": "ratio",
    "res": "resolution", "resolution": "resolution",
    "seed": "seed",
    "effect": "effect", "camera": "camera", "shots": "shots", "shot": "shots",
    "sound": "sound", "rewrite": "rewrite", "watermark": "watermark",
    "neg": "negative_prompt", "negative": "negative_prompt", "no": "negative_prompt",
}  # fmt: skip
_KNOWN = r"(?:model|dur|ar|res|seed|neg|effect|camera|shots|sound|rewrite|watermark)\b"
# Phones turn two hyphens into one dash, Chinese ones write two dashes or wide hyphens, and people
# forget one of two: then it must be a name that there is.
_DASH = r"(?:--|[\u2014\u2013]{1,2}|\uff0d{1,2})"
# Where a script needs no spaces, none stands before a flag, and in haste none after a comma. After
# other letters it is words, like "a--b", and so is one dash where a sentence or a quotation ends.
_LETTER = r"[^\W\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
_WIDE_DASH = (
    r"(?<![-\u2014\u2013\uff0d])"
    r"(?:--|\u2014{2}|\u2013{2}|\uff0d{1,2}|(?<![.!?\u2026)\"'\u201d\u2019\u00bb])[\u2014\u2013])"
)
_NAME = "|".join(sorted(_NAMES.keys() - {"m", "no"}))
_GLUED = rf"[,\uff0c;\uff1b\u3001]?(?<!{_LETTER}){_WIDE_DASH}(?=(?:{_NAME})(?![a-z]))"
_END = ",\uff0c\u3002;\uff1b\u3001!\uff01"
# What must not be seen is often a list, so only a sentence ends there.
_BRACKETS = r"()\uff08\uff09"
_SIGN = rf"(?!{_GLUED})(?(negative)[^\s\u3002{_BRACKETS}]|[^\s{_END}{_BRACKETS}])"
# A bracket that was opened before the flag closes behind its value.
_PLAIN = rf"(?:{_SIGN}|[(\uff08](?:{_SIGN})*[)\uff09])+"
_FLAG = re.compile(
    rf"(?:(?<!\S)(?:{_DASH}(?:\s(?={_KNOWN}))?|-(?={_KNOWN}))|{_GLUED})"
    r"(?P<name>(?P<negative>(?:neg|negative|no)(?![a-z]))|[a-z]+)(?:\s*=\s*|\s+)?"
    r"(?P<value>\"[^\"]*\"|\u201c[^\u201d]*\u201d|\u00ab[^\u00bb]*\u00bb|\u2018[^\u2019]*\u2019"
    rf"|'[^']*'|(?!{_DASH}|-{_KNOWN}){_PLAIN})?[{_END}]*",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"[(\uff08]\s*[)\uff09]")
_QUOTES = "\"'\u2018\u2019\u201c\u201d\u00ab\u00bb"
_SWITCH = {"on": True, "yes": True, "开": True, "off": False, "no": False, "关": False}


@dataclass(frozen=True, slots=True)
class Puzzle:
    """An option that was not understood: as it was written, and its name in a request, if any."""

    flag: str
    name: str | None
    value: str


@dataclass(frozen=True, slots=True)
class Caption:
    """The words without flags, the options found, and what was not understood."""

    words: str
    options: dict[str, Any] = field(default_factory=dict)
    puzzles: tuple[Puzzle, ...] = ()


def read_caption(text: str) -> Caption:
    """Split a caption into words and options; the last of two equal flags counts."""
    options: dict[str, Any] = {}
    puzzles: list[Puzzle] = []
    for match in _FLAG.finditer(text):
        written = match["name"].lower()
        value = (match["value"] or "").rstrip(f".{_END}").strip(_QUOTES).strip()
        name = _NAMES.get(written)
        read = _read(name, value) if name else None
        if name is None or read is None:
            puzzles.append(Puzzle(f"--{written}", name, value))
        else:
            options[name] = read
    left = _FLAG.sub(" ", text)
    if left != text:
        left = _EMPTY.sub(" ", left)  # brackets that nothing but options stood in
    words = re.sub(r"[ \t]+", " ", left).strip()
    return Caption(words, options, tuple(puzzles))


def _read(name: str, value: str) -> Any:  # noqa: PLR0911  # one line a kind
    match name:
        case "seconds":
            number = re.fullmatch(r"(\d{1,4})\s*(?:s|sec|秒)?", value, re.IGNORECASE)
            return int(number.group(1)) if number else None
        case "seed":
            return int(value) if re.fullmatch(r"\d{1,10}", value) else None
        case "ratio":
            ratio = re.fullmatch(r"(\d{1,2})\s*[:x：/]\s*(\d{1,2})", value, re.IGNORECASE)
            return f"{ratio.group(1)}:{ratio.group(2)}" if ratio else None
        case "resolution":
            lines = re.fullmatch(r"(\d{3,4})p?", value, re.IGNORECASE)
            return f"{lines.group(1)}p" if lines else None
        case "model" | "effect" | "camera" | "shots":
            return value.lower() or None
        case "sound" | "rewrite" | "watermark":
            return _SWITCH.get(value.lower())
        case _:
            return value or None
