"""What each req_key offers: its pair of actions, its fields, its pictures and its limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from playground.services.volcengine import fields
from playground.services.volcengine.fields import Check
from playground.services.volcengine.pictures import Limits

Kind = Literal["video", "talking", "imitation", "recognition", "detection"]

SYNC2ASYNC = ("CVSync2AsyncSubmitTask", "CVSync2AsyncGetResult")
PLAIN = ("CVSubmitTask", "CVGetResult")
PROCESS = ("CVProcess", "")

TEMPLATES = (
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
RATIOS = ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """One req_key; the running limit counts all that share its `family`.

    `pictures` is how few and how many may come; `prompt_or_picture` asks for at least one.
    """

    family: str
    kind: Kind = "video"
    actions: tuple[str, str] = SYNC2ASYNC
    fields: Mapping[str, Check]
    required: frozenset[str] = frozenset()
    pictures: tuple[int, int] = (0, 0)
    prompt_or_picture: bool = False
    limits: Limits = field(default_factory=Limits)


_SEED: Mapping[str, Check] = {"seed": fields.whole(-1, 2**31 - 1)}
_VIDEO: Mapping[str, Check] = {
    **_SEED,
    "prompt": fields.text(800),
    "frames": fields.one_of(121, 241),
}
_PICTURES: Mapping[str, Check] = {
    "image_urls": fields.addresses,
    "binary_data_base64": fields.pictures,
}
_RATIO: Mapping[str, Check] = {"aspect_ratio": fields.one_of(*RATIOS)}
_CAMERA: Mapping[str, Check] = {
    "template_id": fields.one_of(*TEMPLATES),
    "camera_strength": fields.one_of("weak", "medium", "strong"),
}
_PROMPT = frozenset({"prompt"})
_IMAGE: Mapping[str, Check] = {"image_url": fields.address}


def _words(family: str) -> Capability:
    return Capability(family=family, fields={**_VIDEO, **_RATIO}, required=_PROMPT)


def _photos(family: str, count: int) -> Capability:
    return Capability(
        family=family,
        fields={**_VIDEO, **_PICTURES},
        required=_PROMPT,
        pictures=(count, count),
    )


def _legacy(count: int) -> Capability:
    """S2.0 Pro: five seconds only; its limit of about 150 characters is taken at its word."""
    ratio = {"aspect_ratio": fields.one_of(*RATIOS, "9:21")}
    return Capability(
        family="s2.0-pro",
        fields={**_SEED, "prompt": fields.text(150), **ratio, **(_PICTURES if count else {})},
        required=_PROMPT,
        pictures=(count, count),
    )


# Of the avatar family no shortest side and no ratio is written down.
_PORTRAIT = Limits(shortest=1, stretch=float("inf"))

_TALKING = Capability(
    family="omnihuman",
    kind="talking",
    actions=PLAIN,
    fields={
        **_SEED,
        **_IMAGE,
        "audio_url": fields.address,
        "mask_url": fields.addresses,
        "prompt": fields.text(300),
        "output_resolution": fields.one_of(720, 1080),
        "pe_fast_mode": fields.flag,
    },
    required=frozenset({"image_url", "audio_url"}),
    limits=_PORTRAIT,
)

# The name of the callback's field is not known, so that none is taken.
_IMITATION = Capability(
    family="dreamactor",
    kind="imitation",
    fields={
        **_PICTURES,
        "video_url": fields.address,
        "cut_result_first_second_switch": fields.flag,
    },
    required=frozenset({"video_url"}),
    pictures=(1, 1),
    limits=Limits(shortest=480, longest=1920, widest=1080, stretch=4.0),
)


def _look(kind: Kind, actions: tuple[str, str]) -> Capability:
    return Capability(
        family=kind,
        kind=kind,
        actions=actions,
        fields=_IMAGE,
        required=frozenset(_IMAGE),
        limits=_PORTRAIT,
    )


CAPABILITIES: Mapping[str, Capability] = {
    "jimeng_t2v_v30": _words("3.0-720p"),
    "jimeng_t2v_v30_1080p": _words("3.0-1080p"),
    "jimeng_i2v_first_v30": _photos("3.0-720p", 1),
    "jimeng_i2v_first_v30_1080": _photos("3.0-1080p", 1),
    "jimeng_i2v_first_tail_v30": _photos("3.0-720p", 2),
    "jimeng_i2v_first_tail_v30_1080": _photos("3.0-1080p", 2),
    "jimeng_i2v_recamera_v30": Capability(
        family="3.0-720p",
        fields={**_VIDEO, **_PICTURES, **_CAMERA},
        required=_PROMPT | set(_CAMERA),
        pictures=(1, 1),
    ),
    "jimeng_ti2v_v30_pro": Capability(
        family="3.0-pro",
        fields={**_VIDEO, **_PICTURES, **_RATIO},
        pictures=(0, 1),
        prompt_or_picture=True,
    ),
    "jimeng_vgfm_i2v_l20": _legacy(1),
    "jimeng_vgfm_t2v_l20": _legacy(0),
    "jimeng_realman_avatar_picture_omni_v15": _TALKING,
    "jimeng_realman_avatar_picture_create_role_omni_v15": _look("recognition", PLAIN),
    "jimeng_realman_avatar_object_detection": _look("detection", PROCESS),
    "jimeng_dreamactor_m20_gen_video": _IMITATION,
}
