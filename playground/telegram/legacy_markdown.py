"""parse_mode Markdown, the old one: no nesting, four markers, lenient escapes."""

from playground.telegram.errors import ApiError, bad
from playground.telegram.links import link_entity
from playground.telegram.text import Entity, TextBuilder, byte_offset

KINDS = {"```": "pre", "_": "italic", "*": "bold", "`": "code", "[": "text_link"}


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    out = TextBuilder()
    at = 0
    while at < len(source):
        if source[at] == "\\" and source[at + 1 : at + 2] in set("_*`["):
            out.add(source[at + 1])
            at += 2
            continue
        marker = next((m for m in KINDS if source.startswith(m, at)), None)
        if marker is None:
            out.add(source[at])
            at += 1
            continue
        at = _entity(source, at, marker, out)
    return out.finish()


def _entity(source: str, begin: int, marker: str, out: TextBuilder) -> int:
    end = source.find("]" if marker == "[" else marker, begin + len(marker))
    if end < 0:
        raise _error(source, begin)
    offset = out.units
    inner = source[begin + len(marker) : end]
    kind = KINDS[marker]
    language = ""
    if kind == "pre":
        first, line_break, rest = inner.partition("\n")
        if line_break and not any(character.isspace() for character in first):
            language, inner = first, rest
    out.add(inner)
    after = end + len(marker)
    if kind == "text_link":
        return _link(source, begin, after, out, offset)
    if language:
        out.mark(kind, offset, language=language)
    else:
        out.mark(kind, offset)
    return after


def _link(source: str, begin: int, after: int, out: TextBuilder, offset: int) -> int:
    if not source.startswith("(", after):
        return after
    close = source.find(")", after)
    if close < 0:
        raise _error(source, begin)
    link_entity(out, offset, source[after + 1 : close])
    return close + 1


def _error(source: str, begin: int) -> ApiError:
    where = byte_offset(source, begin)
    return bad(
        f"can't parse entities: Can't find end of the entity starting at byte offset {where}",
    )
