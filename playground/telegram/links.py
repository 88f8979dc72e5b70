"""Links inside texts and buttons: which are good, and what the server makes of them."""

import re
from urllib.parse import parse_qs, urlsplit

from playground.telegram.text import TextBuilder

HOST = re.compile(r"^(?:[\w-]+\.)+[\w-]{2,}$|^localhost$|^\d+(?:\.\d+){3}$")


def normalized(url: str) -> str | None:
    """The link as it is sent back, or None when the server would refuse it."""
    full = url if "://" in url else f"http://{url}"
    try:
        parts = urlsplit(full)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme in {"tg", "ton"}:
        return full
    if parts.scheme not in {"http", "https"} or not HOST.match(host):
        return None
    return full if parts.path or parts.query or parts.fragment else f"{full}/"


def link_entity(out: TextBuilder, offset: int, url: str) -> None:
    """A mention by number, a link, or nothing when the address makes no sense."""
    if url.startswith("tg://user?"):
        number = parse_qs(urlsplit(url).query).get("id", [""])[0]
        if number.isdigit():
            out.mark("text_mention", offset, user_id=int(number))
        return
    if good := normalized(url):
        out.mark("text_link", offset, url=good)
