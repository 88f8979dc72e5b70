"""Reading of a request's body and of the fields that every action shares."""

import json
from typing import Any

from playground.services.volcengine.errors import Refusal


def read(kind: str, body: bytes) -> dict[str, Any]:
    """The JSON object of a body, which must be called JSON too."""
    if kind != "application/json":
        raise Refusal(50200, "The body is not called application/json")
    try:
        order = json.loads(body)
    except ValueError:
        raise Refusal(50200, "The body is not JSON") from None
    if not isinstance(order, dict):
        raise Refusal(50200, "The body is not an object")
    return order


def check_query(order: dict[str, Any], *more: str) -> None:
    """A query names a req_key and a task, and nothing that its action does not know."""
    text(order, "task_id")
    if extra := set(order) - {"req_key", "task_id", *more}:
        raise Refusal(50215, f"{min(extra)} is not a field of this action")


def text(order: dict[str, Any], name: str) -> str:
    value = order.get(name, "")
    if not isinstance(value, str):
        raise Refusal(50204, f"{name} is text")
    if not value:
        raise Refusal(50201, f"{name} is missing")
    return value
