"""parse_mode HTML: tags become entities, mistakes become the official refusals."""

import html as html_text
import re
from dataclasses import dataclass

from playground.telegram.errors import ApiError, bad
from playground.telegram.links import link_entity
from playground.telegram.text import Entity, TextBuilder, byte_offset

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "blockquote": "blockquote",
}
# The server knows these four names and numbers; every other reference stays as it is written.
REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#[xX][0-9a-fA-F]+);")
TEXT_END = re.compile("[<&]")
ATTRIBUTE_END = re.compile(r"[\s=>/\"']|$")
NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
SPACES = re.compile(r"\s*")


@dataclass(slots=True)
class Tag:
    name: str
    offset: int
    argument: str = ""


class HtmlParser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.out = TextBuilder()
        self.open: list[Tag] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self.source[self.at] == "<":
                self._start_tag()
            else:
                self._plain()
        if self.open:
            name = self.open[-1].name
            raise _error(f'Can\'t find end tag corresponding to start tag "{name}"')
        return self.out.finish()

    def _plain(self) -> None:
        if reference := REFERENCE.match(self.source, self.at):
            self.out.add(html_text.unescape(reference.group()))
            self.at = reference.end()
            return
        end = TEXT_END.search(self.source, self.at + 1)
        stop = end.start() if end else len(self.source)
        self.out.add(self.source[self.at : stop])
        self.at = stop

    def _start_tag(self) -> None:
        begin = self.at
        where = f"at byte offset {byte_offset(self.source, begin)}"
        head = re.compile(r"[^\s>]*").match(self.source, begin + 1)
        name = head.group().lower() if head else ""
        self.at = begin + 1 + len(name)
        if self.at >= len(self.source):
            raise _error(f"Unclosed start tag {where}")
        if name not in KINDS:
            raise _error(f'Unsupported start tag "{name}" {where}')
        tag = Tag(name, self.out.units)
        while True:
            self._skip_spaces()
            if self.at >= len(self.source):
                raise _error(f"Unclosed start tag {where}")
            if self.source[self.at] == ">":
                break
            self._attribute(tag, where)
        self.at += 1
        if name == "span" and tag.argument != "spoiler":
            raise _error(f'Tag "span" must have class "tg-spoiler" {where}')
        self.open.append(tag)

    def _attribute(self, tag: Tag, where: str) -> None:
        end = ATTRIBUTE_END.search(self.source, self.at)
        stop = end.start() if end else len(self.source)
        name = self.source[self.at : stop]
        if not name:
            raise _error(f'Empty attribute name in the tag "{tag.name}" {where}')
        self.at = stop
        self._skip_spaces()
        if not self.source.startswith("=", self.at):
            if (tag.name, name) == ("blockquote", "expandable"):
                tag.argument = "expandable"
            return
        self.at += 1
        self._skip_spaces()
        value = self._value(where)
        match tag.name, name:
            case ("a", "href") | ("tg-emoji", "emoji-id"):
                tag.argument = value
            case ("code", "class") if value.startswith("language-"):
                tag.argument = value.removeprefix("language-")
            case ("span", "class") if value.startswith("tg-"):
                tag.argument = value.removeprefix("tg-")
            case ("blockquote", "expandable"):
                tag.argument = "expandable"
            case _:
                pass  # other attributes mean nothing to the server

    def _value(self, where: str) -> str:
        if self.at >= len(self.source):
            raise _error(f"Unclosed start tag {where}")
        quote = self.source[self.at]
        if quote in "\"'":
            end = self.source.find(quote, self.at + 1)
            if end < 0:
                raise _error(f"Unclosed start tag {where}")
            value = self.source[self.at + 1 : end]
            self.at = end + 1
            return REFERENCE.sub(lambda found: html_text.unescape(found.group()), value)
        token = NAME_TOKEN.match(self.source, self.at)
        value = token.group() if token else ""
        after = self.source[self.at + len(value) : self.at + len(value) + 1]
        if after and not after.isspace() and after != ">":
            offset = byte_offset(self.source, self.at)
            raise _error(f"Unexpected end of name token at byte offset {offset}")
        self.at += len(value)
        return value.lower()

    def _end_tag(self) -> None:
        begin = byte_offset(self.source, self.at)
        if not self.open:
            raise _error(f"Unexpected end tag at byte offset {begin}")
        end = self.source.find(">", self.at)
        if end < 0:
            raise _error(f"Unclosed end tag at byte offset {begin}")
        name = self.source[self.at + 2 : end].strip().lower()
        tag = self.open[-1]
        if name and name != tag.name:
            raise _error(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{tag.name}>", found "</{name}>"',
            )
        self.at = end + 1
        self.open.pop()
        self._close(tag)

    def _close(self, tag: Tag) -> None:
        kind = KINDS[tag.name]
        if kind == "text_link":
            url = tag.argument or self.out.since(tag.offset)
            link_entity(self.out, tag.offset, url)
        elif kind == "custom_emoji":
            self.out.mark(kind, tag.offset, custom_emoji_id=tag.argument)
        elif kind == "blockquote" and tag.argument:
            self.out.mark("expandable_blockquote", tag.offset)
        elif kind == "code" and self.open and self.open[-1].name == "pre":
            # A language is written as <pre><code class="language-x">; the pair is one entity.
            self.open[-1].argument = tag.argument
        elif kind == "pre" and tag.argument:
            self.out.mark(kind, tag.offset, language=tag.argument)
        else:
            self.out.mark(kind, tag.offset)

    def _skip_spaces(self) -> None:
        found = SPACES.match(self.source, self.at)
        self.at = found.end() if found else self.at


def _error(reason: str) -> ApiError:
    return bad(f"can't parse entities: {reason}")


def parse_html(source: str) -> tuple[str, list[Entity]]:
    return HtmlParser(source).parse()
