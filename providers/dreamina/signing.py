"""The site's two signatures: Sign over the end of a path, and AWS Signature V4 for its picture store."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote


def workbench_sign(path: str, version: str, moment: int) -> str:
    """The Sign header; `moment` is what Device-Time says. The place of a device id stays empty."""
    text = "|".join(["9e2c", path[-7:], "7", version, str(moment), "", "11ac"])
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Temporary keys of the picture store."""

    access_key: str
    secret_key: str = field(repr=False)
    region: str


def make_query(pairs: Iterable[tuple[str, str]]) -> str:
    """The query as it is signed and, letter by letter, sent."""
    quoted = sorted((quote(name, safe=""), quote(value, safe="")) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in quoted)


def authorization(
    method: str, query: str, headers: Mapping[str, str], body: bytes, keys: Keys
) -> str:
    """The Authorization header; `headers` are those to sign, by names in lower case."""
    names = ";".join(sorted(headers))
    canonical = "\n".join(
        [
            method,
            "/",
            query,
            *(f"{name}:{headers[name]}" for name in sorted(headers)),
            "",
            names,
            hashlib.sha256(body).hexdigest(),
        ]
    )
    moment = headers["x-amz-date"]
    scope = f"{moment[:8]}/{keys.region}/imagex/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"AWS4{keys.secret_key}".encode()
    for part in (*scope.split("/"), f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}"):
        key = hmac.digest(key, part.encode(), "sha256")
    return (
        f"AWS4-HMAC-SHA256 Credential={keys.access_key}/{scope}, "
        f"SignedHeaders={names}, Signature={key.hex()}"
    )
