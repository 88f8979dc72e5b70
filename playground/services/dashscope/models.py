"""The Wan models of the emulated DashScope, as data: what each takes, gives and costs in places."""

from dataclasses import dataclass, field, replace
from typing import Literal

from playground.services.dashscope import templates

Region = Literal["beijing", "singapore", "virginia"]
Group = Literal["video-generation", "image2video"]
Style = Literal["picture", "frames", "media"]
Sound = Literal["none", "always", "switch"]

MB = 1_000_000  # the documents do not say which megabyte they mean: the smaller one is safe


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRules:
    sides: tuple[int, int]
    size: int
    ratio: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundRules:
    seconds: tuple[float, float]
    size: int = 15 * MB


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipRules:
    seconds: tuple[float, float] = (2, 10)
    sides: tuple[int, int] = (240, 4096)
    ratio: float = 8
    size: int = 100 * MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Models that share one account's limits: requests per second, and tasks running at once."""

    name: str
    rate: int
    running: int


# The document gives one line of figures for several models; that they share it is the
# stricter reading. The intl names of 2.1 are in no line and taken with their Beijing twins.
NEW = Lane(name="wan2.5-2.7", rate=5, running=5)
OLD = Lane(name="wan2.1-2.2", rate=2, running=2)
ABROAD = Lane(name="wan2.1-kf2v", rate=1, running=2)

SMALL_PICTURE = PictureRules(sides=(360, 2000), size=10 * MB)
LARGE_PICTURE = PictureRules(sides=(240, 8000), size=20 * MB, ratio=8)
CLIP = ClipRules()

_ANY = frozenset(range(2, 16))
_STEPS = frozenset({5, 10, 15})
_FIVE = frozenset({5})
_LONG = ("duration", "input_video_duration", "output_video_duration", "video_count", "SR")
_SHORT = ("duration", "SR", "video_count")
_OLD_USAGE = ("video_duration", "video_ratio", "video_count")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The first of `tiers` is the default; `sound` says whether it can be switched."""

    name: str
    tiers: tuple[str, ...]
    durations: frozenset[int] = _FIVE
    prompt: int
    regions: frozenset[Region]
    usage: tuple[str, ...]
    lane: Lane
    style: Style = "picture"
    sound: Sound = "none"
    shot_type: bool = False
    tells_prompt: bool = True
    templates: frozenset[str] = field(default=frozenset())
    picture: PictureRules = SMALL_PICTURE
    driving: SoundRules = SoundRules(seconds=(3, 30))

    @property
    def group(self) -> Group:
        return "image2video" if self.style == "frames" else "video-generation"


_HOME = frozenset[Region]({"beijing"})
_AWAY = frozenset[Region]({"singapore"})
_BOTH = _HOME | _AWAY
_US = frozenset[Region]({"virginia"})

_WAN26 = Model(
    name="wan2.6-i2v",
    tiers=("1080P", "720P"),
    durations=_ANY,
    prompt=1500,
    regions=_BOTH,
    usage=_LONG,
    lane=NEW,
    sound="always",
    shot_type=True,
    tells_prompt=False,
)
_WAN27 = Model(
    name="wan2.7-i2v",
    tiers=("1080P", "720P"),
    durations=_ANY,
    prompt=5000,
    regions=_BOTH,
    usage=_LONG,
    lane=NEW,
    style="media",
    sound="always",
    picture=LARGE_PICTURE,
    driving=SoundRules(seconds=(2, 30)),
)
_WAN22 = Model(
    name="wan2.2-i2v-flash",
    tiers=("720P", "480P", "1080P"),
    prompt=800,
    regions=_BOTH,
    usage=_SHORT,
    lane=OLD,
)
_TURBO = Model(
    name="wan2.1-i2v-turbo",
    tiers=("720P", "480P"),
    durations=frozenset({3, 4, 5}),
    prompt=800,
    regions=_AWAY,
    usage=_OLD_USAGE,
    lane=OLD,
)
_PLUS = replace(_TURBO, name="wan2.1-i2v-plus", tiers=("720P",), durations=_FIVE)
_FRAMES = Model(
    name="wan2.2-kf2v-flash",
    tiers=("720P", "480P", "1080P"),
    prompt=800,
    regions=_HOME,
    usage=("video_duration", "video_count", "SR"),
    lane=OLD,
    style="frames",
)
_OLD_FRAMES = replace(
    _FRAMES,
    name="wanx2.1-kf2v-plus",
    tiers=("720P",),
    usage=_OLD_USAGE,
    templates=templates.FRAMES,
)

_ALL = (
    replace(_WAN26, name="wan2.6-i2v-flash", sound="switch", usage=(*_LONG, "audio")),
    _WAN26,
    # The deployment in Virginia does multiples of five seconds only.
    replace(_WAN26, durations=_STEPS, regions=_US),
    replace(_WAN26, name="wan2.6-i2v-us", durations=_STEPS, regions=_US),
    replace(
        _WAN26,
        name="wan2.5-i2v-preview",
        tiers=("1080P", "720P", "480P"),
        durations=frozenset({5, 10}),
        usage=_SHORT,
        shot_type=False,
        tells_prompt=True,
    ),
    _WAN22,
    replace(_WAN22, name="wan2.2-i2v-plus", tiers=("1080P", "480P")),
    _TURBO,
    replace(_TURBO, name="wanx2.1-i2v-turbo", regions=_HOME, templates=templates.TURBO),
    _PLUS,
    replace(_PLUS, name="wanx2.1-i2v-plus", regions=_HOME, templates=templates.PLUS),
    _FRAMES,
    _OLD_FRAMES,
    # One page of two also lists 480P for it.
    replace(
        _OLD_FRAMES,
        name="wan2.1-kf2v-plus",
        regions=_AWAY,
        lane=ABROAD,
        templates=frozenset(),
    ),
    _WAN27,
    replace(_WAN27, name="wan2.7-i2v-2026-04-25"),
)


def models_of(region: Region) -> dict[str, Model]:
    """The models that are offered in a region, by name."""
    return {model.name: model for model in _ALL if region in model.regions}
