"""How long things are kept, as people read it."""

import math
from datetime import timedelta


def in_hours(span: timedelta) -> tuple[int, str]:
    """Hours as a count that decides about the plural, and as they are written: 1.5."""
    return _counted(span / timedelta(hours=1))


def in_days(span: timedelta) -> tuple[int, str]:
    return _counted(span / timedelta(days=1))


def _counted(number: float) -> tuple[int, str]:
    return math.ceil(number), f"{number:g}"
