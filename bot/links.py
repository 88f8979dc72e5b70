"""Signed links to files: for services that fetch pictures and sounds, and for videos too large to send."""

from datetime import timedelta
from pathlib import Path

from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer

from core.task import TaskId
from jobs.workshop import Workshop
from storage import drafts, media, tasks
from storage.drafts import Stage

VIDEO = "video:"  # begins the owner of a finished video's link
_LIFE = timedelta(hours=12)


class Links:
    """Makes and reads the tokens of `/m/<token>`; each names one file of one task or draft."""

    def __init__(self, public_url: str, secret: str) -> None:
        self._root = public_url.rstrip("/")
        self._signer = URLSafeTimedSerializer(secret, salt="media link")

    def link(self, owner: str, file: Path) -> str:
        """The address of a file that belongs to "task:12", "draft:7", "look:12" or, if made, "video:12"."""
        return f"{self._root}/m/{self._signer.dumps([owner, file.name])}"

    def read(self, token: str) -> tuple[str, str] | None:
        """The owner and the file of a token; None for a forged or outlived one."""
        try:
            owner, file = self._signer.loads(token)
            if not owner.startswith(VIDEO):
                # A finished video is open as long as its file is kept, which the database knows.
                self._signer.loads(token, max_age=int(_LIFE.total_seconds()))
        except BadSignature:
            return None
        return owner, file


def serve_media(links: Links, workshop: Workshop) -> web.AbstractRouteDef:
    """GET /m/<token>: one file, as long as it is needed; anything else is an unknown address."""

    async def serve(request: web.Request) -> web.StreamResponse:
        found = links.read(request.match_info["token"])
        if found is None:
            raise web.HTTPNotFound
        owner, name = found
        path = workshop.folder.path(name)
        if not await _is_open(workshop, owner, name) or not path.exists():
            raise web.HTTPNotFound
        headers = {"Cache-Control": "private, no-store"}
        if owner.startswith(VIDEO):
            name = f"firstframe-{owner.removeprefix(VIDEO)}.mp4"
            headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return web.FileResponse(path, headers=headers)

    return web.get("/m/{token}", serve)


async def _is_open(workshop: Workshop, owner: str, file: str) -> bool:
    """Whether a link still stands: it ends with its task, its draft, or the time of its video."""
    database = workshop.database
    kind, _, number = owner.partition(":")
    if kind == "draft":
        draft = await database.read(drafts.get, int(number))
        return draft is not None and draft.stage is not Stage.CLOSED
    task = await database.read(tasks.get, TaskId(int(number)))
    if task is not None and f"{kind}:" == VIDEO:
        until = await database.read(media.kept_until, file)
        is_its = task.facts.get("clip", {}).get("video") == file
        return is_its and until is not None and workshop.now() < until
    if task is not None and kind == "look":
        return "looking" in task.facts
    if task is None or task.is_final:
        return False
    return file in task.facts.get("inputs", {}).values()
