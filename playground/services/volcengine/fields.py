"""What a single field of a request may hold: each check refuses or lets pass."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from playground.services.volcengine.errors import Refusal

Check = Callable[[str, Any], None]


def text(longest: int) -> Check:
    def check(name: str, value: Any) -> None:
        _of_type(name, value, str)
        if len(value) > longest:
            raise Refusal(50200, f"{name} is longer than {longest} characters")

    return check


def whole(lowest: int, highest: int) -> Check:
    def check(name: str, value: Any) -> None:
        _of_type(name, value, int)
        if not lowest <= value <= highest:
            raise Refusal(50200, f"{name} is out of range")

    return check


def one_of(*values: str | int) -> Check:
    def check(name: str, value: Any) -> None:
        _of_type(name, value, type(values[0]))
        if value not in values:
            raise Refusal(50200, f"{name} has a value that is not offered")

    return check


def flag(name: str, value: Any) -> None:
    _of_type(name, value, bool)


def address(name: str, value: Any) -> None:
    """Whether it is a good one shows when it is fetched."""
    _of_type(name, value, str)


def addresses(name: str, value: Any) -> None:
    for one in _list(name, value):
        address(name, one)


def pictures(name: str, value: Any) -> None:
    for one in _list(name, value):
        _of_type(name, one, str)
        decode(one)


def decode(value: str) -> bytes:
    """Bare base64: a data URI before it makes it undecodable."""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(50207, "Not bare base64") from None


def _list(name: str, value: Any) -> list[Any]:
    _of_type(name, value, list)
    return list(value)


def _of_type(name: str, value: Any, kind: type) -> None:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise Refusal(50204, f"{name} is of a wrong type")
