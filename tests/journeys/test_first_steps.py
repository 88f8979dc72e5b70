"""What people do who have never met the bot: it tells them what happened and what to do."""

import pytest

from tests.world import plain

RED, BLUE = plain("red"), plain("blue")


@pytest.mark.usefixtures("idle_bot")
async def test_a_second_photo_takes_the_place_of_the_first_and_says_so(
    telegram, said, toast, taken
):
    telegram.send_photo(telegram.person, RED)
    before = await said("What should happen")
    photo = telegram.send_photo(telegram.person, BLUE)
    question = await said("I use this photo now, and not the one before.")

    assert await toast(before, "🪐 Orbit") == (
        "This question is over. Send the photo again for another video."
    )
    await toast(question, "🪐 Orbit")

    assert (await taken()).reply_to is photo
    assert "I use this photo now" not in before.text


@pytest.mark.usefixtures("idle_bot")
async def test_a_command_that_there_is_not_is_answered_in_private_alone(telegram, said):
    group = telegram.create_group("Friends", telegram.person, telegram.bot)
    telegram.send_text(telegram.person, "/make <video>", chat=group)
    telegram.send_text(telegram.person, "/make <video>")

    assert (await said("I do not know /make.")).text.endswith("/help shows what I can do.")
    assert telegram.from_bot(group) == []


@pytest.mark.usefixtures("idle_bot")
async def test_job_without_a_number_asks_which(telegram, said):
    telegram.send_text(telegram.person, "/job")

    assert await said("Which video? /job 12")


async def test_words_under_a_video_are_asked_about_and_order_nothing(telegram, result, said, rows):
    telegram.send_text(telegram.person, "how nice", reply_to=result)

    question = await said("Video 1 has these words:")

    assert "Answer this message with other words for a new video" in question.text
    assert rows("SELECT count(*) FROM tasks") == [(1,)]
