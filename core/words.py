"""Sentences for people: kept as a template with values, so that each reader gets their language."""

from dataclasses import dataclass, field


def mark(text: str) -> str:
    """Mark a template for the translation catalogues without translating it."""
    return text


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English template and its values; the bot translates the template, then fills it in."""

    template: str
    values: dict[str, str | int | float] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values)


def say(template: str, **values: str | float) -> Sentence:
    """Build a sentence; templates passed here are extracted for translation."""
    return Sentence(template, values)
