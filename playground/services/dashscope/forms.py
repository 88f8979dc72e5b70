"""A multipart form, taken apart in the order of its parts."""

import re
from dataclasses import dataclass

_BOUNDARY = re.compile(r'multipart/form-data\s*;.*boundary="?([^";]+)"?', re.IGNORECASE)
_NAME = re.compile(rb'[;\s]name="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    content: bytes


def read_form(content_type: str, body: bytes) -> list[Part] | None:
    """The parts; None where the body is no such form."""
    found = _BOUNDARY.match(content_type)
    if found is None:
        return None
    line = b"--" + found[1].encode()
    pieces = (b"\r\n" + body).split(b"\r\n" + line)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):  # noqa: PLR2004  # its begin and end
        return None
    parts = []
    for piece in pieces[1:-1]:
        head, gap, content = piece.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not gap or name is None:
            return None
        parts.append(Part(name[1].decode(), content))
    return parts
