"""Waiting for a database that cannot be written: a full disk is no reason to end the bot."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import stamina

from core.errors import StorageError

P = ParamSpec("P")
T = TypeVar("T")

_retrying = stamina.retry(
    on=StorageError, attempts=None, timeout=None, wait_initial=1.0, wait_max=30.0
)


def patiently(call: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Make a call until the database takes it; one that goes well costs nothing more."""

    @wraps(call)
    async def patient(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await call(*args, **kwargs)
        except StorageError:
            return await _retrying(call)(*args, **kwargs)

    return patient
