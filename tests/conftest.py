"""What every folder of tests may use."""

import gc

import pytest
import sqlalchemy as sa
import structlog

from storage.migrate import migrate

# What is logged shows up beside a test that fails. Coloured, with the source of every frame, the
# errors that tests provoke would take a quarter of the time of all.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)

# Thousands of tests are collected, once a worker, and none of that is ever garbage: looking
# through it again and again would take a third of the time.
gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Journeys, which mostly wait, among the files that mostly compute, and the longest first.

    Workers take the files in this order. A core that one worker leaves idle is used by another
    one. The last journey comes well before the end, where a worker would be alone with it.
    """
    files = sorted({item.path for item in items}, key=_big_first)
    journeys = [path for path in files if "journeys" in path.parts]
    others = [path for path in files if "journeys" not in path.parts]
    places = {path: at / len(others) for at, path in enumerate(others)}
    places |= {path: at / len(journeys) * 0.6 for at, path in enumerate(journeys)}
    items.sort(key=lambda item: places[item.path])


def _big_first(path):
    return -path.stat().st_size, path


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
