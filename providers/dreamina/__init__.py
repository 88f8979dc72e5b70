"""The Jimeng (Dreamina) web workbench, with the owner's own account only."""

from providers.dreamina.service import Dreamina, build

__all__ = ["Dreamina", "build"]
