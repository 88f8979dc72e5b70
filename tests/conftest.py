"""What every folder of tests may use."""

import pytest
import sqlalchemy as sa

from storage.migrate import migrate


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """An empty file with every table: copying it is faster than migrating a new one."""
    path = tmp_path_factory.mktemp("migrated") / "bot.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")  # as Database would, at a cost
    engine.dispose()
    return path
