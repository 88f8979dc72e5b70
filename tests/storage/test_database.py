import asyncio
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

import storage
from core.errors import StorageError
from storage import inbox, tables
from storage.database import Database
from storage.migrate import migrate
from tests.factories import NOON


class Gate:
    """Keeps the database's thread inside one write until it is opened."""

    def __init__(self):
        self._reached = threading.Event()
        self._opened = threading.Event()

    def stand(self, _connection):
        self._reached.set()
        assert self._opened.wait(10)

    async def reached(self):
        assert await asyncio.to_thread(self._reached.wait, 10)

    async def open(self):
        self._opened.set()


async def shut(database):
    """Occupy the database, so that whatever is written next arrives together."""
    gate = Gate()
    busy = asyncio.create_task(database.write(gate.stand))
    await gate.reached()
    return gate, busy


def note(connection, number):
    inbox.add(connection, [{"update_id": number}], NOON)
    return number


def note_and_fail(connection, number):
    note(connection, number)
    raise LookupError(number)


def noted(connection):
    return [update["update_id"] for update in inbox.unread(connection)]


def committed(path):
    """What a second process would find in the file."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT update_id FROM inbox ORDER BY update_id").fetchall()
    return [number for (number,) in rows]


async def test_writes_that_arrive_together_share_one_commit(database):
    gate, busy = await shut(database)

    def look(connection):
        return noted(connection), committed(database.path)

    _, _, (inside, outside), _ = await asyncio.gather(
        busy, database.write(note, 1), database.write(look), gate.open()
    )

    assert inside == [1]
    assert outside == []


async def test_a_write_that_raises_undoes_only_itself(database):
    gate, busy = await shut(database)

    _, before, failed, after, _ = await asyncio.gather(
        busy,
        database.write(note, 1),
        database.write(note_and_fail, 2),
        database.write(note, 3),
        gate.open(),
        return_exceptions=True,
    )

    assert (before, after) == (1, 3)
    assert isinstance(failed, LookupError)
    assert committed(database.path) == [1, 3]


async def test_a_write_that_the_database_refuses_undoes_only_itself(database):
    gate, busy = await shut(database)
    twice = [{"update_id": 2, "payload": {}, "received": NOON}] * 2

    def refused(connection):
        for row in twice:
            connection.execute(sa.insert(tables.inbox), row)

    _, _, error, _, _ = await asyncio.gather(
        busy,
        database.write(note, 1),
        database.write(refused),
        database.write(note, 3),
        gate.open(),
        return_exceptions=True,
    )

    assert isinstance(error, sa.exc.IntegrityError)
    assert committed(database.path) == [1, 3]


async def test_nobody_is_answered_before_the_shared_commit(database):
    first_gate, busy = await shut(database)
    second_gate = Gate()
    early = asyncio.create_task(database.write(note, 1))
    late = asyncio.create_task(database.write(second_gate.stand))
    opening = asyncio.create_task(first_gate.open())
    await second_gate.reached()  # the early one has run, its commit is still to come

    await database.read(noted)
    answered = early.done()
    await second_gate.open()
    await asyncio.gather(busy, early, late, opening)

    assert not answered


async def test_an_answered_write_is_seen_by_a_second_connection(database):
    await database.write(note, 1)

    assert committed(database.path) == [1]


async def test_a_write_gives_what_its_function_returned(database):
    def add(_connection, one, *, other):
        return one + other

    assert await database.write(add, 1, other=2) == 3


async def test_a_failed_commit_is_told_to_everyone_and_leaves_nothing(database):
    await database.write(
        lambda connection: connection.exec_driver_sql(
            "CREATE TABLE child (parent REFERENCES inbox DEFERRABLE INITIALLY DEFERRED)"
        )
    )
    gate, busy = await shut(database)

    def orphan(connection):
        connection.exec_driver_sql("INSERT INTO child VALUES (99)")

    _, *outcomes, _ = await asyncio.gather(
        busy, database.write(note, 1), database.write(orphan), gate.open(), return_exceptions=True
    )

    assert [type(outcome) for outcome in outcomes] == [sa.exc.IntegrityError] * 2
    assert committed(database.path) == []


async def test_writes_go_on_after_a_failed_commit(database):
    def orphan(connection):
        connection.exec_driver_sql(
            "CREATE TABLE child (parent REFERENCES inbox DEFERRABLE INITIALLY DEFERRED)"
        )
        connection.exec_driver_sql("INSERT INTO child VALUES (99)")

    with pytest.raises(sa.exc.IntegrityError):
        await database.write(orphan)

    await database.write(note, 1)

    assert committed(database.path) == [1]


async def test_more_writes_than_one_commit_takes_are_all_served(database):
    gate, busy = await shut(database)
    writes = [database.write(note, number) for number in range(600)]

    _, *served, _ = await asyncio.gather(busy, *writes, gate.open())

    assert served == list(range(600))
    assert committed(database.path) == list(range(600))


async def test_a_caller_that_goes_away_does_not_disturb_its_neighbours(database):
    gate, busy = await shut(database)
    leaving = asyncio.create_task(database.write(note, 1))
    staying = asyncio.create_task(database.write(note, 2))

    async def leave():
        leaving.cancel()

    _, left, stayed, _, _ = await asyncio.gather(
        busy, leaving, staying, leave(), gate.open(), return_exceptions=True
    )

    assert isinstance(left, asyncio.CancelledError)
    assert stayed == 2
    assert committed(database.path) == [1, 2]


async def test_reads_run_beside_an_unfinished_write(database):
    gate = Gate()

    def slow(connection):
        note(connection, 1)
        gate.stand(connection)

    busy = asyncio.create_task(database.write(slow))
    await gate.reached()

    during = await database.read(noted)
    await gate.open()
    await busy

    assert during == []
    assert await database.read(noted) == [1]


async def test_many_reads_at_once_take_turns_on_a_few_connections(database):
    def own(connection):
        noted(connection)
        return connection.connection.driver_connection

    used = await asyncio.gather(*(database.read(own) for _ in range(100)))

    assert 1 < len(set(used)) < 10


async def test_closing_finishes_the_writes_that_wait(tmp_path):
    database = Database(tmp_path / "bot.db")
    gate, busy = await shut(database)
    writes = [database.write(note, number) for number in range(5)]

    await asyncio.gather(busy, *writes, database.close(), gate.open())

    assert committed(database.path) == [0, 1, 2, 3, 4]


async def test_a_commit_survives_a_power_cut(database):
    def pragmas(connection):
        return [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous")
        ]

    assert await database.write(pragmas) == ["wal", 2]


async def test_a_new_file_gets_its_folders(tmp_path):
    database = Database(tmp_path / "some" / "where" / "bot.db")
    await database.close()

    assert database.path.is_file()


async def test_the_migrations_lead_to_the_tables(database):
    def differences(connection):
        return compare_metadata(MigrationContext.configure(connection), tables.metadata)

    assert await database.read(differences) == []


def schema(connection):
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master "
        "WHERE name NOT LIKE 'alembic%' AND name NOT LIKE 'sqlite%'"
    )
    return {name: " ".join(sql.replace('"', "").split()) for name, sql in rows}


async def test_the_migrations_lead_to_the_indexes_with_their_conditions(database):
    """Alembic compares neither the conditions of partial indexes nor their tables' keys."""
    fresh = sa.create_engine("sqlite://")
    with fresh.connect() as connection:
        tables.metadata.create_all(connection)
        expected = schema(connection)
    fresh.dispose()

    found = await database.read(schema)

    assert found == expected


async def test_opening_an_existing_file_again_changes_nothing(tmp_path):
    first = Database(tmp_path / "bot.db")
    await first.write(note, 1)
    before = await first.read(schema)
    await first.close()

    again = Database(tmp_path / "bot.db")
    after = await again.read(schema), await again.read(noted)
    await again.close()

    assert after == (before, [1])


def test_migrating_twice_is_harmless(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'bot.db'}")

    migrate(engine)
    migrate(engine)

    with engine.connect() as connection:
        found = schema(connection)
    engine.dispose()
    assert "tasks" in found


def test_what_an_earlier_release_kept_of_updates_is_forgotten(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'bot.db'}")
    config = Config()
    config.set_main_option("script_location", str(Path(storage.__file__).parent / "migrations"))
    update = 'INSERT INTO inbox VALUES (?, \'{"text": "words"}\', 0, 1, ?)'
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        for row in ((1, 0), (2, None)):
            connection.exec_driver_sql(update, row)
        connection.commit()

    migrate(engine)

    with engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT payload FROM inbox ORDER BY update_id").all()
    engine.dispose()
    assert left == [("{}",), ('{"text": "words"}',)]


async def test_writes_go_on_after_the_disk_was_full(database):
    def fill(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 3}")
        inbox.add(connection, [{"update_id": 1, "text": "x" * 500_000}], NOON)

    with pytest.raises(StorageError):
        await database.write(fill)

    await database.write(inbox.add, [{"update_id": 2}], NOON)

    assert await database.read(inbox.unread) == [{"update_id": 2}]


async def test_a_write_that_runs_out_of_items_is_answered(database):
    with pytest.raises(RuntimeError, match="ran out of items"):
        await database.write(lambda _: next(iter(())))


async def test_a_write_after_closing_is_refused(tmp_path):
    database = Database(tmp_path / "closed.db")
    await database.close()

    with pytest.raises(RuntimeError, match="closed"):
        await database.write(inbox.unread)


async def test_a_read_whose_caller_gave_up_is_brought_to_its_end_before_the_file_closes(
    tmp_path, migrated
):
    shutil.copy(migrated, tmp_path / "bot.db")
    database = Database(tmp_path / "bot.db")
    begun, ended = asyncio.Event(), []
    slow = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 300000) "

    def read(connection):
        begun.set()
        ended.append(connection.exec_driver_sql(slow + "SELECT COUNT(*) FROM n").scalar())

    reading = asyncio.create_task(database.read(read))
    await begun.wait()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert ended == []
    await database.close()

    assert reading.cancelled()
    assert ended == [300_000]
