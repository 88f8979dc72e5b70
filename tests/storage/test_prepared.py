import pytest
import sqlalchemy as sa

from storage.prepared import Prepared
from storage.tables import inbox
from tests.factories import NOON

INSERT = Prepared(sa.insert(inbox))
UPDATE = Prepared(sa.update(inbox).where(inbox.c.update_id == sa.bindparam("this")))
SELECT = Prepared(sa.select(inbox).where(inbox.c.update_id == sa.bindparam("this")))
ROW = {
    "update_id": 1,
    "payload": {"text": "hello"},
    "received": NOON,
    "attempts": 0,
    "kept": False,
}


async def test_values_keep_their_types(database):
    await database.write(INSERT.count, **ROW)

    assert await database.read(SELECT.row, this=1) == {**ROW, "done": None}


async def test_each_set_of_names_is_a_statement_of_its_own(database):
    await database.write(INSERT.count, **ROW)

    await database.write(UPDATE.count, this=1, attempts=2)
    await database.write(UPDATE.count, this=1, done=NOON)

    assert await database.read(SELECT.row, this=1) == {**ROW, "attempts": 2, "done": NOON}


async def test_the_rows_written_are_counted(database):
    await database.write(INSERT.count, **ROW)

    changed = [await database.write(UPDATE.count, this=this, attempts=2) for this in (1, 2)]

    assert changed == [1, 0]


async def test_where_there_is_no_row_there_is_none(database):
    assert await database.read(SELECT.row, this=1) is None
    assert await database.read(SELECT.value, this=1) is None


async def test_errors_are_those_of_sqlalchemy(database):
    await database.write(INSERT.count, **ROW)

    with pytest.raises(sa.exc.IntegrityError):
        await database.write(INSERT.count, **ROW)


async def test_a_default_that_is_left_out_is_a_mistake(database):
    with pytest.raises(ValueError, match="attempts"):
        await database.write(INSERT.count, update_id=1, payload={}, received=NOON)
