"""What the card of the services says in words, where its picture speaks English only."""

import pytest

from bot.handlers.providers import words_of
from bot.translations import plain, translate

SERVICE = {
    "name": "local",
    "state": "resting",
    "success": 0.9,
    "render": 6.4,
    "waiting": 2,
    "running": 1,
    "seats": 5,
    "keys": [],
}
KEY = {"id": "ab12", "state": "ready", "tasks": 0, "rests": 0, "why": ""}


def said(service, language="zh"):
    _, *lines, _ = words_of([service])
    return [plain(translate(line, language)) for line in lines]


def test_the_words_say_what_the_picture_shows():
    assert said(SERVICE, "en") == [
        "local: rests for a while. 2 waiting, 1 of 5 running; success 90%; median render 6 s"
    ]
    assert said(SERVICE) == [
        "local：暂时休息。2 个在排队，1/5 个制作中；成功率 90%；制作时间中位数 6 秒"
    ]


def test_what_nobody_knows_yet_is_left_out():
    (line,) = said({**SERVICE, "success": None, "render": None}, "en")

    assert line == "local: rests for a while. 2 waiting, 1 of 5 running"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ({"rests": 17, "why": "throttled"}, ["• 密钥 ab12 休息 17 秒：throttled"]),
        ({"rests": 17}, ["• 密钥 ab12 休息 17 秒"]),
        ({"why": "InvalidApiKey"}, ["• 密钥 ab12：InvalidApiKey"]),
        ({}, []),
    ],
)
def test_a_key_that_is_not_well_says_why_and_how_long(key, words):
    assert said({**SERVICE, "keys": [KEY | key]})[1:] == words
