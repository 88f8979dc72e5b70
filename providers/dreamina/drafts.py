"""The body of an order: the seed's draft `i2v`, and the newer `gen_video` by explicit wish.

Neither was ever confirmed live by us. The first is known from one public document only, whose
author replaced it by the second the same evening.
"""

import json
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.capabilities import Capabilities
from core.ratios import nearest
from providers.base import Order
from providers.dreamina.models import GEN_VIDEO, I2V, RATIOS
from providers.dreamina.uploads import Uploaded
from providers.dreamina.workbench import AID

_MODEL = "dreamina_ic_generate_video_model_vgfm_3.0"
_BENEFIT = "basic_video_operation_vgfm_v_three"

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """One shape of an order: the version it claims, what it can do, and how it is made."""

    version: str
    model: Capabilities
    make: Callable[[Order, Uploaded], Body]


def make_i2v(order: Order, picture: Uploaded) -> Body:
    """Exactly the tree, the keys and the types of the document; nothing more."""
    request = order.request
    core = _node(
        prompt=request.prompt,
        video_ratio=RATIOS[_ratio(order)],
        duration=_milliseconds(order),
        resolution="1080p",
    )
    component = {
        "type": "video_base_component",
        "id": _new(),
        "min_version": "3.2.2",
        "metadata": _node(created_platform=3, created_time_in_ms=int(time.time() * 1000)),
        "generate_type": "i2v",
        "aigc_mode": "workbench",
        "abilities": _node(
            i2v=_node(
                core_param=core,
                first_frame_image=_image(picture.uri),
                history_option=_node(),
            )
        ),
    }
    draft = {
        "type": "draft",
        "id": _new(),
        "min_version": "3.2.2",
        "is_from_tsn": True,
        "version": "3.2.2",
        "main_component_id": component["id"],
        "component_list": [component],
    }
    return _body(order, draft, extend={})


def make_gen_video(order: Order, picture: Uploaded) -> Body:
    """What current clients send for Video 3.0 with a first frame."""
    known = order.request.first_frame
    size = {
        "width": picture.width or (known.width if known else 0),
        "height": picture.height or (known.height if known else 0),
    }
    shot = _node(
        min_version="3.0.5",
        prompt=order.request.prompt,
        video_mode=2,
        fps=24,
        duration_ms=_milliseconds(order),
        resolution="1080p",
        first_frame_image=_image(picture.uri, name="", **size, format=""),
        idip_meta_list=[],
    )
    params = _node(
        video_gen_inputs=[shot],
        video_aspect_ratio=_ratio(order),
        seed=secrets.randbelow(2**32),
        model_req_key=_MODEL,
        priority=0,
    )
    metrics = _metrics(order)
    component = {
        "type": "video_base_component",
        "id": _new(),
        "min_version": "1.0.0",
        "metadata": _node(
            created_platform=3,
            created_platform_version="",
            created_time_in_ms=str(int(time.time() * 1000)),
            created_did="",
        ),
        "generate_type": "gen_video",
        "aigc_mode": "workbench",
        "process_type": 1,
        "abilities": _node(gen_video=_node(text_to_video_params=params, video_task_extra=metrics)),
    }
    draft = {
        "type": "draft",
        "id": _new(),
        "min_version": "3.0.5",
        "min_features": [],
        "is_from_tsn": True,
        "version": STYLES["gen_video"].version,
        "main_component_id": component["id"],
        "component_list": [component],
    }
    benefit = {
        "benefit_type": _BENEFIT,
        "resource_id": "generate_video",
        "resource_id_type": "str",
        "resource_sub_type": "aigc",
    }
    extend = {
        "root_model": _MODEL,
        "m_video_commerce_info": benefit,
        "m_video_commerce_info_list": [benefit],
    }
    return _body(order, draft, extend=extend, metrics_extra=metrics)


STYLES = {
    "i2v": Style(version="3.2.2", model=I2V, make=make_i2v),
    "gen_video": Style(version="3.3.8", model=GEN_VIDEO, make=make_gen_video),
}


def _body(order: Order, draft: Body, *, extend: Body, **more: str) -> Body:
    # Our own id of the order, committed before: by it the order is found again.
    return {
        "extend": extend,
        "submit_id": order.key,
        **more,
        "draft_content": json.dumps(draft),  # a string inside the body: an object is refused
        "http_common_info": {"aid": AID},
    }


def _metrics(order: Order) -> str:
    """Statistics of the site's own page; the draft of this style has a place for them."""
    scene = {
        "type": "video",
        "scene": "BasicVideoGenerateButton",
        "resolution": "1080p",
        "modelReqKey": _MODEL,
        "videoDuration": order.request.seconds,
    }
    return json.dumps(
        {
            "isDefaultSeed": 1,
            "originSubmitId": order.key,
            "isRegenerate": False,
            "functionMode": "first_last_frames",
            "sceneOptions": json.dumps([scene]),
        }
    )


def _ratio(order: Order) -> str:
    request = order.request
    if request.ratio is None and request.first_frame:
        return nearest(request.first_frame.ratio, tuple(RATIOS))
    return request.ratio or "16:9"


def _milliseconds(order: Order) -> int:
    return (order.request.seconds or order.model.default_seconds) * 1000


def _image(uri: str, **more: Any) -> Body:
    fixed = {"type": "image", "id": _new(), "source_from": "upload", "platform_type": 1}
    return {**fixed, "image_uri": uri, "uri": uri, **more}


def _node(**fields: Any) -> Body:
    return {"type": "", "id": _new(), **fields}


def _new() -> str:
    return str(uuid.uuid4())
