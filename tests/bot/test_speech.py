"""Which language somebody is answered in."""

from types import SimpleNamespace

import pytest
from telegram import Update

from bot.speech import language_of, spoken

BOT = SimpleNamespace(id=5, username="First_Frame_bot", defaults=None)
PEOPLE = {"id": -1_005, "type": "supergroup"}
NEWS = {"id": -1_006, "type": "channel"}
STAND_IN = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
CHINESE = {"id": 7, "is_bot": False, "first_name": "Chen", "language_code": "zh-hans"}


def anonymous(text, title, **changes):
    chat = {**PEOPLE, "title": title}
    message = {"message_id": 1, "date": 0, "chat": chat, "sender_chat": chat, "from": STAND_IN}
    return Update.de_json({"update_id": 1, "message": {**message, "text": text, **changes}}, BOT)


def posted(text, title):
    chat = {**NEWS, "title": title}
    message = {"message_id": 1, "date": 0, "chat": chat, "sender_chat": chat, "text": text}
    return Update.de_json({"update_id": 1, "channel_post": message}, BOT)


@pytest.mark.parametrize("write", [anonymous, posted])
@pytest.mark.parametrize(
    ("text", "title", "language"),
    [
        ("/video 推近", "Friends", "zh"),
        ("/video push in", "朋友们", "en"),
        ("/video", "朋友们", "zh"),
        ("/lang", "朋友们", "zh"),
        ("/video", "Friends", "en"),
        ("/video --model local/camera --dur 3", "朋友们", "zh"),
        ("/video push in --dur 3", "朋友们", "en"),
    ],
)
def test_a_chat_that_writes_is_answered_in_its_words_or_those_of_its_title(
    write, text, title, language
):
    assert language_of(write(text, title)) == language


def test_what_a_chat_has_chosen_counts_more_than_its_words():
    token = spoken.set("en")
    try:
        assert language_of(anonymous("/video 推近", "朋友们")) == "en"
    finally:
        spoken.reset(token)


def test_a_person_is_answered_in_the_language_of_their_telegram():
    update = anonymous("/video push in", "Friends", sender_chat=None, **{"from": CHINESE})

    assert language_of(update) == "zh"
