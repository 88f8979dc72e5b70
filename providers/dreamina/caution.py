"""What is remembered between answers: warnings of the site, and jobs that it does not show."""

import time
from collections import Counter
from datetime import timedelta

from core.errors import AccountError, ProviderError, ThrottledError
from providers import verdicts
from providers.base import Answer, Blame, Lost, Pending, Refused
from providers.web.accounts import Account, Accounts, Clock

REST = timedelta(minutes=10)
_UNSEEN = timedelta(minutes=5)  # how long an order that was taken may be missing
_EMPTY_LOOKS = 3  # at a finished video without an address


class Warnings:
    """Rests after the site's first risk warning and stops after the next: pressing on loses accounts."""

    def __init__(self, accounts: Accounts, clock: Clock = time.monotonic) -> None:
        self._accounts = accounts
        self._clock = clock
        self._count = 0
        self._calm_at = 0.0

    def forget(self) -> None:
        self._count = 0

    def heed(self, account: Account, code: str) -> ProviderError:
        """Take a warning seriously; gives the error that an order should end with."""
        now = self._clock()
        if not self._count or now >= self._calm_at:  # those of one rest are one warning
            self._count += 1
        self._calm_at = now + REST.total_seconds()
        self._accounts.give_rest(account, REST, f"risk warning ({code})")
        if self._count == 1:
            return ThrottledError(f"risk warning ({code})", retry_in=REST)
        account.retired = (
            f"DREAMINA_SESSIONID: the site warns of unusual activity again ({code}); nothing is "
            "ordered until a person looks at jimeng.jianying.com and restarts the bot"
        )
        return AccountError(account.retired)


class Sightings:
    """Which jobs were missing, or lacked their video, when they were last looked at."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._missing: dict[str, float] = {}
        self._empty: Counter[str] = Counter()

    def seen(self, task: str) -> None:
        self._missing.pop(task, None)

    def missing(self, task: str) -> Answer:
        """The site shows an order late, but not for ever."""
        now = self._clock()
        since = self._missing.setdefault(task, now)
        if now - since < _UNSEEN.total_seconds():
            return Pending()
        del self._missing[task]
        return Lost()

    def empty(self, task: str) -> Answer:
        """A finished job may get its address a little later."""
        self._empty[task] += 1
        if self._empty[task] <= _EMPTY_LOOKS:
            return Pending()
        del self._empty[task]
        return Refused(blame=Blame.BUSY, reason=verdicts.FAILED)
