"""The Volcengine visual API: Jimeng videos, OmniHuman talking pictures, and their checks."""

from playground.services.volcengine.capabilities import CAPABILITIES, Capability
from playground.services.volcengine.service import Volcengine
from playground.services.volcengine.tasks import Manner

__all__ = ["CAPABILITIES", "Capability", "Manner", "Volcengine"]
