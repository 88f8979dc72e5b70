"""What one model takes and gives: the record behind menus, checks, prices and help."""

import math
from dataclasses import dataclass, field
from enum import StrEnum

from core.ratios import RATIOS
from core.words import Sentence, Text


class Need(StrEnum):
    """Whether an input must, may or cannot be given."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class Stops(StrEnum):
    """Until when a render can be stopped for nothing."""

    NEVER = "never"
    UNTIL_BEGUN = "until begun"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLimits:
    """What a picture is fitted to: sides in pixels, size in bytes, shape as width over height."""

    min_side: int = 64
    max_side: int = 4096
    max_bytes: int = 10_000_000
    min_aspect: float = 1 / 4
    max_aspect: float = 4.0
    formats: tuple[str, ...] = ("JPEG",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundLimits:
    """What a sound is fitted to: length in seconds, size in bytes, container by its suffix.

    Without a `format` the model takes any sound as it came, and cuts it itself.
    """

    min_seconds: float = 1.0
    max_seconds: float = 60.0
    max_bytes: int = 15_000_000
    format: str | None = "mp3"


class Shows(StrEnum):
    """What a photo must show for an effect."""

    ANYTHING = "anything"
    PERSON = "person"
    LIVING = "living"
    COUPLE = "couple"


@dataclass(frozen=True, slots=True)
class Effect:
    """A ready-made effect; it decides what happens, so words and a last frame are not used."""

    name: str
    title: Sentence
    shows: Shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """One model; `price` is in credits per second of video, `usual` in seconds of rendering.

    People write `model` and read `title`.
    `sound`, `rewrite`, `shots` and `watermark` say which switches it has. With `sound_decides`
    the video is as long as the sound, else the sound is put into a length the model has.
    """

    model: str
    title: Text
    first_frame: Need = Need.REQUIRED
    last_frame: Need = Need.NONE
    audio: Need = Need.NONE
    picture: PictureLimits = field(default_factory=PictureLimits)
    audio_limits: SoundLimits = field(default_factory=SoundLimits)
    prompt: Need = Need.OPTIONAL
    prompt_chars: int = 800
    negative_chars: int = 0
    seconds: tuple[int, ...] = (5,)
    default_seconds: int = 5
    ratios: tuple[str, ...] = RATIOS
    follows_photo: bool = False  # the ratio can be chosen for words alone
    same_shape: bool = False  # a last frame must have the ratio of the first
    resolutions: tuple[str, ...] = ("720p",)
    default_resolution: str = "720p"
    seed: bool = False
    price: float = 0.0
    effects: tuple[Effect, ...] = ()
    cameras: tuple[str, ...] = ()
    strengths: tuple[str, ...] = ()  # of a camera move, written after it: "name:strength"
    sound: bool = False
    own_sound: bool = False  # its videos come with a sound
    rewrite: bool = False
    shots: bool = False
    watermark: bool = False
    sound_decides: bool = False
    sound_alone: bool = False  # a sound and a last frame do not go together
    cancel: Stops = Stops.NEVER
    usual: float = 60.0
    lips: bool = False  # an audio makes the person in the picture speak
    ai: bool = True  # results are made by a generative model and labelled so
    subjects: bool = False  # finds the people in a picture, of whom one speaks
    preference: int = 5  # `auto` takes the lowest of what fits
    pushes: bool = False  # `look` answers when there is news instead of at once
    lane: str = ""  # the line its tasks stand in, where that is not the provider's only one

    @property
    def provider(self) -> str:
        return self.model.partition("/")[0]

    @property
    def longest_sound(self) -> float:
        """Seconds of a sound that can be used; what is longer is cut."""
        limit = self.audio_limits.max_seconds
        return limit if self.sound_decides else min(limit, max(self.seconds))

    def effect(self, name: str | None) -> Effect | None:
        return next((one for one in self.effects if one.name == name), None)

    def cost(self, seconds: float, price: float | None = None) -> int:
        """Credits for a video of this length, rounded up; `price` overrides the model's own."""
        return math.ceil(round((self.price if price is None else price) * seconds, 6))
