"""Buttons: stopping a video, making it once more, and presses that mean no good."""

from functools import partial

import pytest

from tests.world import CAT, PATIENCE, SMALL, plain

RED = plain("red")
PRICED = {"PRICES": "local/camera=2"}


@pytest.fixture
def boris(telegram):
    return telegram.create_user("Boris")


@pytest.fixture
def balance(telegram, said):
    """Ask for the balance; gives the answer."""

    async def ask():
        telegram.send_text(telegram.person, "/balance")
        return (await said("credits free")).text

    return ask


def answered(telegram, question):
    return [one for one in telegram.from_bot(telegram.person) if one.reply_to is question]


@pytest.fixture
async def rendering(start_here, telegram, taken):
    """The status message of a long video, once it is being rendered."""
    async with start_here(**PRICED):
        telegram.send_photo(telegram.person, CAT, "orbit --dur 10 --res 1080p")
        status = await taken()
        while not telegram.from_bot(telegram.person, "begun"):
            question = telegram.send_text(telegram.person, "/job 1")
            await telegram.wait_for(partial(answered, telegram, question), timeout=PATIENCE)
        yield status


@pytest.fixture
async def waiting(idle_bot, telegram, taken):
    """The status message of a video that stays in the line."""
    telegram.send_photo(telegram.person, RED, SMALL)
    return await taken()


@pytest.fixture
async def arrived(ready_video, telegram, videos):
    """A video that has just arrived, with its button."""
    telegram.unblock(telegram.person)
    await telegram.wait_for(videos)
    return videos()[0]


async def test_cancel_stops_a_video_in_the_middle_of_its_render(
    telegram, rendering, toast, videos, balance
):
    popped_up = await toast(rendering, "Cancel")

    await telegram.wait_for(lambda: "cancelled" in rendering.text, timeout=PATIENCE)
    assert popped_up == "Stopping video 1."
    assert rendering.text == "🚫 Video 1 was cancelled. Nothing was charged."
    assert rendering.labels == []
    assert videos() == []
    assert (await balance()).startswith("60 credits free")


async def test_a_video_can_be_cancelled_while_it_waits_in_the_line(waiting, toast, rows, balance):
    popped_up = await toast(waiting, "Cancel")

    assert popped_up == "Video 1 is cancelled. Nothing was charged."
    assert rows("SELECT state FROM tasks") == [("cancelled",)]
    assert (await balance()).startswith("60 credits free")


async def test_cancel_pressed_twice_cancels_once(waiting, toast, rows):
    await toast(waiting, "Cancel")

    popped_up = await toast(waiting, "Cancel")

    assert popped_up == "Video 1 is already over."
    assert rows("SELECT kind FROM ledger ORDER BY id") == [("hold",), ("release",)]


@pytest.mark.usefixtures("waiting")
async def test_nobody_else_can_cancel_a_video(forged, toast, boris, rows):
    popped_up = await toast(forged("cancel:1", boris), "Forged", boris)

    assert popped_up == "There is no such video of yours."
    assert rows("SELECT state, cancelling FROM tasks") == [("queued", 0)]


async def test_new_seed_makes_the_same_video_with_another_seed(arrived, toast, taken, rows):
    popped_up = await toast(arrived, "New seed")

    status = await taken(2)
    assert popped_up == "Video 2 is on its way."
    assert status.reply_to is arrived
    (first, second) = rows("SELECT request FROM tasks ORDER BY id")
    assert first != second
    assert len(rows("SELECT DISTINCT json_remove(request, '$.seed') FROM tasks")) == 1


async def test_again_pressed_twice_at_once_makes_one_video(telegram, arrived, rows):
    presses = [telegram.press(telegram.person, arrived, "Again") for _ in range(2)]

    await telegram.wait_for(lambda: all(one.answer for one in presses), timeout=PATIENCE)
    assert all("Video 2 is" in one.answer.text for one in presses)
    assert rows("SELECT id FROM tasks") == [(1,), (2,)]


@pytest.mark.usefixtures("arrived")
@pytest.mark.parametrize("data", ["again:1", "resend:1"])
async def test_nobody_else_can_use_the_buttons_of_a_video(forged, toast, boris, rows, data):
    popped_up = await toast(forged(data, boris), "Forged", boris)

    assert popped_up == "This button is not yours, or it is too old."
    assert rows("SELECT id FROM tasks") == [(1,)]


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(
    ("data", "answer"),
    [
        ("again:999999", "This button is not yours, or it is too old."),
        ("again:999999999999999999", "This button is not yours, or it is too old."),
        ("resend:1", "This button is not yours, or it is too old."),
        ("cancel:999999", "There is no such video of yours."),
        ("preset:1:1:9", "This button is not yours, or it is too old."),
        ("preset:999999:1:0", "This button is not yours, or it is too old."),
    ],
)
async def test_a_button_that_names_nothing_of_ones_own_is_refused(
    forged, toast, rows, data, answer
):
    popped_up = await toast(forged(data), "Forged")

    assert popped_up == answer
    assert rows("SELECT id, state FROM tasks") == [(1, "queued")]


@pytest.mark.usefixtures("idle_bot")
async def test_nobody_else_can_answer_a_question(telegram, said, forged, toast, boris, rows):
    telegram.send_photo(telegram.person, RED)
    await said("What should happen")

    popped_up = await toast(forged("preset:1:0", boris), "Forged", boris)

    assert popped_up == "This button is not yours, or it is too old."
    assert rows("SELECT id FROM tasks") == []


@pytest.mark.usefixtures("idle_bot")
async def test_a_question_that_was_answered_takes_no_second_answer(
    telegram, said, toast, taken, rows, stale
):
    telegram.send_photo(telegram.person, RED)
    question = await said("What should happen")
    again = stale(question, "🪐 Orbit")
    await toast(question, "🪐 Orbit")
    await taken()

    popped_up = await toast(again, "Forged")

    assert popped_up.startswith("This question is over.")
    assert rows("SELECT id FROM tasks") == [(1,)]
