"""Sentences for people: kept as a template with values, so that each reader gets their language."""

from dataclasses import dataclass, field
from typing import Any, Self


def mark(text: str) -> str:
    """Mark a template for the translation catalogues without translating it."""
    return text


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English template and its values; the bot translates the template, then fills it in.

    With a `plural`, the value named `count` decides between the two templates.
    """

    template: str
    values: dict[str, str | int | float] = field(default_factory=dict)
    plural: str | None = None

    def __str__(self) -> str:
        one = self.plural is None or self.values["count"] == 1
        return (self.template if one else self.plural or "").format(**self.values)

    def to_json(self) -> dict[str, Any]:
        return {"template": self.template, "values": self.values, "plural": self.plural}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` wrote, or an earlier release without plurals."""
        return cls(data["template"], data["values"], data.get("plural"))


def say(template: str, **values: str | float) -> Sentence:
    """Build a sentence; templates passed here are extracted for translation."""
    return Sentence(template, values)


def say_many(one: str, many: str, *, count: int, **values: str | float) -> Sentence:
    """Build a sentence about `count` things; both templates are extracted for translation."""
    return Sentence(one, {"count": count, **values}, many)
