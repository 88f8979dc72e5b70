"""One request in plain values, so that the checks need no web framework."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`query` is the text as it was sent, the names of `headers` are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def pairs(self) -> list[tuple[str, str]]:
        parts = [part.partition("=") for part in self.query.split("&") if part]
        return [(unquote(name), unquote(value)) for name, _, value in parts]

    @property
    def parameters(self) -> dict[str, str]:
        return dict(self.pairs)

    def json(self) -> dict[str, Any] | None:
        """The body as an object, or None where it is not one."""
        try:
            body = json.loads(self.body)
        except ValueError:
            return None
        return body if isinstance(body, dict) else None
