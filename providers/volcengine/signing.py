"""The signature of Volcengine's gateway: AWS's fourth one under other names."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx
from pydantic_core import to_json

JSON = "application/json"
_ALGORITHM = "HMAC-SHA256"
_REGION, _SERVICE, _END = "cn-north-1", "cv", "request"


def sealed(
    url: httpx.URL, body: Mapping[str, Any], secrets: Sequence[str]
) -> tuple[bytes, dict[str, str]]:
    """A body as the bytes that go out, and the headers that vouch for exactly these."""
    content = to_json(body)
    return content, sign(url, content, secrets, datetime.now(UTC))


def sign(
    url: httpx.URL, content: bytes, secrets: Sequence[str], moment: datetime, *, token: str = ""
) -> dict[str, str]:
    """The headers for a POST of exactly these bytes; `token` belongs to temporary keys.

    Every call is signed anew: the gateway refuses an old moment.
    """
    access_key, secret_key = secrets
    date = moment.strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(content).hexdigest()
    signed = {
        "content-type": JSON,
        "host": url.netloc.decode(),
        "x-content-sha256": digest,
        "x-date": date,
        **({"x-security-token": token} if token else {}),
    }
    names = ";".join(sorted(signed))
    canonical = "\n".join(
        [
            "POST",
            url.raw_path.partition(b"?")[0].decode(),
            _query(url),
            "".join(f"{name}:{signed[name]}\n" for name in sorted(signed)),
            names,
            digest,
        ]
    )
    scope = f"{date[:8]}/{_REGION}/{_SERVICE}/{_END}"
    summary = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"{_ALGORITHM}\n{date}\n{scope}\n{summary}"
    key = secret_key.encode()  # as it is written: no base64, though it looks like it
    for part in (date[:8], _REGION, _SERVICE, _END):
        key = _hmac(key, part)
    claim = f"Credential={access_key}/{scope}, SignedHeaders={names}"
    headers = {
        **signed,
        "authorization": f"{_ALGORITHM} {claim}, Signature={_hmac(key, text).hex()}",
    }
    del headers["host"]  # sent by the client itself
    return headers


def _query(url: httpx.URL) -> str:
    pairs = sorted(url.params.multi_items())
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
