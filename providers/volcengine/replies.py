"""What the visual API answers, and the name under which a task of it is remembered."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, NamedTuple, Self

import httpx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.errors import ProviderError
from providers.web.wire import SOON, parse

SUCCESS = 10000


def _object(value: Any) -> Any:
    """Of an error, `data` is null; whatever else stands there then is no matter."""
    return value if isinstance(value, dict) else None


class Urls(BaseModel):
    urls: list[str] = []


class Data(BaseModel):
    # A task's number has 64 bits: it is text, and text it stays.
    model_config = ConfigDict(coerce_numbers_to_str=True)

    task_id: str | None = None
    status: str | None = None
    video_url: str | None = None
    resp_data: str | None = None

    @property
    def link(self) -> str | None:
        """Where the video lies; S2.0 pro was seen to put it elsewhere."""
        if self.video_url or not self.resp_data:
            return self.video_url
        try:
            return next(iter(Urls.model_validate_json(self.resp_data).urls), None)
        except ValidationError:
            return None


class Fault(BaseModel):
    code: str = Field("", alias="Code")


class Metadata(BaseModel):
    error: Fault | None = Field(None, alias="Error")


class Reply(BaseModel):
    """The service's own envelope, or that of the gateway before it."""

    code: int | None = None
    data: Annotated[Data | None, BeforeValidator(_object)] = None
    metadata: Metadata | None = Field(None, alias="ResponseMetadata")

    @property
    def fault(self) -> str | None:
        """What the gateway says where the service was not reached."""
        return self.metadata.error.code if self.metadata and self.metadata.error else None


class Mask(BaseModel):
    url: list[str] = []


class Result(BaseModel):
    mask: Mask = Mask()


class Detection(BaseModel):
    """The people in a picture, as `resp_data` holds them: the largest first, for an hour."""

    object_detection_result: Result = Result()

    @property
    def masks(self) -> list[str]:
        return self.object_detection_result.mask.url


def people(answer: Reply) -> list[str]:
    """The masks of a detection."""
    try:
        text = answer.data and answer.data.resp_data
        return Detection.model_validate_json(text or "").masks
    except ValidationError as error:
        raise ProviderError("people were found in no way we know", retry_in=SOON) from error


def read(reply: httpx.Response, *, paid: bool = False) -> Reply:
    """The envelope, whatever the HTTP status; a refusal on the way there may come without one."""
    try:
        return parse(Reply, reply, paid=paid)
    except ProviderError:
        if reply.is_client_error:
            return Reply()
        raise


class Ticket(NamedTuple):
    """A task in what is stored of it: its number alone could not be looked at after a restart."""

    pair: str
    req_key: str
    taken: int  # seconds since 1970
    task: str

    @classmethod
    def read(cls, text: str) -> Self:
        pair, req_key, taken, task = text.split("/", 3)
        return cls(pair, req_key, int(taken), task)

    def __str__(self) -> str:
        return "/".join(map(str, self))

    @property
    def query(self) -> dict[str, str]:
        return {"req_key": self.req_key, "task_id": self.task}

    @property
    def age(self) -> timedelta:
        return datetime.now(UTC) - datetime.fromtimestamp(self.taken, UTC)
