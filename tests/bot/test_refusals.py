"""What Telegram means by a refusal; the wordings are those of its server."""

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, TimedOut

from bot.refusals import Refusal, refusal_of


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("Topic_closed", Refusal.TOPIC),
        ("Message thread not found", Refusal.TOPIC),
        ("Not enough rights to send videos to the chat", Refusal.SHUT),
        ("Have no rights to send a message", Refusal.SHUT),
        ("Need administrator rights in the channel chat", Refusal.SHUT),
        ("CHAT_WRITE_FORBIDDEN", Refusal.SHUT),
        ("CHAT_SEND_VIDEOS_FORBIDDEN", Refusal.SHUT),
        ("Chat not found", Refusal.SHUT),
        ("PEER_ID_INVALID", Refusal.SHUT),
        ("Group chat was deactivated", Refusal.SHUT),
        ("File is too big", Refusal.TOO_LARGE),
        ("VIDEO_CONTENT_TYPE_INVALID", Refusal.FILE),
        ("Wrong type of the web page content: media is invalid", Refusal.FILE),
        ("IMAGE_PROCESS_FAILED", Refusal.FILE),
        ("Can't parse entities: unsupported start tag", Refusal.OTHER),
        ("Message to be replied not found", Refusal.OTHER),
    ],
)
def test_a_bad_request_is_about_something(words, meaning):
    assert refusal_of(BadRequest(words)) is meaning


def test_whoever_blocked_or_removed_the_bot_gets_nothing():
    assert refusal_of(Forbidden("Forbidden: bot was blocked by the user")) is Refusal.SHUT


@pytest.mark.parametrize(
    "words",
    [
        "Request Entity Too Large",
        "Request Entity Too Large (413). Parsing the server response b'<html>' failed",
    ],
)
def test_a_body_that_is_too_large_is_no_trouble_on_the_way(words):
    assert refusal_of(NetworkError(words)) is Refusal.TOO_LARGE


@pytest.mark.parametrize("error", [NetworkError("Bad Gateway"), TimedOut("Timed out")])
def test_trouble_on_the_way_is_no_refusal(error):
    assert refusal_of(error) is None
