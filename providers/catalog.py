"""The list of video services; a new one is one file and one line here."""

from collections.abc import Callable, Mapping

from media.runner import MediaRunner
from providers.base import Catalog, Provider
from providers.local import Local

# Each builder gets the environment and the media runner, and gives None without its key.
ALL: tuple[Callable[[Mapping[str, str], MediaRunner], Provider | None], ...] = (
    lambda _, runner: Local(runner),
)


def build(environment: Mapping[str, str], runner: MediaRunner) -> Catalog:
    """The providers whose keys are set, and the built-in one."""
    found = (builder(environment, runner) for builder in ALL)
    return Catalog({provider.name: provider for provider in found if provider})
