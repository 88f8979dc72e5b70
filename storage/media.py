"""Media files on disk: private to this user of the machine, each with a day to go."""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables import media
from storage.upsert import insert_or_update


class MediaFolder:
    """The folder that holds every picture, sound and video; file names are ours, never a user's."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        root.chmod(0o700)
        self.root = root

    def new(self, suffix: str) -> Path:
        """A fresh, empty file that only we can read."""
        path = self.root / f"{secrets.token_hex(16)}{suffix}"
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        return path

    @contextmanager
    def attempt(self, suffix: str) -> Iterator[Path]:
        """A fresh file that stays only if everything done with it succeeds."""
        path = self.new(suffix)
        with ExitStack() as undo:
            undo.callback(path.unlink, missing_ok=True)
            yield path
            undo.pop_all()

    def new_mask(self) -> Path:
        return self.new(".png")

    def path(self, file: str) -> Path:
        """Where a file of ours lies; raises ValueError for a name that leads out of the folder."""
        if file in ("", "..") or Path(file).name != file:
            raise ValueError(file)
        return self.root / file

    def remove(self, files: Iterable[str]) -> None:
        for file in files:
            self.path(file).unlink(missing_ok=True)

    def strays(self, known: set[str], older_than: datetime) -> list[str]:
        """Files nobody has registered, left behind by a crash."""
        return [
            path.name
            for path in self.root.iterdir()
            if path.name not in known and path.stat().st_mtime < older_than.timestamp()
        ]


def keep(
    connection: Connection, files: Iterable[str], kind: str, *, until: datetime, now: datetime
) -> None:
    """Register files, or let them stay longer."""
    statement = insert_or_update(connection, media, "file", ("expires",))
    for file in files:
        statement.count(connection, file=file, kind=kind, created=now, expires=until)


def expired(connection: Connection, now: datetime) -> list[str]:
    return list(connection.execute(sa.select(media.c.file).where(media.c.expires < now)).scalars())


def kept_until(connection: Connection, file: str) -> datetime | None:
    """When a file's time is over; None for one that is not kept."""
    until: datetime | None = connection.execute(
        sa.select(media.c.expires).where(media.c.file == file)
    ).scalar_one_or_none()
    return until


def forget(connection: Connection, files: Iterable[str]) -> None:
    connection.execute(sa.delete(media).where(media.c.file.in_(list(files))))


def known(connection: Connection) -> set[str]:
    return set(connection.execute(sa.select(media.c.file)).scalars())
