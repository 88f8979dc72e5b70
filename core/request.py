"""What a person asks for: pictures, sound, words and options of one video."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture on disk; `file` is its name in the media store, sides are in upright pixels."""

    file: str
    width: int
    height: int
    size: int
    format: str

    @property
    def ratio(self) -> float:
        return self.width / self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A sound on disk; `seconds` is the counted length, not the one its header claims."""

    file: str
    seconds: float
    size: int
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoRequest:
    """One wish; an option that is None is the model's to choose."""

    model: str = "auto"
    prompt: str = ""
    negative_prompt: str = ""
    first_frame: Picture | None = None
    last_frame: Picture | None = None
    audio: Sound | None = None
    seconds: int | None = None
    ratio: str | None = None
    resolution: str | None = None
    seed: int | None = None
    effect: str | None = None
    camera: str | None = None
    sound: bool | None = None
    rewrite: bool | None = None
    shots: str | None = None
    watermark: bool | None = None
    open: tuple[str, ...] = ()  # options that the person left to the bot, model and seed too
    subject: int | None = None  # which of the people found in the picture speaks, largest first

    def to_json(self) -> dict[str, Any]:
        return {
            name: asdict(value) if isinstance(value, Picture | Sound) else value
            for name in self.__dataclass_fields__
            if (value := getattr(self, name)) not in (None, "", ())
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` wrote; unknown names of a newer release are left out."""
        values = _known(cls, data)
        for name in ("first_frame", "last_frame"):
            if values.get(name):
                values[name] = Picture(**_known(Picture, values[name]))
        values["open"] = tuple(values.get("open", ()))
        if values.get("audio"):
            values["audio"] = Sound(**_known(Sound, values["audio"]))
        return cls(**values)

    def with_drawn_seed(self, seed: int) -> Self:
        """With a seed that nobody asked for: kept, so that the same can be made again."""
        return replace(self, seed=seed, open=tuple(dict.fromkeys((*self.open, "seed"))))

    @property
    def own_seed(self) -> int | None:
        """The seed that the person has named."""
        return None if "seed" in self.open else self.seed

    def with_options(self, **options: Any) -> Self:
        return replace(self, **options)


def _known(kind: type[Any], data: dict[str, Any]) -> dict[str, Any]:
    known = kind.__dataclass_fields__
    return {name: value for name, value in data.items() if name in known}
