"""A database that cannot be written for a while: nothing ends, nothing is lost, nothing is paid twice."""

import asyncio
import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from core.errors import StorageError
from core.states import State
from storage import tables
from storage.database import ping


@pytest.fixture
async def disk(desk):
    """Somebody who can keep the database from writing."""
    await desk.database.write(
        lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout=0").close()
    )
    with closing(sqlite3.connect(desk.database.path, isolation_level=None)) as other:
        yield Disk(other)


class Disk:
    def __init__(self, connection):
        self._connection = connection

    def fill(self):
        self._connection.execute("BEGIN IMMEDIATE")

    def clear(self):
        self._connection.execute("ROLLBACK")


async def test_handing_out_waits_for_the_disk(desk, disk):
    desk.start()
    await desk.stop()
    task = await desk.order()

    disk.fill()
    desk.start()
    for _ in range(2):  # the dispatcher's first write stands in line between these
        with pytest.raises(StorageError):
            await desk.database.write(ping)
    disk.clear()
    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED


async def test_an_order_that_could_not_be_saved_is_found_and_not_repeated(desk, disk):
    submit, submitted = desk.service.submit, asyncio.Event()

    async def submit_as_the_disk_fills(order):
        remote = await submit(order)
        desk.service.finds.append(remote)
        disk.fill()
        submitted.set()
        return remote

    desk.service.submit = submit_as_the_disk_fills
    desk.start()
    task = await desk.order()
    await submitted.wait()
    with pytest.raises(StorageError):  # and so has the worker's save by now
        await desk.database.write(ping)

    disk.clear()
    later = await given_back(desk, task)
    assert later > desk.workshop.now()
    await desk.database.write(hurry)
    desk.dispatcher.wake()
    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert desk.service.submitted == 1
    assert (await desk.balance()).free == 90


async def given_back(desk, task):
    """Wait until nobody has a claim on a task any more; gives when it comes due again."""
    claimed = sa.select(tables.tasks.c.claimed).where(tables.tasks.c.id == task.id)
    async with asyncio.timeout(20):
        while await desk.database.read(lambda connection: connection.execute(claimed).scalar()):
            pass
    return (await desk.task(task.id)).due


def hurry(connection):
    connection.execute(sa.update(tables.tasks).values(due=tables.tasks.c.created))
