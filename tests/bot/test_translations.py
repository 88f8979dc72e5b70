"""Every sentence the code can say is translated into each language, and none is left over."""

import re
import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.translations import LOCALE, SOURCE, languages, pick, plain, plainly, translate
from core.words import Sentence, say, say_many

ROOT = Path(__file__).parents[2]
TRANSLATED = [language for language in languages() if language != SOURCE]
ROOMS = ("core", "media", "providers", "storage", "jobs", "bot")


@cache
def said():
    """Every template that the code passes to `say`."""
    return {
        message
        for room in ROOMS
        for _, _, message, _, _ in extract_from_dir(
            ROOT / room,
            method_map=[("**.py", "python")],
            keywords={"say": None, "say_many": (1, 2)},
        )
    }


def catalog(language):
    with (LOCALE / language / "LC_MESSAGES" / "firstframe.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def forms(text):
    """The texts of one entry: one, or one for each plural form."""
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language):
    translated = {template for template, text in catalog(language).items() if all(forms(text))}

    assert said() - translated == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_over(language):
    assert catalog(language).keys() - said() == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_the_values_and_the_markup(language):
    for template, translation in catalog(language).items():
        source = forms(template)[-1]
        for text in forms(translation):
            assert fields(text) == fields(source), template
            assert text.count("</") == source.count("</"), template


def test_what_is_counted_may_be_one():
    counted = re.compile(r"\{\w+\} (daily )?(credits|hours|days|times|others|effects|files)\b")
    single = {template for template in said() if isinstance(template, str)}

    assert {template for template in single if counted.search(template)} == set()


@pytest.mark.parametrize(
    ("code", "language"),
    [("zh-hans", "zh"), ("zh", "zh"), ("en-GB", "en"), ("de", "en"), (None, "en")],
)
def test_the_language_follows_telegrams_code(code, language):
    assert pick(code) == language


def test_values_are_escaped_and_templates_are_not():
    sentence = Sentence("<b>{who}</b> may use this bot.", {"who": "<Tom> & Jerry"})

    assert translate(sentence, "en") == "<b>&lt;Tom&gt; &amp; Jerry</b> may use this bot."


@pytest.mark.parametrize(
    ("count", "language", "text"),
    [
        (1, "en", "You have 1 video on its way already. Please wait"),
        (2, "en", "You have 2 videos on their way already. Please wait"),
        (1, "zh", "你已有 1 个视频在制作"),
        (2, "zh", "你已有 2 个视频在制作"),
    ],
)
def test_a_number_chooses_the_form(count, language, text):
    sentence = say_many(
        "You have {count} video on its way already. Please wait until it is done.",
        "You have {count} videos on their way already. Please wait until some are done.",
        count=count,
    )

    assert translate(sentence, language).startswith(text)


def test_a_known_text_is_said_in_chinese():
    assert translate(say("Nothing was charged."), "zh") == "没有扣点。"


def test_a_sentence_within_a_sentence_is_translated_and_escaped_once():
    title = say("{name} (gateway)", name="<Tom>")

    assert translate(say("{model} needs a photo.", model=title), "zh").startswith("&lt;Tom&gt;（")
    assert plainly(title, "zh") == "<Tom>（网关）"


def test_toasts_have_no_markup():
    assert plain("<b>12</b> &lt;3") == "12 <3"
