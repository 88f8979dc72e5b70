"""What goes out when: flood limits of one chat, lost answers, and chats that have moved."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import orders
from storage.database import Database
from tests.factories import make_new_task, policy
from tests.world import PATIENCE, SMALL, STRICT, plain, tone

RED = plain("red")
TAKEN = "Video 1 waits: place 1"


@pytest.fixture
def boris(telegram):
    return telegram.create_user("Boris")


@pytest.fixture
def person(telegram):
    return telegram.person


@pytest.mark.usefixtures("idle_bot")
async def test_a_flood_limit_in_one_chat_slows_no_other_and_no_press(
    telegram, person, boris, taken, toast, said
):
    telegram.send_photo(person, RED, SMALL)
    status = await taken()
    limit = telegram.fail(
        "sendMessage", retry_after=50, contains=f'"chat_id": "{person.id}"', times=0
    )
    telegram.send_text(person, "/balance")
    await telegram.wait_for(lambda: limit.used, timeout=PATIENCE)

    telegram.send_text(boris, "/balance")
    await said("60 credits free", boris)
    popped_up = await toast(status, "Cancel")

    assert popped_up == "Video 1 is cancelled. Nothing was charged."
    assert limit.used == 1


async def test_answers_keep_to_telegrams_pace(telegram, person, start_here):
    telegram.flood.enabled = True

    async with start_here(LIMITS=STRICT):
        for _ in range(5):
            telegram.send_text(person, "/balance")
        answers = lambda: telegram.from_bot(person, "Videos are free here")  # noqa: E731
        await telegram.wait_for(lambda: len(answers()) == 5, timeout=PATIENCE)

    assert telegram.calls("sendMessage", ok=False) == []


@pytest.mark.parametrize(("drop", "arrived"), [("before", 0), ("after", 1)])
async def test_a_status_of_which_nobody_knows_is_sent_once_more_by_the_next_process_only(
    telegram, person, start_here, toast, said, drop, arrived
):
    lost = telegram.fail("sendMessage", drop=drop, contains="waits: place 1")
    async with start_here(LIMITS="local.running=0"):
        telegram.send_photo(person, RED, SMALL)
        await telegram.wait_for(lambda: lost.used, timeout=PATIENCE)
        for _ in range(2):
            telegram.send_text(person, "/jobs")
        await telegram.wait_for(
            lambda: len(telegram.from_bot(person, "Your newest videos")) == 2, timeout=PATIENCE
        )
    before = telegram.from_bot(person, TAKEN)

    for _ in range(2):
        async with start_here(LIMITS="local.running=0"):
            await telegram.wait_for(
                lambda: len(telegram.from_bot(person, TAKEN)) > arrived, timeout=PATIENCE
            )
            telegram.send_text(person, "/balance")
            await said("Videos are free here")
    *left, status = telegram.from_bot(person, TAKEN)
    async with start_here(LIMITS="local.running=0"):
        await toast(status, "Cancel")
        assert await said("Video 1 was cancelled") is status

    assert (len(before), left) == (arrived, before)


async def test_a_video_without_a_known_status_gets_one_when_its_state_moves_on(
    telegram, person, start_here, said
):
    telegram.fail("sendMessage", drop="after", contains="waits: place 1")
    async with start_here(LIMITS="local.running=0"):
        telegram.send_voice(person, tone(1), 1)
        telegram.send_photo(person, RED, "static --res 480p")
        await said(TAKEN)

    async with start_here():
        await said("Video 1 is done")

    assert len(telegram.from_bot(person, TAKEN)) == 1


async def test_a_status_of_unknown_number_gives_way_to_the_end_that_it_missed(
    telegram, person, start_here, said, tmp_path
):
    """The bot died after the video was sent, and before its status was brought up to date."""
    telegram.fail("sendMessage", drop="after", contains="is taken")
    async with start_here(LIMITS="local.running=0"):
        telegram.send_photo(person, RED, "static --res 480p")
        await said(TAKEN)
    with closing(sqlite3.connect(tmp_path / "bot.db")) as database, database:
        ended = "state = 'delivered', due = NULL, claimed = 0, finished = created"
        database.execute(f"UPDATE tasks SET {ended}, status_message = 0")

    async with start_here():
        await said("Video 1 is done")


async def test_an_answer_to_a_chat_that_has_moved_is_how_the_bot_learns_of_it(
    telegram, person, environment, start_here, stored
):
    group = telegram.create_group("Friends", person, telegram.bot)
    group.migrated_to = telegram.create_supergroup("Friends", person, telegram.bot)
    database = Database(Path(environment["DATABASE_URL"].removeprefix("sqlite:///")))
    new = make_new_task(sender=person.id, chat=group.id)
    await database.write(orders.accept, new, policy(), datetime.now(UTC), put=lambda *_: None)
    # Its status is in the old chat: nothing is to be said of it there.
    await database.write(lambda one: one.exec_driver_sql("UPDATE tasks SET status_message = 0"))
    await database.close()

    async with start_here(LIMITS="local.running=0"):
        telegram.send_text(person, "/help", chat=group)
        await stored("SELECT chat FROM tasks", group.migrated_to.id)
