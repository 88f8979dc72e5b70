"""The keys of one service: which one orders next, which one rests, and which one is out of use."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from aiolimiter import AsyncLimiter

from core.errors import AccountError, ModelError, ProviderError, ThrottledError
from providers.health import Condition, KeyHealth

_FAILURES = 5  # in a row, after which a key's service is left alone ...
_FIRST_REST, _LONGEST_REST = 30.0, 300.0  # ... for so many seconds, longer each time

Clock = Callable[[], float]


@dataclass(slots=True)
class Account:
    """One key, or pair of keys; `id` names it in what is stored and logged, and tells nothing."""

    secrets: tuple[str, ...] = field(repr=False)
    submits: AsyncLimiter
    looks: AsyncLimiter
    id: str = ""
    tasks: set[str] = field(default_factory=set)
    rests_until: float = 0.0
    rests_for: str = ""  # why
    retired: str | None = None  # why the owner must act
    closed: dict[str, str] = field(default_factory=dict)  # models it cannot order, and why
    failures: int = 0
    rest: float = _FIRST_REST
    probing: bool = False

    def __post_init__(self) -> None:
        self.id = hashlib.sha256("\n".join(self.secrets).encode()).hexdigest()[:8]

    def refusal(self, model: str) -> str | None:
        """Why the owner must act before it can order a model, or any."""
        return self.retired or self.closed.get(model)


class Accounts:
    """A pool of keys; a task stays with the key that ordered it."""

    def __init__(
        self,
        secrets: Sequence[tuple[str, ...]],
        *,
        per_second: float,
        looks_per_second: float,
        clock: Clock = time.monotonic,
    ) -> None:
        self._clock = clock
        made = (Account(one, _limiter(per_second), _limiter(looks_per_second)) for one in secrets)
        self._accounts = {one.id: one for one in made}
        self.news: list[str] = []  # what the owners have not been told yet

    def __len__(self) -> int:
        return len(self._accounts)

    def get(self, account: str) -> Account | None:
        return self._accounts.get(account)

    def all(self) -> list[Account]:
        return list(self._accounts.values())

    def choose(self, model: str = "") -> Account:
        """The key with the fewest tasks that may order now.

        Raises AccountError where the owner must act first, ThrottledError where all keys rest.
        """
        sound = [one for one in self.all() if one.refusal(model) is None]
        if not sound:
            raise AccountError("; ".join(sorted({one.refusal(model) or "" for one in self.all()})))
        now = self._clock()
        ready = [one for one in sound if one.rests_until <= now and not one.probing]
        if not ready:
            pause = min(max(one.rests_until - now, 1.0) for one in sound)
            raise ThrottledError("all keys rest", retry_in=timedelta(seconds=pause))
        return min(ready, key=lambda one: len(one.tasks))

    def is_ready(self, model: str = "") -> bool:
        now = self._clock()
        return any(one.refusal(model) is None and one.rests_until <= now for one in self.all())

    def health(self) -> tuple[KeyHealth, ...]:
        return tuple(map(self._health, self.all()))

    def _health(self, account: Account) -> KeyHealth:
        rests = max(0.0, account.rests_until - self._clock())
        condition, reason = Condition.READY, ""
        if account.retired is not None:
            condition, reason = Condition.RETIRED, account.retired
        elif rests or account.probing:
            condition, reason = Condition.RESTING, account.rests_for
        return KeyHealth(
            id=account.id,
            condition=condition,
            tasks=len(account.tasks),
            rests=rests,
            reason=reason,
            closed=dict(account.closed),
        )

    def revive(self, key: str | None = None, *, rests: bool = True) -> int:
        """Use keys again that are out of use, or the one of this id; says how many came back.

        Without `rests`, a pause goes on to its end.
        """
        back = 0
        for account in self.all():
            if key not in {None, account.id}:
                continue
            before = self._health(account)
            account.retired = None
            account.closed.clear()
            if rests:
                account.rests_until = 0.0
                account.failures, account.rest = 0, _FIRST_REST
            after = self._health(account)
            back += before.condition is not after.condition or bool(before.closed)
        return back

    def give_rest(self, account: Account, pause: timedelta, why: str = "") -> None:
        """Leave a key alone for a while, as its service asked."""
        until = self._clock() + pause.total_seconds()
        if until > account.rests_until:
            account.rests_until, account.rests_for = until, why

    @contextmanager
    def watched(self, account: Account, model: str = "") -> Iterator[None]:
        """Count how calls go: after too many failures one call tries the service before others.

        What is wrong with the `model` alone takes no more than that from the key.
        """
        account.probing = account.failures >= _FAILURES
        try:
            yield
        except ModelError as error:
            if model and account.closed.get(model) is None:
                account.closed[model] = f"{error}: {model}"
                self.news.append(account.closed[model])
            raise
        except AccountError as error:
            if account.retired is None:
                self.news.append(str(error))
            account.retired = str(error)
            raise
        except ThrottledError:
            raise  # the service is well, and says so
        except ProviderError as error:
            if error.retry_in is not None:
                self._fail(account, str(error))
            raise
        else:
            account.failures, account.rest = 0, _FIRST_REST
        finally:
            account.probing = False

    def _fail(self, account: Account, why: str) -> None:
        account.failures += 1
        if account.failures >= _FAILURES:
            text = f"{account.failures} calls in a row failed: {why}"
            self.give_rest(account, timedelta(seconds=account.rest), text)
            account.rest = min(account.rest * 2, _LONGEST_REST)


def _limiter(per_second: float) -> AsyncLimiter:
    """Evenly spaced: a service counts the calls of any second, and a burst would be too many."""
    return AsyncLimiter(1, 1 / per_second)
