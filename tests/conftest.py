"""What every folder of tests may use."""

import gc

import pytest
import sqlalchemy as sa

from storage.migrate import migrate

# Thousands of tests are collected, once a worker, and none of that is ever garbage: looking
# through it again and again would take a third of the time.
gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Journeys first: the small ones at the end keep every worker busy till then."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)


def pytest_collection_finish():
    gc.freeze()
    gc.enable()


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
