"""sendMessage and the send methods with one medium, and chat actions."""

from playground.telegram.errors import bad
from playground.telegram.formatting import caption, message_text
from playground.telegram.request import Request
from playground.telegram.sending import deliver, draft
from playground.telegram.state import Json
from playground.telegram.targets import reachable, target
from playground.telegram.uploads import medium

WITHOUT_CAPTION = {"video_note", "sticker"}
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "record_audio",
    "upload_audio",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def send_message(req: Request) -> Json:
    message = draft(req, "text")
    message.text, message.entities = message_text(req)
    if options := req.json("link_preview_options"):
        message.extra["link_preview_options"] = options
    return deliver(req, message)


def _send(req: Request, kind: str) -> Json:
    message = draft(req, kind)
    source = req.file(kind)
    if kind == "video_note" and isinstance(source, str) and source.startswith("http"):
        raise bad("video notes can't be sent by URL")
    message.media = medium(req, kind, source, req.params)
    if kind not in WITHOUT_CAPTION:
        message.text, message.entities = caption(req)
    return deliver(req, message)


def send_photo(req: Request) -> Json:
    return _send(req, "photo")


def send_video(req: Request) -> Json:
    return _send(req, "video")


def send_animation(req: Request) -> Json:
    return _send(req, "animation")


def send_document(req: Request) -> Json:
    return _send(req, "document")


def send_audio(req: Request) -> Json:
    return _send(req, "audio")


def send_voice(req: Request) -> Json:
    return _send(req, "voice")


def send_video_note(req: Request) -> Json:
    return _send(req, "video_note")


def send_sticker(req: Request) -> Json:
    return _send(req, "sticker")


def send_chat_action(req: Request) -> bool:
    chat = reachable(req.bot, target(req))
    action = req.text("action")
    if action not in ACTIONS:
        raise bad("wrong parameter action in request")
    req.world.journal.add(
        "chat_action",
        chat_id=chat.id,
        bot_id=req.bot.id,
        action=action,
        thread_id=req.number("message_thread_id"),
    )
    return True
