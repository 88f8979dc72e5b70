"""parse_mode MarkdownV2: markers become entities, mistakes become the official refusals."""

from dataclasses import dataclass

from playground.telegram.errors import ApiError, bad
from playground.telegram.links import link_entity
from playground.telegram.text import Entity, TextBuilder, byte_offset

RESERVED = "_*[]()~`>#+-=|{}.!\n"
LAST_ESCAPABLE = 126
# Longest first: two underscores always mean underline.
MARKERS = {
    "```": "pre",
    "__": "underline",
    "||": "spoiler",
    "![": "custom_emoji",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
    "`": "code",
    "[": "text_link",
}
ENDS = {kind: marker for marker, kind in MARKERS.items()} | {"text_link": "]", "custom_emoji": "]"}
NAMES = {
    "pre": "Pre",
    "pre_code": "PreCode",
    "underline": "Underline",
    "spoiler": "Spoiler",
    "custom_emoji": "CustomEmoji",
    "italic": "Italic",
    "bold": "Bold",
    "strikethrough": "Strikethrough",
    "code": "Code",
    "text_link": "TextUrl",
    "blockquote": "BlockQuote",
}


@dataclass(slots=True)
class Span:
    kind: str
    offset: int
    begin: int
    language: str = ""
    expandable: bool = False


class MarkdownParser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.out = TextBuilder()
        self.open: list[Span] = []
        self.line_start = True

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            self._step()
        if self.open and self.open[-1].kind == "blockquote":
            self._end_quote()
        if self.open:
            span = self.open[-1]
            name = NAMES["pre_code" if span.language else span.kind]
            begin = byte_offset(self.source, span.begin)
            raise _error(f"Can't find end of {name} entity at byte offset {begin}")
        return self.out.finish()

    @property
    def _kind(self) -> str:
        return self.open[-1].kind if self.open else ""

    def _step(self) -> None:
        character = self.source[self.at]
        following = self.source[self.at + 1 : self.at + 2]
        if character == "\\" and following and ord(following) <= LAST_ESCAPABLE:
            self.at += 1
            self._emit(following)
        elif character not in ("`" if self._kind in {"code", "pre"} else RESERVED):
            self._emit(character)
        elif self._ends():
            self._close()
        elif character == "\n":
            self._new_line()
        elif character == ">" and self.line_start:
            self._quote()
        else:
            self._start(character)

    def _emit(self, text: str) -> None:
        self.out.add(text)
        self.at += 1
        self.line_start = False

    def _new_line(self) -> None:
        if self._kind == "blockquote" and not self.source.startswith("\n>", self.at):
            self._end_quote()
        self._emit("\n")
        self.line_start = True

    def _quote(self) -> None:
        if not any(span.kind == "blockquote" for span in self.open):
            self.open.append(Span("blockquote", self.out.units, self.at))
        self.at += 1
        self.line_start = False

    def _end_quote(self) -> None:
        span = self.open.pop()
        self.out.mark("expandable_blockquote" if span.expandable else "blockquote", span.offset)

    def _ends(self) -> bool:
        end = ENDS.get(self._kind, "\0")
        if not self.source.startswith(end, self.at):
            return False
        return not (self._kind == "italic" and self.source.startswith("__", self.at))

    def _start(self, character: str) -> None:
        marker = next((m for m in MARKERS if self.source.startswith(m, self.at)), None)
        if marker is None:
            raise _error(
                f"Character '{character}' is reserved and must be escaped with the preceding '\\'",
            )
        after = self.source[self.at + len(marker) : self.at + len(marker) + 1]
        if marker == "||" and self._kind == "blockquote" and after in {"", "\n"}:
            self.open[-1].expandable = True
            self.at += 2
            return
        span = Span(MARKERS[marker], self.out.units, self.at)
        self.open.append(span)
        self.at += len(marker)
        if span.kind == "pre":
            self._language(span)

    def _language(self, span: Span) -> None:
        end = self.at
        while (
            end < len(self.source) and not self.source[end].isspace() and self.source[end] != "`"
        ):
            end += 1
        if end > self.at and end < len(self.source) and self.source[end] != "`":
            span.language = self.source[self.at : end]
            self.at = end
        if self.source.startswith("\n", self.at):
            self.at += 1

    def _close(self) -> None:
        span = self.open.pop()
        self.at += len(ENDS[span.kind])
        if span.kind == "text_link":
            link_entity(self.out, span.offset, self._url() or self.out.since(span.offset))
        elif span.kind == "custom_emoji":
            url = self._url()
            if not url.startswith("tg://emoji?id="):
                raise _error("Custom emoji entity must contain a tg://emoji URL")
            emoji = url.removeprefix("tg://emoji?id=")
            self.out.mark("custom_emoji", span.offset, custom_emoji_id=emoji)
        elif span.language:
            self.out.mark("pre", span.offset, language=span.language)
        else:
            self.out.mark(span.kind, span.offset)

    def _url(self) -> str:
        if not self.source.startswith("(", self.at):
            return ""
        begin = self.at
        self.at += 1
        url = ""
        while self.at < len(self.source) and self.source[self.at] != ")":
            if self.source[self.at] == "\\" and self.at + 1 < len(self.source):
                self.at += 1
            url += self.source[self.at]
            self.at += 1
        if self.at >= len(self.source):
            begin = byte_offset(self.source, begin)
            raise _error(f"Can't find end of a URL at byte offset {begin}")
        self.at += 1
        return url


def _error(reason: str) -> ApiError:
    return bad(f"can't parse entities: {reason}")


def parse_markdown_v2(source: str) -> tuple[str, list[Entity]]:
    return MarkdownParser(source).parse()
