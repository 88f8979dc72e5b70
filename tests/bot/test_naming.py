import pytest

from bot.naming import unknown_names
from bot.settings import Settings
from media.runner import MediaRunner
from providers import catalog
from providers.base import Kit
from providers.web.wire import Web
from tests.providers.test_catalog import KEYS

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


def lines(limits="", prices="", **environment):
    settings = Settings(telegram_bot_token=TOKEN, limits=limits, prices=prices)
    kit = Kit(environment=environment, runner=MediaRunner(), web=Web(), limits=settings.limits)
    return unknown_names(settings, kit, catalog.build(kit))


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ({"prices": "local/camra=1"}, "PRICES: local/camra is no model here"),
        ({"prices": "nobody/camera=1"}, "PRICES: nobody/camera is no model here"),
        ({"limits": "foo.running=1"}, "LIMITS: foo.running limits nothing here"),
        ({"limits": "local.runing=1"}, "LIMITS: local.runing limits nothing here"),
        ({"limits": "telegram.privat=1"}, "LIMITS: telegram.privat limits nothing here"),
    ],
)
def test_a_name_that_means_nothing_is_found(setting, line):
    assert lines(**setting) == [line]


@pytest.mark.parametrize("environment", [{}, KEYS], ids=["off", "on"])
def test_every_name_of_the_documents_is_known_be_its_service_on_or_off(environment):
    limits = (
        "local.running=1,dashscope.running=5,dashscope.older.running=2,volcengine.running=1,"
        "volcengine.jimeng-3.0-pro.running=1,tokenops.running=2,dreamina.running=1,"
        "dashscope.rps=2,volcengine.rps=1,tokenops.rps=1,dreamina.rps=0.1,dashscope.looks=20,"
        "volcengine.looks=10,tokenops.looks=5,dreamina.looks=2,telegram.private=1,"
        "telegram.group=20,telegram.overall=30"
    )
    prices = (
        "local/camera=1,dashscope/wan2.6-i2v-flash=1,volcengine/omnihuman-1.5=3,"
        "tokenops/jimeng-video-3.0-pro=3,dreamina/i2v=1"
    )

    assert lines(limits, prices, **environment) == []
