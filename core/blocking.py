"""The owners' block list: whether somebody's words hold one of its words or phrases.

Case, width and spaces make no difference. A word of a script with spaces between words stands
alone ("ass" is not in "class"); Chinese, Japanese, Korean and their like are found anywhere.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable

LONGEST = 100  # characters of a word or phrase

# Scripts that put no spaces between words, or endings onto them.
_DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"  # Korean
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"  # Japanese
    "\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese
)
_IS_DENSE = re.compile(f"[{_DENSE}]")
_SPACE_BETWEEN = re.compile(f"(?<=[{_DENSE}]) (?=[{_DENSE}])")


def fold(text: str) -> str:
    """The form that words are compared in: one case, one width, single spaces, nothing unseen."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    seen = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return _SPACE_BETWEEN.sub("", " ".join(seen.split()))


def is_blocked(texts: Iterable[str], words: Collection[str]) -> bool:
    """Whether one of the texts holds one of the words, which are folded already."""
    folded = [fold(text) for text in texts if text] if words else []
    return any(_stands(word, text) for text in folded for word in words)


def _stands(word: str, text: str) -> bool:
    """Whether a word is found, and no letter touches it that would make it another word."""
    at = text.find(word)
    while at >= 0:
        after = at + len(word)
        before = text[at - 1] if at else " "
        behind = text[after] if after < len(text) else " "
        if not (_grows(before, word[0]) or _grows(word[-1], behind)):
            return True
        at = text.find(word, at + 1)
    return False


def _grows(one: str, other: str) -> bool:
    """Whether two neighbouring signs belong to one word of a script with spaces."""
    return all(sign.isalnum() and not _IS_DENSE.match(sign) for sign in (one, other))
