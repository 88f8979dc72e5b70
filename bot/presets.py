"""Ready words for a photo that came without any: each a button."""

from dataclasses import dataclass

from core.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Preset:
    """A button's label, and the words it stands for."""

    label: Sentence
    words: str


PRESETS = (
    Preset(say("🔍 Slowly closer"), "slow push in"),
    Preset(say("↔️ Pan across"), "pan to the right"),
    Preset(say("🌀 Dolly zoom"), "dolly zoom"),
    Preset(say("🪐 Orbit"), "slow orbit"),
)
