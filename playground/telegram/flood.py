"""Flood control on demand: 30 messages a second, 1 a second in one chat, 20 a minute in a group."""

import math
from dataclasses import dataclass, field

from playground.telegram.errors import ApiError
from playground.telegram.state import Bot, Chat

OVERALL = 30
CHAT_BURST = 3
GROUP_MESSAGES = 20
MINUTE = 60.0


@dataclass(slots=True)
class Bucket:
    """Tokens that grow back; an album may overdraw it."""

    capacity: float
    per_second: float
    tokens: float = 0.0
    seen: float = 0.0

    def wait(self, now: float) -> float:
        if not self.seen:
            self.tokens, self.seen = self.capacity, now
        self.tokens = min(self.capacity, self.tokens + (now - self.seen) * self.per_second)
        self.seen = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.per_second


@dataclass(slots=True)
class FloodControl:
    enabled: bool = False
    buckets: dict[tuple[int, int], Bucket] = field(default_factory=dict)
    group_times: dict[tuple[int, int], list[float]] = field(default_factory=dict)

    def charge(self, bot: Bot, chat: Chat, cost: int, now: float) -> None:
        if not self.enabled:
            return
        key = (bot.id, chat.id)
        overall = self.buckets.setdefault((bot.id, 0), Bucket(OVERALL, OVERALL))
        single = self.buckets.setdefault(key, Bucket(CHAT_BURST, 1))
        wait = max(overall.wait(now), single.wait(now))
        if chat.type != "private":
            times = [then for then in self.group_times.get(key, []) if then > now - MINUTE]
            self.group_times[key] = times
            if len(times) >= GROUP_MESSAGES:
                wait = max(wait, times[-GROUP_MESSAGES] + MINUTE - now)
        if wait > 0:
            seconds = math.ceil(wait)
            raise ApiError(429, f"retry after {seconds}", retry_after=seconds)
        overall.tokens -= cost
        single.tokens -= cost
        self.group_times.setdefault(key, []).extend([now] * cost)
