"""Questions that were answered, or are none any more, lose their buttons."""

import pytest

from tests.journeys.services import SILENT_TOKENOPS
from tests.world import PATIENCE, SMALL, plain, tone

RED, BLUE = plain("red"), plain("blue")
ORBIT = "🪐 Orbit"


@pytest.fixture
def bare(telegram):
    """Wait until a message has no buttons any more; gives what it says then."""

    async def wait(message):
        await telegram.wait_for(lambda: not message.labels, timeout=PATIENCE)
        return message.text

    return wait


@pytest.fixture
async def question(idle_bot, telegram, said):
    """The question that a photo alone is answered with."""
    telegram.send_photo(telegram.person, RED)
    return await said("What should happen")


async def test_a_question_says_what_was_chosen_without_another_message(
    telegram, question, toast, taken, bare
):
    asked = question.text
    await toast(question, ORBIT)

    status = await taken()
    assert await bare(question) == f"{asked}\n✓ {ORBIT}"
    assert telegram.from_bot(telegram.person) == [question, status]


async def test_a_question_that_was_answered_in_words_loses_its_buttons(
    telegram, question, taken, bare
):
    asked = question.text
    telegram.send_text(telegram.person, SMALL)
    await taken()

    assert await bare(question) == asked


async def test_a_card_keeps_its_picture_and_what_was_said(idle_bot, telegram, said, toast, bare):
    telegram.send_album(telegram.person, [RED, BLUE])
    card = await said("First and last frame are here")
    await toast(card, ORBIT)

    assert (await bare(card)).endswith(f"credits.\n✓ {ORBIT}")
    assert card.kind == "photo"


async def test_a_question_about_a_photo_that_another_one_takes_the_place_of_is_over(
    telegram, question, said, bare
):
    telegram.send_photo(telegram.person, BLUE)
    await telegram.wait_for(
        lambda: len(telegram.from_bot(telegram.person, "What should happen")) == 2,
        timeout=PATIENCE,
    )

    await bare(question)
    assert ORBIT in (await said("What should happen")).labels


async def test_words_that_cannot_be_leave_the_question_open(
    telegram, question, said, toast, taken
):
    telegram.send_text(telegram.person, "pan left --dur 30")
    await said("--dur 30 is not possible")
    telegram.send_text(telegram.person, "/privacy")
    await said("What is kept")

    await toast(question, ORBIT)

    assert await taken()


async def test_prices_rights_and_their_refusal_are_answered_one_after_the_other(
    start_here, telegram, said, toast, bare
):
    async with start_here(**SILENT_TOKENOPS):
        telegram.send_photo(telegram.person, RED)
        first = await said("What should happen")
        telegram.send_voice(telegram.person, tone(6), 6)
        price = await said("OmniHuman 1.5 (gateway) makes it for 18 of your 60 credits.")
        await bare(first)
        await toast(price, "First 5 s: 15 credits")
        right = await said("Do you have the right")
        told = await bare(price)
        await toast(right, "No")

        assert told.endswith("\n✓ First 5 s: 15 credits")
        assert (await bare(right)).endswith("\n✓ No")


@pytest.mark.parametrize("fault", [{"code": 400}, {"retry_after": 1}], ids=str)
async def test_where_telegram_has_no_time_for_it_the_next_press_tidies_up(
    telegram, question, toast, taken, bare, fault
):
    refused = telegram.fail("editMessageText", contains="✓", **fault)
    await toast(question, ORBIT)
    await taken()
    await telegram.wait_for(lambda: refused.used, timeout=PATIENCE)

    popped_up = await toast(question, ORBIT)

    await bare(question)
    assert popped_up.startswith("This question is over.")
    assert refused.used == 1
