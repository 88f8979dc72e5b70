import sqlite3
from contextlib import closing

import pytest
from structlog.testing import capture_logs

from bot.wiring import lanes
from core.errors import SettingsError
from media.runner import MediaRunner
from providers import catalog
from providers.base import Kit
from providers.local import Local
from providers.web.wire import Web


@pytest.fixture
def models():
    def build(**limits):
        kit = Kit(environment={}, runner=MediaRunner(), web=Web(), limits=limits)
        return catalog.build(kit)

    return build


def test_every_provider_has_a_lane_as_wide_as_it_says_itself(models):
    assert lanes(models()) == {"delivery": 16, "local": Local.running}


def test_a_limit_widens_the_lane_of_its_provider_only(models):
    found = lanes(models(**{"local.running": 3, "local.rps": 9, "other.running": 7}))

    assert found == {"delivery": 16, "local": 3}


async def test_a_second_bot_on_the_same_database_refuses_to_start(start_here, tmp_path):
    async with start_here():
        with pytest.raises(SettingsError) as refused:
            async with start_here():
                pass

    assert str(refused.value) == (
        f"DATABASE_URL: another bot is already running on {tmp_path}/bot.db"
    )


async def test_a_refused_second_bot_leaves_the_first_one_at_work(start_here, telegram):
    async with start_here():
        with pytest.raises(SettingsError):
            async with start_here():
                pass
        telegram.start(telegram.person)

        assert await telegram.wait_for(lambda: telegram.from_bot(telegram.person))


async def test_a_bot_that_has_ended_makes_way_for_the_next_one(start_here, telegram):
    async with start_here():
        pass
    async with start_here():
        telegram.start(telegram.person)

        assert await telegram.wait_for(lambda: telegram.from_bot(telegram.person))


async def test_two_bots_with_databases_of_their_own_run_side_by_side(
    start_here, telegram, tmp_path
):
    other = telegram.create_bot("Other")
    settings = {
        "TELEGRAM_BOT_TOKEN": other.token,
        "DATABASE_URL": f"sqlite:///{tmp_path}/other/bot.db",
    }
    async with start_here(), start_here(**settings):
        telegram.start(telegram.person)
        telegram.send_text(telegram.person, "/start", bot=other)

        chats = [telegram.private_chat(telegram.person, bot) for bot in (telegram.bot, other)]
        for chat in chats:
            assert await telegram.wait_for(lambda chat=chat: telegram.from_bot(chat))


async def test_a_media_folder_that_cannot_be_is_blamed_on_its_setting(start_here, tmp_path):
    (tmp_path / "media").touch()

    with pytest.raises(SettingsError, match=rf"^DATA_DIR: .*{tmp_path}/media"):
        async with start_here():
            pass


async def test_a_database_of_a_newer_version_is_refused_in_words(start_here, tmp_path):
    with closing(sqlite3.connect(tmp_path / "bot.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SettingsError) as refused:
        async with start_here():
            pass

    assert str(refused.value) == (
        "DATABASE_URL: this database was written by a newer version of Firstframe"
    )


async def test_a_bot_starts_with_a_name_that_means_nothing_and_warns_of_it(start_here):
    with capture_logs() as logs:
        async with start_here(LIMITS="foo.running=1"):
            pass

    told = [line["reason"] for line in logs if line["event"] == "a setting without effect"]
    assert told == ["LIMITS: foo.running limits nothing here"]


async def test_a_default_model_that_is_not_offered_is_refused_with_those_that_are(start_here):
    with pytest.raises(SettingsError) as refused:
        async with start_here(DEFAULT_MODEL="local/dreams"):
            pass

    assert str(refused.value) == (
        "DEFAULT_MODEL: local/dreams is not offered; possible: auto, local/camera"
    )


async def test_a_polling_bot_takes_down_the_webhook_of_its_earlier_life(start_here, telegram):
    telegram.call(telegram.bot, "setWebhook", {"url": "http://127.0.0.1:1/hook"})

    async with start_here():
        telegram.start(telegram.person)

        assert await telegram.wait_for(lambda: telegram.from_bot(telegram.person))
    assert telegram.bot.webhook is None
