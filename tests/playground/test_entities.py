"""Formatting: three parse modes, UTF-16 offsets, what Telegram finds by itself."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.telegram import ApiError
from playground.telegram.formatting import formatted
from playground.telegram.text import cut, units


def parsed(text, mode=""):
    plain, entities = formatted(text, mode, [])
    shown = []
    for entity in entities:
        extra = {k: v for k, v in entity.items() if k not in {"type", "offset", "length"}}
        row = (entity["type"], cut(plain, entity["offset"], entity["length"]))
        shown.append((*row, *extra.values()))
    return plain, shown


HTML = [
    ("<b>a</b> <strong>b</strong>", [("bold", "a"), ("bold", "b")]),
    ("😀<i>😀x</i>", [("italic", "😀x")]),
    ("<u>a</u><ins>b</ins>", [("underline", "a"), ("underline", "b")]),
    ("<s>a</s><del>b</del>", [("strikethrough", "a"), ("strikethrough", "b")]),
    ("<tg-spoiler>a</tg-spoiler>", [("spoiler", "a")]),
    ('<span class="tg-spoiler">a</span>', [("spoiler", "a")]),
    ("<code>a</code><pre>b</pre>", [("code", "a"), ("pre", "b")]),
    ('<pre><code class="language-python">x</code></pre>', [("pre", "x", "python")]),
    ('<a href="http://example.com">x</a>', [("text_link", "x", "http://example.com/")]),
    ("<a href='http://a.com/?q=1&amp;r=2'>x</a>", [("text_link", "x", "http://a.com/?q=1&r=2")]),
    ('<a href="not a link">x</a>', []),
    ('<a href="tg://user?id=7">x</a>', [("text_mention", "x", 7)]),
    ('<tg-emoji emoji-id="5">x</tg-emoji>', [("custom_emoji", "x", "5")]),
    ("<blockquote>a</blockquote>", [("blockquote", "a")]),
    ("<blockquote expandable>a</blockquote>", [("expandable_blockquote", "a")]),
    ("<a href=1.2.3.4>x</a>", [("text_link", "x", "http://1.2.3.4/")]),
    ('<a id="1" href="ton://x">y</a>', [("text_link", "y", "ton://x")]),
    ('<a href="http://[x">y</a>', []),
    ('<blockquote expandable="">a</blockquote>', [("expandable_blockquote", "a")]),
    ("<b>a<i>b</i></b>", [("bold", "ab"), ("italic", "b")]),
    ("&lt;b&gt; &#65; &unknown;", []),
]  # fmt: skip
V2 = [
    ("*a* _b_ __c__ ~d~ ||e||", [("bold", "a"), ("italic", "b"), ("underline", "c"), ("strikethrough", "d"), ("spoiler", "e")]),
    ("😀 *😀x*", [("bold", "😀x")]),
    ("`a_b` ```\nc.d```", [("code", "a_b"), ("pre", "c.d")]),
    ("```python\nx=1```", [("pre", "x=1", "python")]),
    ("[x](http://example\\.com)", [("text_link", "x", "http://example.com/")]),
    ("![x](tg://emoji?id=5)", [("custom_emoji", "x", "5")]),
    (">a\n>b\nc", [("blockquote", "a\nb")]),
    (">a\n>b||", [("expandable_blockquote", "a\nb")]),
    ("*a _b_*", [("bold", "a b"), ("italic", "b")]),
    ("1\\.5 \\*", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HTML)
def test_html(text, expected):
    assert parsed(text, "HTML")[1] == expected


@pytest.mark.parametrize(("text", "expected"), V2)
def test_markdown_v2(text, expected):
    assert parsed(text, "MarkdownV2")[1] == expected


def test_legacy_markdown():
    text = "*a* _b_ `c` [d](http://a.com/x) snake\\_case"
    plain, shown = parsed(text, "markdown")
    assert plain == "a b c d snake_case"
    assert shown == [
        ("bold", "a"),
        ("italic", "b"),
        ("code", "c"),
        ("text_link", "d", "http://a.com/x"),
    ]


def test_legacy_code_and_brackets():
    assert parsed("```python\nx_1``` [a]", "Markdown") == ("x_1 a", [("pre", "x_1", "python")])


def test_references_become_characters():
    assert parsed("&lt;&amp;&#128512;&copy;", "HTML")[0] == "<&😀&copy;"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start now", [("bot_command", "/start")]),
        ("😀 /video@my_bot", [("bot_command", "/video@my_bot")]),
        ("and/or", []),
        ("ask @someone", [("mention", "@someone")]),
        ("#cats 😺 #2", [("hashtag", "#cats")]),
        ("see https://a.com/x. Or b.org", [("url", "https://a.com/x"), ("url", "b.org")]),
        ("me@example.com", [("email", "me@example.com")]),
    ],
)
def test_detected(text, expected):
    assert parsed(text)[1] == expected


def test_code_hides_what_is_inside():
    assert parsed("<code>/start @someone</code>", "HTML")[1] == [("code", "/start @someone")]


def test_white_space_at_the_ends_goes_before_the_count():
    assert parsed(" \n<b> x </b>\n ", "HTML") == (" x", [("bold", " x")])
    assert parsed("  x  ")[0] == "x"


def test_the_length_counts_characters_after_parsing(world, anna):
    world.start(anna)
    text = "<b>" + "😀" * 4096 + "</b>"
    world.call(world.bot, "sendMessage", {"chat_id": anna.id, "text": text, "parse_mode": "HTML"})
    (entity,) = world.history(anna)[-1].entities
    assert entity["length"] == 8192


def test_given_entities(world, anna):
    world.start(anna)
    entities = [{"type": "bold", "offset": 0, "length": 2}]
    params = {"chat_id": anna.id, "text": "😀 x", "entities": entities}
    sent = world.call(world.bot, "sendMessage", params)
    assert sent["entities"] == entities


def test_a_mention_by_number_becomes_a_person(world, anna):
    world.start(anna)
    text = f'<a href="tg://user?id={anna.id}">you</a>'
    params = {"chat_id": anna.id, "text": text, "parse_mode": "HTML"}
    sent = world.call(world.bot, "sendMessage", params)
    assert sent["entities"][0]["type"] == "text_mention"
    assert sent["entities"][0]["user"]["id"] == anna.id


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab😀<>/b=\"'& *_~|`[]()!>\\\n.#", max_size=40))
def test_any_text_is_parsed_or_refused(text):
    for mode in ("HTML", "MarkdownV2", "Markdown"):
        with contextlib.suppress(ApiError):
            plain, entities = formatted(text, mode, [])
            for entity in entities:
                assert entity["length"] > 0
                assert 0 <= entity["offset"] <= units(plain) - entity["length"]
