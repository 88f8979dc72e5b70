"""Finds secrets in requests to which they do not belong."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from playground.services.service import Received

Area = Literal["workbench", "imagex", "upload", "result"]
_WORKBENCH_ONLY = ("cookie", "sign", "device-time")


@dataclass(frozen=True, slots=True)
class Leak:
    """`what` came to a route where it has no business."""

    route: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What the service has given out, or the account has."""

    sessions: Sequence[str]
    tokens: Sequence[str]
    secret_keys: Sequence[str]
    auths: Sequence[str]
    session_keys: Sequence[str]


def find_leaks(
    requests: Iterable[Received], area_of: Callable[[Received], Area], secrets: Secrets
) -> list[Leak]:
    return [
        Leak(one.route, what) for one in requests for what in _leaks(one, area_of(one), secrets)
    ]


def _leaks(one: Received, area: Area, secrets: Secrets) -> Iterable[str]:
    names = {name.lower() for name, _ in one.headers}
    if area != "workbench":
        yield from (f"header {name}" for name in _WORKBENCH_ONLY if name in names)
    if area not in {"imagex", "upload"} and "authorization" in names:
        yield "header authorization"
    # Each secret with the one place where it belongs.
    homes = [
        ("session", secrets.sessions, "workbench", "cookie"),
        ("session_token", secrets.tokens, "imagex", "x-amz-security-token"),
        ("secret_access_key", secrets.secret_keys, "", ""),
        ("Auth", secrets.auths, "upload", "authorization"),
        ("SessionKey", secrets.session_keys, "imagex", "body"),
    ]
    for what, values, home, place in homes:
        wire = _wire_without(one, place if area == home else "")
        if any(value.encode() in wire for value in values):
            yield what


def _wire_without(one: Received, place: str) -> bytes:
    """All that was sent but one header, or but the body."""
    lines = [f"{name}: {value}" for name, value in one.headers if name.lower() != place]
    head = "\n".join([one.url, *lines]).encode(errors="surrogateescape")
    return head if place == "body" else head + b"\n" + one.body
