"""One call of a bot, with its parameters read the lenient way the server reads them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.telegram.errors import bad
from playground.telegram.media import Upload
from playground.telegram.state import Bot
from playground.telegram.world import World


@dataclass(slots=True)
class Request:
    world: World
    bot: Bot
    params: Mapping[str, Any]
    files: Mapping[str, Upload]
    warnings: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Missing and empty are the same to the server."""
        value = self.params.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        value = self.params.get(name)
        try:
            return default if value in (None, "") else int(value)
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        return str(self.params.get(name, "")).lower() in {"true", "yes", "1"}

    def has(self, name: str) -> bool:
        return self.params.get(name) not in (None, "") or name in self.files

    def json(self, name: str, title: str = "") -> Any:
        """A nested value, given as JSON or as JSON inside a string; None when missing."""
        value = self.params.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad(f"can't parse {title or name} JSON object") from error

    def objects(self, name: str, title: str) -> list[dict[str, Any]]:
        value = self.json(name, title)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise bad(f"expected an Array of {title}")
        return value

    def attached(self, value: object, name: str = "") -> Upload | str | None:
        """The upload that a value points to, or the file_id or address that it is."""
        if isinstance(value, str) and value.startswith("attach://"):
            return self.files.get(value.removeprefix("attach://"))
        if isinstance(value, str) and value:
            return value
        return self.files.get(name)

    def file(self, name: str) -> Upload | str | None:
        return self.attached(self.params.get(name), name)

    def shown(self) -> dict[str, Any]:
        """The parameters for the record, files without their bytes."""
        parts = {
            name: {"file_name": upload.name, "file_size": len(upload.content)}
            for name, upload in self.files.items()
        }
        return {**self.params, **parts}
