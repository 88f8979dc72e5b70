"""How servers of one shape differ, as data: what a request looks like, and what they offer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from core.capabilities import Capabilities, Need, PictureLimits, Stops
from core.errors import SettingsError
from core.words import say
from providers.tokenops.jimeng import MODELS, Model

Size = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One dialect; without `sizes`, a video is described by its ratio.

    `either` sends a form where a picture goes along and JSON where none does. Pictures travel
    inside `content` as data URIs, or as files that are cut to the size asked for.
    """

    models: tuple[Model, ...]
    body: Literal["json", "form", "either"] = "form"
    pictures: Literal["content", "files"] = "files"
    seconds: Literal["text", "number"] = "text"
    sizes: Mapping[tuple[str, str], Size] = field(default_factory=dict)
    deletes: bool = False  # deleting a video stops its render


_OPENAI: Mapping[tuple[str, str], Size] = {
    ("720p", "16:9"): (1280, 720),
    ("720p", "9:16"): (720, 1280),
}
# What the usual open models were trained for; other sizes are theirs to refuse.
_OPEN: Mapping[tuple[str, str], Size] = {
    ("480p", "16:9"): (832, 480),
    ("480p", "9:16"): (480, 832),
    ("480p", "1:1"): (624, 624),
    ("720p", "16:9"): (1280, 720),
    ("720p", "9:16"): (720, 1280),
    ("720p", "1:1"): (960, 960),
}
# Cut to size here, so that any shape and nearly any size will do.
_PICTURE = PictureLimits(
    min_side=64, max_side=4096, max_bytes=9_500_000, min_aspect=1 / 3, max_aspect=3
)
_SORA = Capabilities(
    model="tokenops/sora-2",
    title="Sora 2",
    first_frame=Need.OPTIONAL,
    picture=_PICTURE,
    prompt=Need.REQUIRED,
    prompt_chars=4000,
    seconds=(4, 8, 12),
    default_seconds=4,
    ratios=("16:9", "9:16"),
    cancel=Stops.ALWAYS,
    price=3,
    usual=120,
)
_ANY = Capabilities(
    model="tokenops/video",
    title=say("Video (gateway)"),
    first_frame=Need.OPTIONAL,
    picture=_PICTURE,
    prompt=Need.REQUIRED,
    prompt_chars=2000,
    seconds=(2, 3, 4, 5, 6, 8, 10),
    ratios=("16:9", "9:16", "1:1"),
    resolutions=("480p", "720p"),
    default_resolution="480p",
    price=1,
    usual=180,
)

# How each reads an order and answers it was taken from its source, never from a running one.
PROFILES: Mapping[str, Profile] = {
    "tokenops": Profile(models=MODELS, body="json", pictures="content"),
    "openai": Profile(
        models=(Model(model=_SORA, name="sora-2"),),
        sizes=_OPENAI,
        deletes=True,
    ),
    "vllm-omni": Profile(
        models=(Model(model=replace(_ANY, seed=True, negative_chars=1000, cancel=Stops.ALWAYS)),),
        sizes=_OPEN,
        deletes=True,
    ),
    # Deleting forgets the video; its render goes on. A form without a file is refused.
    "sglang": Profile(
        models=(Model(model=replace(_ANY, seed=True)),),
        body="either",
        seconds="number",
        sizes=_OPEN,
    ),
    "new-api": Profile(
        models=(Model(model=replace(_ANY, last_frame=Need.OPTIONAL), name="sora-2"),),
        sizes=_OPEN,
    ),
}


def choose(text: str) -> Profile:
    """A profile by its name; "new-api:kling-v1" also names the model there, where it has one."""
    name, _, model = (text.strip() or "tokenops").partition(":")
    profile = PROFILES.get(name)
    if profile is None or (model and len(profile.models) > 1):
        raise SettingsError(f"TOKENOPS_PROFILE: must be one of {', '.join(PROFILES)}")
    if not model:
        return profile
    one = profile.models[0]
    offered = replace(one.model, title=say("{name} (gateway)", name=model))
    return replace(profile, models=(replace(one, name=model, model=offered),))
