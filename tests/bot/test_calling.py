"""How people call the bot, and which words are left."""

from types import SimpleNamespace

import pytest
from telegram import Message

from bot.calling import calls, command_of, mentions, words_of

BOT = {"id": 5, "is_bot": True, "first_name": "First Frame", "username": "First_Frame_bot"}
KINDS = {"private": 7, "supergroup": -1_005, "channel": -1_006}


def message(text, kind="supergroup", *, reply_to=None):
    data = {"message_id": 1, "date": 0, "chat": {"id": KINDS[kind], "type": kind}, "caption": text}
    if reply_to:
        chat = {"id": KINDS[kind], "type": kind}
        data["reply_to_message"] = {"message_id": 2, "date": 0, "chat": chat, "from": reply_to}
    return Message.de_json(data, SimpleNamespace(id=5, username="First_Frame_bot", defaults=None))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/video pan left", "pan left"),
        ("/video\npan\nleft", "pan\nleft"),
        ("/VIDEO@first_frame_BOT pan", "pan"),
        ("/video", None),
        ("/video@First_Frame_bot  ", None),
        ("@First_Frame_bot, pan left", "pan left"),
        ("pan left @first_frame_bot", "pan left"),
        ("pan left, @First_Frame_bot --dur 3", "pan left --dur 3"),
        ("@First_Frame_bot", None),
        ("pan left", None),
        ("/video /video", "/video"),
    ],
)
def test_a_group_is_heard_only_where_it_calls(text, words):
    assert words_of(message(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "/video@other_bot pan",
        "/videos pan",
        "see /video pan",
        "/video@First_Frame_bot2 pan",
        "video pan",
        "#video pan",
    ],
)
def test_what_only_looks_like_a_call_is_none(text):
    assert not calls(message(text))
    assert words_of(message(text)) is None


@pytest.mark.parametrize(
    "text", ["mail@First_Frame_bot", "@First_Frame_bots", "@@First_Frame_bot"]
)
def test_what_only_looks_like_a_mention_is_none(text):
    assert not mentions(message(text))


def test_a_reply_to_the_bot_needs_no_call():
    assert words_of(message("pan left", reply_to=BOT)) == "pan left"
    assert words_of(message("pan left", reply_to={**BOT, "id": 6})) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [("/video pan", "pan"), ("pan", "pan"), ("@First_Frame_bot pan", "@First_Frame_bot pan")],
)
def test_in_private_only_the_command_is_cut_off(text, words):
    assert words_of(message(text, "private")) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("#video pan left", "pan left"),
        ("A cat jumps. #Video", "A cat jumps."),
        ("/video pan", "pan"),
        ("#video", ""),
        ("/video", ""),
        ("#videos pan", None),
        ("pan", None),
    ],
)
def test_a_channel_may_also_use_a_tag_and_need_not_say_what_happens(text, words):
    assert words_of(message(text, "channel")) == words
    assert calls(message(text, "channel")) is (words is not None)


def test_commands_are_read_from_captions_too():
    assert command_of(message("/Help@first_frame_bot me")) == "help"
    assert command_of(message("/help@other_bot")) is None
