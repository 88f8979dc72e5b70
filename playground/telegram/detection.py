"""Entities that Telegram finds by itself: commands, mentions, hashtags, addresses."""

import re

from playground.telegram.text import Entity, ordered, units

# The order decides who wins where two patterns meet.
PATTERNS = {
    "email": re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "url": re.compile(
        r"https?://[^\s<>\"]*[^\s<>\".,!?:;)]"
        r"|(?<![\w@./-])(?:[\w-]+\.)+(?:com|org|net|io|ai|me|ru|cn|dev|app)\b(?:/[^\s<>\"]*[^\s<>\".,!?:;)])?",
    ),
    "bot_command": re.compile(
        r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])"
    ),
    "mention": re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{2,31}\b"),
    "hashtag": re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}"),
}
OPAQUE = {"code", "pre", "text_link", "text_mention"}


def with_detected(text: str, entities: list[Entity]) -> list[Entity]:
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in entities
        if entity["type"] in OPAQUE | PATTERNS.keys()
    ]
    found = list(entities)
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            begin = units(text[: match.start()])
            end = begin + units(match.group())
            if all(end <= left or begin >= right for left, right in taken):
                taken.append((begin, end))
                found.append({"type": kind, "offset": begin, "length": end - begin})
    return ordered(found)
