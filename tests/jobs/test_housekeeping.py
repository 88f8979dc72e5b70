"""What goes when its time is over, and what stays because a task still needs it."""

import os
from datetime import timedelta

import pytest

from core.states import State
from jobs.housekeeping import files_of, tidy
from storage import inbox, media


@pytest.fixture
def file(desk):
    """Put a registered file into the folder; gives its name."""

    async def put(*, stays):
        path = desk.workshop.folder.new(".jpg")
        now = desk.workshop.now()
        await desk.database.write(media.keep, [path.name], "input", until=now + stays, now=now)
        return path.name

    return put


def exists(desk, name):
    return desk.workshop.folder.path(name).exists()


async def test_a_file_goes_when_its_time_is_over(desk, file):
    old = await file(stays=timedelta(seconds=-1))
    new = await file(stays=timedelta(hours=1))

    removed = await tidy(desk.workshop)

    assert removed == 1
    assert (exists(desk, old), exists(desk, new)) == (False, True)


async def test_a_file_of_a_task_under_way_stays(desk, file):
    desk.start()
    await desk.stop()
    photo = await file(stays=timedelta(seconds=-1))
    task = await desk.order()
    await desk.store(task, state=State.SUBMITTING, inputs={"first": photo})

    await tidy(desk.workshop)

    assert exists(desk, photo)


async def test_files_that_a_crash_left_behind_go_after_a_day(desk):
    stray, fresh = desk.workshop.folder.new(".mp4"), desk.workshop.folder.new(".mp4")
    yesterday = (desk.workshop.now() - timedelta(days=2)).timestamp()
    os.utime(stray, (yesterday, yesterday))

    await tidy(desk.workshop)

    assert (stray.exists(), fresh.exists()) == (False, True)


async def test_updates_that_were_dealt_with_go_after_two_days(desk):
    long_ago = desk.workshop.now() - timedelta(days=3)
    await desk.database.write(inbox.add, [{"update_id": 1}], long_ago)
    await desk.database.write(inbox.finish, 1, long_ago)

    await tidy(desk.workshop)

    again = await desk.database.write(inbox.add, [{"update_id": 1}], desk.workshop.now())
    assert again == [{"update_id": 1}]


async def test_parts_of_albums_that_nobody_asked_about_are_forgotten_after_half_an_hour(desk):
    now = desk.workshop.now()
    await desk.database.write(inbox.add, [{"update_id": 1}, {"update_id": 2}], now)
    for number, ago in ((1, 31), (2, 29)):
        done = now - timedelta(minutes=ago)
        await desk.database.write(inbox.finish, number, done, keep=True)

    await tidy(desk.workshop)

    kept = "SELECT update_id FROM inbox WHERE kept"
    rows = await desk.database.read(lambda one: one.exec_driver_sql(kept).all())
    assert rows == [(2,)]


async def test_every_file_of_a_task_is_known(desk):
    desk.start()
    await desk.stop()
    task = await desk.order()
    clip = {"video": "v.mp4", "poster": "p.jpg", "width": 16}
    stored = await desk.store(
        task, state=State.SUBMITTING, inputs={"first": "f.jpg", "target": "t.mp4"}, clip=clip
    )

    assert files_of(stored) == {"f.jpg", "t.mp4", "v.mp4", "p.jpg"}
