"""Saying things in the reader's language: gettext catalogues, HTML escaped."""

import gettext
import html
import io
import re
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core.words import Sentence, Text, Value

LOCALE = Path(__file__).parent / "locale"
SOURCE = "en"
_LETTERS = {"zh": re.compile("[\u3400-\u9fff]")}  # of languages that their letters give away


def languages() -> tuple[str, ...]:
    """The languages there is a catalogue for, and English, which the templates are in."""
    return (SOURCE, *sorted(folder.name for folder in LOCALE.iterdir() if folder.is_dir()))


def own_name(language: str) -> str:
    """What a language is called by those who speak it."""
    name = Locale.parse(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]


def pick(code: str | None) -> str:
    """The language for Telegram's `language_code` ("zh-hans", "en-GB", none)."""
    wanted = (code or SOURCE).lower().replace("_", "-").partition("-")[0]
    return wanted if wanted in languages() else SOURCE


def guess(words: str) -> str:
    """The language that somebody writes in, as far as the letters tell."""
    return next((code for code, letters in _LETTERS.items() if letters.search(words)), SOURCE)


def translate(sentence: Sentence, language: str) -> str:
    """A sentence as HTML: its template may hold tags, its values are escaped."""
    texts = _catalog(language)
    if sentence.plural is None:
        template = texts.gettext(sentence.template)
    else:
        template = texts.ngettext(sentence.template, sentence.plural, sentence.count)
    values = {name: _filled(value, language) for name, value in sentence.values.items()}
    return template.format(**values)


def plainly(text: Text, language: str) -> str:
    """A text for a button, which has no markup."""
    return text if isinstance(text, str) else plain(translate(text, language))


def _filled(value: Value, language: str) -> str | int | float:
    if isinstance(value, Sentence):
        return translate(value, language)
    return html.escape(value, quote=False) if isinstance(value, str) else value


def plain(text: str) -> str:
    """The same text where Telegram shows no markup: toasts."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    source = LOCALE / language / "LC_MESSAGES" / "firstframe.po"
    if not source.exists():
        return gettext.NullTranslations()
    with source.open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
