"""The Wan models as data: what each takes, where it is offered, and how a request to it looks."""

from dataclasses import dataclass, replace
from typing import Literal

from core.capabilities import Capabilities, Need, PictureLimits, SoundLimits, Stops
from core.words import Text, say
from providers.dashscope import effects
from providers.dashscope.regions import Region

_CHINA = frozenset({Region.BEIJING})
_ABROAD = frozenset({Region.SINGAPORE})
_US = frozenset({Region.VIRGINIA})

Style = Literal["picture", "frames", "media"]

# Limits are per main account and, as the provider lists them, per group of models.
NEW, OLD = "dashscope", "dashscope.older"
SEATS = {NEW: 5, OLD: 2}

_SMALL = PictureLimits(
    min_side=360, max_side=2000, max_bytes=9_500_000, min_aspect=1 / 5.5, max_aspect=5.5
)
_LARGE = PictureLimits(
    min_side=240, max_side=4096, max_bytes=19_000_000, min_aspect=1 / 8, max_aspect=8
)
_OWN_SOUND = SoundLimits(min_seconds=3, max_seconds=30, max_bytes=15_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wan:
    """One model, how requests to it look, and the regions that have it."""

    model: Capabilities
    style: Style = "picture"
    regions: frozenset[Region] = _CHINA | _ABROAD

    @property
    def name(self) -> str:
        return self.model.model.partition("/")[2]


_BASE = Capabilities(
    model="dashscope/",
    title="Wan",
    picture=_SMALL,
    audio_limits=_OWN_SOUND,
    prompt=Need.OPTIONAL,
    prompt_chars=800,
    negative_chars=500,
    ratios=(),
    seed=True,
    rewrite=True,
    watermark=True,
    cancel=Stops.UNTIL_BEGUN,
    price=1,
    usual=120,
    lane=OLD,
)


def _wan(name: str, title: Text, **changes: object) -> Capabilities:
    return replace(_BASE, model=f"dashscope/{name}", title=title, **changes)  # type: ignore[arg-type]


_ANY_LENGTH = tuple(range(2, 16))
_HEARS = {
    "audio": Need.OPTIONAL,
    "lips": True,
    "own_sound": True,
    "prompt_chars": 1500,
    "lane": NEW,
    "resolutions": ("720p", "1080p"),
    "seconds": _ANY_LENGTH,
}
_STEPS = {"seconds": (5, 10, 15)}
_FRAMES = {"last_frame": Need.REQUIRED, "usual": 150}

MODELS = (
    Wan(
        model=_wan(
            "wan2.6-i2v-flash", "Wan 2.6 flash", sound=True, shots=True, usual=90, **_HEARS
        ),
    ),
    Wan(
        model=_wan("wan2.6-i2v", "Wan 2.6", shots=True, **_HEARS | {"price": 2}),
    ),
    # The deployments in America and Europe make multiples of five seconds only.
    Wan(
        model=_wan("wan2.6-i2v", "Wan 2.6", shots=True, **_HEARS | {"price": 2, **_STEPS}),
        regions=_US | {Region.FRANKFURT},
    ),
    Wan(
        model=_wan("wan2.6-i2v-us", "Wan 2.6 US", shots=True, **_HEARS | {"price": 2, **_STEPS}),
        regions=_US,
    ),
    Wan(
        model=_wan(
            "wan2.7-i2v",
            "Wan 2.7",
            last_frame=Need.OPTIONAL,
            **_HEARS
            | {
                "price": 2,
                "prompt_chars": 5000,
                "picture": _LARGE,
                "audio_limits": replace(_OWN_SOUND, min_seconds=2),
            },
        ),
        style="media",
    ),
    Wan(
        model=_wan(
            "wan2.5-i2v-preview",
            "Wan 2.5 preview",
            **_HEARS | {"price": 2, "seconds": (5, 10), "resolutions": ("480p", "720p", "1080p")},
        ),
    ),
    Wan(
        model=_wan("wan2.2-i2v-flash", "Wan 2.2 flash", resolutions=("480p", "720p", "1080p")),
    ),
    Wan(
        model=_wan(
            "wan2.2-i2v-plus",
            "Wan 2.2 plus",
            resolutions=("480p", "1080p"),
            default_resolution="1080p",
        ),
    ),
    Wan(
        model=_wan(
            "wanx2.1-i2v-turbo",
            "Wan 2.1 turbo",
            resolutions=("480p", "720p"),
            seconds=(3, 4, 5),
            effects=effects.TURBO,
        ),
        regions=_CHINA,
    ),
    Wan(model=_wan("wanx2.1-i2v-plus", "Wan 2.1 plus", effects=effects.PLUS), regions=_CHINA),
    Wan(
        model=_wan(
            "wan2.1-i2v-turbo", "Wan 2.1 turbo", resolutions=("480p", "720p"), seconds=(3, 4, 5)
        ),
        regions=_ABROAD,
    ),
    Wan(model=_wan("wan2.1-i2v-plus", "Wan 2.1 plus"), regions=_ABROAD),
    Wan(
        model=_wan(
            "wan2.2-kf2v-flash",
            say("{name} first and last frame", name="Wan 2.2"),
            resolutions=("480p", "720p", "1080p"),
            **_FRAMES,
        ),
        style="frames",
        regions=_CHINA,
    ),
    Wan(
        model=_wan(
            "wanx2.1-kf2v-plus",
            say("{name} first and last frame", name="Wan 2.1"),
            effects=effects.KEYFRAME,
            **_FRAMES,
        ),
        style="frames",
        regions=_CHINA,
    ),
    Wan(
        model=_wan(
            "wan2.1-kf2v-plus", say("{name} first and last frame", name="Wan 2.1"), **_FRAMES
        ),
        style="frames",
        regions=_ABROAD,
    ),
)
