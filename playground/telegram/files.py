"""getFile and the links it gives out for an hour."""

from playground.telegram.errors import ApiError, bad
from playground.telegram.media import MAX_DOWNLOAD, StoredFile
from playground.telegram.request import Request
from playground.telegram.state import Bot, Json

LINK_LIFETIME = 3600.0


def get_file(req: Request) -> Json:
    file_id = req.text("file_id")
    if not file_id:
        raise bad("file_id not specified")
    file = req.bot.files.get(file_id)
    if file is None:
        raise bad("invalid file_id")
    if req.world.local_folder:
        return {**req.world.render.file(req.bot, file), "file_path": _stored(req, file)}
    if file.size > MAX_DOWNLOAD:
        raise bad("file is too big")
    req.bot.links[file.path] = (file, req.world.clock.now() + LINK_LIFETIME)
    body = req.world.render.file(req.bot, file)
    return {**body, "file_path": file.path}


def _stored(req: Request, file: StoredFile) -> str:
    """The path of a file that lies where the bot can read it, as in local mode."""
    assert req.world.local_folder
    path = (req.world.local_folder / file.path).resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.content)
    return str(path)


def linked_file(bot: Bot, path: str, now: float) -> StoredFile:
    """The file behind a download link that is still valid."""
    file, expires = bot.links.get(path, (None, 0.0))
    if file is None or expires <= now:
        raise ApiError(404)
    return file
