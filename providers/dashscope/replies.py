"""What DashScope answers, as far as we read it."""

from pydantic import BaseModel


class Output(BaseModel):
    task_id: str = ""
    task_status: str = ""
    orig_prompt: str | None = None
    video_url: str | None = None
    code: str | None = None


class Reply(BaseModel):
    output: Output | None = None
    code: str | None = None
    message: str | None = None


class Listed(BaseModel):
    task_id: str
    gmt_create: int  # milliseconds since 1970


class Page(BaseModel):
    data: list[Listed]
    total_page: int = 1
