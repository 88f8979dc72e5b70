"""The list of video services: complete, and every model's record in itself consistent."""

import inspect
from pathlib import Path

import pytest

import providers
from core.capabilities import Need
from core.ratios import HEIGHTS, RATIOS
from media.runner import MediaRunner
from providers import catalog
from providers.base import Kit
from providers.offer import Catalog
from providers.web.wire import Web

# A key for every service that needs one.
KEYS = {
    "DASHSCOPE_API_KEY": "sk-1",
    "VOLC_ACCESSKEY": "AK",
    "VOLC_SECRETKEY": "SK",
    "TOKENOPS_API_KEY": "tk-1",
    "DREAMINA_SESSIONID": "session",
}
NOT_SERVICES = {"__init__", "base", "catalog", "health", "offer", "verdicts", "web"}


def built(environment):
    kit = Kit(environment=environment, runner=MediaRunner(), web=Web(), links=True)
    return catalog.build(kit)


def models():
    return built(KEYS).models()


every_model = pytest.mark.parametrize("model", models(), ids=lambda model: model.model)


def test_every_file_of_a_service_is_in_the_list():
    folder = Path(providers.__file__).parent
    found = {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}
    files = {name for name in found if not name.startswith("__")} - NOT_SERVICES

    assert built(KEYS).providers.keys() == files


def test_every_service_bears_the_name_of_its_file():
    for name, provider in built(KEYS).providers.items():
        module = inspect.getmodule(type(provider)).__name__
        assert module.startswith(f"providers.{name}")
        assert name == provider.name


def test_without_any_key_only_the_built_in_renderer_is_offered():
    assert built({}).providers.keys() == {"local"}


def test_no_two_models_have_the_same_name():
    names = [model.model for model in models()]

    assert len(names) == len(set(names))


def test_every_model_is_found_by_its_name_and_leads_to_its_provider():
    found = built(KEYS)

    for provider in found.providers.values():
        for model in provider.models:
            assert found.model(model.model) is model
            assert found.provider(model) is provider


def test_a_name_that_is_not_offered_leads_nowhere():
    assert Catalog({}).model("local/camera") is None
    assert built(KEYS).model("local/none") is None


@every_model
def test_a_model_is_named_after_its_provider(model):
    provider, slash, name = model.model.partition("/")

    assert slash
    assert name
    assert provider in built(KEYS).providers
    assert built(KEYS).model(model.model.lower()) is model  # as captions are read
    assert len(model.model.split()) == 1


@every_model
def test_what_a_model_chooses_itself_is_possible_with_it(model):
    assert model.default_seconds in model.seconds
    assert model.default_resolution in model.resolutions


@every_model
def test_a_model_speaks_of_ratios_and_resolutions_that_we_know(model):
    assert set(model.ratios) <= set(RATIOS)
    assert set(model.resolutions) <= HEIGHTS.keys()


@every_model
def test_the_numbers_of_a_model_make_sense(model):
    assert model.title
    assert all(seconds > 0 for seconds in model.seconds)
    assert model.price >= 0
    assert model.usual > 0
    assert model.prompt_chars > 0
    assert model.negative_chars >= 0


@every_model
def test_the_limits_of_a_models_inputs_leave_room(model):
    picture, sound = model.picture, model.audio_limits

    assert 0 < picture.min_side < picture.max_side
    assert 0 < picture.min_aspect <= 1 <= picture.max_aspect
    assert picture.max_bytes > 0
    assert picture.formats
    assert 0 < sound.min_seconds < sound.max_seconds
    assert sound.max_bytes > 0


@every_model
def test_lips_move_only_in_models_that_hear(model):
    assert not (model.lips and model.audio is Need.NONE)


def test_every_provider_runs_at_least_one_task_at_a_time():
    for provider in built(KEYS).providers.values():
        assert all(seats >= 1 for seats in provider.lanes.values())
        assert {model.lane or provider.name for model in provider.models} <= provider.lanes.keys()
