"""What the block list finds, and what it must leave alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.blocking import fold, is_blocked


def blocked(text, *words):
    return is_blocked([text], [fold(word) for word in words])


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("nude", "a NUDE statue"),
        ("nude", "a ｎｕｄｅ statue"),
        ("nude", "nude"),
        ("nude", "(nude), please"),
        ("nude", "nu\u00adde and n\u200bude"),  # soft hyphen, space of no width
        ("nude", "nude_photo"),
        ("nude", "一个nude女孩"),
        ("Straße", "STRASSE"),
        ("blood bath", "a Blood \n  BATH"),
        ("c++", "I like c++ much"),
        ("обнажённая", "Обнажённая женщина"),
        ("裸体", "一个裸体的人"),
        ("裸体", "裸 体"),
        ("裸 体", "裸体"),
        ("エロ", "ｴﾛ画像"),
        ("누드", "누드를"),
        ("เปลือย", "ภาพเปลือยกาย"),
        ("AV女优", "找av女优来"),
        ("🔞", "now🔞now"),
    ],
)
def test_found(word, text):
    assert blocked(text, word)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("ass", "a class of glass"),
        ("ass", "asset"),
        ("nude", "nudes"),
        ("nude", "n u d e"),
        ("blood bath", "bloodbath"),
        ("blood bath", "blood in the bath"),
        ("ass", "ass7"),
        ("AV女优", "Slav女优"),
        ("裸体", "裸着身体"),
        ("a.b", "axb"),
    ],
)
def test_left_alone(word, text):
    assert not blocked(text, word)


def test_any_text_and_any_word_counts():
    words = [fold("nude"), fold("blood")]

    assert is_blocked(["a cat", "no blood"], words)
    assert not is_blocked(["a cat", ""], words)
    assert not is_blocked(["a nude cat"], [])


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=20).filter(fold), st.text(max_size=10))
def test_a_word_that_stands_alone_is_always_found(word, other):
    assert is_blocked([f"{fold(other)} {fold(word)}. "], [fold(word)])
