"""The refusals of the visual API: numbers of its business level, names of the gateway before it."""

MESSAGES = {
    10000: "Success",
    50200: "Invalid argument",
    50201: "Missing argument",
    50204: "Argument of a wrong type",
    50205: "Image too large",
    50206: "No image",
    50207: "Image cannot be decoded",
    50209: "No video",
    50210: "Video cannot be decoded",
    50211: "Video too large",
    50213: "Request body too large",
    50214: "Video too long",
    50215: "Input invalid for this service",
    50218: "Resource exists or content at risk",
    50400: "Access denied",
    50402: "No such interface",
    50411: "Input image did not pass",
    50412: "Input text did not pass",
    50413: "Input text has words that are not allowed",
    50429: "Too many requests",
    50430: "Too many tasks at a time",
    50500: "Internal error",
    50501: "Internal algorithm error",
    50511: "Output image did not pass",
    50512: "Output text did not pass",
    50513: "Input video did not pass",
    50514: "Input audio did not pass",
    50516: "Output video did not pass",
    50517: "Output audio did not pass",
    50518: "Input image under copyright",
    50519: "Output image under copyright",
    50520: "Moderation out of order",
    50521: "Copyright check of words out of order",
    50522: "Copyright check of images out of order",
    60102: "No face",
    60208: "Sensitive image",
    30403: "No right to this feature",
    30404: "No such feature",
}

# HTTP 400 stands for all others; only for the codes of the video pages is it documented.
_STATUS = {10000: 200, 50400: 401, 50429: 429, 50430: 429, 50500: 500, 50501: 500}


def http_status(code: int) -> int:
    return _STATUS.get(code, 400)


class Refusal(Exception):  # noqa: N818  # an answer of the service
    """A "no" of the service itself, with its number."""

    def __init__(self, code: int, message: str = "") -> None:
        self.code = code
        self.message = message or MESSAGES.get(code, "Error")
        super().__init__(f"{code} {self.message}")


class Failure(Refusal):
    """The end of a task that was taken."""


# The names are those of the gateway; the number of InvalidTimestamp is from memory.
_GATEWAY = {
    "MissingRequestInfo": (100004, 401),
    "InvalidTimestamp": (100006, 401),
    "InvalidActionOrVersion": (100008, 404),
    "InvalidAccessKey": (100009, 401),
    "SignatureDoesNotMatch": (100010, 401),
    "LackPolicy": (100012, 403),
    "InvalidAuthorization": (100024, 401),
    "InvalidCredential": (100025, 401),
    "InvalidSecretToken": (100026, 401),
}


class GatewayRefusal(Exception):  # noqa: N818  # an answer of the gateway
    """A "no" before the service saw the request."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        self.number, self.status = _GATEWAY[code]
        super().__init__(f"{code} {message}")
