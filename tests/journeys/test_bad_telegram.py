"""A Telegram that refuses, loses and repeats, and people who delete and block."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import orders
from storage.database import Database
from storage.inbox import MAX_ATTEMPTS
from tests.factories import make_new_task, policy
from tests.world import CAT, PATIENCE, SMALL, STRICT, plain, tone

RED = plain("red")
ASKED = "If it is not here, press the button, and I send it again."


@pytest.fixture
def order(telegram):
    """Order the cheapest film there is; gives its photo."""

    def send():
        telegram.send_voice(telegram.person, tone(1), 1)
        return telegram.send_photo(telegram.person, RED, "static --res 480p")

    return send


# What people do meanwhile


@pytest.mark.usefixtures("bot")
async def test_a_deleted_status_message_does_not_stop_the_video(telegram, order, taken, arrives):
    photo = order()
    telegram.delete_by_person(telegram.person, await taken())

    video = await arrives()

    assert video.reply_to is photo
    assert telegram.from_bot(telegram.person, "Video 1 is") == []


async def test_a_video_whose_photo_was_deleted_arrives_without_a_reply(
    telegram, ready_video, arrives
):
    telegram.delete_by_person(telegram.person, ready_video)
    telegram.unblock(telegram.person)

    video = await arrives()

    assert video.reply_to is None


@pytest.mark.usefixtures("ready_video")
async def test_a_video_for_someone_who_had_blocked_the_bot_waits_and_arrives_once(
    telegram, arrives, said
):
    telegram.unblock(telegram.person)
    telegram.start(telegram.person)
    await said("Send me a photo")

    video = await arrives()

    assert "Video 1: 2 credits" in video.text
    assert len(telegram.calls("sendVideo")) == 1


async def test_the_status_of_a_video_that_a_block_kept_off_catches_up_with_it(
    telegram, forged, once_rendered, arriving
):
    status = forged("stands for the button that the status had")
    async with once_rendered(f"UPDATE tasks SET status_message = {status.message_id}"):
        refused = lambda: telegram.calls("editMessageText", ok=False)  # noqa: E731
        await telegram.wait_for(refused, timeout=PATIENCE)

        await arriving()

        await telegram.wait_for(lambda: "Video 1 is done" in status.text, timeout=PATIENCE)
    assert len(refused()) == 1


# Answering


async def test_a_refusal_is_said_once_telegram_is_well_again(start_here, telegram, said):
    fault = telegram.fail("sendMessage", 500, contains="you have 0 left", times=2)
    async with start_here(DAILY_CREDITS="0", PRICES="local/camera=1"):
        photo = telegram.send_photo(telegram.person, RED, "orbit")

        told = await said("you have 0 left")

    assert (fault.used, told.reply_to) == (2, photo)


# Sending the video


@pytest.mark.usefixtures("ready_video")
async def test_a_telegram_in_trouble_gets_the_video_once_it_is_well(telegram, arrives):
    fault = telegram.fail("sendVideo", 500)
    telegram.unblock(telegram.person)

    await arrives()

    assert fault.used == 1
    assert telegram.from_bot(telegram.person, ASKED) == []


# The rest of the conversation


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("fault", [{"retry_after": 1}, {"code": 500}], ids=str)
async def test_a_status_that_cannot_be_edited_does_not_stop_the_video(
    telegram, order, arrives, fault
):
    telegram.fail("editMessageText", **fault, times=0)
    order()

    assert await arrives()


@pytest.mark.usefixtures("bot")
async def test_a_status_that_telegram_refuses_to_edit_is_left_alone(
    telegram, order, arrives, said
):
    fault = telegram.fail("editMessageText", 400, "Bad Request: message can't be edited", times=0)
    sending = telegram.fail("sendVideo", hold=True)
    order()
    await telegram.wait_for(lambda: fault.used, timeout=PATIENCE)

    telegram.release(sending)
    await arrives()
    telegram.send_text(telegram.person, "/job 1")
    await said("handed to Telegram")

    assert fault.used == 1


async def test_many_videos_of_one_chat_have_their_statuses_within_telegrams_limits(
    telegram, start_here, environment, said
):
    database = Database(Path(environment["DATABASE_URL"].removeprefix("sqlite:///")))
    telegram.start(telegram.person)
    for number in range(4):
        new = make_new_task(origin=f"test:{number}", sender=telegram.person.id)
        await database.write(orders.accept, new, policy(), datetime.now(UTC), put=lambda *_: None)
    await database.close()
    telegram.flood.enabled = True

    async with start_here(LIMITS=f"local.running=0,{STRICT}"):
        await said("Video 4 ")

    assert telegram.calls("sendMessage", ok=False) == []


@pytest.mark.usefixtures("bot")
async def test_a_status_that_cannot_be_sent_does_not_stop_the_video(telegram, order, arrives):
    fault = telegram.fail("sendMessage", 500, contains="Cancel")
    order()

    await arrives()

    assert fault.used == 1


@pytest.mark.usefixtures("idle_bot")
async def test_a_file_that_cannot_be_fetched_at_first_is_fetched_later(telegram, taken):
    fault = telegram.fail("getFile", 500, times=4)
    telegram.send_photo(telegram.person, RED, SMALL)

    await taken()

    assert fault.used == 4


@pytest.mark.usefixtures("idle_bot")
async def test_a_file_is_fetched_after_the_pause_that_telegram_asks_for(telegram, taken):
    faults = [telegram.fail(method, retry_after=1) for method in ("getFile", "file")]
    telegram.send_photo(telegram.person, RED, SMALL)

    await taken()

    assert [fault.used for fault in faults] == [1, 1]


@pytest.mark.usefixtures("idle_bot")
async def test_a_file_that_breaks_off_half_way_is_fetched_again(telegram, taken, rows):
    telegram.fail("file", drop="after")
    telegram.send_photo(telegram.person, CAT, SMALL)

    await taken()

    assert len(telegram.calls("getFile")) == 2


@pytest.mark.usefixtures("idle_bot")
async def test_a_file_that_telegram_has_lost_is_asked_for_again(telegram, said, rows):
    telegram.fail(
        "getFile", 400, "Bad Request: wrong file_id or the file is temporarily unavailable"
    )
    telegram.send_photo(telegram.person, RED, SMALL)

    assert await said("Telegram no longer has this file. Please send it again.")
    assert rows("SELECT id FROM tasks") == []


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize("code", [409, 500])
async def test_polling_goes_on_after_a_refusal(telegram, said, code):
    fault = telegram.fail("getUpdates", code)
    telegram.start(telegram.person)
    await said("Send me a photo")
    await telegram.wait_for(lambda: fault.used)
    telegram.send_text(telegram.person, "/jobs")

    assert await said("You have no videos yet.")


@pytest.mark.usefixtures("idle_bot")
async def test_an_answer_that_cannot_be_sent_at_first_is_sent_later(telegram, said):
    fault = telegram.fail("sendMessage", 500)
    telegram.send_text(telegram.person, "/balance")

    await said("60 credits free")

    assert fault.used == 1


async def test_an_answer_waits_for_telegram_however_often_it_fails_and_owners_hear_nothing(
    start_here, telegram, said
):
    owner = telegram.create_user("Olga")
    telegram.start(owner)
    fault = telegram.fail("sendMessage", 500, contains="credit", times=MAX_ATTEMPTS)
    async with start_here(ADMIN_IDS=str(owner.id), ACCESS="open", PRICES="local/camera=2"):
        telegram.send_text(telegram.person, "/balance")

        await said("credits free")

    assert (fault.used, telegram.from_bot(owner, "failed")) == (MAX_ATTEMPTS, [])
    assert telegram.from_bot(telegram.person, "Something broke") == []


@pytest.mark.usefixtures("idle_bot")
async def test_an_update_that_comes_twice_is_one_order(telegram, taken, said, rows):
    telegram.send_photo(telegram.person, RED, SMALL)
    await taken()
    (update,) = telegram.events(kind="update")

    telegram.redeliver(update.data["update_id"])
    telegram.send_text(telegram.person, "/jobs")
    await said("Your newest videos")

    assert rows("SELECT id FROM tasks") == [(1,)]


@pytest.mark.usefixtures("idle_bot")
async def test_an_older_update_that_comes_late_is_an_order_all_the_same(telegram, taken):
    boris = telegram.create_user("Boris")
    telegram.withhold_update()
    late = telegram.send_photo(telegram.person, RED, SMALL)
    telegram.send_photo(boris, RED, SMALL)
    await taken(1, boris)
    telegram.release_updates()

    status = await taken(2)

    assert status.reply_to is late


@pytest.mark.usefixtures("idle_bot")
async def test_a_press_that_can_no_longer_be_answered_still_counts_and_nobody_apologizes(
    telegram, taken, rows, said
):
    telegram.send_photo(telegram.person, RED, SMALL)
    status = await taken()
    refused = telegram.fail("answerCallbackQuery", 400, "Bad Request: query is too old", times=0)

    telegram.press(telegram.person, status, "Cancel")
    await telegram.wait_for(lambda: refused.used, timeout=PATIENCE)
    done = await said("was cancelled")
    telegram.send_text(telegram.person, "/jobs")
    await said("Your newest videos")

    assert done is status
    assert refused.used == 1
