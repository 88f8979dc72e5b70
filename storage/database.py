"""One database: writes that share commits on a thread of their own, and reads beside them."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import greenlet_spawn

from core.errors import StorageError
from storage.migrate import migrate

P = ParamSpec("P")
T = TypeVar("T")

_BATCH = 256  # writes that may share one commit
_READERS = 5  # connections, each with a thread of its own
_PATIENCE = 600  # seconds that a read waits for one of them


class _Write(NamedTuple):
    function: Callable[[Connection], Any]
    answer: "asyncio.Future[Any]"


class Database:
    """An open SQLite database, migrated to the newest schema.

    Raises StorageError where the file cannot be opened or is no database.

    `write` and `read` take a function whose first argument is a connection, and run it in one
    go. Writes that arrive together share one commit; each has a savepoint of its own, so one
    that raises undoes nothing but itself, and no caller is answered before the commit.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.StaticPool)
        _prepare(self._engine, begin="BEGIN IMMEDIATE")
        try:
            migrate(self._engine)
        except sa.exc.DatabaseError as error:
            raise StorageError(str(error.orig)) from error
        # Nothing to roll back at the end of a read: asking for it would take as long as the read.
        self._readers = create_async_engine(
            f"sqlite+aiosqlite:///{path}",
            isolation_level="AUTOCOMMIT",
            skip_autocommit_rollback=True,
            pool_reset_on_return=None,
            # A crowd waits its turn: opening one more connection takes as long as several reads.
            pool_size=_READERS,
            max_overflow=0,
            pool_timeout=_PATIENCE,
        )
        _prepare(self._readers.sync_engine, begin=None)
        self._closed = False
        self._reads: set[asyncio.Task[Any]] = set()
        self._loop = asyncio.get_running_loop()
        self._writes: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="database", daemon=True)
        self._thread.start()

    async def write(
        self,
        function: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a function over a connection, commit, and hand out what it returned or raised.

        Raises StorageError where the database itself fails, on a full disk for example.
        """
        if self._closed:
            raise RuntimeError("the database is closed")
        answer: asyncio.Future[T] = self._loop.create_future()
        self._writes.put(_Write(lambda connection: function(connection, *args, **kwargs), answer))
        try:
            # A caller that is cancelled meanwhile only gives up its answer: the write is done.
            return await answer
        except sa.exc.OperationalError as error:
            raise StorageError(str(error)) from error

    async def read(
        self,
        function: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a function that only reads, beside the writer; raises StorageError as `write` does."""
        # A caller that is cancelled meanwhile would leave a connection behind, half closed.
        reading = asyncio.create_task(
            greenlet_spawn(self._read, lambda connection: function(connection, *args, **kwargs))
        )
        self._reads.add(reading)
        reading.add_done_callback(self._end_read)
        try:
            return await asyncio.shield(reading)
        except sa.exc.OperationalError as error:
            raise StorageError(str(error)) from error

    def _read(self, function: Callable[[Connection], T]) -> T:
        with self._readers.sync_engine.connect() as connection:
            return function(connection)

    def _end_read(self, reading: "asyncio.Task[Any]") -> None:
        self._reads.discard(reading)
        if not reading.cancelled():
            reading.exception()  # heard, though the caller may be gone

    async def close(self) -> None:
        """Finish what is waiting, then let go of the file."""
        self._closed = True
        await asyncio.gather(*self._reads, return_exceptions=True)
        self._writes.put(None)
        await asyncio.to_thread(self._thread.join)
        await self._readers.dispose()
        self._engine.dispose()

    def _serve(self) -> None:
        # Transactions are begun and committed by the driver: SQLAlchemy's way of it costs more
        # than most of the writes.
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            self._serve_on(connection)

    def _serve_on(self, connection: Connection) -> None:
        while (first := self._writes.get()) is not None:
            batch = [first]
            stop = False
            while len(batch) < _BATCH and not self._writes.empty():
                following = self._writes.get()
                if following is None:
                    stop = True
                    break
                batch.append(following)
            outcomes = _commit(connection, batch)
            self._loop.call_soon_threadsafe(_answer, batch, outcomes)
            if stop:
                return


def ping(connection: Connection) -> None:
    """Ask the database for nothing, to see that it answers."""
    connection.exec_driver_sql("SELECT 1")


def _commit(connection: Connection, batch: list[_Write]) -> list[Any]:
    driver: Any = connection.connection.driver_connection
    outcomes: list[Any] = []
    try:
        driver.execute("BEGIN IMMEDIATE")
        for write in batch:
            driver.execute("SAVEPOINT one")
            outcomes.append(_run(write, connection))
            if isinstance(outcomes[-1], _Raised):
                driver.execute("ROLLBACK TO one")
            driver.execute("RELEASE one")
        driver.execute("COMMIT")
    except sqlite3.Error as error:
        # The whole transaction is gone (a full disk does that): nobody was served.
        if driver.in_transaction:
            driver.execute("ROLLBACK")
        lost = _Raised(sa.exc.DBAPIError.instance("COMMIT", None, error, sqlite3.Error))
        served = [one if isinstance(one, _Raised) else lost for one in outcomes]
        return served + [lost] * (len(batch) - len(served))
    return outcomes


def _run(write: _Write, connection: Connection) -> Any:
    try:
        return write.function(connection)
    except StopIteration as error:  # no future can carry it
        return _Raised(RuntimeError(f"a write ran out of items: {error!r}"))
    except Exception as error:  # noqa: BLE001  # handed to its caller, whatever it is
        return _Raised(error)


class _Raised(NamedTuple):
    error: BaseException


def _answer(batch: list[_Write], outcomes: list[Any]) -> None:
    for write, outcome in zip(batch, outcomes, strict=True):
        if write.answer.done():
            continue
        if isinstance(outcome, _Raised):
            write.answer.set_exception(outcome.error)
        else:
            write.answer.set_result(outcome)


def _prepare(engine: Engine, *, begin: str | None) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: object) -> None:
        # The driver's own transactions start too late for savepoints: we begin them ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # NORMAL can lose the last commits in a power cut
            "busy_timeout=10000",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if begin:

        @event.listens_for(engine, "begin")
        def start(connection: Connection) -> None:
            if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
                connection.exec_driver_sql(begin)
