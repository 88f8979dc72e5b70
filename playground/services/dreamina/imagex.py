"""ImageX and the upload host as plain functions from a request to status and answer."""

import secrets
from typing import Any

from playground.services.dreamina.call import Call
from playground.services.dreamina.signing import REGION, ImageXError, check_amz
from playground.services.dreamina.switches import Switches
from playground.services.dreamina.tokens import Tokens
from playground.services.dreamina.uploads import DONE, NOT_AUTHORIZED, Uploads
from playground.services.studio import Studio

Reply = tuple[int, dict[str, Any] | None]
_OK, _FORBIDDEN = 200, 403
_UPLOAD_FAILED = 4000  # any number but 2000: the real ones are not recorded


class ImageX:
    """`errors` and `upload_errors` are refusals ordered for the next calls."""

    def __init__(
        self, *, switches: Switches, studio: Studio, tokens: Tokens, uploads: Uploads
    ) -> None:
        self._switches = switches
        self._studio = studio
        self._tokens = tokens
        self._uploads = uploads
        self.errors: list[ImageXError] = []
        self.upload_errors: list[str] = []

    def manage(self, call: Call, upload_host: str) -> Reply:
        """Apply by GET, commit by POST."""
        meta: dict[str, Any] = {
            "RequestId": secrets.token_hex(16),
            "Action": call.parameters.get("Action", ""),
            "Version": call.parameters.get("Version", ""),
            "Service": "imagex",
            "Region": REGION,
        }
        try:
            return _OK, {"ResponseMetadata": meta, "Result": self._result(call, upload_host)}
        except ImageXError as error:
            meta["Error"] = {"Code": error.code, "Message": error.message}
            return self._switches.imagex_error_status, {"ResponseMetadata": meta}

    def _result(self, call: Call, upload_host: str) -> dict[str, Any]:
        if "cookie" in call.headers:
            raise ImageXError("CheckAuthenticationError", "a cookie has no business here")
        now, tolerance = self._studio.clock(), self._switches.clock_tolerance
        owner = check_amz(call, self._tokens.find, now, tolerance)
        if self.errors:
            raise self.errors.pop(0)
        if call.method == "GET":
            return self._uploads.apply(call, owner, upload_host)
        return self._uploads.commit(call, owner)

    def store(self, call: Call, uri: str) -> Reply:
        """The bytes; a refusal is HTTP 200 with another code, but 403 without the right Auth."""
        wrong = self._store(call, uri)
        if self._switches.silent_upload:
            return _OK, None
        if wrong:
            status = _FORBIDDEN if wrong == NOT_AUTHORIZED else _OK
            return status, {"code": _UPLOAD_FAILED, "message": wrong}
        return _OK, {"code": DONE, "message": "Success"}

    def _store(self, call: Call, uri: str) -> str:
        if "cookie" in call.headers:
            return NOT_AUTHORIZED
        if self.upload_errors:
            return self.upload_errors.pop(0)
        return self._uploads.store(call, uri, self._studio.clock())
