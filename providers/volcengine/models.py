"""The Jimeng and OmniHuman models as data: what each takes, and which req_key serves it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal

from core.capabilities import Capabilities, Need, PictureLimits, SoundLimits, Stops
from core.errors import SettingsError
from core.ratios import RATIOS
from core.request import VideoRequest

Pair = Literal["async", "plain"]

# Which two actions a req_key is ordered and looked at with.
SUBMIT: Mapping[str, str] = {"async": "CVSync2AsyncSubmitTask", "plain": "CVSubmitTask"}
LOOK: Mapping[str, str] = {"async": "CVSync2AsyncGetResult", "plain": "CVGetResult"}
DETECTION = "jimeng_realman_avatar_object_detection"

CAMERAS = (
    "hitchcock_dolly_in",
    "hitchcock_dolly_out",
    "robo_arm",
    "dynamic_orbit",
    "central_orbit",
    "crane_push",
    "quick_pull_back",
    "counterclockwise_swivel",
    "clockwise_swivel",
    "handheld",
    "rapid_push_pull",
)
STRENGTHS = ("weak", "medium", "strong")
USUAL_STRENGTH = "medium"


class Given(StrEnum):
    """What an order consists of: it decides the req_key."""

    WORDS = "words"
    PHOTO = "photo"
    PHOTOS = "photos"
    CAMERA = "camera"
    VOICE = "voice"


def given(request: VideoRequest) -> Given:
    if request.audio:
        return Given.VOICE
    if request.camera:
        return Given.CAMERA
    if request.last_frame:
        return Given.PHOTOS
    return Given.PHOTO if request.first_frame else Given.WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Jimeng:
    """One model; `lengths` says that it is told how long the video shall be."""

    model: Capabilities
    req_keys: Mapping[Given, str]
    pair: Pair = "async"
    lengths: bool = True


_PICTURE = PictureLimits(
    min_side=320, max_side=4096, max_bytes=4_700_000, min_aspect=1 / 3, max_aspect=3
)
_BASE = Capabilities(
    model="volcengine/",
    title="Jimeng",
    first_frame=Need.OPTIONAL,
    picture=_PICTURE,
    prompt=Need.REQUIRED,
    prompt_chars=800,
    seconds=(5, 10),
    ratios=RATIOS[:-1],  # 9:21 is known to S2.0 only
    follows_photo=True,
    same_shape=True,
    seed=True,
    cancel=Stops.UNTIL_BEGUN,
    price=1,
    usual=120,
)


def _model(name: str, title: str, **changes: Any) -> Capabilities:
    # How many tasks may run is counted for each capability by itself, as far as anybody can tell.
    return replace(
        _BASE, model=f"volcengine/{name}", title=title, lane=f"volcengine.{name}", **changes
    )


_FULL_HD: Mapping[str, Any] = {"resolutions": ("1080p",), "default_resolution": "1080p"}

_JIMENG = (
    Jimeng(
        model=_model(
            "jimeng-3.0-720p",
            "Jimeng 3.0 720p",
            last_frame=Need.OPTIONAL,
            cameras=CAMERAS,
            strengths=STRENGTHS,
        ),
        req_keys={
            Given.WORDS: "jimeng_t2v_v30",
            Given.PHOTO: "jimeng_i2v_first_v30",
            Given.PHOTOS: "jimeng_i2v_first_tail_v30",
            Given.CAMERA: "jimeng_i2v_recamera_v30",
        },
    ),
    Jimeng(
        model=_model(
            "jimeng-3.0-1080p",
            "Jimeng 3.0 1080p",
            last_frame=Need.OPTIONAL,
            price=2,
            usual=180,
            **_FULL_HD,
        ),
        req_keys={
            Given.WORDS: "jimeng_t2v_v30_1080p",  # the one of the three with a "p" at its end
            Given.PHOTO: "jimeng_i2v_first_v30_1080",
            Given.PHOTOS: "jimeng_i2v_first_tail_v30_1080",
        },
    ),
    Jimeng(
        model=_model(
            "jimeng-3.0-pro",
            "Jimeng 3.0 pro",
            prompt=Need.OPTIONAL,
            price=3,
            usual=240,
            **_FULL_HD,
        ),
        req_keys={Given.WORDS: "jimeng_ti2v_v30_pro", Given.PHOTO: "jimeng_ti2v_v30_pro"},
    ),
    Jimeng(
        model=_model(
            "jimeng-s2.0-pro",
            "Jimeng S2.0 pro",
            prompt_chars=150,
            seconds=(5,),
            ratios=RATIOS,
            follows_photo=False,
            preference=8,  # its keys are being retired
        ),
        req_keys={Given.WORDS: "jimeng_vgfm_t2v_l20", Given.PHOTO: "jimeng_vgfm_i2v_l20"},
        lengths=False,
    ),
)
OMNI = Jimeng(
    model=_model(
        "omnihuman-1.5",
        "OmniHuman 1.5",
        first_frame=Need.REQUIRED,
        audio=Need.REQUIRED,
        # Less than 60 s are taken, and an MP3 is a little longer than what it was made from.
        audio_limits=SoundLimits(min_seconds=1, max_seconds=59, max_bytes=15_000_000),
        prompt=Need.OPTIONAL,
        prompt_chars=300,
        seconds=(5,),
        ratios=(),
        resolutions=("720p", "1080p"),
        default_resolution="1080p",
        sound_decides=True,
        lips=True,
        subjects=True,
        price=3,
        usual=300,
    ),
    req_keys={Given.VOICE: "jimeng_realman_avatar_picture_omni_v15"},
    pair="plain",
    lengths=False,
)

MODELS = (*_JIMENG, OMNI)
"""The models this release knows.

A key that came out later needs no release: `VOLC_REQ_KEYS=name=req_key,...` makes of each a model
`volcengine/<name>` that takes a first frame or words alone, for 5 or 10 seconds, by the same
fields and actions as the 3.0 models.
"""


def configured(pairs: Iterable[str]) -> list[Jimeng]:
    """The models of VOLC_REQ_KEYS; raises SettingsError for what is no `name=req_key`."""
    found: dict[str, Jimeng] = {}
    known = {one.model.model for one in MODELS}
    for pair in pairs:
        fit = re.fullmatch(r"([a-z0-9][a-z0-9._-]*)\s*=\s*(\w+)", pair, re.ASCII)
        if not fit:
            raise SettingsError("VOLC_REQ_KEYS: must look like name=req_key,name=req_key")
        name, req_key = fit.groups()
        model = _model(name, name, preference=8)  # nobody has tried it: it wants to be named
        if model.model in known:
            raise SettingsError(f"VOLC_REQ_KEYS: {name} is the name of another model")
        known.add(model.model)
        found[name] = Jimeng(model=model, req_keys={Given.WORDS: req_key, Given.PHOTO: req_key})
    return list(found.values())
