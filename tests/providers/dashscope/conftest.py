"""Our DashScope client beside an emulation whose renders stand still until a test moves them."""

import pytest

from playground.services.dashscope import DashScope
from playground.services.studio import Studio
from tests.providers.dashscope_kit import Client, Clock, make_files

HOSTS = {
    "singapore": "dashscope-intl.aliyuncs.com",
    "virginia": "dashscope-us.aliyuncs.com",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")
    make_files(folder)
    return folder


@pytest.fixture
def studio():
    return Studio(manual=True, clock=Clock())


@pytest.fixture
def region():
    return "beijing"


@pytest.fixture
async def service(studio, region):
    async with DashScope(studio=studio, region=region) as service:
        service.rates.enforced = False
        yield service


@pytest.fixture
async def make(service, folder):
    made = []

    def make(**options):
        made.append(Client(service, folder, **options))
        return made[-1]

    yield make
    for one in made:
        await one.close()


@pytest.fixture
def client(make, region):
    return make(host=HOSTS.get(region))
