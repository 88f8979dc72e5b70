"""One contract for every provider of the catalogue, each against its own emulated service."""

import shutil

import pytest
import pytest_asyncio

from media.runner import MediaRunner
from playground.services.studio import Studio
from tests.contract.desk import EMULATIONS, PROVIDERS, Desk
from tests.contract.dialects import DIALECTS
from tests.contract.shelf import Shelf
from tests.world import SAMPLES


@pytest.fixture(params=PROVIDERS)
def name(request):
    assert request.param in EMULATIONS, "every provider needs an emulation of the same name"
    assert request.param in DIALECTS, "tests/contract/dialects.py says how its emulation is turned"
    return request.param


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def material(tmp_path_factory):
    """Real files within the limits of every model."""
    folder = tmp_path_factory.mktemp("material")
    shutil.copy(SAMPLES / "coffee.jpg", folder / "photo.jpg")
    shutil.copy(SAMPLES / "clip.mp4", folder / "clip.mp4")
    arguments = {"source": str(SAMPLES / "hello.ogg"), "target": str(folder / "voice.mp3")}
    await MediaRunner().run("convert_sound", {**arguments, "max_seconds": 30})
    return folder


@pytest.fixture
async def shelf(material):
    async with Shelf(material) as one:
        yield one


@pytest.fixture
async def service(name):
    """The emulation; every order is done as soon as it is taken, unless it is told otherwise."""
    async with EMULATIONS[name](studio=Studio()) as one:
        DIALECTS[name].unhurried(one)
        yield one


@pytest.fixture
async def desk(name, service, shelf, material, tmp_path):
    for file in material.iterdir():
        shutil.copy(file, tmp_path / file.name)
    one = Desk(name, service, shelf, tmp_path)
    yield one
    await one.close()


@pytest.fixture
def provider(desk):
    return desk.provider()
