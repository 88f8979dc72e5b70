import pytest

from storage import ledger, statements
from tests.factories import NOON


@pytest.fixture
def grant(database):
    async def grant(amount, note="thanks"):
        await database.write(
            ledger.grant, 7, amount, key=f"{note}:{amount}", by=1, note=note, now=NOON
        )

    return grant


async def lately(database, count=9):
    lines = await database.read(statements.lately, 7, count)
    return [(line.kind, line.task, line.amount, line.note) for line in lines]


async def test_lines_say_what_was_charged_given_back_and_granted(database, accept, grant):
    first, second = await accept(origin="1", cost=10), await accept(origin="2", cost=5)
    await database.write(ledger.capture, first.id, NOON)
    await database.write(ledger.release, second.id, NOON)
    await grant(20)
    await grant(-3, "sorry")

    assert await lately(database) == [
        ("grant", None, -3, "sorry"),
        ("grant", None, 20, "thanks"),
        ("release", second.id, 5, ""),
        ("capture", first.id, 10, ""),
    ]


async def test_what_was_taken_from_both_purses_is_one_figure(database, accept, grant):
    await grant(20)
    task = await accept(cost=70)
    await database.write(ledger.capture, task.id, NOON)

    assert (await lately(database, 1)) == [("capture", task.id, 70, "")]


async def test_what_is_free_of_charge_is_no_line(database, accept):
    task = await accept(cost=0)

    assert await database.read(statements.held_for, 7) == []
    await database.write(ledger.capture, task.id, NOON)
    assert await lately(database) == []


async def test_what_is_held_is_told_by_video(database, accept):
    first, second = await accept(origin="1", cost=10), await accept(origin="2", cost=5)
    await accept(origin="3", cost=1, sender=8)
    await database.write(ledger.capture, first.id, NOON)

    assert await database.read(statements.held_for, 7) == [(second.id, 5)]
