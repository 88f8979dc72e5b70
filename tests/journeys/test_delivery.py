"""A video whose sending broke off, and flood limits."""

import pytest

from tests.world import PATIENCE, plain

RED = plain("red")
ASKED = "If it is not here, press the button, and I send it again."


@pytest.mark.usefixtures("ready_video")
async def test_a_flood_limit_delays_the_video(telegram, arrives):
    fault = telegram.fail("sendVideo", retry_after=1)
    telegram.unblock(telegram.person)

    await arrives()

    assert fault.used == 1
    assert telegram.from_bot(telegram.person, ASKED) == []


@pytest.mark.usefixtures("ready_video")
@pytest.mark.parametrize(("drop", "arrived"), [("after", 1), ("before", 0)])
async def test_where_nobody_knows_whether_a_video_arrived_the_person_is_asked(
    telegram, said, videos, rows, drop, arrived
):
    telegram.fail("sendVideo", drop=drop)
    telegram.unblock(telegram.person)

    question = await said(ASKED)

    assert question.labels == ["Send again"]
    assert len(telegram.calls("sendVideo")) == 1
    assert len(videos()) == arrived


@pytest.mark.usefixtures("ready_video")
async def test_send_again_sends_once_however_often_it_is_pressed(
    telegram, said, toast, arrives, rows, stale
):
    telegram.fail("sendVideo", drop="after")
    telegram.unblock(telegram.person)
    question = await said(ASKED)

    again = stale(question, "Send again")
    first = await toast(question, "Send again")
    await arrives(2)
    second = await toast(again, "Forged")

    assert (first, second) == ("Sending it again.", "It was sent again already.")
    assert len(telegram.calls("sendVideo")) == 2
    assert rows("SELECT kind FROM ledger ORDER BY id") == [("hold",), ("capture",)]


@pytest.mark.usefixtures("ready_video")
async def test_a_second_sending_that_is_unclear_too_is_asked_about_again(
    telegram, said, toast, arrives
):
    telegram.fail("sendVideo", drop="before", times=2)
    telegram.unblock(telegram.person)
    first = await said(ASKED)
    await toast(first, "Send again")
    second = (await telegram.wait_for(lambda: telegram.from_bot(telegram.person, ASKED)[1:]))[0]

    popped_up = await toast(second, "Send again")

    assert popped_up == "Sending it again."
    assert await arrives()


@pytest.mark.usefixtures("ready_video")
async def test_send_again_survives_a_telegram_in_trouble(telegram, said, toast, videos):
    telegram.fail("sendVideo", drop="before")
    telegram.unblock(telegram.person)
    question = await said(ASKED)
    telegram.fail("sendVideo", 500)

    await toast(question, "Send again")

    assert await telegram.wait_for(videos, timeout=PATIENCE)
