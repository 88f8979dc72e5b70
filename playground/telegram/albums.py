"""sendMediaGroup: two to ten media that appear as one."""

from typing import Any

from playground.telegram.errors import bad
from playground.telegram.formatting import caption
from playground.telegram.media import Media
from playground.telegram.request import Request
from playground.telegram.sending import charge, draft
from playground.telegram.state import Json, Message
from playground.telegram.uploads import medium

MAX_ALBUM = 10
KINDS = {"photo", "video", "audio", "document"}
# These two only go with their own kind.
HOMOGENEOUS = {"audio": "Audio", "document": "Document"}


def send_media_group(req: Request) -> list[Json]:
    items = req.objects("media", "InputMedia")
    if not items:
        raise bad("there are no messages to send")
    if len(items) > MAX_ALBUM:
        raise bad("too many messages to send as an album")
    messages = [_message(req, item) for item in items]
    kinds = {message.kind for message in messages}
    if len(kinds) > 1:
        for kind, name in HOMOGENEOUS.items():
            if kind in kinds:
                raise bad(f"{name} can't be mixed with other media types")
    charge(req, messages[0].chat, len(messages))
    album_id = str(req.world.ids.large("album", req.world.ids.number("album")))
    for message in messages:
        message.album_id = album_id if len(messages) > 1 else ""
        req.world.publish(message, by=req.bot)
    return [req.world.render.message(req.bot, message) for message in messages]


def _message(req: Request, item: Json) -> Message:
    kind = str(item.get("type") or "")
    if kind not in KINDS:
        raise bad(f"can't parse InputMedia: type \"{kind}\" can't be sent in an album")
    message = draft(req, kind)
    message.markup = {}
    message.media = input_medium(req, item, album=True)
    message.text, message.entities = caption(req, item)
    return message


def input_medium(req: Request, item: dict[str, Any], *, album: bool) -> Media:
    kind = str(item.get("type") or "")
    # Nothing attached to the call may stand in for what the item itself leaves out.
    absent = {name: item.get(name) or "attach://" for name in ("thumbnail", "cover")}
    options = {**item, **absent}
    return medium(req, kind, req.attached(item.get("media")), options, album=album)
