"""A real database in a fresh folder, and the way in that every task takes."""

import shutil

import pytest

from storage import orders, tasks
from storage.database import Database
from tests.factories import NOON, make_new_task, policy


@pytest.fixture
async def database(tmp_path, migrated):
    shutil.copy(migrated, tmp_path / "bot.db")
    database = Database(tmp_path / "bot.db")
    yield database
    await database.close()


@pytest.fixture
def accept(database):
    """Take an order; what is left unsaid is a task of `make_new_task`."""

    async def accept(new=None, rules=None, now=NOON, put=lambda _connection, _task: None, **task):
        new = new or make_new_task(**task)
        return await database.write(orders.accept, new, rules or policy(), now, put=put)

    return accept


@pytest.fixture
def claim_one(database, accept):
    """Accept a task and claim it: the state in which a worker gets it."""

    async def claim_one(**task):
        accepted = await accept(**task)
        (claimed,) = await database.write(tasks.claim, accepted.lane, 1, NOON)
        return claimed

    return claim_one
