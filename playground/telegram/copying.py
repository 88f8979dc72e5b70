"""copyMessage and forwardMessage, for one message and for many."""

from playground.telegram.errors import bad
from playground.telegram.formatting import caption
from playground.telegram.rendering import origin
from playground.telegram.request import Request
from playground.telegram.sending import deliver, draft
from playground.telegram.state import Json, Message
from playground.telegram.targets import pointed_at, reachable, target


def copy_message(req: Request) -> Json:
    source = _source(req, "message to copy not found")
    if source.service:
        raise bad("message can't be copied")
    return {"message_id": _copied(req, source)["message_id"]}


def copy_messages(req: Request) -> list[Json]:
    sources = [source for source in _sources(req) if not source.service]
    if not sources:
        raise bad("there are no messages to copy")
    return [{"message_id": _copied(req, source)["message_id"]} for source in sources]


def forward_message(req: Request) -> Json:
    source = _source(req, "message to forward not found")
    if source.service or "has_protected_content" in source.extra:
        raise bad("message can't be forwarded")
    return _forwarded(req, source)


def forward_messages(req: Request) -> list[Json]:
    sources = _sources(req)
    if not sources:
        raise bad("there are no messages to forward")
    return [{"message_id": _forwarded(req, source)["message_id"]} for source in sources]


def _source(req: Request, refusal: str) -> Message:
    return pointed_at(req, reachable(req.bot, target(req, "from_chat_id")), refusal)


def _sources(req: Request) -> list[Message]:
    chat = reachable(req.bot, target(req, "from_chat_id"))
    numbers = req.json("message_ids", "message identifiers")
    if not isinstance(numbers, list) or not numbers:
        raise bad("message identifiers are not specified")
    found = [req.world.find(req.bot, chat, int(number)) for number in numbers]
    return [message for message in found if message is not None]


def _copied(req: Request, source: Message) -> Json:
    message = draft(req, source.kind)
    message.text, message.entities, message.media = source.text, source.entities, source.media
    if req.has("caption") and source.media is not None:
        message.text, message.entities = caption(req)
    return deliver(req, message)


def _forwarded(req: Request, source: Message) -> Json:
    message = draft(req, source.kind)
    message.text, message.entities, message.media = source.text, source.entities, source.media
    message.origin = source.origin or origin(source)
    return deliver(req, message)
