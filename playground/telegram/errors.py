"""Refusals, worded the way the Bot API words them."""

import re

PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}
CODE_LIKE = re.compile(r"^[A-Z][A-Z0-9_]+$")


class ApiError(Exception):
    """A refused call: HTTP status, description, and what rides along in `parameters`."""

    def __init__(self, code: int, reason: str = "", **parameters: int) -> None:
        self.code = code
        self.parameters = parameters
        prefix = PREFIXES.get(code, "Error")
        self.description = f"{prefix}: {_lowered(reason)}" if reason else prefix
        super().__init__(self.description)


class ClientRefusalError(Exception):
    """A Telegram app would not have let the person do this."""


def _lowered(reason: str) -> str:
    # The server lowers the first letter of a sentence but leaves codes such as MESSAGE_TOO_LONG.
    first_word = reason.split(maxsplit=1)[0]
    return reason if CODE_LIKE.match(first_word) else reason[0].lower() + reason[1:]


def bad(reason: str, **parameters: int) -> ApiError:
    return ApiError(400, reason, **parameters)


def forbidden(reason: str) -> ApiError:
    return ApiError(403, reason)
