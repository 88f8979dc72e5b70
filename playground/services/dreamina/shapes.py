"""Checks a JSON value key by key and type by type against a shape."""

import json
import uuid
from collections.abc import Callable
from typing import Any

Rule = Callable[[Any], bool]


class ShapeError(Exception):
    """Where a value differs from what was expected."""


def check(value: Any, shape: Any, at: str) -> None:
    """Compare with a shape, else raise a ShapeError.

    A shape is an object (all its keys and no others; "key?" may be left out), a list of as many
    shapes as elements, a rule to ask, or a constant, which binds the type too.
    """
    if isinstance(shape, dict):
        _check_object(value, shape, at)
    elif isinstance(shape, list):
        if not isinstance(value, list) or len(value) != len(shape):
            raise ShapeError(f"{at} is not a list of {len(shape)}")
        for place, (one, inner) in enumerate(zip(value, shape, strict=True)):
            check(one, inner, f"{at}[{place}]")
    elif callable(shape):
        if not shape(value):
            raise ShapeError(f"{at} is not acceptable: {value!r:.80}")
    elif type(value) is not type(shape) or value != shape:
        raise ShapeError(f"{at} is not {shape!r}: {value!r:.80}")


def _check_object(value: Any, shape: dict[str, Any], at: str) -> None:
    if not isinstance(value, dict):
        raise ShapeError(f"{at} is not an object")
    needed = {key for key in shape if not key.endswith("?")}
    known = {key.removesuffix("?"): inner for key, inner in shape.items()}
    if missing := sorted(needed - value.keys()):
        raise ShapeError(f"{at} lacks {missing}")
    if odd := sorted(value.keys() - known.keys()):
        raise ShapeError(f"{at} has unknown {odd}")
    for key, inner in value.items():
        check(inner, known[key], f"{at}.{key}")


def is_text(value: Any) -> bool:
    """Any text but an empty one."""
    return isinstance(value, str) and bool(value.strip())


def is_uuid4(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(uuid.UUID(value, version=4)) == value
    except ValueError:
        return False


def is_number(value: Any) -> bool:
    return type(value) is int


def is_json_object(value: Any) -> bool:
    """A text that holds an object."""
    try:
        return isinstance(value, str) and isinstance(json.loads(value), dict)
    except ValueError:
        return False


def one_of(*values: Any) -> Rule:
    return lambda value: any(type(value) is type(one) and value == one for one in values)
