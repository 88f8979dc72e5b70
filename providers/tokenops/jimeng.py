"""The models that the gateway sells: what each takes, and the req_key that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.capabilities import Capabilities, Need, PictureLimits, Stops
from core.ratios import RATIOS
from core.words import Text, say
from providers.volcengine.models import CAMERAS, OMNI, STRENGTHS, Given

TALKER = "OmniHuman_1.5"
DETECTION = "jimeng_realman_avatar_object_detection"
RECOGNITION = "jimeng_realman_avatar_picture_create_role_omni_v15"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model; `name` is the server's own, which a server with a single one may do without.

    `extra` holds fields that every order of it carries, merged last.
    """

    model: Capabilities
    name: str = ""
    req_keys: Mapping[Given, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def talks(self) -> bool:
        return Given.VOICE in self.req_keys


# What the visual API behind the gateway takes; the gateway itself writes down no limits.
_BASE = Capabilities(
    model="tokenops/",
    title="Jimeng",
    first_frame=Need.OPTIONAL,
    picture=PictureLimits(
        min_side=320, max_side=4096, max_bytes=4_700_000, min_aspect=1 / 3, max_aspect=3
    ),
    prompt=Need.REQUIRED,
    prompt_chars=800,
    seconds=(5, 10),
    ratios=RATIOS[:-1],
    follows_photo=True,
    same_shape=True,
    seed=True,
    price=1,
    usual=120,
)
_FULL_HD: Mapping[str, Any] = {"resolutions": ("1080p",), "default_resolution": "1080p"}


def _model(name: str, title: Text, **changes: Any) -> Capabilities:
    return replace(_BASE, model=f"tokenops/{name}", title=title, **changes)


MODELS = (
    Model(
        model=_model(
            "jimeng-video-3.0-720P",
            say("{name} (gateway)", name="Jimeng 3.0 720p"),
            last_frame=Need.OPTIONAL,
            cameras=CAMERAS,
            strengths=STRENGTHS,
        ),
        name="jimeng-video-3.0-720P",
        req_keys={
            Given.WORDS: "jimeng_t2v_v30",
            Given.PHOTO: "jimeng_i2v_first_v30",
            Given.PHOTOS: "jimeng_i2v_first_tail_v30",
            Given.CAMERA: "jimeng_i2v_recamera_v30",
        },
    ),
    Model(
        model=_model(
            "jimeng-video-3.0-1080P",
            say("{name} (gateway)", name="Jimeng 3.0 1080p"),
            last_frame=Need.OPTIONAL,
            price=2,
            usual=180,
            **_FULL_HD,
        ),
        name="jimeng-video-3.0-1080P",
        req_keys={
            Given.WORDS: "jimeng_t2v_v30_1080p",  # the one of the three with a "p" at its end
            Given.PHOTO: "jimeng_i2v_first_v30_1080",
            Given.PHOTOS: "jimeng_i2v_first_tail_v30_1080",
        },
    ),
    Model(
        model=_model(
            "jimeng-video-3.0-pro",
            say("{name} (gateway)", name="Jimeng 3.0 pro"),
            price=3,
            usual=240,
            **_FULL_HD,
        ),
        name="jimeng-video-3.0-pro",
        req_keys={Given.WORDS: "jimeng_ti2v_v30_pro", Given.PHOTO: "jimeng_ti2v_v30_pro"},
    ),
    Model(
        # The same service stands behind it; the gateway has no way to cancel.
        model=replace(
            OMNI.model,
            model="tokenops/omnihuman-1.5",
            title=say("{name} (gateway)", name="OmniHuman 1.5"),
            lane="",
            cancel=Stops.NEVER,
        ),
        name=TALKER,
        req_keys=OMNI.req_keys,
        extra={"generation_type": "omni_human"},
    ),
)
