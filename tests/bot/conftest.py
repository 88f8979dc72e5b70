"""A playground, and settings that point a bot at it; nothing of this machine's own shines in."""

import os
import shutil
from contextlib import asynccontextmanager

import pytest

from bot.settings import Settings
from bot.wiring import running
from playground.server import Playground


@pytest.fixture(autouse=True)
def _bare(monkeypatch, tmp_path):
    """No setting is set, and no `.env` lies about."""
    for name in list(os.environ):
        if name.lower() in Settings.model_fields:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def playground():
    async with Playground() as one:
        yield one


@pytest.fixture
def telegram(playground):
    return playground.telegram


@pytest.fixture
def environment(playground, tmp_path, migrated):
    """The settings that point a bot at the playground; tests may add to them."""
    shutil.copy(migrated, tmp_path / "bot.db")
    return {
        "TELEGRAM_BOT_TOKEN": playground.token,
        "TELEGRAM_API_URL": playground.url,
        "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db",
        "DATA_DIR": str(tmp_path),
        "LISTEN": "127.0.0.1:0",
    }


@pytest.fixture
def start_here(environment):
    """Run the whole bot in this process: quicker than a process of its own."""

    @asynccontextmanager
    async def start(**more):
        names = {name.lower(): value for name, value in {**environment, **more}.items()}
        async with running(Settings(**names)) as serving:
            yield serving

    return start
