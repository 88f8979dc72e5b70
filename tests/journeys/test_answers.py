"""Answers that must be given, and be right: odd files, odd presses, questions that fail."""

import pytest

from tests.world import plain, tone

RED = plain("red")
ASKED = "If it is not here, press the button, and I send it again."


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize("data", ["cancel:abc", "again:", "nonsense", "preset:1"])
async def test_every_press_gets_an_answer(forged, toast, data):
    popped_up = await toast(forged(data), "Forged")

    assert popped_up == "This button is not yours, or it is too old."


@pytest.mark.usefixtures("idle_bot")
async def test_a_document_that_is_no_picture_is_answered(telegram, said):
    file = telegram.send_document(
        telegram.person, b"%PDF-1.7", "paper.pdf", mime="application/pdf"
    )

    reply = await said("I cannot use this.")

    assert reply.reply_to is file


@pytest.mark.usefixtures("idle_bot")
async def test_a_sound_sent_as_a_file_works_like_a_voice(telegram, taken):
    photo = telegram.send_photo(telegram.person, RED)
    telegram.send_document(telegram.person, tone(1.5), "hum.ogg", mime="audio/ogg")

    status = await taken()

    assert status.reply_to is photo
    assert "Camera moves (built in), 2 s," in status.text


async def test_a_refused_token_is_one_line(process, environment):
    environment["TELEGRAM_BOT_TOKEN"] = "1000001:of-somebody-else-entirely-0000"
    await process.start()

    await process.ends()

    assert list(process.lines) == ["firstframe: TELEGRAM_BOT_TOKEN: Telegram refuses this token\n"]


async def test_an_address_that_is_no_bot_api_is_named_in_one_line(process, environment):
    await process.start(TELEGRAM_API_URL=f"{environment['TELEGRAM_API_URL']}/nothing")

    await process.ends()

    (line,) = process.lines
    assert line.startswith("firstframe: TELEGRAM_API_URL: is no Bot API server")


@pytest.mark.usefixtures("idle_bot")
async def test_a_question_that_cannot_be_sent_at_first_is_asked_later(telegram, said):
    telegram.fail("sendMessage", 500)
    telegram.send_photo(telegram.person, RED)

    question = await said("What should happen")

    assert question.labels
