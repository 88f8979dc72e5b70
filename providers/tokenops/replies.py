"""What servers of this shape answer: many spellings of a video, of an error and of progress."""

import re
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

_ROUTER = ("", "not found")  # what frameworks say of an address that leads nowhere
_LONGEST = 160  # characters of somebody else's words


class Stage(Enum):
    WAITING = auto()
    RUNNING = auto()
    DONE = auto()
    FAILED = auto()
    GONE = auto()


_STAGES: Mapping[Stage, str] = {
    Stage.WAITING: "queued in_queue pending submitted created not_start",
    Stage.RUNNING: "in_progress processing running generating preprocessing",
    Stage.DONE: "completed succeeded success done",
    Stage.FAILED: "failed error failure rejected",
    Stage.GONE: "cancelled canceled deleted expired",
}
_BY_NAME = {name: stage for stage, names in _STAGES.items() for name in names.split()}


class Failure(BaseModel):
    """Why something failed: a code where there is one, and words where there are some."""

    code: str = ""
    text: str = ""

    @property
    def name(self) -> str:
        """What a person may be told of it."""
        return self.code or self.text


class Video(BaseModel):
    """A video as its server describes it; no two servers agree on more than a few names."""

    id: Any = None
    task_id: Any = None
    status: Any = None
    progress: Any = None
    error: Any = None
    code: Any = None
    message: Any = None
    detail: Any = None
    url: Any = None
    video_url: Any = None
    metadata: Any = None
    data: Any = None
    output: Any = None

    @property
    def name(self) -> str:
        inner = _object(self.data)
        forms = (self.id, self.task_id, inner.get("id"), inner.get("task_id"))
        return next((text for form in forms if (text := _word(form))), "")

    @property
    def state(self) -> str:
        return _word(self.status) or _word(_object(self.data).get("status"))

    @property
    def stage(self) -> Stage | None:
        """None for a word that nobody wrote down."""
        return _BY_NAME.get(self.state.lower())

    @property
    def percent(self) -> float | None:
        """How far it is; some servers say 100 from the start, so it means something on the way only."""
        text = _word(self.progress).removesuffix("%").strip()
        if self.stage is not Stage.RUNNING or not re.fullmatch(r"\d{1,3}(\.\d+)?", text):
            return None
        return min(float(text), 100.0)

    @property
    def links(self) -> Iterator[str]:
        """Where the video may lie, of what the object itself says."""
        places = (
            self.url,
            self.video_url,
            _object(self.metadata).get("url"),
            _first(self.data).get("url"),
            _first(self.output).get("url"),
        )
        return (one for one in places if isinstance(one, str) and one.startswith("http"))

    @property
    def failure(self) -> Failure:
        inner = _object(self.error)
        texts = (inner.get("message"), self.error, self.detail, self.message)
        text = next((found for one in texts if (found := _words(one))), "")
        code = _word(inner.get("code")) or _word(self.code) or _word(inner.get("type"))
        return Failure(code=re.sub(r"[^\w.-]", "", code)[:60], text=text)

    @property
    def is_own_error(self) -> bool:
        """Whether the server itself says no here: a router before it has no code and no subject."""
        inner = _object(self.error)
        texts = (_words(one) for one in (inner.get("message"), self.error, self.detail))
        return bool(self.failure.code) or any(one.lower() not in _ROUTER for one in texts)


class Subjects(BaseModel):
    """Who is in a picture: `status` 0 says nobody; the largest mask comes first."""

    status: int
    mask_urls: list[str] = []


def read(reply: httpx.Response) -> Video | None:
    """The object in a reply; None where there is none."""
    try:
        return Video.model_validate_json(reply.content)
    except ValidationError:
        return None


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(value: Any) -> Mapping[str, Any]:
    return _object(value[0]) if isinstance(value, list) and value else {}


def _word(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def _words(value: Any) -> str:
    """A sentence of the server's, without addresses and not too long."""
    if isinstance(value, list):  # as FastAPI lists what is wrong
        value = _first(value).get("msg")
    return re.sub(r"\S+://\S+", "...", _word(value))[:_LONGEST]
