"""The label "made by AI" that a query may ask for, and its rules."""

import json
from typing import Any

from playground.services.volcengine.errors import Refusal

_REQUIRED = {"producer_id", "content_propagator"}
_ALLOWED = _REQUIRED | {"content_producer", "propagate_id"}
_LONGEST = 256


def wants_label(order: dict[str, Any]) -> bool:
    """Whether `req_json` asks for a label; it has to be right where it is there."""
    if "req_json" not in order:
        return False
    text = order["req_json"]
    if not isinstance(text, str):
        raise Refusal(50204, "req_json is text that holds JSON")
    try:
        value = json.loads(text)
    except ValueError:
        raise Refusal(50200, "req_json is not JSON") from None
    # Nothing but the label is known to stand here: what else comes is refused.
    if not isinstance(value, dict) or set(value) - {"aigc_meta"}:
        raise Refusal(50215, "req_json holds aigc_meta only")
    if "aigc_meta" not in value:
        return False
    _check(value["aigc_meta"])
    return True


def _check(label: Any) -> None:
    if not isinstance(label, dict):
        raise Refusal(50204, "aigc_meta is an object")
    if missing := _REQUIRED - set(label):
        raise Refusal(50201, f"aigc_meta lacks {min(missing)}")
    if extra := set(label) - _ALLOWED:
        raise Refusal(50215, f"aigc_meta does not know {min(extra)}")
    for name, text in label.items():
        if not isinstance(text, str):
            raise Refusal(50204, f"{name} is text")
        if len(text) > _LONGEST or (name in _REQUIRED and not text):
            raise Refusal(50200, f"{name} is empty or too long")
