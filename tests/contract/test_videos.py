"""How every provider brings a video home, and what it does not let itself be led to."""

import socket

import pytest
from aiohttp.abc import AbstractResolver

from core.errors import ProviderError, UncertainError
from playground.services.faults import Fault
from playground.services.service import Result
from providers.web.guard import PublicResolver
from providers.web.wire import Web
from tests.contract.desk import FILM


async def failure(provider, ready, order):
    with pytest.raises(ProviderError) as caught:
        await provider.fetch(ready, order)
    assert not isinstance(caught.value, UncertainError)
    return caught.value


@pytest.fixture
async def made(desk, provider):
    """An order that is done, and where its video lies."""
    remote, order = await desk.take(provider)
    return remote, order, await provider.look(remote, order)


def spoiled(desk, **changes):
    """Change what the address of the newest render's video gives."""
    desk.service.results[desk.render] = Result(**changes)


@pytest.mark.parametrize("status", [403, 404, 410, 500, 503])
async def test_a_link_that_has_expired_is_asked_for_anew(desk, service, provider, made, status):
    remote, order, ready = made
    service.faults.add(Fault(route=desk.dialect.video, status=status, body=b"gone"))

    error = await failure(provider, ready, order)
    await provider.fetch(await provider.look(remote, order), order)

    assert error.retry_in
    assert order.target.read_bytes() == FILM


async def test_a_fetch_that_breaks_is_made_again(desk, service, provider, made):
    _, order, ready = made
    service.faults.add(Fault(route=desk.dialect.video, drop="before", times=0))

    error = await failure(provider, ready, order)
    service.faults.clear()
    await provider.fetch(ready, order)

    assert error.retry_in
    assert order.target.read_bytes() == FILM


async def test_a_video_that_is_cut_off_is_fetched_again(desk, provider, made):
    _, order, ready = made
    spoiled(desk, cut=1000)
    error = await failure(provider, ready, order)
    spoiled(desk)
    await provider.fetch(ready, order)

    assert error.retry_in
    assert order.target.read_bytes() == FILM


async def test_a_page_is_no_video(desk, provider, made):
    _, order, ready = made
    spoiled(desk, kind="text/html; charset=utf-8", body=b"<html>Please log in</html>")

    error = await failure(provider, ready, order)

    assert error.retry_in
    assert not order.target.exists()


async def test_half_a_gigabyte_is_refused_before_it_is_read(desk, provider, made):
    _, order, ready = made
    spoiled(desk, pad=500_000_000)

    error = await failure(provider, ready, order)

    assert error.retry_in is None
    assert not order.target.exists() or order.target.stat().st_size < 50_000_000


INSIDE = ("127.0.0.2", "localhost", "[::1]", "0.0.0.0", "10.0.0.1", "169.254.169.254")


async def test_an_address_inside_the_network_is_refused(desk, service, provider):
    """Only the address that the owner has configured may lie there."""
    desk.dialect.name_links(service)
    remote, order = await desk.take(provider)
    guarded = desk.provider(Web())
    for host in INSIDE:
        service.elsewhere = f"http://{host}:{service.url.rpartition(':')[2]}"

        error = await failure(guarded, await guarded.look(remote, order), order)

        assert error.retry_in is None, host
    assert service.sent_to("result") == []


async def test_a_redirect_into_the_network_is_refused(desk, provider, shelf, made):
    remote, order, _ = made
    spoiled(desk, location=f"{shelf.url}/files/clip.mp4")
    guarded = desk.provider(Web())

    error = await failure(guarded, await guarded.look(remote, order), order)

    assert error.retry_in is None
    assert shelf.heard == []


async def test_redirects_are_followed_and_no_key_goes_along(desk, provider, shelf, made):
    _, order, ready = made
    spoiled(desk, location=f"{shelf.url}/hop/1")

    await provider.fetch(ready, order)

    assert order.target.read_bytes() == FILM
    told = shelf.wire.lower()
    keys = [value for name, value in desk.service.environment.items() if name.isupper()]
    secrets = [one for one in keys if "://" not in one and one.lower() not in ("true", "i2v")]
    assert [one for one in secrets if len(one) > 8 and one.lower().encode() in told] == []
    assert b"authorization" not in told
    assert b"cookie" not in told


async def test_redirects_that_go_on_and_on_end(desk, provider, shelf, made):
    _, order, ready = made
    spoiled(desk, location=f"{shelf.url}/hop/9")
    await failure(provider, ready, order)
    hops = len(shelf.heard)
    spoiled(desk, location=ready.url)
    await failure(provider, ready, order)

    assert hops == 3


class Fickle(AbstractResolver):
    """Says at first that a name stands for a public address, and from then on for this machine."""

    def __init__(self):
        self.addresses = ["2606:2800:21f:cb07::1", "127.0.0.1"]
        self.asked = 0

    async def resolve(self, host, port=0, family=socket.AF_INET):
        self.asked += 1
        address = self.addresses.pop(0) if len(self.addresses) > 1 else self.addresses[0]
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        found = {"hostname": host, "host": address, "port": port, "family": kind}
        return [{**found, "proto": 0, "flags": socket.AI_NUMERICHOST}]

    async def close(self):
        pass


async def test_a_name_that_changes_its_mind_leads_nowhere(desk, service, provider):
    resolver = Fickle()
    checked = await PublicResolver(resolver).resolve("videos.example")
    assert checked[0]["host"] == "2606:2800:21f:cb07::1"  # as somebody who only checks would see
    desk.dialect.name_links(service)
    service.elsewhere = f"http://videos.example:{service.url.rpartition(':')[2]}"
    remote, order = await desk.take(provider)
    guarded = desk.provider(Web(resolver=resolver))

    error = await failure(guarded, await guarded.look(remote, order), order)

    assert error.retry_in is None
    assert resolver.asked == 2
    assert service.sent_to("result") == []
