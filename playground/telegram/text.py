"""Plain text under construction and the UTF-16 units in which Telegram counts positions."""

from typing import Any

Entity = dict[str, Any]
MAX_ENTITIES = 100


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def byte_offset(text: str, index: int) -> int:
    return len(text[:index].encode())


def cut(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity covers."""
    raw = text.encode("utf-16-le", "surrogatepass")[offset * 2 : (offset + length) * 2]
    return raw.decode("utf-16-le", "replace")


class TextBuilder:
    """Collects the visible text and the entities that lie over it."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.units = 0
        self.entities: list[Entity] = []

    def add(self, text: str) -> None:
        self._parts.append(text)
        self.units += units(text)

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def since(self, offset: int) -> str:
        return cut(self.text, offset, self.units - offset)

    def mark(self, kind: str, offset: int, **extra: object) -> None:
        if self.units > offset:
            self.entities.append(
                {"type": kind, "offset": offset, "length": self.units - offset, **extra},
            )

    def finish(self) -> tuple[str, list[Entity]]:
        return self.text, ordered(self.entities)


def ordered(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Drop white space at both ends, as the server does before it measures the length."""
    kept = text.rstrip()
    first = min((entity["offset"] for entity in entities), default=units(kept))
    lead = 0
    while lead < first and lead < len(kept) and kept[lead] in " \n":
        lead += 1
    kept = kept[lead:]
    end = units(kept)
    result = []
    for entity in entities:
        offset = entity["offset"] - lead
        length = min(entity["length"], end - offset)
        if length > 0:
            result.append({**entity, "offset": offset, "length": length})
    return kept, result[:MAX_ENTITIES]
