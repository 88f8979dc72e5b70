"""Bring a database to the newest schema."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from core.errors import StorageError

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> None:
    """Apply every migration that this database has not seen; raises StorageError for a newer one."""
    with engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
        if heads == _newest():
            return  # said here, in a tenth of the time that an upgrade takes to find it out
        if not _known().issuperset(heads):
            raise StorageError("this database was written by a newer version of Firstframe")
        config = Config()
        config.set_main_option("script_location", str(_SCRIPTS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


@cache
def _newest() -> tuple[str, ...]:
    return tuple(_scripts().get_heads())


def _known() -> set[str]:
    return {script.revision for script in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_SCRIPTS))
