"""The main job, end to end: what a person sends, and the video that comes back."""

import io

import av
import numpy as np
import pytest

from tests.world import CAT, COFFEE, PATIENCE, SMALL, plain, tone

RED, BLUE = plain("red"), plain("blue")
FIRST_WIDTH = "request ->> '$.first_frame.width'"
LAST_WIDTH = "request ->> '$.last_frame.width'"
PROMPT = "request ->> '$.prompt'"


def probe(message):
    with av.open(io.BytesIO(message.media.content)) as video:
        return (
            video.streams.video[0].codec_context.width,
            video.streams.video[0].codec_context.height,
            video.duration / av.time_base,
            [stream.codec_context.name for stream in video.streams.audio],
        )


def ends_of(message):
    """What colour the first and the last frame of a video are."""
    with av.open(io.BytesIO(message.media.content)) as video:
        frames = [frame.to_ndarray(format="rgb24") for frame in video.decode(video=0)]
    names = ("red", "green", "blue")
    return tuple(names[np.argmax(one.mean(axis=(0, 1)))] for one in (frames[0], frames[-1]))


@pytest.fixture
def video(bot, telegram, videos):
    """Wait for the person's video; gives it, and makes sure that it is the only one."""

    async def wait():
        await telegram.wait_for(videos, timeout=PATIENCE)
        (one,) = videos()
        return one

    return wait


async def test_a_photo_with_a_caption_comes_back_as_a_video(telegram, video):
    photo = telegram.send_photo(telegram.person, CAT, f"slow push in {SMALL}")

    result = await video()

    width, height, seconds, sound = probe(result)
    assert result.reply_to is photo
    assert result.media.fields == {"width": width, "height": height, "duration": 3}
    assert (width, height) == (740, 554)
    assert seconds == pytest.approx(3, abs=0.05)
    assert sound == ["aac"]
    assert result.media.thumbnail


async def test_the_receipt_says_what_was_made_how_and_what_it_cost(telegram, video):
    telegram.send_photo(telegram.person, CAT, "push in --dur 3 --res 480p --seed 7 --ar 9:16")

    result = await video()

    assert result.text.splitlines() == [
        "“push in”",
        "Camera moves (built in), 3 s, 9:16, 480p, seed 7",
        "Video 1",
        "Made without AI.",
    ]
    assert probe(result)[:2] == (480, 854)


async def test_an_album_that_arrives_in_disorder_begins_with_its_first_photo(telegram, video):
    album = [(RED, ""), (BLUE, f"morph {SMALL}")]
    first, _ = telegram.send_album(telegram.person, album, swap=(0, 1))

    result = await video()

    assert ends_of(result) == ("red", "blue")
    assert result.reply_to is first


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize("captions", [(SMALL, ""), ("", SMALL)])
async def test_an_album_is_one_order_wherever_its_caption_stands(telegram, taken, rows, captions):
    album = list(zip((RED, plain("blue", size=(480, 640))), captions, strict=True))
    first, _ = telegram.send_album(telegram.person, album, swap=(0, 1))

    status = await taken()

    assert status.reply_to is first
    assert rows(f"SELECT {FIRST_WIDTH}, {LAST_WIDTH} FROM tasks") == [(640, 480)]


@pytest.mark.usefixtures("idle_bot")
async def test_a_photo_alone_is_asked_about_with_ready_answers(telegram, said, rows):
    photo = telegram.send_photo(telegram.person, RED)

    question = await said("What should happen in the video?")

    assert question.reply_to is photo
    assert question.labels == [
        "🔍 Slowly closer",
        "↔️ Pan across",
        "🌀 Dolly zoom",
        "🪐 Orbit",
        "🔁 Loop",
    ]
    assert rows("SELECT id FROM tasks") == []


@pytest.mark.usefixtures("idle_bot")
async def test_a_ready_answer_orders_the_video(telegram, said, toast, taken, rows):
    photo = telegram.send_photo(telegram.person, RED)
    question = await said("What should happen in the video?")

    await toast(question, "🌀 Dolly zoom")
    status = await taken()

    assert status.reply_to is photo
    assert rows(f"SELECT {PROMPT} FROM tasks") == [("dolly zoom",)]


@pytest.mark.usefixtures("idle_bot")
async def test_words_after_a_photo_say_what_happens_to_it(telegram, taken, rows):
    photo = telegram.send_photo(telegram.person, RED)
    telegram.send_text(telegram.person, f"orbit {SMALL}")

    status = await taken()

    assert status.reply_to is photo
    assert "Camera moves (built in), 3 s, 4:3, 480p" in status.text
    assert rows(f"SELECT {PROMPT} FROM tasks") == [("orbit",)]


@pytest.mark.usefixtures("idle_bot")
async def test_words_as_a_reply_mean_the_photo_they_answer(telegram, said, taken):
    older = telegram.send_photo(telegram.person, RED, f"push in {SMALL}")
    telegram.send_photo(telegram.person, BLUE)
    await taken(1)
    await said("What should happen")
    telegram.send_text(telegram.person, f"pull out {SMALL}", reply_to=older)

    status = await taken(2)

    assert status.reply_to is older


@pytest.mark.usefixtures("idle_bot")
async def test_words_first_wait_for_their_photo(telegram, said, taken, rows):
    telegram.send_text(telegram.person, f"tilt up {SMALL}")
    await said("Now send me a photo")
    photo = telegram.send_photo(telegram.person, RED)

    status = await taken()

    assert status.reply_to is photo
    assert rows(f"SELECT {PROMPT} FROM tasks") == [("tilt up",)]


async def test_a_voice_as_a_reply_gives_the_video_its_sound_and_length(telegram, video):
    older = telegram.send_photo(telegram.person, RED)
    telegram.send_photo(telegram.person, BLUE)
    telegram.send_voice(telegram.person, tone(1.2), 1, reply_to=older)

    result = await video()

    _, _, seconds, sound = probe(result)
    assert seconds == pytest.approx(1.2, abs=0.05)
    assert sound == ["aac"]
    assert ends_of(result) == ("red", "red")
    assert result.reply_to is older
    assert "The video moves with the sound; the lips do not." in result.text


@pytest.mark.usefixtures("idle_bot")
async def test_a_voice_right_after_a_photo_belongs_to_it(telegram, taken):
    photo = telegram.send_photo(telegram.person, RED)
    telegram.send_voice(telegram.person, tone(1.5), 2)

    status = await taken()

    assert status.reply_to is photo
    assert "Camera moves (built in), 2 s," in status.text


@pytest.mark.usefixtures("idle_bot")
async def test_a_voice_after_a_photo_with_a_caption_makes_one_more_video_of_it(telegram, taken):
    photo = telegram.send_photo(telegram.person, RED, SMALL)
    await taken(1)
    telegram.send_voice(telegram.person, tone(1.5), 2)

    status = await taken(2)

    assert status.reply_to is photo
    assert "Camera moves (built in), 2 s," in status.text


@pytest.mark.usefixtures("idle_bot")
async def test_a_voice_first_waits_for_its_photo(telegram, said, taken):
    telegram.send_voice(telegram.person, tone(1.5), 2)
    await said("Now send me a photo")
    photo = telegram.send_photo(telegram.person, RED, "orbit")

    status = await taken()

    assert status.reply_to is photo
    assert "Camera moves (built in), 2 s," in status.text


@pytest.mark.usefixtures("idle_bot")
async def test_a_picture_sent_as_a_file_works_like_a_photo(telegram, taken, rows):
    file = telegram.send_document(
        telegram.person, plain("red", "PNG"), "red.png", SMALL, mime="image/png"
    )

    status = await taken()

    assert status.reply_to is file
    assert rows("SELECT request ->> '$.first_frame.height' FROM tasks") == [(480,)]


async def test_a_local_server_hands_files_over_by_their_path(
    telegram, start_here, tmp_path, taken, rows
):
    telegram.local_folder = tmp_path / "server"
    async with start_here(TELEGRAM_LOCAL_MODE="true", LIMITS="local.running=0"):
        telegram.send_document(
            telegram.person, CAT, "cat.jpg", SMALL, claimed_size=30_000_000, mime="image/jpeg"
        )

        assert await taken()

    assert telegram.events(kind="download") == []
    assert len(rows("SELECT file FROM media WHERE kind = 'input'")) == 1


async def test_an_order_in_a_topic_is_answered_in_that_topic(telegram, taken, video):
    telegram.bot.has_topics = True
    chat = telegram.private_chat(telegram.person)
    topic = telegram.create_topic(chat, telegram.person, "Cats")
    telegram.send_voice(telegram.person, tone(1), 1, thread=topic.thread_id)
    telegram.send_photo(telegram.person, COFFEE, "static --res 480p", thread=topic.thread_id)

    status = await taken()
    result = await video()

    assert {status.thread_id, result.thread_id} == {topic.thread_id}


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize(
    ("flags", "answer"),
    [
        (
            "--dur 99",
            "--dur 99 is not possible with Camera moves (built in). Possible: 3, 4, 5, 6, 7, 8, 9, 10.",
        ),
        (
            "--res 360p",
            "--res 360p is not possible with Camera moves (built in). Possible: 480p, 720p, 1080p.",
        ),
        (
            "--dur soon",
            "--dur soon is not possible with Camera moves (built in). Possible: 3, 4, 5, 6, 7, 8, 9, 10.",
        ),
        ("--model nope", "There is no model nope. Possible: local/camera."),
        (
            "--foo",
            "There is no option --foo. Possible: --model, --dur, --ar, --res, --seed, --neg, --effect",
        ),
    ],
)
async def test_a_flag_that_cannot_be_is_answered_with_what_can_be(
    telegram, said, rows, flags, answer
):
    photo = telegram.send_photo(telegram.person, RED, f"push in {flags}")

    reply = await said(answer)

    assert reply.reply_to is photo
    assert rows("SELECT id FROM tasks") == []
