"""What every send method shares: thread, reply, keyboard, flood control, delivery."""

from playground.telegram.errors import bad
from playground.telegram.keyboards import reply_markup
from playground.telegram.request import Request
from playground.telegram.state import GENERAL_TOPIC, Chat, Json, Message
from playground.telegram.targets import target, writable

# Content -> the permission it needs and the words of the refusal.
RIGHTS = {
    "text": ("can_send_messages", "text messages"),
    "photo": ("can_send_photos", "photos"),
    "video": ("can_send_videos", "videos"),
    "animation": ("can_send_other_messages", "animations"),
    "document": ("can_send_documents", "documents"),
    "audio": ("can_send_audios", "music"),
    "voice": ("can_send_voice_notes", "voice notes"),
    "video_note": ("can_send_video_notes", "video notes"),
    "sticker": ("can_send_other_messages", "stickers"),
}


def draft(req: Request, kind: str) -> Message:
    """An empty message of the bot, in the right chat, thread and reply."""
    chat = writable(req.bot, target(req), *RIGHTS[kind])
    thread_id = _thread(req, chat)
    reply_to, quote = _reply(req, chat)
    if reply_to is not None and not req.has("message_thread_id"):
        thread_id = reply_to.thread_id
    _check_open(req, chat, thread_id)
    markup, shown = reply_markup(req)
    channel = chat if chat.type == "channel" else None
    message = Message(
        chat,
        req.world.now(),
        sender=None if channel else req.bot.user,
        sender_chat=channel,
        thread_id=thread_id,
        reply_to=reply_to,
        quote=quote,
        markup=markup,
        shown_markup=shown,
    )
    if req.flag("protect_content"):
        message.extra["has_protected_content"] = True
    if req.flag("show_caption_above_media") and kind != "text":
        message.extra["show_caption_above_media"] = True
    return message


def _thread(req: Request, chat: Chat) -> int:
    thread_id = req.number("message_thread_id")
    if not thread_id:
        return 0
    if chat.is_forum and thread_id == GENERAL_TOPIC:
        return 0
    topic = chat.topics.get(thread_id) if chat.has_topics else None
    if topic is None:
        raise bad("message thread not found")
    return thread_id


def _check_open(req: Request, chat: Chat, thread_id: int) -> None:
    """Only administrators write in a closed topic; a reply goes where its message stands."""
    topic = chat.topic(thread_id)
    member = chat.members.get(req.bot.id)
    if topic and topic.closed and (member is None or member.status != "administrator"):
        raise bad("TOPIC_CLOSED")


def _reply(req: Request, chat: Chat) -> tuple[Message | None, Json]:
    given = req.json("reply_parameters", "reply parameters") or {}
    number = given.get("message_id") or req.number("reply_to_message_id")
    if not number:
        return None, {}
    found = req.world.find(req.bot, chat, int(number))
    lenient = given.get("allow_sending_without_reply") or req.flag("allow_sending_without_reply")
    if found is None and not lenient:
        raise bad("message to be replied not found")
    quote = {}
    if found is not None and given.get("quote"):
        position = given.get("quote_position", 0)
        quote = {"text": given["quote"], "position": position, "is_manual": True}
    return found, quote


def charge(req: Request, chat: Chat, cost: int = 1) -> None:
    req.world.flood.charge(req.bot, chat, cost, req.world.clock.now())


def deliver(req: Request, message: Message) -> Json:
    charge(req, message.chat)
    req.world.publish(message, by=req.bot)
    return req.world.render.message(req.bot, message)
