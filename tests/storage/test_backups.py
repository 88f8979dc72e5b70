"""Backups that are whole, few, and put back without losing what was there."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from core.errors import StorageError
from storage import backups, inbox
from storage.database import Database
from tests.factories import NOON

ASKED = 77  # the update that asks for a backup


def count(path):
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT count(*) FROM tasks").fetchone()[0]


async def test_a_copy_of_a_database_in_use_holds_what_was_committed(database, accept, tmp_path):
    await accept()

    copy = backups.make(database.path, tmp_path / "backups", NOON, asked=ASKED)

    assert count(copy) == 1
    assert copy.stat().st_mode & 0o777 == 0o600


async def test_the_newest_seven_stay(database, tmp_path):
    folder = tmp_path / "backups"
    made = [
        backups.make(database.path, folder, NOON + timedelta(days=day), asked=ASKED).name
        for day in range(9)
    ]

    assert sorted(path.name for path in folder.iterdir()) == made[2:]


async def test_what_is_put_back_is_what_was_copied_and_the_rest_is_kept(
    database, accept, tmp_path
):
    await accept(origin="message:1")
    copy = backups.make(database.path, tmp_path / "backups", NOON, asked=ASKED)
    await accept(origin="message:2")
    await database.close()

    before = backups.restore(copy, database.path)

    assert (count(database.path), count(before)) == (1, 2)


async def test_a_second_restore_leaves_what_the_first_has_set_aside(database, accept, tmp_path):
    copy = backups.make(database.path, tmp_path / "backups", NOON, asked=ASKED)
    await accept()
    await database.close()

    first, *others = [backups.restore(copy, database.path) for _ in range(3)]

    assert [count(file) for file in (first, *others)] == [1, 0, 0]


async def test_what_is_put_back_does_not_ask_for_its_own_backup_again(database, tmp_path):
    updates = [{"update_id": ASKED, "message": {}}, {"update_id": 78, "message": {}}]
    await database.write(inbox.add, updates, NOON)

    copy = Database(backups.make(database.path, tmp_path / "backups", NOON, asked=ASKED))

    assert await copy.read(inbox.unread) == [updates[1]]
    assert await copy.write(inbox.add, updates, NOON) == []
    await copy.close()


@pytest.mark.parametrize("content", [None, b"", b"not a database" * 1000])
def test_what_is_no_backup_is_refused_and_changes_nothing(tmp_path, migrated, content):
    file = tmp_path / "odd.db"
    if content is not None:
        file.write_bytes(content)
    before = migrated.read_bytes()

    with pytest.raises(StorageError, match=r"odd\.db"):
        backups.restore(file, migrated)

    assert migrated.read_bytes() == before


def test_a_damaged_copy_is_refused(tmp_path, migrated):
    damaged = tmp_path / "damaged.db"
    content = bytearray(migrated.read_bytes())
    content[8192:16384] = b"\xff" * 8192
    damaged.write_bytes(content)

    with pytest.raises(StorageError):
        backups.check(damaged)
