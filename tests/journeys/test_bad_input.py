"""Files that are broken, hostile or something else, and people who send too much."""

import struct
import zlib

import pytest

from tests.world import CAT, HELLO, SMALL, plain

pytestmark = pytest.mark.usefixtures("idle_bot")

RED = plain("red")
PNG = "image/png"
UNREADABLE = "This file cannot be read: it is damaged"


def bomb():
    """A PNG that claims 50000 x 50000 pixels and holds none."""

    def chunk(name, content):
        checksum = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "name", "answer"),
    [
        (b"", "empty.jpg", "This file is empty: 0 bytes arrived."),
        (b"Dear diary, today", "diary.jpg", "I cannot read this file as a photo."),
        (CAT[: len(CAT) // 2], "half.jpg", "This photo is damaged: a part of it is missing."),
        (bomb(), "bomb.png", "This photo is 50000 x 50000: too large to open."),
        (plain("red", size=(8, 8)), "tiny.jpg", "This photo is 8 x 8: too small."),
        (
            plain("red", size=(1000, 20)),
            "narrow.jpg",
            "This photo is 1000 x 20: too long and narrow. Crop it, or send another one.",
        ),
    ],
    ids=["empty", "text", "half", "bomb", "tiny", "narrow"],
)
async def test_a_file_that_is_no_good_picture_is_refused_with_the_reason(
    telegram, said, rows, content, name, answer
):
    file = telegram.send_document(telegram.person, content, name, SMALL, allow_empty=True)

    reply = await said(answer)

    assert reply.reply_to is file
    assert rows("SELECT id FROM tasks") == []


async def test_a_broken_picture_is_refused_before_any_words_are_asked_for(telegram, said):
    telegram.send_document(telegram.person, b"Dear diary", "diary.jpg", mime="image/jpeg")

    await said("I cannot read this file as a photo.")

    assert telegram.from_bot(telegram.person, "What should happen") == []


async def test_nothing_of_a_refused_file_stays_on_disk(telegram, said, tmp_path):
    telegram.send_document(telegram.person, b"Dear diary", "diary.jpg", SMALL)

    await said("I cannot read this file as a photo.")

    assert list((tmp_path / "media").iterdir()) == []


async def test_a_file_that_is_larger_than_bots_may_fetch_is_not_fetched(telegram, said):
    telegram.send_document(
        telegram.person, RED, "large.png", SMALL, mime=PNG, claimed_size=21_000_000
    )

    await said("This file is larger than 20 MB: Telegram lets bots receive no more.")

    assert telegram.calls("getFile") == []


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"", "This file is empty: 0 bytes arrived."),
        (b"no sound at all", UNREADABLE),
        (HELLO[:100], UNREADABLE),
    ],
    ids=["empty", "text", "cut off"],
)
async def test_a_broken_voice_is_refused_with_the_reason(telegram, said, rows, content, answer):
    photo = telegram.send_photo(telegram.person, RED)
    telegram.send_voice(telegram.person, content, 5, reply_to=photo)

    assert await said(answer)
    assert rows("SELECT id FROM tasks") == []


async def test_after_a_refusal_the_next_photo_is_a_fresh_start(telegram, said, taken):
    telegram.send_document(telegram.person, b"Dear diary", "diary.jpg", SMALL)
    await said("I cannot read this file as a photo.")
    photo = telegram.send_photo(telegram.person, RED, SMALL)

    status = await taken()

    assert status.reply_to is photo


async def test_a_caption_full_of_markup_is_words_like_any_other(telegram, taken, said):
    caption = ("<b>&amp;</b> <&> </i> 🦊{0}%s " * 60)[:1000].strip()
    telegram.send_photo(telegram.person, RED, caption)
    await taken()

    telegram.send_text(telegram.person, "/job 1")

    story = await said("Video 1\n")
    assert f"“{caption}”" in story.text


async def test_thirty_photos_at_once_are_one_question_and_one_video(
    telegram, said, toast, taken, rows
):
    sent = [telegram.send_photo(telegram.person, RED) for _ in range(30)]
    question = await said("I have 30 photos")
    await toast(question, "The first and the last")
    await said("First and last frame are here")
    await toast(question, "🌀 Dolly zoom")

    status = await taken()

    assert status.reply_to is sent[0]
    assert telegram.from_bot(telegram.person, "Which shall I use?") == []
    assert rows("SELECT id FROM tasks") == [(1,)]
