"""Write docs/tour.md: what is said when real bots are played through with an emulated Telegram."""

import asyncio
import logging
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import sqlalchemy as sa
import structlog

from bot.settings import Settings
from bot.wiring import running
from docs.journeys import JOURNEYS
from docs.stage import OWNER, Stage
from docs.transcript import Transcript
from playground.server import Playground
from playground.services.dashscope import DashScope
from providers import catalog
from providers.base import Kit
from providers.web.wire import Web
from storage.migrate import migrate

ROOT = Path(__file__).parent.parent
# Telegram's pace would only make the drawing slow.
LIMITS = "telegram.private=1000,telegram.group=60000,telegram.overall=10000"
PAST = (1.0, 1.0, 1.0, 2.0, 2.0)  # seconds that renders took before, over and over
HEAD = """# A tour

What people, groups, channels and owners see. Nobody wrote these conversations down: real bots had them with scripted people
in the [emulated Telegram](../playground/README.md), and `python -m docs.draw_tour` noted what was said. Words in `[ ]` are buttons; `(pops up)` is the
short notice that a press brings. Of a status message the first and the last text are shown; that answered questions lose their buttons is left out; moments,
measured times and random seeds are replaced by fixed ones.
"""
FREE = "## With the built-in renderer\n\nNo key, no account: everything is free, so no price is asked for."
PAID = (
    "## With a video service\n\nThe same bot with a key of DashScope, whose models cost credits. "
    "The service is emulated too, and its videos are test pictures of two seconds."
)


async def main() -> None:
    """Play every journey on its stage and write the page."""
    parts = [HEAD]
    async with DashScope() as service:
        key = {**service.environment, "ACCESS": "open"}
        for title, environment in ((FREE, {}), (PAID, key)):
            parts.append(title)
            async with stage(environment) as here:
                for journey in JOURNEYS[bool(environment)]:
                    parts.append(await here.play(journey))
                    print("played", journey.__name__, flush=True)  # noqa: T201
    (ROOT / "docs" / "tour.md").write_text("\n\n".join(part.strip() for part in parts) + "\n")


@asynccontextmanager
async def stage(environment: dict[str, str]) -> AsyncIterator[Stage]:
    """A bot of its own on an emulated Telegram of its own."""
    folder = Path(tempfile.mkdtemp(prefix="firstframe-tour-"))
    try:
        remember(folder / "bot.db", environment)
        async with Playground() as playground:
            telegram = playground.telegram
            telegram.create_user("Olga", user_id=OWNER, username="olga")
            settings = {
                **environment,
                "TELEGRAM_BOT_TOKEN": playground.token,
                "TELEGRAM_API_URL": playground.url,
                "DATABASE_URL": f"sqlite:///{folder}/bot.db",
                "DATA_DIR": str(folder),
                "LISTEN": "127.0.0.1:0",
                "ADMIN_IDS": str(OWNER),
                "LIMITS": LIMITS,
            }
            named = {name.lower(): value for name, value in settings.items()}
            async with running(Settings(_env_file=None, **named), settings):
                yield Stage(telegram, Transcript(telegram))
    finally:
        shutil.rmtree(folder)


def remember(database: Path, environment: dict[str, str]) -> None:
    """A new database that knows how long renders take, so that what is said of it stays the same."""
    engine = sa.create_engine(f"sqlite:///{database}")
    migrate(engine)
    engine.dispose()
    kit = Kit(environment=environment, runner=None, web=Web())
    renders = [
        (model.model, size, seconds, took, 1)
        for model in catalog.build(kit).models()
        for size in model.resolutions
        for seconds in (3, 4, 5)
        for took in PAST * 12
    ]
    rows = [(-number, *render) for number, render in enumerate(renders, 1)]
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany("INSERT INTO renders VALUES (?, ?, ?, ?, ?, ?)", rows)


if __name__ == "__main__":
    logging.disable()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(main())
