"""Orders and refusals that must not happen twice."""

import pytest

from tests.world import PATIENCE, plain, tone

RED = plain("red")
ASKED = "If it is not here, press the button, and I send it again."


@pytest.mark.usefixtures("idle_bot")
async def test_a_refusal_is_said_once_whatever_others_send_meanwhile(telegram, said):
    boris = telegram.create_user("Boris")
    slow = telegram.fail("getFile", hold=True)
    telegram.send_photo(telegram.person, RED, "--dur 99")
    await telegram.wait_for(lambda: slow.waiting, timeout=PATIENCE)
    telegram.send_photo(boris, RED)
    await said("What should happen", boris)
    telegram.release(slow)

    await said("--dur 99 is not possible")
    telegram.send_text(telegram.person, "/jobs")
    await said("You have no videos yet")

    assert len(telegram.from_bot(telegram.person, "--dur 99 is not possible")) == 1


async def test_a_bot_that_dies_between_taking_an_order_and_saying_so_takes_it_once(
    process, telegram, said, rows
):
    held = telegram.fail("sendMessage", hold=True, contains="the lips will not")
    await process.start(LIMITS="local.running=0")
    photo = telegram.send_photo(telegram.person, RED)
    telegram.send_voice(telegram.person, tone(1.5), 2, reply_to=photo)
    await telegram.wait_for(lambda: held.waiting, timeout=PATIENCE)
    await process.kill()
    telegram.faults.clear()
    await process.start(LIMITS="local.running=0")

    await said("the lips will not")
    telegram.send_text(telegram.person, "/jobs")
    await said("Your newest videos")

    assert rows("SELECT id FROM tasks") == [(1,)]
