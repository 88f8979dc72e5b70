"""Ready words for a photo that came without any: each a button."""

from dataclasses import dataclass

from core.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Preset:
    """A button's label, and the words it stands for, in the language of whoever presses it."""

    label: Sentence
    words: Sentence


PRESETS = (
    Preset(say("🔍 Slowly closer"), say("slow push in")),
    Preset(say("↔️ Pan across"), say("pan to the right")),
    Preset(say("🌀 Dolly zoom"), say("dolly zoom")),
    Preset(say("🪐 Orbit"), say("slow orbit")),
)
