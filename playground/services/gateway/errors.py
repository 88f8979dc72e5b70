"""The refusals of servers with OpenAI's shape."""

from typing import Any

from aiohttp import web

_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
    500: "server_error",
    503: "server_error",
}


class Refusal(Exception):  # noqa: N818  # an answer of the server
    """A "no": HTTP status, code, text, and the parameter it is about."""

    def __init__(self, status: int, code: str, message: str, param: str | None = None) -> None:
        self.status = status
        self.code = code
        self.message = message
        self.param = param
        super().__init__(f"{status} {code} {message}")

    def answer(self) -> web.Response:
        error: dict[str, Any] = {
            "message": self.message,
            "type": _TYPES.get(self.status, "invalid_request_error"),
            "param": self.param,
            "code": self.code,
        }
        return web.json_response({"error": error}, status=self.status)


def invalid(param: str, message: str) -> Refusal:
    return Refusal(400, "invalid_value", f"{param}: {message}", param)


def missing(param: str) -> Refusal:
    return Refusal(400, "missing_required_parameter", f"{param} is missing", param)


def unknown(param: str) -> Refusal:
    return Refusal(400, "unknown_parameter", f"{param} is not known", param)
