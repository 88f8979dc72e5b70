"""Turns an answer into its documented variants: numbers for texts, nulls for values."""

from typing import Any

_NUMBERS = frozenset(
    {"ret", "history_record_id", "origin_history_record_id", "history_id", "task_id", "fail_code"}
)


def with_numbers(value: Any, key: str = "") -> Any:
    """The same answer with ret, ids and fail codes as numbers."""
    if isinstance(value, dict):
        return {name: with_numbers(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [with_numbers(inner) for inner in value]
    if key in _NUMBERS and isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    return value


def blank(value: Any, path: str) -> None:
    """Make null what lies at a dotted path, in which `*` is every key or place."""
    name, _, rest = path.partition(".")
    keys: list[Any] = []
    if isinstance(value, dict):
        keys = list(value) if name == "*" else [name] if name in value else []
    elif isinstance(value, list):
        keys = [place for place in range(len(value)) if name in {"*", str(place)}]
    for key in keys:
        if rest:
            blank(value[key], rest)
        else:
            value[key] = None
