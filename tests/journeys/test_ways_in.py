"""Every way in: how photos, words and sounds become an order, and what is asked before."""

import pytest

from tests.world import SMALL, plain

RED, BLUE = plain("red"), plain("blue")


@pytest.mark.usefixtures("idle_bot")
async def test_a_command_that_is_edited_is_not_run_again(telegram, said, taken, rows):
    telegram.send_photo(telegram.person, RED, SMALL)
    await taken()
    question = telegram.send_text(telegram.person, "/balance")
    await said("credits free")

    telegram.edit(telegram.person, question, "/cancel 1")
    telegram.send_text(telegram.person, "/privacy")

    await said("What is kept")
    assert rows("SELECT state FROM tasks") == [("queued",)]
