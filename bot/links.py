"""Signed links to files of a running task, for services that fetch pictures and sounds themselves."""

from datetime import timedelta
from pathlib import Path

from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer

from core.task import Task, TaskId
from jobs.workshop import Workshop
from storage import tasks

_LIFE = timedelta(hours=12)


class Links:
    """Makes and reads the tokens of `/m/<token>`; each names one file of one task."""

    def __init__(self, public_url: str, secret: str) -> None:
        self._root = public_url.rstrip("/")
        self._signer = URLSafeTimedSerializer(secret, salt="media link")

    def link(self, task: TaskId, file: Path) -> str:
        return f"{self._root}/m/{self._signer.dumps([task, file.name])}"

    def read(self, token: str) -> tuple[TaskId, str] | None:
        """The task and the file of a token; None for a forged or outlived one."""
        try:
            task, file = self._signer.loads(token, max_age=int(_LIFE.total_seconds()))
        except BadSignature:
            return None
        return TaskId(task), file


def serve_media(links: Links, workshop: Workshop) -> web.AbstractRouteDef:
    """GET /m/<token>: one file of a running task; anything else reads like an unknown address."""

    async def media(request: web.Request) -> web.StreamResponse:
        found = links.read(request.match_info["token"])
        if found is None:
            raise web.HTTPNotFound
        number, name = found
        task = await workshop.database.read(tasks.get, number)
        path = workshop.folder.path(name)
        if not is_open(task, name) or not path.exists():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Cache-Control": "private, no-store"})

    return web.get("/m/{token}", media)


def is_open(task: Task | None, file: str) -> bool:
    """Whether a link to this file still stands: it ends with its task."""
    if task is None or task.is_final:
        return False
    return file in task.facts.get("inputs", {}).values()
