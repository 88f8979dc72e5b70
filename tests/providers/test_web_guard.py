"""Addresses that a service names: what is let through, and what is not."""

import socket

import httpx
import pytest
from aiohttp.abc import AbstractResolver
from hypothesis import given
from hypothesis import strategies as st

from providers.web.guard import (
    ForbiddenAddressError,
    PublicResolver,
    authority,
    check_url,
    is_public,
)

PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2001:0:8.8.8.8::f5ff:fffe".replace("8.8.8.8", "0808:0808"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_open_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_a_private_network_is_not_public_in_whatever_coat(address):
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_in_a_coat_is_as_public_as_without(address):
    coats = [f"::ffff:{address}", str(_nat64(address))]

    assert {is_public(coat) for coat in coats} == {is_public(str(address))}


def _nat64(address):
    return httpx.URL(f"http://[64:ff9b::{int(address) >> 16:x}:{int(address) & 0xFFFF:x}]").host


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/a.mp4",
        "gopher://example.com",
        "data:video/mp4;base64,AAAA",
        "//example.com/a.mp4",
        "/a.mp4",
        "",
        "http://",
        "http://user:secret@example.com/a.mp4",
        "http://user@example.com/a.mp4",
        "http://example..com/",
        f"http://{'a' * 64}.com/",
    ],
)
@pytest.mark.parametrize("trusted", [True, False])
def test_what_is_no_plain_web_address_is_refused_whoever_names_it(url, trusted):
    with pytest.raises(ForbiddenAddressError):
        check_url(httpx.URL(url), trusted=trusted)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.0.0.1", "[fe80::1]", "0.0.0.0"])
def test_a_private_address_is_for_trusted_hosts_only(host):
    url = httpx.URL(f"http://{host}:8080/a.mp4")

    check_url(url, trusted=True)
    with pytest.raises(ForbiddenAddressError, match="private"):
        check_url(url, trusted=False)


@pytest.mark.parametrize("url", ["https://example.com./a", "http://8.8.8.8/a", "http://a.b:81/?q"])
def test_a_web_address_is_let_through_until_its_name_is_resolved(url):
    check_url(httpx.URL(url), trusted=False)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://example.com/a", "example.com:80"),
        ("https://EXAMPLE.com", "example.com:443"),
        ("https://example.com:8443/a", "example.com:8443"),
        ("http://example.com:443", "example.com:443"),
    ],
)
def test_the_same_host_at_another_port_is_another_one(url, expected):
    assert authority(httpx.URL(url)) == expected


class Book(AbstractResolver):
    """Gives the addresses written down for a name, one list for each time that it is asked."""

    def __init__(self, *answers):
        self.answers = list(answers)

    async def resolve(self, host, port=0, family=socket.AF_INET):
        return [
            {
                "hostname": host,
                "host": one,
                "port": port,
                "family": socket.AF_INET6 if ":" in one else socket.AF_INET,
                "proto": 0,
                "flags": 0,
            }
            for one in self.answers.pop(0)
        ]

    async def close(self):
        self.answers.clear()


async def test_of_the_addresses_of_a_name_only_public_ones_are_used():
    resolver = PublicResolver(Book(["10.0.0.1", "8.8.8.8", "::1"]))

    found = await resolver.resolve("example.com", 443)

    assert [(one["host"], one["port"]) for one in found] == [("8.8.8.8", 443)]


@pytest.mark.parametrize("answer", [["127.0.0.1"], ["::1", "10.0.0.1"], []])
async def test_a_name_without_a_public_address_is_refused(answer):
    with pytest.raises(ForbiddenAddressError):
        await PublicResolver(Book(answer)).resolve("example.com")


async def test_a_name_is_judged_anew_each_time():
    resolver = PublicResolver(Book(["8.8.8.8"], ["127.0.0.1"]))

    await resolver.resolve("example.com")
    with pytest.raises(ForbiddenAddressError):
        await resolver.resolve("example.com")


async def test_closing_reaches_the_resolver_within():
    book = Book(["8.8.8.8"])

    await PublicResolver(book).close()

    assert book.answers == []
