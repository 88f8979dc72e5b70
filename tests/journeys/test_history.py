"""Looking back: /history with its pages, /jobs with its buttons, and /balance line by line."""

import pytest

from storage import ledger
from storage.database import Database
from tests.factories import NOON
from tests.world import PATIENCE, SMALL, plain

RED = plain("red")


def copies(*numbers, facts="json_set(facts, '$.times', json('{}'))"):
    """SQL that gives the person further videos like the first one, delivered long ago."""
    yield "CREATE TEMP TABLE copy AS SELECT * FROM tasks"
    for number in numbers:
        yield (
            f"UPDATE copy SET id = {number}, origin = 'copy:{number}', state = 'delivered', "
            f"due = NULL, claimed = 0, facts = {facts}, "
            f"request = json_set(request, '$.prompt', 'words of {number}')"
        )
        yield "INSERT INTO tasks SELECT * FROM copy"


async def redrawn(telegram, message, words):
    await telegram.wait_for(lambda: words in message.text, timeout=PATIENCE)


# /history


async def test_history_pages_through_ones_videos_in_one_message(
    telegram, once_rendered, said, toast
):
    async with once_rendered(*copies(*range(2, 9))):
        telegram.unblock(telegram.person)
        telegram.send_text(telegram.person, "/history")
        page = await said("Your videos")
        lines = page.text.splitlines()[1:]
        assert [line.partition(" ")[0] for line in lines] == ["8", "7", "6", "5", "4"]
        assert lines[0].endswith("Camera moves (built in): “words of 8”")
        assert page.labels == ["8", "7", "6", "5", "4", "Older ▶"]

        await toast(page, "Older ▶")

        await redrawn(telegram, page, "words of 2")
        assert page.labels[:2] == ["3", "2"]
        assert "◀ Newer" in page.labels
        await toast(page, "◀ Newer")
        await redrawn(telegram, page, "words of 8")


async def test_history_sends_a_video_again_by_its_file_id_free_and_once(
    telegram, ready_video, arriving, said, toast, rows, tmp_path, videos
):
    first = await arriving()
    for film in (tmp_path / "media").glob("*.mp4"):
        film.unlink()
    telegram.send_text(telegram.person, "/history")
    page = await said("Your videos")

    popped_up = [await toast(page, "1") for _ in range(2)]

    assert popped_up == ["Sending it again.", "It was sent just now."]
    (_, second) = videos()
    assert second.media.file is first.media.file
    assert second.labels == first.labels
    assert second.text.splitlines()[:2] == ["“static”", "Video 1"]
    assert rows("SELECT kind FROM ledger ORDER BY id") == [("hold",), ("capture",)]
    await toast(second, "Delete")
    await telegram.wait_for(lambda: "Delete for good" in second.labels, timeout=PATIENCE)
    await toast(second, "Delete for good")
    await telegram.wait_for(lambda: videos() == [], timeout=PATIENCE)
    telegram.send_text(telegram.person, "/history")
    assert await said("You have no videos yet.")


async def test_history_shows_nothing_erased_or_removed(telegram, once_rendered, said):
    erased = copies(2, facts="json_set(facts, '$.erased', 'now')")
    removed = list(copies(3, facts="json_set(facts, '$.removed', json('{}'))"))[1:]
    shown = list(copies(4, facts="json_remove(facts, '$.erased', '$.removed')"))[1:]
    async with once_rendered(*erased, *removed, *shown):
        telegram.unblock(telegram.person)
        telegram.send_text(telegram.person, "/history")

        page = await said("Your videos")

        assert page.labels[0] == "4"
        assert {"2", "3"}.isdisjoint(page.labels)


@pytest.mark.usefixtures("idle_bot")
async def test_history_is_for_private_chats(telegram, said):
    group = telegram.create_group("Friends", telegram.person)
    telegram.add(group, telegram.bot)

    telegram.send_text(telegram.person, "/history", chat=group)

    assert await said("I answer that in our private chat.", group)


# /jobs


@pytest.fixture
def order(telegram, taken):
    async def order(number):
        telegram.send_photo(telegram.person, RED, SMALL)
        return await taken(number)

    return order


@pytest.fixture
async def jobs(idle_bot, telegram, order, said):
    """The list of somebody with two videos in the line."""
    await order(1)
    await order(2)
    telegram.send_text(telegram.person, "/jobs")
    return await said("Your newest videos")


def test_jobs_has_a_story_and_a_cancel_for_each_video(jobs):
    assert jobs.labels == [
        "Story of 2",
        "Cancel 2",
        "Story of 1",
        "Cancel 1",
        "Refresh",
        "Cancel all waiting",
    ]


async def test_jobs_cancels_one_video_and_shows_it_in_place(telegram, jobs, toast):
    popped_up = await toast(jobs, "Cancel 2")

    await redrawn(telegram, jobs, "2: cancelled")
    assert popped_up == "Video 2 is cancelled. Nothing was charged."
    assert jobs.labels == ["Story of 1", "Cancel 1", "2", "Refresh"]


async def test_jobs_cancels_all_that_wait(telegram, jobs, toast, rows):
    popped_up = await toast(jobs, "Cancel all waiting")

    await redrawn(telegram, jobs, "1: cancelled")
    assert popped_up == "2 videos are cancelled. Nothing was charged."
    assert rows("SELECT DISTINCT state FROM tasks") == [("cancelled",)]


async def test_jobs_tells_a_story_in_place_and_goes_back(telegram, jobs, toast):
    await toast(jobs, "Story of 1")
    await redrawn(telegram, jobs, "UTC: asked for")

    await toast(jobs, "Back")

    await redrawn(telegram, jobs, "Your newest videos")
    assert "Cancel 1" in jobs.labels


async def test_a_list_that_is_not_ones_own_cannot_be_pressed(telegram, jobs, toast, forged, rows):
    boris = telegram.create_user("Boris")
    who = telegram.person.id

    popped_up = {
        await toast(forged(f"jobs:{who}{what}", boris), "Forged", boris)
        for what in ("", ":clear", ":stop:1", ":story:1")
    }
    other = await toast(forged(f"jobs:{boris.id}:stop:1", boris), "Forged", boris)

    assert popped_up == {"This list is not yours: /jobs shows you your own."}
    assert other == "There is no such video of yours."
    assert rows("SELECT DISTINCT state FROM tasks") == [("queued",)]


@pytest.mark.usefixtures("jobs")
async def test_in_a_group_jobs_shows_nothing_from_elsewhere(telegram, said):
    group = telegram.create_group("Friends", telegram.person)
    telegram.add(group, telegram.bot)

    telegram.send_text(telegram.person, "/jobs", chat=group)

    assert await said("You have no videos yet.", group)


# /balance


async def test_balance_names_what_holds_and_what_happened_lately(
    telegram, environment, start_here, order, said, tmp_path
):
    database = Database(tmp_path / "bot.db")
    who = telegram.person.id
    await database.write(ledger.grant, who, 20, key="1", by=1, note="welcome", now=NOON)
    await database.close()
    async with start_here(PRICES="local/camera=2", LIMITS="local.running=0"):
        await order(1)
        await order(2)
        telegram.send_text(telegram.person, "/cancel 1")
        await said("Video 1 is cancelled.")

        telegram.send_text(telegram.person, "/balance")

        lines = (await said("credits free")).text.splitlines()
        assert lines[0] == "74 credits free: 54 of today's 60, and 20 granted."
        assert lines[1] == "6 are held for videos being made: 2 (6)."
        assert "Lately (times in UTC)" in lines
        assert [line.partition(": ")[2] for line in lines[-2:]] == [
            "6 given back, video 1 was not made",
            "20 granted. welcome",
        ]


async def test_in_a_group_balance_keeps_ones_lines_to_itself(
    ready_video, telegram, arriving, said
):
    await arriving()
    group = telegram.create_group("Friends", telegram.person)
    telegram.add(group, telegram.bot)

    telegram.send_text(telegram.person, "/balance", chat=group)

    assert "Lately" not in (await said("credits free", group)).text
    telegram.send_text(telegram.person, "/balance")
    assert "2 charged for video 1" in (await said("credits free")).text
