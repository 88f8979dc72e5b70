"""The signature of the visual API, checked over the exact bytes that came in."""

import calendar
import hashlib
import hmac
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote

from playground.services.volcengine.errors import GatewayRefusal

ALGORITHM = "HMAC-SHA256"
REGION, SERVICE = "cn-north-1", "cv"
SKEW = 15 * 60  # seconds; the usual figure, nobody wrote it down for this gateway

_SHAPE = re.compile(
    rf"{ALGORITHM} Credential=(?P<key>[^/,\s]+)/(?P<date>\d{{8}})/(?P<region>[^/,]+)"
    r"/(?P<service>[^/,]+)/request, ?SignedHeaders=(?P<names>[^,\s]+),"
    r" ?Signature=(?P<signature>[0-9a-f]{64})"
)
# The shortest list that anybody was seen to succeed with; the gateway follows the list's order.
_ALWAYS = {"host", "x-content-sha256", "x-date"}
_DEFAULT_PORTS = re.compile(r":(80|443)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A request as it came over the wire; `target` is its path with the query, unquoted by nobody."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        values = [value.strip() for key, value in self.headers if key.lower() == name]
        return ",".join(values)


def check(request: Signed, secrets: Mapping[str, str], now: float) -> str:
    """The access key of a request whose signature is right."""
    claim = _SHAPE.fullmatch(request.header("authorization"))
    if claim is None:
        code = "InvalidAuthorization" if request.header("authorization") else "InvalidCredential"
        raise GatewayRefusal(code, "The Authorization header is missing or malformed.")
    _check_date(request.header("x-date"), claim["date"], now)
    if (claim["region"], claim["service"]) != (REGION, SERVICE):
        raise GatewayRefusal(
            "InvalidCredential", "The credential is for another region or service."
        )
    secret = secrets.get(claim["key"])
    if secret is None:
        raise GatewayRefusal("InvalidAccessKey", "The access key is unknown.")
    names = claim["names"].split(";")
    expected = sign(request, names, key_of(secret, claim["date"], claim["region"]))
    if not set(names) >= _ALWAYS or not hmac.compare_digest(expected, claim["signature"]):
        raise GatewayRefusal("SignatureDoesNotMatch", "The signature does not fit the request.")
    if request.header("x-content-sha256") != hashlib.sha256(request.body).hexdigest():
        raise GatewayRefusal("SignatureDoesNotMatch", "X-Content-Sha256 does not fit the body.")
    return claim["key"]


def _check_date(text: str, day: str, now: float) -> None:
    if not text:
        raise GatewayRefusal("MissingRequestInfo", "The request has no X-Date.")
    try:
        moment = calendar.timegm(time.strptime(text, "%Y%m%dT%H%M%SZ"))
    except ValueError:
        raise GatewayRefusal("InvalidTimestamp", "X-Date has a wrong format.") from None
    if not text.startswith(day):
        raise GatewayRefusal("InvalidCredential", "The credential is for another day.")
    if abs(now - moment) > SKEW:
        raise GatewayRefusal("InvalidTimestamp", "X-Date is too far from the server's time.")


def sign(request: Signed, names: Sequence[str], key: bytes, region: str = REGION) -> str:
    moment = request.header("x-date")
    scope = f"{moment[:8]}/{region}/{SERVICE}/request"
    digest = hashlib.sha256(canonical(request, names).encode()).hexdigest()
    text = f"{ALGORITHM}\n{moment}\n{scope}\n{digest}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def key_of(secret: str, day: str, region: str = REGION, service: str = SERVICE) -> bytes:
    key = secret.encode()
    for part in (day, region, service, "request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def canonical(request: Signed, names: Sequence[str]) -> str:
    path, _, query = request.target.partition("?")
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "\n".join(
        [
            request.method,
            quote(unquote(path), safe="/-_.~") or "/",
            "&".join(
                f"{quote(key, safe='-_.~')}={quote(value, safe='-_.~')}" for key, value in pairs
            ),
            "".join(f"{name}:{_value(request, name)}\n" for name in names),
            ";".join(names),
            hashlib.sha256(request.body).hexdigest(),
        ]
    )


def _value(request: Signed, name: str) -> str:
    value = request.header(name)
    return _DEFAULT_PORTS.sub("", value) if name == "host" else value
