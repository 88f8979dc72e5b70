"""The rates of the emulated DashScope: how many requests of a kind fit into one second."""

from collections import deque
from collections.abc import Callable

from playground.services.dashscope.errors import RefusalError

TASK_CALLS = 20  # looking, listing and cancelling together
POLICIES = 100


class Rates:
    """Counts the requests of the last second; what is refused does not count."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.enforced = True
        self._clock = clock
        self._lately: dict[tuple[str, ...], deque[float]] = {}

    def count(self, most: int, *what: str) -> None:
        now = self._clock()
        lately = self._lately.setdefault(what, deque())
        while lately and lately[0] <= now - 1:
            lately.popleft()
        if self.enforced and len(lately) >= most:
            raise RefusalError("Throttling.RateQuota", "Requests rate limit exceeded.")
        lately.append(now)
