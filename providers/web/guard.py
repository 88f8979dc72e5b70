"""No way into the private network: addresses that a service names are checked before they are used."""

import ipaddress
import socket
from collections.abc import Sequence

import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

_LABEL = 63  # characters between two dots of a name


class ForbiddenAddressError(OSError):
    """A service named an address inside a private network."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if inner:
            return is_public(str(inner))
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def check_url(url: httpx.URL, *, trusted: bool) -> None:
    """Refuse what is no plain web address, and literal private ones; names are checked later.

    Raises ForbiddenAddressError; a `trusted` host may be wherever it is.
    """
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
        raise ForbiddenAddressError("no plain web address")
    # What no name server could be asked for is an error of the resolver's, and no neat one.
    if not all(0 < len(label) <= _LABEL for label in url.host.removesuffix(".").split(".")):
        raise ForbiddenAddressError("no plain web address")
    if trusted:
        return
    try:
        public = is_public(url.host)
    except ValueError:
        return  # a name: the resolver checks what it stands for
    if not public:
        raise ForbiddenAddressError("a private address")


def authority(url: httpx.URL) -> str:
    """Host and port, with the scheme's own port filled in."""
    return f"{url.host}:{url.port or {'https': 443}.get(url.scheme, 80)}"


class PublicResolver(AbstractResolver):
    """Resolves names to public addresses only; the connection goes to the very address checked."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found: Sequence[ResolveResult] = await self._inner.resolve(host, port, family)
        public = [one for one in found if is_public(one["host"])]
        if not public:
            raise ForbiddenAddressError("a private address")
        return public

    async def close(self) -> None:
        await self._inner.close()
