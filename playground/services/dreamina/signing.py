"""The two signatures: Sign over the end of a workbench path, and AWS Signature V4 for ImageX."""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from playground.services.dreamina.call import Call

REGION = "cn-north-1"
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/,]+)/(\d{8})/([^/,]+)/([^/,]+)/aws4_request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
)
_ALWAYS_SIGNED = {"x-amz-date", "x-amz-security-token"}


@dataclass(slots=True, kw_only=True)
class Credentials:
    """What a token call hands out: temporary keys of the account behind `session`."""

    access_key: str
    secret_key: str
    token: str
    session: str
    expires: float


class ImageXError(Exception):
    """A refusal in ImageX's words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


def workbench_sign(path: str, appvr: str, device_time: str) -> str:
    text = "|".join(["9e2c", path[-7:], "7", appvr, device_time, "", "11ac"])
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def check_workbench_sign(call: Call, now: float, tolerance: float) -> str:
    """What is wrong with Sign and its time, or nothing."""
    moment = call.headers.get("device-time", "")
    if not re.fullmatch(r"[0-9]{10}", moment):
        return "Device-Time is not a time in seconds"
    if abs(int(moment) - now) > tolerance:
        return "Device-Time is too far from the clock"
    if call.headers.get("sign-ver") != "1":
        return "Sign-Ver is not 1"
    right = workbench_sign(call.path, call.headers.get("appvr", ""), moment)
    return "" if call.headers.get("sign") == right else "Sign does not match"


def amz_signature(call: Call, secret_key: str, scope: str, signed: list[str]) -> str:
    """The signature of a call over exactly the headers listed; `scope` begins with the date."""
    pairs = [(quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in call.pairs]
    canonical = "\n".join(
        [
            call.method,
            call.path,
            "&".join(f"{name}={value}" for name, value in sorted(pairs)),
            *(f"{name}:{' '.join(call.headers[name].split())}" for name in signed),
            "",
            ";".join(signed),
            hashlib.sha256(call.body).hexdigest(),
        ]
    )
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", call.headers["x-amz-date"], scope, hashed])
    key = b"AWS4" + secret_key.encode()
    for part in [*scope.split("/"), text]:
        key = hmac.digest(key, part.encode(), "sha256")
    return key.hex()


def check_amz(
    call: Call, find: Callable[[str], Credentials | None], now: float, tolerance: float
) -> Credentials:
    """Whose keys signed this call; anything wrong is an ImageXError."""
    match = _AUTHORIZATION.fullmatch(call.headers.get("authorization", ""))
    if match is None:
        raise ImageXError("CheckAuthenticationError", "Authorization cannot be read")
    access_key, day, region, service, listed, signature = match.groups()
    _check_time(call.headers.get("x-amz-date", ""), day, now, tolerance)
    if (region, service) != (REGION, "imagex"):
        raise ImageXError("SignatureDoesNotMatch", f"the scope is not {REGION}/imagex")
    signed = listed.split(";")
    _check_listed(call, signed)
    keys = find(access_key)
    if keys is None or call.headers["x-amz-security-token"] != keys.token:
        raise ImageXError("CheckAuthenticationError", "unknown credentials")
    if now >= keys.expires:
        raise ImageXError("CheckAuthenticationError", "the credentials have expired")
    scope = f"{day}/{region}/{service}/aws4_request"
    if not hmac.compare_digest(signature, amz_signature(call, keys.secret_key, scope, signed)):
        raise ImageXError("SignatureDoesNotMatch", "the signature does not match")
    return keys


def _check_time(text: str, day: str, now: float, tolerance: float) -> None:
    try:
        moment = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise ImageXError("InvalidTimestamp", "x-amz-date cannot be read") from None
    if abs(moment.timestamp() - now) > tolerance:
        raise ImageXError("InvalidTimestamp", "x-amz-date is too far from the clock")
    if text[:8] != day:
        raise ImageXError("SignatureDoesNotMatch", "the scope is of another day")


def _check_listed(call: Call, signed: list[str]) -> None:
    needed = _ALWAYS_SIGNED | ({"x-amz-content-sha256"} if call.method == "POST" else set())
    if signed != sorted(set(signed)) or not needed <= set(signed):
        raise ImageXError("SignatureDoesNotMatch", f"signed must be {sorted(needed)}, in order")
    missing = [name for name in signed if name not in call.headers]
    if missing:
        raise ImageXError("SignatureDoesNotMatch", f"signed but not sent: {missing}")
    claimed = call.headers.get("x-amz-content-sha256")
    if claimed not in {None, hashlib.sha256(call.body).hexdigest()}:
        raise ImageXError("SignatureDoesNotMatch", "x-amz-content-sha256 is not of these bytes")
