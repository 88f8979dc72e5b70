"""Signed links to files, for services that fetch pictures and sounds themselves."""

from datetime import timedelta
from pathlib import Path

from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer

from core.task import TaskId
from jobs.workshop import Workshop
from storage import drafts, tasks
from storage.database import Database
from storage.drafts import Stage

_LIFE = timedelta(hours=12)


class Links:
    """Makes and reads the tokens of `/m/<token>`; each names one file of one task or draft."""

    def __init__(self, public_url: str, secret: str) -> None:
        self._root = public_url.rstrip("/")
        self._signer = URLSafeTimedSerializer(secret, salt="media link")

    def link(self, owner: str, file: Path) -> str:
        """The address of a file that belongs to "task:12" or "draft:7"."""
        return f"{self._root}/m/{self._signer.dumps([owner, file.name])}"

    def read(self, token: str) -> tuple[str, str] | None:
        """The owner and the file of a token; None for a forged or outlived one."""
        try:
            owner, file = self._signer.loads(token, max_age=int(_LIFE.total_seconds()))
        except BadSignature:
            return None
        return owner, file


def serve_media(links: Links, workshop: Workshop) -> web.AbstractRouteDef:
    """GET /m/<token>: one file, as long as it is needed; anything else is an unknown address."""

    async def media(request: web.Request) -> web.StreamResponse:
        found = links.read(request.match_info["token"])
        if found is None:
            raise web.HTTPNotFound
        owner, name = found
        path = workshop.folder.path(name)
        if not await _is_open(workshop.database, owner, name) or not path.exists():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Cache-Control": "private, no-store"})

    return web.get("/m/{token}", media)


async def _is_open(database: Database, owner: str, file: str) -> bool:
    """Whether a link still stands: it ends with its task, or with its draft."""
    kind, _, number = owner.partition(":")
    if kind == "draft":
        draft = await database.read(drafts.get, int(number))
        return draft is not None and draft.stage is not Stage.CLOSED
    task = await database.read(tasks.get, TaskId(int(number)))
    if task is None or task.is_final:
        return False
    return file in task.facts.get("inputs", {}).values()
