"""What the site tells of a job: its ids when it is taken, its record when it is looked at."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import httpx
from pydantic import StringConstraints, TypeAdapter, ValidationError

from core.errors import ProviderError
from providers.dreamina.workbench import Loose, Reply
from providers.web.wire import SOON

REJECTED, FAILED, WITHHELD, PARTLY, DONE, DELETED = 10, 30, 40, 45, 50, 100
FINAL = frozenset({REJECTED, FAILED, WITHHELD, DONE, DELETED})

# An id becomes part of our own id of the task.
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,64}$")]


class Task(Loose):
    task_id: Id | None = None
    history_id: Id | None = None
    status: int | None = None


class Taken(Loose):
    history_record_id: Id | None = None
    history_id: Id | None = None
    task: Task | None = None


class TakenData(Loose):
    aigc_data: Taken | None = None


class TakenReply(Reply):
    """The answer to an order; any of the ids, and all of them, may be missing."""

    data: TakenData | None = None

    @property
    def id(self) -> str:
        taken = (self.data and self.data.aigc_data) or Taken()
        task = taken.task or Task()
        ids = (taken.history_record_id, taken.history_id, task.history_id, task.task_id)
        return next((one for one in ids if one and one != "0"), "")


class File(Loose):
    video_url: str | None = None
    width: int | None = None


Files = Mapping[str, File | None] | None


class Video(Loose):
    transcoded_video: Files = None
    download_url: str | None = None
    play_url: str | None = None
    url: str | None = None
    video_resource: File | None = None


class Common(Loose):
    transcoded_video: Files = None


class Item(Loose):
    video: Video | None = None
    common_attr: Common | None = None


class Queue(Loose):
    queue_idx: int | None = None


class Record(Loose):
    """One job; `status` may stand in two places, and a final one counts."""

    submit_id: str | None = None
    history_record_id: Id | None = None
    status: int | None = None
    task: Task | None = None
    fail_code: str | None = None
    fail_starling_key: str | None = None
    item_list: list[Item | None] | None = None
    queue_info: Queue | None = None

    @property
    def stage(self) -> int | None:
        both = (self.status, self.task.status if self.task else None)
        told = [one for one in both if one is not None]
        return next((one for one in told if one in FINAL), told[0] if told else None)

    @property
    def code(self) -> str:
        return "" if self.fail_code in {None, "0"} else str(self.fail_code)

    @property
    def key(self) -> str:
        return self.fail_starling_key or ""

    @property
    def ahead(self) -> int | None:
        return (self.queue_info and self.queue_info.queue_idx) or None

    def video(self, *, plain: bool) -> str | None:
        """The first usable address; without `plain` only an encrypted one is."""
        item = self.item_list[0] if self.item_list else None
        schemes = {"https", "http"} if plain else {"https"}
        return next((url for url in _addresses(item or Item()) if _is_usable(url, schemes)), None)


LISTED = TypeAdapter(list[Record | None])


class HistoryReply(Reply):
    """Records by the id that was asked with; at times in one of two lists instead."""

    data: dict[str, Any] | None = None

    def record(self, asked: str) -> Record | None:
        """The record of what was asked for; raises ProviderError where it is not understood."""
        data = self.data or {}
        try:
            if data.get(asked):
                return Record.model_validate(data[asked])
            listed = data.get("history_list") or data.get("history_records") or []
            found = LISTED.validate_python(listed)
        except ValidationError as error:
            raise ProviderError("a record that is not understood", retry_in=SOON) from error
        ours = (one for one in found if one and asked in {one.submit_id, one.history_record_id})
        return next(ours, None)


def _addresses(item: Item) -> Iterator[str | None]:
    video, common = item.video or Video(), item.common_attr or Common()
    files = dict(video.transcoded_video or {})
    origin = files.pop("origin", None)
    yield origin.video_url if origin else None
    rest = [one for one in files.values() if one]
    yield from (one.video_url for one in sorted(rest, key=lambda one: -(one.width or 0)))
    other = (common.transcoded_video or {}).get("origin")
    yield other.video_url if other else None
    yield from (video.download_url, video.play_url, video.url)
    yield video.video_resource.video_url if video.video_resource else None


def _is_usable(url: str | None, schemes: set[str]) -> bool:
    try:
        return bool(url) and httpx.URL(url or "").scheme in schemes
    except httpx.InvalidURL:
        return False
