"""ImageX: a place for a picture, its bytes, and the commit that gives it a uri."""

import re
import secrets
import zlib
from dataclasses import dataclass
from typing import Any

from playground.services.dreamina.call import Call
from playground.services.dreamina.pictures import Picture, read_picture
from playground.services.dreamina.signing import Credentials, ImageXError
from playground.services.dreamina.switches import Switches
from playground.services.dreamina.tokens import SPACE

DONE = 2000
NOT_AUTHORIZED = "not authorized"
VERSION = "2018-08-01"
EXTRA_HEADER = ("X-Upload-Ticket", "emulated")
_APPLY = {"Action", "Version", "ServiceId", "FileSize", "s", "UploadNum", "FileExtension"}
_COMMIT = {"Action", "Version", "ServiceId", "FileSize"}
_COMMIT_BODY = {"SessionKey", "SuccessActionStatus", "SuccessOids", "Functions"}


@dataclass(slots=True, kw_only=True)
class Slot:
    """One applied-for upload, and what became of it."""

    uri: str
    auth: str
    session_key: str
    size: int
    owner: Credentials
    data: bytes | None = None
    picture: Picture | None = None
    committed: bool = False


class Uploads:
    """The slots of all accounts."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self.slots: list[Slot] = []

    def picture(self, session: str, uri: str) -> Picture | None:
        """A picture that this account has uploaded to the end."""
        for slot in self.slots:
            if slot.committed and slot.uri == uri and slot.owner.session == session:
                return slot.picture
        return None

    def apply(self, call: Call, owner: Credentials, host: str) -> dict[str, Any]:
        query = _query(call, "ApplyImageUpload", _APPLY)
        size = query.get("FileSize", "")
        if not re.fullmatch(r"[1-9][0-9]*", size):
            raise ImageXError("InvalidParameter", "FileSize")
        if int(size) > self._switches.largest_file:
            raise ImageXError("InvalidParameter", "FileSize is too large")
        if not re.fullmatch(r"[a-z0-9]{10,11}", query.get("s", "cachebreak")):
            raise ImageXError("InvalidParameter", "s")
        if query.get("UploadNum", "1") != "1":
            raise ImageXError("InvalidParameter", "UploadNum")
        extension = query.get("FileExtension", "")
        if not re.fullmatch(r"(\.[a-z0-9]{2,5})?", extension):
            raise ImageXError("InvalidParameter", "FileExtension")
        slot = Slot(
            uri=f"tos-cn-i-{SPACE}/{secrets.token_hex(16)}{extension}",
            auth="SpaceKey/" + secrets.token_hex(24),
            session_key=secrets.token_urlsafe(48),
            size=int(size),
            owner=owner,
        )
        self.slots.append(slot)
        return self._address(slot, host)

    def _address(self, slot: Slot, host: str) -> dict[str, Any]:
        address: dict[str, Any] = {
            "StoreInfos": [
                {"StoreUri": slot.uri, "Auth": slot.auth, "UploadID": secrets.token_hex(16)}
            ],
            "SessionKey": slot.session_key,
        }
        if self._switches.single_host:
            address["UploadHost"] = host
        else:
            address["UploadHosts"] = [host]
        if self._switches.upload_header:
            address["UploadHeader"] = dict([EXTRA_HEADER])
        return {"UploadAddress": address}

    def store(self, call: Call, uri: str, now: float) -> str:
        """Take the bytes; else what is wrong with them."""
        slot = next((one for one in self.slots if one.uri == uri), None)
        headers = call.headers
        if slot is None:
            return "no such StoreUri"
        if headers.get("authorization") != slot.auth or now >= slot.owner.expires:
            return NOT_AUTHORIZED
        wanted = {
            "content-type": "application/octet-stream",
            # Whether an unpadded value passes is unknown: it does not here.
            "content-crc32": f"{zlib.crc32(call.body):08x}",
        }
        if self._switches.upload_header:
            wanted[EXTRA_HEADER[0].lower()] = EXTRA_HEADER[1]
        for name, value in wanted.items():
            if headers.get(name) != value:
                return f"{name} is not {value}"
        if len(call.body) != slot.size:
            return "not as many bytes as FileSize"
        slot.data = call.body
        return ""

    def commit(self, call: Call, owner: Credentials) -> dict[str, Any]:
        """A second commit of the same upload gives the same uri: the step is free."""
        _query(call, "CommitImageUpload", _COMMIT)
        body = call.json()
        if call.headers.get("content-type") != "application/json" or body is None:
            raise ImageXError("InvalidParameter", "the body is not JSON")
        if not body.keys() <= _COMMIT_BODY:
            raise ImageXError("InvalidParameter", "unknown field in the body")
        key = body.get("SessionKey")
        slot = next((one for one in self.slots if one.session_key == key), None)
        if slot is None or slot.owner.session != owner.session:
            raise ImageXError("InvalidParameter", "SessionKey")
        if slot.data is None:
            raise ImageXError("ObjectNotFound", "no bytes were uploaded")
        # Formats other than these three are nowhere said to pass.
        slot.picture = read_picture(slot.data)
        if slot.picture is None:
            raise ImageXError("InvalidImage", "not a JPEG, PNG or WebP picture")
        slot.committed = self._switches.uri_status in {0, DONE}
        return self._committed(slot, slot.picture, with_status="SuccessOids" in body)

    def _committed(self, slot: Slot, picture: Picture, *, with_status: bool) -> dict[str, Any]:
        status = self._switches.uri_status or (DONE if with_status else 0)
        result: dict[str, Any] = {"UriStatus": status} if status else {}
        plugin: dict[str, Any] = {
            "ImageWidth": picture.width,
            "ImageHeight": picture.height,
            "ImageFormat": picture.format,
            "ImageSize": slot.size,
        }
        if self._switches.uri_place in {"both", "results"}:
            result["Uri"] = slot.uri
        if self._switches.uri_place in {"both", "plugin"}:
            plugin["ImageUri"] = slot.uri
        return {"Results": [result], "PluginResult": [plugin]}


def _query(call: Call, action: str, known: set[str]) -> dict[str, str]:
    query = call.parameters
    fixed = {"Action": action, "Version": VERSION, "ServiceId": SPACE}
    for name, value in fixed.items():
        if query.get(name) != value:
            raise ImageXError("InvalidParameter", name)
    # Whether further parameters pass is unknown: they do not here.
    if len(query) != len(call.pairs) or not query.keys() <= known:
        raise ImageXError("InvalidParameter", "unknown or repeated parameter")
    return query
