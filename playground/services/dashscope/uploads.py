"""The temporary storage of the emulated DashScope: a policy first, then a form to the bucket."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from playground.services.dashscope.errors import not_fetched
from playground.services.dashscope.forms import Part

POLICY_LIFE = 300  # seconds
OBJECT_LIFE = 48 * 3600
LARGEST_MB = 100
LARGEST = LARGEST_MB << 20
KEY_ID = "LTAI-playground"

_GRANTED = {"x-oss-object-acl": "private", "x-oss-forbid-overwrite": "true"}
_NEEDED = ("OSSAccessKeyId", "Signature", "policy", "key")


class BucketError(Exception):
    """The bucket refuses; it answers in XML."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code, message)
        self.status, self.code, self.message = status, code, message

    def body(self, request_id: str) -> str:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<Error>\n  <Code>{self.code}</Code>\n  <Message>{self.message}</Message>\n"
            f"  <RequestId>{request_id}</RequestId>\n  <HostId>dashscope-file</HostId>\n</Error>\n"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    folder: str
    account: str
    model: str
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    data: bytes
    account: str
    model: str
    taken: float


class Bucket:
    """Gives policies out and keeps what comes with them; `objects` go by their keys."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.objects: dict[str, Stored] = {}
        self._clock = clock
        self._policies: dict[str, Policy] = {}
        self._secret = secrets.token_bytes(20)

    def policy(self, account: str, model: str, host: str) -> dict[str, Any]:
        """What a client needs to upload files for one model in the next minutes."""
        until = self._clock() + POLICY_LIFE
        day = datetime.fromtimestamp(self._clock(), UTC).date()
        folder = f"dashscope-instant/{account}/{day}/{secrets.token_hex(16)}"
        conditions = [
            ["content-length-range", 0, LARGEST],
            ["starts-with", "$key", folder],
            *({name: value} for name, value in _GRANTED.items()),
        ]
        end = datetime.fromtimestamp(until, UTC).isoformat(timespec="milliseconds")
        paper = {"expiration": end.replace("+00:00", "Z"), "conditions": conditions}
        encoded = base64.b64encode(json.dumps(paper).encode()).decode()
        self._policies[encoded] = Policy(folder=folder, account=account, model=model, until=until)
        return {
            "policy": encoded,
            "signature": self._sign(encoded),
            "upload_dir": folder,
            "upload_host": host,
            "expire_in_seconds": POLICY_LIFE,
            "max_file_size_mb": LARGEST_MB,
            "capacity_limit_mb": 999999999,
            "oss_access_key_id": KEY_ID,
            "x_oss_object_acl": _GRANTED["x-oss-object-acl"],
            "x_oss_forbid_overwrite": _GRANTED["x-oss-forbid-overwrite"],
        }

    def put(self, parts: Sequence[Part] | None) -> int:
        """Keep the file of a form; the status to answer with."""
        if parts is None:
            raise BucketError(400, "MalformedPOSTRequest", "The form cannot be read.")
        if sum(part.name == "file" for part in parts) != 1:
            raise BucketError(400, "IncorrectNumberOfFilesInPOSTRequest", "One file is needed.")
        if parts[-1].name != "file":
            raise BucketError(400, "MalformedPOSTRequest", "The file must be the last part.")
        fields = {part.name: part.content.decode(errors="replace") for part in parts[:-1]}
        policy = self._permission(fields)
        self._keep(policy, fields["key"], parts[-1].content)
        asked = fields.get("success_action_status")
        return int(asked) if asked in {"200", "201"} else 204

    def read(self, key: str, account: str, model: str) -> bytes:
        """An object, for the account and model that it was uploaded for."""
        stored = self.objects.get(key)
        if stored is None or self._clock() >= stored.taken + OBJECT_LIFE:
            raise not_fetched(f"oss://{key} does not exist or has expired.")
        if (stored.account, stored.model) != (account, model):
            raise not_fetched(f"oss://{key} was uploaded for another account or model.")
        return stored.data

    def _sign(self, policy: str) -> str:
        digest = hmac.new(self._secret, policy.encode(), hashlib.sha1).digest()
        return base64.b64encode(digest).decode()

    def _permission(self, fields: dict[str, str]) -> Policy:
        if missing := [name for name in _NEEDED if not fields.get(name)]:
            raise BucketError(400, "InvalidArgument", f"Missing: {', '.join(missing)}.")
        if fields["OSSAccessKeyId"] != KEY_ID:
            raise BucketError(403, "InvalidAccessKeyId", "The access key does not exist.")
        policy = self._policies.get(fields["policy"])
        if policy is None or not hmac.compare_digest(
            fields["Signature"].encode(), self._sign(fields["policy"]).encode()
        ):
            raise BucketError(403, "SignatureDoesNotMatch", "The signature is not ours.")
        if self._clock() >= policy.until:
            raise BucketError(403, "AccessDenied", "Invalid according to Policy: Policy expired.")
        granted = all(fields.get(name) == value for name, value in _GRANTED.items())
        folder, _, name = fields["key"].rpartition("/")
        if not granted or folder != policy.folder or not name:
            raise BucketError(
                403, "AccessDenied", "Invalid according to Policy: Policy Condition failed."
            )
        return policy

    def _keep(self, policy: Policy, key: str, data: bytes) -> None:
        if len(data) > LARGEST:
            raise BucketError(400, "EntityTooLarge", "The file is too large.")
        if key in self.objects:
            raise BucketError(409, "FileAlreadyExists", "The object exists; it is not replaced.")
        self.objects[key] = Stored(
            data=data, account=policy.account, model=policy.model, taken=self._clock()
        )
