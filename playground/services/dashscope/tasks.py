"""How the emulated DashScope tells of a task: looked at alone, and as a line of a list."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from playground.services.dashscope.errors import invalid
from playground.services.dashscope.models import Model
from playground.services.studio import Render, Stage

TASK_LIFE = 24 * 3600  # seconds; a result lives as long, from its own end on

_WALL = timezone(timedelta(hours=8))
_DIGITS = re.compile(r"[0-9]{14}")
_MOST_ROWS = 100  # not documented on our pages
STATUSES = {
    Stage.QUEUED: "PENDING",
    Stage.RUNNING: "RUNNING",
    Stage.DONE: "SUCCEEDED",
    Stage.FAILED: "FAILED",
    Stage.CANCELLED: "CANCELED",
}


def unknown(task_id: str) -> dict[str, Any]:
    """Too old, another account's, or never there: it all reads the same."""
    return {"output": {"task_id": task_id, "task_status": "UNKNOWN"}}


def describe(render: Render, video_url: str | None) -> dict[str, Any]:
    """One task as a single look shows it; an ended one has its outcome."""
    output: dict[str, Any] = {"task_id": render.id, "task_status": STATUSES[render.stage]}
    times = {
        "submit_time": render.taken,
        "scheduled_time": render.began,
        "end_time": render.ended,
    }
    output |= {name: wall_time(at) for name, at in times.items() if at is not None}
    if render.stage is Stage.FAILED and render.failure:
        output["code"], output["message"] = render.failure
    if render.stage is not Stage.DONE:
        return {"output": output}
    output |= _prompts(render)
    if video_url is not None:
        output["video_url"] = video_url
    return {"output": output, "usage": _usage(render)}


def wall_time(moment: float) -> str:
    """The clock on the wall in China, without saying so."""
    at = datetime.fromtimestamp(moment, _WALL)
    return at.replace(tzinfo=None).isoformat(" ", "milliseconds")


def _prompts(render: Render) -> dict[str, str]:
    # Whether a cut prompt comes back cut is not known.
    prompt, model = render.order["prompt"], render.extra["model"]
    if prompt is None:
        return {}
    if not (render.order["prompt_extend"] and model.tells_prompt):
        return {"orig_prompt": prompt}
    return {"orig_prompt": prompt, "actual_prompt": f"{prompt} Cinematic light, smooth motion."}


def _usage(render: Render) -> dict[str, Any]:
    order, model = render.order, render.extra["model"]
    clip = math.ceil(render.extra["clip_seconds"])
    # How the three lengths go together where a clip is continued is not documented.
    known = {
        "duration": order["duration"],
        "input_video_duration": clip,
        "output_video_duration": order["duration"] - clip,
        "video_duration": order["duration"],
        "video_ratio": "standard",
        "video_count": 1,
        "SR": int(order["resolution"].removesuffix("P")),
        "audio": order["sound"] != "none",
    }
    return {name: known[name] for name in model.usage}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a list is asked for; the times are seconds since 1970."""

    since: float
    until: float
    page: int
    size: int
    wanted: Mapping[str, str]

    def page_of(self, renders: Iterable[Render], region: str) -> dict[str, Any]:
        # The order is not documented: the newest first.
        rows = [
            row
            for row in (_row(render, region) for render in renders)
            if self.since * 1000 <= row["gmt_create"] <= self.until * 1000
            and all(row[name] == value for name, value in self.wanted.items())
        ][::-1]
        first = (self.page - 1) * self.size
        return {
            "total": len(rows),
            "total_page": math.ceil(len(rows) / self.size),
            "page_no": self.page,
            "page_size": self.size,
            "data": rows[first : first + self.size],
        }


def read_search(query: Mapping[str, str], now: float) -> Search:
    """The question in a query; the times in it are those of the clock on the wall in China."""
    since, until = _moment(query, "start_time"), _moment(query, "end_time")
    if until is None:
        until = now if since is None else min(now, since + TASK_LIFE)
    since = until - TASK_LIFE if since is None else since
    if not 0 <= until - since <= TASK_LIFE:
        raise invalid("start_time and end_time may lie 24 hours apart at most.")
    names = ("model_name", "status", "region", "api_key_id")
    wanted = {name: query[name] for name in names if query.get(name)}
    if wanted.get("status", "PENDING") not in {*STATUSES.values(), "UNKNOWN"}:
        raise invalid("status is none of a task's.")
    return Search(
        since=since,
        until=until + 0.999,  # a second is asked for to its end
        page=_number(query, "page_no", 1, 2**31),
        size=_number(query, "page_size", 10, _MOST_ROWS),
        wanted=wanted,
    )


def _moment(query: Mapping[str, str], name: str) -> float | None:
    text = query.get(name)
    if not text:
        return None
    try:
        # strptime alone would take fewer digits too.
        if _DIGITS.fullmatch(text):
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=_WALL).timestamp()
    except ValueError:
        pass
    raise invalid(f"{name} must be YYYYMMDDhhmmss.")


def _number(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = query.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise invalid(f"{name} must be a number from 1 to {most}.")
    return int(text)


def _row(render: Render, region: str) -> dict[str, Any]:
    extra = render.extra
    model: Model = extra["model"]
    times = {"gmt_create": render.taken, "start_time": render.began, "end_time": render.ended}
    return {
        "task_id": render.id,
        "status": STATUSES[render.stage],
        "model_name": model.name,
        "region": region,
        "request_id": extra["request_id"],
        "api_key_id": extra["key_id"],
        "caller_uid": extra["account"],
        "caller_parent_id": extra["account"],
        "user_api_unique_key": f"apikey:v1:aigc:{model.group}:{model.name}",
        **{name: round(at * 1000) for name, at in times.items() if at is not None},
    }
