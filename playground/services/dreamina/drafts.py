"""Checks a draft in the seed's style `i2v` or in `gen_video`, and reads the order out of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground.services.dreamina.models import MODELS
from playground.services.dreamina.shapes import (
    ShapeError,
    check,
    is_json_object,
    is_number,
    is_text,
    is_uuid4,
    one_of,
)
from playground.services.dreamina.switches import DraftStyle

# The numbers of the seed. The site's present table is another one (16:9 is 3 there).
RATIOS = {1: "16:9", 6: "9:16", 8: "1:1", 3: "4:3", 4: "3:4"}
_RESOLUTIONS = one_of("720p", "1080p")
_MILLISECONDS = range(10**12, 10**13)  # the years 2001 to 2286


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a draft asks for; `sizes` are those claimed for the pictures, in `gen_video` only."""

    prompt: str
    seconds: int
    ratio: str
    resolution: str
    pictures: list[str]
    sizes: list[tuple[int, int]]
    model: str = ""
    extra: str = ""


def read_draft(text: str, style: DraftStyle, version: str) -> Order:
    """The order in a draft; `version` is the da_version of the query. Else a ShapeError."""
    draft = json.loads(text)
    check(draft, _i2v(version) if style == "i2v" else _gen_video(version), "draft")
    component = draft["component_list"][0]
    if draft["main_component_id"] != component["id"]:
        raise ShapeError("draft.main_component_id is not the component's id")
    ids = list(_ids(draft))
    if len(ids) != len(set(ids)):
        raise ShapeError("draft uses an id twice")
    abilities = component["abilities"]
    if style == "i2v":
        return _i2v_order(abilities["i2v"])
    return _gen_video_order(abilities["gen_video"])


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "id" in value:
            yield value["id"]
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _ids(inner)


def _node(**fields: Any) -> dict[str, Any]:
    return {"type": "", "id": is_uuid4, **fields}


def _image(**fields: Any) -> dict[str, Any]:
    fixed = {"type": "image", "source_from": "upload", "platform_type": 1}
    return {**fixed, "id": is_uuid4, "image_uri": is_text, "uri": is_text, **fields}


def _i2v(version: str) -> dict[str, Any]:
    core = _node(
        prompt=is_text,  # required; that an empty one is refused is the stricter reading
        video_ratio=one_of(*RATIOS),
        duration=one_of(*range(3000, 10001, 1000)),
        resolution="1080p",
    )
    ability = _node(core_param=core, first_frame_image=_image(), history_option=_node())
    metadata = _node(
        created_platform=3,
        created_time_in_ms=lambda value: is_number(value) and value in _MILLISECONDS,
    )
    component = {
        "type": "video_base_component",
        "id": is_uuid4,
        "min_version": version,
        "metadata": metadata,
        "generate_type": "i2v",
        "aigc_mode": "workbench",
        "abilities": _node(i2v=ability),
    }
    return {
        "type": "draft",
        "id": is_uuid4,
        "min_version": version,
        "is_from_tsn": True,
        "version": version,
        "main_component_id": is_uuid4,
        "component_list": [component],
    }


def _gen_video(version: str) -> dict[str, Any]:
    image = _image(name="", width=is_number, height=is_number, format="")
    shot = _node(
        min_version="3.0.5",
        prompt=is_text,
        video_mode=2,
        fps=24,
        duration_ms=is_number,
        first_frame_image=image,
        idip_meta_list=[],
    )
    params = _node(
        video_gen_inputs=[{**shot, "resolution?": _RESOLUTIONS, "end_frame_image?": image}],
        video_aspect_ratio=one_of(*RATIOS.values()),
        seed=lambda value: is_number(value) and value in range(2**32),
        model_req_key=one_of(*MODELS),
        priority=0,
    )
    ability = _node(text_to_video_params=params, video_task_extra=is_json_object)
    metadata = _node(
        created_platform=3,
        created_platform_version="",
        created_time_in_ms=_is_text_of_milliseconds,
        created_did="",
    )
    component = {
        "type": "video_base_component",
        "id": is_uuid4,
        "min_version": "1.0.0",
        "metadata": metadata,
        "generate_type": "gen_video",
        "aigc_mode": "workbench",
        "process_type": 1,
        "abilities": _node(gen_video=ability),
    }
    return {
        "type": "draft",
        "id": is_uuid4,
        "min_version": "3.0.5",
        "min_features": [],
        "is_from_tsn": True,
        "version": version,
        "main_component_id": is_uuid4,
        "component_list": [component],
    }


def _is_text_of_milliseconds(value: Any) -> bool:
    return isinstance(value, str) and value.isdecimal() and int(value) in _MILLISECONDS


def _uri(image: dict[str, Any]) -> str:
    if image["image_uri"] != image["uri"]:
        raise ShapeError("image_uri and uri of a picture differ")
    return str(image["uri"])


def _i2v_order(ability: dict[str, Any]) -> Order:
    core = ability["core_param"]
    return Order(
        prompt=core["prompt"],
        seconds=core["duration"] // 1000,
        ratio=RATIOS[core["video_ratio"]],
        resolution=core["resolution"],
        pictures=[_uri(ability["first_frame_image"])],
        sizes=[],
    )


def _gen_video_order(ability: dict[str, Any]) -> Order:
    params = ability["text_to_video_params"]
    shot = params["video_gen_inputs"][0]
    model = MODELS[params["model_req_key"]]
    # Only two models obey a resolution, so only they must be told one.
    if model.obeys_resolution and "resolution" not in shot:
        raise ShapeError("this model needs a resolution")
    if shot["duration_ms"] not in {seconds * 1000 for seconds in model.seconds}:
        raise ShapeError("duration_ms is not one of this model's")
    images = [shot[key] for key in ("first_frame_image", "end_frame_image") if key in shot]
    return Order(
        prompt=shot["prompt"],
        seconds=shot["duration_ms"] // 1000,
        ratio=params["video_aspect_ratio"],
        resolution=shot.get("resolution", "720p"),
        pictures=[_uri(image) for image in images],
        sizes=[(image["width"], image["height"]) for image in images],
        model=params["model_req_key"],
        extra=ability["video_task_extra"],
    )
