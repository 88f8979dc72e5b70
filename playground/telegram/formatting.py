"""The text or caption of a call: parsed, trimmed, measured, with every entity found."""

from playground.telegram.detection import with_detected
from playground.telegram.errors import bad
from playground.telegram.html import parse_html
from playground.telegram.legacy_markdown import parse_markdown
from playground.telegram.markdown import parse_markdown_v2
from playground.telegram.request import Request
from playground.telegram.state import Json
from playground.telegram.text import Entity, trimmed

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_RAW_BYTES = 32_768
PARSERS = {"html": parse_html, "markdown": parse_markdown, "markdownv2": parse_markdown_v2}


def formatted(raw: str, parse_mode: str, entities: list[Json]) -> tuple[str, list[Entity]]:
    if len(raw.encode()) > MAX_RAW_BYTES:
        raise bad("text is too long")
    mode = parse_mode.lower()
    if mode in PARSERS:
        text, found = PARSERS[mode](raw)
    elif mode in {"", "none"}:
        text, found = raw, [_given(entity) for entity in entities]
    else:
        raise bad("unsupported parse_mode")
    text, found = trimmed(text, found)
    return text, with_detected(text, found)


def _given(entity: Json) -> Entity:
    if not isinstance(entity.get("offset"), int) or not isinstance(entity.get("length"), int):
        raise bad('can\'t parse MessageEntity: Field "offset" must be of type Number')
    given = dict(entity)
    if "user" in given:
        given["user_id"] = given.pop("user")["id"]
    return given


def message_text(req: Request, *, edit: bool = False) -> tuple[str, list[Entity]]:
    entities = req.objects("entities", "MessageEntity")
    text, found = formatted(req.text("text"), req.text("parse_mode"), entities)
    if not text:
        raise bad("message text is empty")
    if len(text) > MAX_TEXT:
        raise bad("MESSAGE_TOO_LONG" if edit else "message is too long")
    return text, found


def caption(req: Request, part: Json | None = None) -> tuple[str, list[Entity]]:
    """The caption of a call, or of one item of an album."""
    if part is None:
        entities = req.objects("caption_entities", "MessageEntity")
        raw, mode = req.text("caption"), req.text("parse_mode")
    else:
        entities = part.get("caption_entities") or []
        raw, mode = str(part.get("caption") or ""), str(part.get("parse_mode") or "")
    text, found = formatted(raw, mode, entities)
    if len(text) > MAX_CAPTION:
        raise bad("message caption is too long")
    return text, found
