"""The list of video services; a new one is one file and one line here."""

from collections.abc import Callable

from providers import dashscope, dreamina, local, tokenops, volcengine
from providers.base import Kit, Provider
from providers.offer import Catalog

# Each builder gives None where its key is not set, and raises SettingsError for a malformed one.
ALL: tuple[Callable[[Kit], Provider | None], ...] = (
    dashscope.build,
    volcengine.build,
    tokenops.build,
    dreamina.build,
    local.build,
)
# Every service has the name of its file, also while it is off.
SERVICES = frozenset(builder.__module__.split(".")[1] for builder in ALL)


def build(kit: Kit) -> Catalog:
    """The providers whose keys are set, and the built-in one."""
    found = (builder(kit) for builder in ALL)
    return Catalog({provider.name: provider for provider in found if provider})
