"""Sentences for people: kept as a template with values, so that each reader gets their language."""

from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English template and its values; the bot translates the template, then fills it in.

    With a `plural`, the value named `count` decides between the two templates. A value that is a
    sentence itself is translated, too.
    """

    template: str
    values: dict[str, "Value"] = field(default_factory=dict)
    plural: str | None = None

    @property
    def count(self) -> int:
        """The number that decides between the templates."""
        number = self.values["count"]
        assert isinstance(number, int)
        return number

    def __str__(self) -> str:
        one = self.plural is None or self.count == 1
        return (self.template if one else self.plural or "").format(**self.values)

    def to_json(self) -> dict[str, Any]:
        values = {
            name: value.to_json() if isinstance(value, Sentence) else value
            for name, value in self.values.items()
        }
        return {"template": self.template, "values": values, "plural": self.plural}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` wrote, or an earlier release without plurals."""
        values = {
            name: cls.from_json(value) if isinstance(value, dict) else value
            for name, value in data["values"].items()
        }
        return cls(data["template"], values, data.get("plural"))


Text = str | Sentence  # as it is written in every language, or words that are translated
Value = Text | int | float


def say(template: str, **values: Value) -> Sentence:
    """Build a sentence; templates passed here are extracted for translation."""
    return Sentence(template, values)


def say_many(one: str, many: str, *, count: int, **values: Value) -> Sentence:
    """Build a sentence about `count` things; both templates are extracted for translation."""
    return Sentence(one, {"count": count, **values}, many)
