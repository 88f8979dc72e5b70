"""Checks a generate call down to its pictures, and words the answer to an accepted one."""

from typing import Any

from playground.services.dreamina import refusals
from playground.services.dreamina.call import Call
from playground.services.dreamina.drafts import Order, read_draft
from playground.services.dreamina.envelope import AID
from playground.services.dreamina.models import MODELS
from playground.services.dreamina.refusals import RefusedError
from playground.services.dreamina.shapes import (
    ShapeError,
    check,
    is_json_object,
    is_text,
    is_uuid4,
)
from playground.services.dreamina.switches import IdPlace, Switches
from playground.services.dreamina.uploads import Uploads
from playground.services.studio import Render

QUEUED = 20
VIDEO = 10


def read_submission(call: Call, switches: Switches, uploads: Uploads, session: str) -> Order:
    """The order; anything wrong is RefusedError."""
    body = call.json()
    if body is None:
        raise RefusedError(refusals.INVALID, detail="the body is not an object")
    if not is_json_object(body.get("draft_content")):
        raise RefusedError(refusals.UNREADABLE, detail="draft_content is no text of an object")
    version = call.parameters["da_version"]
    try:
        check(body, _body_shape(switches), "body")
        order = read_draft(body["draft_content"], switches.draft_style, version)
        if switches.draft_style == "gen_video":
            _check_commerce(body, order)
        _check_pictures(order, uploads, session)
    except ShapeError as error:
        raise RefusedError(refusals.INVALID, detail=str(error)) from error
    return order


def _body_shape(switches: Switches) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "extend": {},
        "submit_id": is_uuid4,
        "draft_content": is_text,
        "http_common_info": {"aid": AID},
    }
    if switches.draft_style == "gen_video":
        info = {
            "benefit_type": is_text,
            "resource_id": "generate_video",
            "resource_id_type": "str",
            "resource_sub_type": "aigc",
            "amount?": lambda value: type(value) is int,
        }
        shape["extend"] = {
            "root_model": is_text,
            "m_video_commerce_info": info,
            "m_video_commerce_info_list": [info],
            "workspace_id?": lambda value: type(value) is int,
        }
        shape["metrics_extra?"] = is_json_object
    return shape


def _check_commerce(body: dict[str, Any], order: Order) -> None:
    """Only the current clients' filled `extend` is known to go with this style."""
    extend = body["extend"]
    info = extend["m_video_commerce_info"]
    if extend["root_model"] != order.model:
        raise ShapeError("root_model is not the draft's model")
    if extend["m_video_commerce_info_list"] != [info]:
        raise ShapeError("m_video_commerce_info_list holds something else")
    if body.get("metrics_extra", order.extra) != order.extra:
        raise ShapeError("metrics_extra and video_task_extra differ")
    if not MODELS[order.model].admits(info["benefit_type"], order.resolution):
        raise RefusedError(refusals.NO_CREDITS, detail="no matching benefit")


def _check_pictures(order: Order, uploads: Uploads, session: str) -> None:
    for place, uri in enumerate(order.pictures):
        picture = uploads.picture(session, uri)
        if picture is None:
            raise ShapeError("a picture is not one that this account has uploaded")
        # What sizes are for is unknown: they must be the true ones here.
        if order.sizes and order.sizes[place] != (picture.width, picture.height):
            raise ShapeError("width and height are not those of the picture")


def accepted(render: Render, place: IdPlace) -> dict[str, Any]:
    """`data` of the answer; `place` says which one of the ids is there."""
    ids = ("history_record_id", "history_id", "task.history_id", "task.task_id")
    usual = {"history_record_id", "task.history_id", "task.task_id"}
    shown = usual if place == "all" else {place}
    given = {name: render.id for name in ids if name in shown}
    task = {name[5:]: value for name, value in given.items() if name.startswith("task.")}
    own = {name: value for name, value in given.items() if not name.startswith("task.")}
    if place == "all":
        own["origin_history_record_id"] = render.id
    submit_id = render.extra["submit_id"]
    record = {
        **own,
        "task": {**task, "submit_id": submit_id, "status": QUEUED, "finish_time": 0},
        "generate_type": VIDEO,
        "created_time": round(render.taken, 3),
        "item_list": [],
        "mode": "workbench",
        "status": QUEUED,
        "submit_id": submit_id,
        "model_info": {"model_req_key": render.order["model"]},
        "forecast_generate_cost": 300,
        "forecast_queue_cost": 0,
        "queue_info": queue_info(0),
    }
    return {"aigc_data": record}


def queue_info(ahead: int) -> dict[str, Any]:
    return {
        "queue_idx": ahead,
        "priority": 0,
        "queue_status": 1 if ahead else 0,
        "queue_length": ahead,
        "polling_config": {"interval_seconds": 30, "timeout_seconds": 86400},
    }
