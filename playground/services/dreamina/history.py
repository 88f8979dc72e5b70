"""The record of a job as a look at it shows it."""

from collections.abc import Sequence
from typing import Any

from playground.services.dreamina import refusals
from playground.services.dreamina.call import Call
from playground.services.dreamina.envelope import AID
from playground.services.dreamina.generate import VIDEO, queue_info
from playground.services.dreamina.refusals import MEANINGS, RefusedError
from playground.services.dreamina.shapes import ShapeError, check, is_text
from playground.services.dreamina.switches import RecordPlace, Switches
from playground.services.dreamina.videos import item
from playground.services.studio import ENDED, Render, Stage

REJECTED, RUNNING, FAILED, OUTPUT_REJECTED = 10, 20, 30, 40
THINKING, DONE, DELETED = 42, 50, 100
_TEXT = ({"1063", "2005", "2038", "2047", "1159", "2050", "1161", "1162"}, "prompt_violate")
_PHOTO = ({"2003", "2039", "2041", "2048"}, "image_violates")
_OUTPUT = ({"2004", "2042", "2035", "2046", "2043"}, "OutputVideoRisk")


def read_look(call: Call) -> tuple[str, list[str], bool]:
    """What is asked with, the ids, and whether a list is wanted; camelCase names are refused."""
    body = call.json() or {}
    field = "history_ids" if "history_ids" in body else "submit_ids"
    try:
        check(
            body,
            {
                field: lambda ids: isinstance(ids, list) and bool(ids) and all(map(is_text, ids)),
                # Seen with history_ids; with submit_ids nobody says that it may be missing.
                "http_common_info": {"aid": AID},
                "need_batch?": lambda value: isinstance(value, bool),
            },
            "body",
        )
    except ShapeError as error:
        raise RefusedError(refusals.INVALID, detail=str(error)) from error
    return field, body[field], body.get("need_batch", False)


def placed(records: dict[str, Any], place: RecordPlace, *, batch: bool) -> dict[str, Any]:
    """`data` of the answer: keyed by what was asked with, or in one of the lists."""
    if batch:
        place = "history_list"
    return records if place == "keyed" else {place: list(records.values())}


def failure(code: str, message: str, status: int = 0, key: str = "") -> dict[str, Any]:
    """The fields of a failed record; what is not given follows from the code."""
    usual, usual_key = FAILED, "generate_failed"
    for (codes, name), stage in (
        (_TEXT, REJECTED),
        (_PHOTO, REJECTED),
        (_OUTPUT, OUTPUT_REJECTED),
    ):
        if code in codes:
            usual, usual_key = stage, f"web_{name}_{code}"
    return {
        "status": status or usual,
        "fail_code": code,
        "fail_starling_key": key or usual_key,
        "fail_starling_message": message or MEANINGS.get(code, ""),
    }


def record(
    render: Render, switches: Switches, waiting: Sequence[Render], url: str
) -> dict[str, Any]:
    """One look at a job; `waiting` are the account's queued ones, `url` is the result's."""
    shown: dict[str, Any] = {
        "history_record_id": render.id,
        "origin_history_record_id": render.id,
        "submit_id": render.extra["submit_id"],
        "generate_type": VIDEO,
        "mode": "workbench",
        "created_time": round(render.taken, 3),
        "finish_time": int(render.ended or 0),
        "draft_content": render.extra["draft_content"],
        "model_info": {"model_req_key": render.order["model"]},
        "forecast_generate_cost": 300,
        "forecast_queue_cost": 0,
        "status": _status(render, switches),
        "fail_code": "",
        "fail_starling_key": "",
        "fail_starling_message": "",
        "item_list": [],
        "queue_info": queue_info(place_in(waiting, render)),
    }
    if render.failure:
        shown |= render.extra.get("failure") or failure(*render.failure)
    if shown["status"] == DONE:
        late = switches.thinking_looks + switches.late_address_looks
        place = "none" if render.extra["done_looks"] <= late else switches.video_place
        shown["item_list"] = [item(render, place, url)]
    shown["task"] = {
        "task_id": render.id,
        "history_id": render.id,
        "submit_id": render.extra["submit_id"],
        "status": shown["status"],
        "finish_time": shown["finish_time"],
    }
    return merged(shown, render.extra["shown"])


def count_look(render: Render) -> None:
    """Count one look, and whether the job was over by then."""
    render.extra["looks"] += 1
    render.extra["done_looks"] += render.stage in ENDED


def place_in(waiting: Sequence[Render], render: Render) -> int:
    """1 for the first of those that wait, 0 for one that no longer does."""
    return waiting.index(render) + 1 if render in waiting else 0


def _status(render: Render, switches: Switches) -> int:
    if render.stage is Stage.CANCELLED:
        return DELETED
    if render.stage is Stage.DONE:
        return THINKING if render.extra["done_looks"] <= switches.thinking_looks else DONE
    return RUNNING


def merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The old fields with the new ones laid over them, objects field by field."""
    both = {
        key: merged(old[key], value)
        if isinstance(value, dict) and isinstance(old.get(key), dict)
        else value
        for key, value in new.items()
    }
    return {**old, **both}
