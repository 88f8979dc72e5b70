"""The four edit methods."""

from playground.telegram.albums import input_medium
from playground.telegram.errors import bad
from playground.telegram.formatting import caption, message_text
from playground.telegram.keyboards import inline_markup
from playground.telegram.media import Media
from playground.telegram.request import Request
from playground.telegram.sending import charge
from playground.telegram.state import Json, Message
from playground.telegram.targets import pointed_at, reachable, target
from playground.telegram.text import Entity

MEDIA_KINDS = {"photo", "video", "animation", "audio", "document"}
HOMOGENEOUS = {"audio", "document"}
UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)


def _own(req: Request) -> Message:
    chat = reachable(req.bot, target(req))
    message = pointed_at(req, chat, "message to edit not found")
    own_post = chat.type == "channel" and not message.service
    if message.service or not (message.sender is req.bot.user or own_post):
        raise bad("message can't be edited")
    return message


def _change(
    req: Request, message: Message, content: tuple[str, list[Entity]], media: Media | None
) -> Json:
    """Put new content in place; a keyboard that is not sent again is gone."""
    markup = inline_markup(req)
    same_media = (media.file if media else None) is (message.media.file if message.media else None)
    old = (message.text, message.entities, message.markup)
    if (*content, markup) == old and same_media:
        raise bad(UNCHANGED)
    charge(req, message.chat)
    message.text, message.entities = content
    message.media, message.markup = media, markup
    message.edit_date = req.world.now()
    req.world.log("edited", message, labels=message.labels)
    return req.world.render.message(req.bot, message)


def edit_message_text(req: Request) -> Json:
    content = message_text(req, edit=True)
    message = _own(req)
    if message.media is not None:
        raise bad("there is no text in the message to edit")
    return _change(req, message, content, None)


def edit_message_caption(req: Request) -> Json:
    content = caption(req)
    message = _own(req)
    if message.media is None or message.kind in {"video_note", "sticker"}:
        raise bad("there is no caption in the message to edit")
    return _change(req, message, content, message.media)


def edit_message_media(req: Request) -> Json:
    item = req.json("media", "InputMedia")
    if not isinstance(item, dict):
        raise bad("input media is not specified")
    if item.get("type") not in MEDIA_KINDS:
        raise bad(f'can\'t parse InputMedia: type "{item.get("type")}" is unsupported')
    message = _own(req)
    content = caption(req, item)
    media = input_medium(req, item, album=bool(message.album_id))
    if message.album_id and media.kind != message.kind:
        if media.kind == "animation":
            raise bad("message content type can't be used in an album")
        if {media.kind, message.kind} & HOMOGENEOUS:
            raise bad("can't change media type in the album")
    return _change(req, message, content, media)


def edit_message_reply_markup(req: Request) -> Json:
    message = _own(req)
    return _change(req, message, (message.text, message.entities), message.media)
