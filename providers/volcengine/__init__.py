"""Volcengine's visual API: the Jimeng video models and OmniHuman."""

from providers.volcengine.service import Volcengine
from providers.volcengine.settings import build

__all__ = ["Volcengine", "build"]
