"""How many messages Telegram takes: about 1 a second in a chat, 20 a minute in a group, 30 in all."""

import math
from collections import deque
from collections.abc import Mapping

PRIVATE, GROUP, OVERALL = "telegram.private", "telegram.group", "telegram.overall"  # in LIMITS
_BURST = 3  # in one chat, as quick as they come
_MARGIN = 1.1  # what is sent evenly may arrive closer together
_MINUTE = 60.0
_LANES = 1000  # remembered before idle ones are forgotten


class Window:
    """At most `count` messages in `seconds`; the modest leave `spare` of them to others."""

    def __init__(self, count: int, seconds: float, *, spare: int) -> None:
        self._seconds = seconds * _MARGIN
        self._modest = max(1, count - spare)
        self._sent: deque[float] = deque(maxlen=count)

    def opens(self, *, modest: bool = False) -> float:
        """The moment from which another message may go."""
        room = self._modest if modest else self._sent.maxlen or 1
        return self._sent[-room] + self._seconds if len(self._sent) >= room else -math.inf

    def take(self, moment: float, cost: int) -> None:
        """Note a message, or an album, which is let through whole and paid off afterwards."""
        for _ in range(cost):
            self._sent.append(max(moment, self.opens()))


class Lane:
    """What goes to one chat, or to all of them."""

    def __init__(self, *windows: Window) -> None:
        self._windows = windows
        self._rest = -math.inf
        self._newest = -math.inf
        self.waiting = 0

    def opens(self, *, modest: bool = False) -> float:
        return max(self._rest, *(one.opens(modest=modest) for one in self._windows))

    def take(self, moment: float, cost: int) -> None:
        self._newest = moment
        for window in self._windows:
            window.take(moment, cost)

    def rest(self, until: float) -> None:
        """Nothing goes until then; an earlier rest is not made shorter."""
        self._rest = max(self._rest, until)

    def is_idle(self, moment: float) -> bool:
        """Whether nothing of it matters any more."""
        return not self.waiting and max(self._rest, self._newest + _MINUTE * _MARGIN) < moment


class Lanes:
    """The lanes of all chats; `limits` are the owners' figures, where not the usual ones."""

    def __init__(self, limits: Mapping[str, float]) -> None:
        self._private = max(limits.get(PRIVATE, 1.0), 0.01)
        self._group = max(1, round(limits.get(GROUP, 20.0)))
        overall = max(1, round(limits.get(OVERALL, 30.0)))
        self.overall = Lane(Window(overall, 1.0, spare=overall // 3))
        self._lanes: dict[str, Lane] = {}

    def of(self, chat: int | str, moment: float) -> Lane:
        name = str(chat)
        if name not in self._lanes:
            if len(self._lanes) >= _LANES:
                busy = {one: lane for one, lane in self._lanes.items() if not lane.is_idle(moment)}
                self._lanes = busy
            self._lanes[name] = self._make(name)
        return self._lanes[name]

    def _make(self, name: str) -> Lane:
        burst = Window(_BURST, _BURST / self._private, spare=1)
        # Groups and channels have negative numbers; only they can be named as @channel.
        if name.isdecimal():
            return Lane(burst)
        return Lane(burst, Window(self._group, _MINUTE, spare=self._group // 2))
