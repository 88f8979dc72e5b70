import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from core.states import State
from core.task import TaskId
from storage import audit, chats, collection, removal, tasks, wishes
from tests.factories import NOON, make_new_task

GROUP = -100


@pytest.fixture
def deliver(database, claim_one):
    """A video that was delivered."""

    async def deliver(**task):
        found = await claim_one(**task)
        for state in list(State)[1:6]:
            await database.write(tasks.save, found, state=state, facts={}, now=NOON)
            found = await database.read(tasks.get, found.id)
        return found.id

    return deliver


@pytest.fixture
async def five(deliver):
    """The numbers of five delivered videos, the newest first."""
    return [await deliver(origin=f"message:{number}") for number in range(5)][::-1]


@pytest.fixture
def audited(database):
    async def audited():
        return await database.read(audit.newest, 9)

    return audited


def numbers(found):
    return [task.id for task in found]


async def page(database, size=2, who=7, **where):
    found = await database.read(collection.delivered, who, size, **where)
    return numbers(found.tasks), found.newer, found.older


async def standing(database, who=7, most_ended=9, chat=None):
    found = await database.read(collection.standing, who, most_ended, chat)
    return numbers(found.on_the_way), numbers(found.ended)


async def test_the_newest_videos_come_first(database, five):
    assert await page(database) == (five[:2], False, True)


async def test_one_can_go_through_older_videos_and_back(database, five):
    assert await page(database, below=five[1]) == (five[2:4], True, True)
    assert await page(database, below=five[3]) == (five[4:], True, False)
    assert await page(database, above=five[4]) == (five[2:4], True, True)
    assert await page(database, above=five[2]) == (five[:2], False, True)


async def test_nothing_lies_beyond_the_last_page(database, five):
    assert await page(database, below=five[4]) == ([], False, False)


async def test_what_was_not_delivered_is_no_video(database, accept):
    await accept()

    assert await page(database) == ([], False, False)


async def test_somebody_elses_videos_are_not_shown(database, five):
    assert await page(database, who=8) == ([], False, False)


async def test_erased_and_removed_videos_are_gone(database, five):
    await database.write(removal.erase, five[0], [], NOON)
    await database.write(removal.remove, await database.read(tasks.get, five[1]), 1, NOON)

    assert await page(database, size=9) == (five[2:], False, False)


async def test_what_is_on_the_way_and_what_has_ended_are_told_apart(database, accept, deliver):
    done, waiting = await deliver(origin="1"), await accept(origin="2")

    assert await standing(database) == ([waiting.id], [done])


async def test_the_newest_of_those_that_ended_are_enough(database, accept, five):
    waiting = await accept(origin="2")

    assert await standing(database, most_ended=2) == ([waiting.id], five[:2])


async def test_a_video_that_ends_while_the_list_is_read_stands_in_it_once(
    database, accept, deliver, tmp_path
):
    done, waiting = await deliver(origin="1"), await accept(origin="2")

    def reading(connection):
        sa.event.listen(connection, "after_cursor_execute", end)
        return collection.standing(connection, 7, 9)

    def end(*_):
        with closing(sqlite3.connect(tmp_path / "bot.db")) as other, other:
            other.execute("UPDATE tasks SET due = NULL, state = 'cancelled'")

    found = await database.read(reading)
    assert (numbers(found.on_the_way), numbers(found.ended)) == ([waiting.id], [done])
    assert await standing(database) == ([], [waiting.id, done])


async def test_a_chat_can_be_looked_at_alone(database, accept):
    await accept(origin="1")
    group = await accept(origin="2", chat=GROUP)

    assert await standing(database, chat=GROUP) == ([group.id], [])


async def test_videos_of_an_anonymous_sender_are_the_chats(database, accept):
    anonymous = await accept(make_new_task(origin="1", sender=GROUP, chat=GROUP, cost=0))
    await accept(origin="2", chat=GROUP)

    assert await standing(database, GROUP) == ([anonymous.id], [])


# Taking back


async def test_an_erased_video_leaves_its_row_and_none_of_its_words_and_files(
    database, deliver, accept
):
    number = await deliver()
    await database.write(wishes.note, number, "clip", {"video": "a.mp4"})
    await database.write(wishes.note, number, "remote", "r-1")

    await database.write(removal.erase, number, ["a.mp4"], NOON)

    task = await database.read(tasks.get, number)
    assert (task.request.prompt, task.request.first_frame) == ("", None)
    assert task.request.model == "local/camera"
    assert task.facts == {"erased": NOON.isoformat(), "remote": "r-1"}
    assert task.is_withdrawn


async def test_a_photo_that_another_video_was_made_from_is_shared(database, deliver, accept):
    number = await deliver(origin="1")
    await accept(origin="2")

    found = await database.read(removal.shared, number, ["photo.jpg", "other.jpg", "%.jpg"])

    assert found == {"photo.jpg"}


async def test_a_report_counts_once_for_everybody(database, deliver):
    number = await deliver()

    reports = [await database.write(removal.report, number, who, (GROUP, 12)) for who in (8, 9, 8)]

    assert [task.facts.get("reports", []) for task in reports] == [[], [8], [8, 9]]


async def test_a_video_is_removed_once_and_the_audit_says_by_whom(database, deliver, audited):
    task = await database.read(tasks.get, await deliver(chat=GROUP))

    first, second = [await database.write(removal.remove, task, who, NOON) for who in (8, 9)]

    mark = {"by": 8, "at": NOON.isoformat(), "staff": False}
    assert first.facts["removed"] == second.facts["removed"] == mark
    assert [(one.by, one.action, one.account, one.detail) for one in await audited()] == [
        (8, "remove", 7, f"video {task.id} in chat {GROUP}")
    ]


async def test_copies_are_remembered_but_not_those_without_a_number(database, deliver):
    number = await deliver()

    for message in (5, 0, 6):
        await database.write(removal.add_copy, number, 7, message)

    task = await database.read(tasks.get, TaskId(number))
    assert task.facts["copies"] == [[7, 5], [7, 6]]


async def test_the_status_message_of_an_ended_video_is_remembered_apart(database, deliver):
    number = await deliver()
    await database.write(wishes.set_status_message, number, 321)

    await database.write(wishes.set_status_message, number, None)

    task = await database.read(tasks.get, number)
    assert (task.status_message, task.facts["status"]) == (None, 321)


async def test_a_group_that_moves_leaves_the_copies_in_it_behind(database, deliver):
    number = await deliver(chat=GROUP)
    for chat in (GROUP, 7):
        await database.write(removal.add_copy, number, chat, 6)

    await database.write(chats.migrate, GROUP, -200)

    assert (await database.read(tasks.get, number)).facts["copies"] == [[7, 6]]
