"""Copies of the database: made while the bot runs, checked, and put back while it does not."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from core.errors import StorageError

_KEPT = 7


def make(database: Path, folder: Path, now: datetime, *, asked: int) -> Path:
    """Copy a database that is in use, and check the copy; keeps the newest seven.

    `asked` is the update that asks for it: in the copy it counts as dealt with, so that a bot
    that is put back does not make one more. Blocks: for a thread. Raises StorageError where it
    cannot be written, or is damaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    target = folder / f"firstframe-{now:%Y%m%d-%H%M%S}.db"
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    try:
        with (
            closing(sqlite3.connect(database)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy, pages=1000)
            copy.execute(
                "UPDATE inbox SET done = received, payload = '{}' WHERE update_id = ?", (asked,)
            )
            copy.commit()
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, whole by itself
        check(target)
    except (sqlite3.Error, StorageError) as error:
        target.unlink(missing_ok=True)
        raise StorageError(f"backup: {error}") from error
    for old in sorted(folder.glob("firstframe-*.db"))[:-_KEPT]:
        old.unlink()
    return target


def check(file: Path) -> None:
    """Raise StorageError where a file is no sound database of this bot."""
    if not file.is_file():
        raise StorageError(f"{file} is not there")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
            tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error as error:
        raise StorageError(f"{file}: {error}") from error
    if verdict != "ok":
        raise StorageError(f"{file}: {verdict}")
    if not {"tasks", "ledger", "accounts"} <= tables:
        raise StorageError(f"{file} is no database of this bot")


def restore(file: Path, database: Path) -> Path | None:
    """Put a copy in the place of the database; gives where the old one lies now, if there was one.

    The caller holds the lock that keeps a running bot away.
    """
    check(file)
    before = None
    if database.exists():
        with closing(sqlite3.connect(database)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = _free_name(database.with_suffix(".before-restore"))
        database.replace(before)
    for left in ("-wal", "-shm"):
        database.with_name(database.name + left).unlink(missing_ok=True)
    os.close(os.open(database, os.O_CREAT | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(database)) as target:
        source.backup(target)
    return before


def _free_name(wanted: Path) -> Path:
    """The wanted name, or the next one with a number: what was set aside earlier stays."""
    names = (wanted.with_name(f"{wanted.name}-{number}") for number in count(2))
    return next(name for name in chain([wanted], names) if not name.exists())
