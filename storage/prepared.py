"""Statements of the busy path: written with SQLAlchemy, compiled once, and run by the driver.

A task takes some thirty statements. SQLAlchemy's own way of running one (finding its compiled
form, events, contexts, results) costs several times what SQLite needs for it. So these are
compiled at their first use, for whichever database it is, and then handed to the driver with
their values, through the types of their columns both ways. Transactions stay with the caller.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.engine import AdaptedConnection, Dialect
from sqlalchemy.types import TypeEngine

Statement = sa.Select[*tuple[Any, ...]] | sa.Insert | sa.Update
Process = Callable[[Any], Any]
T = TypeVar("T")


class _Plan(NamedTuple):
    """A statement in the words of one database."""

    sql: str
    values: Mapping[str, Any]  # those that the statement itself names
    order: tuple[str, ...] | None  # of the values, for a driver that counts them
    into: tuple[tuple[str, Process], ...]
    names: tuple[str, ...]
    out: tuple[tuple[str, Process], ...]


class Prepared:
    """A statement that is compiled once for each set of names it is given values for.

    An INSERT must be given every column that has a default, for nothing is filled in. Lists of
    values (`expanding`) are not for here. Errors are SQLAlchemy's, as everywhere.
    """

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def rows(self, connection: Connection, **values: Any) -> list[dict[str, Any]]:
        """What it gives, by the names of its columns."""
        plan, fetched = self._run(connection, values, _fetch)
        found = [dict(zip(plan.names, row, strict=True)) for row in fetched]
        for name, process in plan.out:
            for row in found:
                row[name] = process(row[name])
        return found

    def row(self, connection: Connection, **values: Any) -> dict[str, Any] | None:
        """The first of its rows, None where there is none."""
        return next(iter(self.rows(connection, **values)), None)

    def value(self, connection: Connection, **values: Any) -> Any:
        """The one value that it gives, None where there is no row."""
        row = self.row(connection, **values)
        return None if row is None else next(iter(row.values()))

    def count(self, connection: Connection, **values: Any) -> int:
        """How many rows it wrote."""
        _, changed = self._run(connection, values, _write)
        return changed

    def _run(
        self, connection: Connection, values: dict[str, Any], go: Callable[[Any, str, Any], T]
    ) -> tuple[_Plan, T]:
        dialect = connection.dialect
        kind = dialect.name, *values
        plan = self._plans.get(kind)
        if plan is None:
            plan = self._plans[kind] = _plan(self.statement, dialect, list(values))
        given: Any = {**plan.values, **values}
        for name, process in plan.into:
            given[name] = process(given[name])
        if plan.order is not None:
            given = [given[name] for name in plan.order]
        try:
            return plan, go(connection.connection.dbapi_connection, plan.sql, given)
        except dialect.loaded_dbapi.Error as error:
            broken = dialect.loaded_dbapi.Error
            raise sa.exc.DBAPIError.instance(plan.sql, given, error, broken) from error


def _fetch(connection: Any, sql: str, given: Any) -> Iterable[Sequence[Any]]:
    if isinstance(connection, AdaptedConnection):  # to its thread once, not once for every call
        found: Iterable[Sequence[Any]] = connection.run_async(
            lambda driver: driver.execute_fetchall(sql, given)
        )
        return found
    fetched: Iterable[Sequence[Any]] = connection.execute(sql, given).fetchall()
    return fetched


def _write(connection: Any, sql: str, given: Any) -> int:
    changed: int = connection.execute(sql, given).rowcount
    return changed


def _plan(statement: Statement, dialect: Dialect, names: list[str]) -> _Plan:
    compiled: Any = statement.compile(dialect=dialect, column_keys=names)
    missing = {column.name for column in compiled.insert_prefetch} - set(names)
    if missing:
        raise ValueError(f"nothing fills in {missing}")
    given = {
        name: _type(bind.type, dialect).bind_processor(dialect)
        for bind, name in compiled.bind_names.items()
    }
    columns = list(statement.exported_columns)
    # Columns of a result may share a name with none: those are counted.
    labels = tuple(getattr(column, "name", str(at)) for at, column in enumerate(columns))
    found = [_type(column.type, dialect).result_processor(dialect, None) for column in columns]
    return _Plan(
        sql=str(compiled),
        values=compiled.params,
        order=tuple(compiled.positiontup) if compiled.positional else None,
        into=tuple((name, process) for name, process in given.items() if process),
        names=labels,
        out=tuple((name, process) for name, process in zip(labels, found, strict=True) if process),
    )


def _type(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)
