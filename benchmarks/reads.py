"""What a read of the database costs: one after the other, and many at once."""

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection

from benchmarks import meters
from storage import accounts
from storage.database import Database
from storage.tables import accounts as table


def prepared(connection: Connection, account: int) -> str:
    """As the busy path reads: one statement, by the driver."""
    found = accounts.get(connection, account)
    return found.name if found else ""


def plain(connection: Connection, account: int) -> str:
    """As the rest reads: the same row through SQLAlchemy."""
    found = connection.execute(sa.select(table).where(table.c.id == account)).mappings().one()
    return str(found["name"])


async def measure(database: Database, count: int, at_once: int) -> list[tuple[str, float, float]]:
    """The way, and milliseconds of CPU and of time for each read."""
    figures = []
    for read in (prepared, plain):
        for together in (1, at_once):
            await database.read(read, 7)
            wall, cpu = time.perf_counter(), meters.cpu()
            for _ in range(count // together):
                await asyncio.gather(*(database.read(read, 7) for _ in range(together)))
            took, used = time.perf_counter() - wall, meters.cpu() - cpu
            way = f"{read.__name__}, {together} at once"
            figures.append((way, used / count * 1000, took / count * 1000))
    return figures


async def run(count: int, at_once: int) -> list[tuple[str, float, float]]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "reads.db")
        await database.write(accounts.change, 7, datetime.now(UTC), name="Anna")
        figures = await measure(database, count, at_once)
        await database.close()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reads", type=int, default=5000)
    parser.add_argument("--at-once", type=int, default=50)
    options = parser.parse_args()
    shown = Table("way", "CPU ms", "ms", title=f"{options.reads} reads of one row")
    for way, cpu, wall in asyncio.run(run(options.reads, options.at_once)):
        shown.add_row(way, f"{cpu:.2f}", f"{wall:.2f}")
    Console().print(shown)


if __name__ == "__main__":
    main()
