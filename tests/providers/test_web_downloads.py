"""Calls and downloads over real HTTP: whole or not at all, and never further than allowed."""

import asyncio
import resource

import httpx
import pytest
from aiohttp import web as server
from pydantic import BaseModel

from core.errors import DownloadError, ProviderError, UncertainError
from providers.web.downloads import download
from providers.web.wire import Web, parse, retry_after
from tests.contract.shelf import Shelf
from tests.world import SAMPLES

FILM = (SAMPLES / "clip.mp4").read_bytes()


@pytest.fixture
async def shelf():
    async with Shelf(SAMPLES) as one:
        yield one


@pytest.fixture
async def web():
    one = Web(private=True)
    yield one
    await one.close()


@pytest.fixture
def target(tmp_path):
    return tmp_path / "video.mp4"


def answers(shelf, **options):
    """Put a page on the shelf; gives its address."""

    async def page(_):
        return server.Response(**options)

    shelf.pages["page"] = page
    return f"{shelf.url}/page"


async def failure(*arguments, **options):
    with pytest.raises(ProviderError) as caught:
        await download(*arguments, **options)
    assert not isinstance(caught.value, UncertainError)
    return caught.value


async def test_a_video_comes_whole_and_as_it_is(web, shelf, target):
    await download(web, f"{shelf.url}/files/clip.mp4", target)

    assert target.read_bytes() == FILM


@pytest.mark.parametrize(
    "kind", ["video/mp4", "VIDEO/MP4", "video/webm", "application/octet-stream; x=y"]
)
async def test_a_file_of_any_kind_that_may_be_a_video_is_taken(web, shelf, target, kind):
    await download(web, answers(shelf, body=b"xxxx", headers={"Content-Type": kind}), target)

    assert target.read_bytes() == b"xxxx"


async def test_a_file_that_begins_as_a_video_is_one_whatever_it_is_called(web, shelf, target):
    await download(web, answers(shelf, body=FILM, content_type="text/plain"), target)

    assert target.read_bytes() == FILM


@pytest.mark.parametrize("kind", ["text/html", "application/json", "image/png", "text/plain"])
async def test_what_is_no_video_is_not_saved(web, shelf, target, kind):
    error = await failure(web, answers(shelf, body=b"<html>", content_type=kind), target)

    assert isinstance(error, DownloadError)
    assert error.status == 200
    assert error.retry_in
    assert not target.exists()


@pytest.mark.parametrize("status", [204, 206, 304, 400, 401, 403, 404, 410, 416, 429, 500, 503])
async def test_only_a_plain_yes_is_saved(web, shelf, target, status):
    error = await failure(web, answers(shelf, status=status), target)

    assert (error.status, bool(error.retry_in)) == (status, True)
    assert not target.exists()


async def test_what_says_that_it_is_too_large_is_not_even_begun(web, shelf, target):
    error = await failure(web, f"{shelf.url}/files/clip.mp4", target, largest=len(FILM) - 1)

    assert error.retry_in is None
    assert not target.exists()


async def endless(request):
    response = server.StreamResponse(headers={"Content-Type": "video/mp4"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    try:
        while True:
            await response.write(bytes(100_000))
    except ConnectionError:
        return response


async def test_what_never_ends_is_cut_off_at_the_limit(web, shelf, target):
    shelf.pages["endless"] = endless

    error = await failure(web, f"{shelf.url}/endless", target, largest=3_000_000)

    assert error.retry_in is None
    assert target.stat().st_size <= 3_000_000


async def large(request):
    response = server.StreamResponse(headers={"Content-Type": "video/mp4"})
    response.content_length = 500_000_000
    await response.prepare(request)
    piece = bytes(1_000_000)
    for _ in range(500):
        await response.write(piece)
    return response


async def test_half_a_gigabyte_goes_to_the_disk_and_not_into_memory(web, shelf, target):
    shelf.pages["large"] = large
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    await download(web, f"{shelf.url}/large", target, largest=600_000_000)

    assert target.stat().st_size == 500_000_000
    target.unlink()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 64_000  # kilobytes


@pytest.mark.parametrize(("hops", "works"), [(0, True), (1, True), (2, True), (3, False)])
async def test_three_redirects_are_followed_and_no_more(web, shelf, target, hops, works):
    """A hop of none leads to the file itself."""
    url = f"{shelf.url}/hop/{hops}"
    if works:
        await download(web, url, target)
        assert target.read_bytes() == FILM
    else:
        assert "too often" in str(await failure(web, url, target))
        assert len(shelf.heard) == 4


async def test_a_key_goes_to_its_own_host_only(web, shelf, target):
    async with Shelf(SAMPLES) as other:
        url = answers(shelf, status=307, headers={"Location": f"{other.url}/hop/0"})
        await download(web, url, target, headers={"Authorization": "Bearer sk-secret"})

    assert b"sk-secret" in shelf.wire
    assert b"sk-secret" not in other.wire
    assert target.read_bytes() == FILM


async def test_a_key_that_was_dropped_on_the_way_does_not_come_back(web, shelf, target):
    async with Shelf(SAMPLES) as other:
        back = f"{shelf.url}/files/clip.mp4"
        answer = server.Response(status=302, headers={"Location": back})

        async def page(_):
            return answer

        other.pages["page"] = page
        url = answers(shelf, status=302, headers={"Location": f"{other.url}/page"})
        await download(web, url, target, headers={"Authorization": "Bearer sk-secret"})

    assert [b"sk-secret" in one for one in shelf.heard] == [True, False]


async def test_a_key_stays_on_the_way_within_its_host(web, shelf, target):
    headers = {"Authorization": "Bearer sk-secret"}
    await download(web, f"{shelf.url}/hop/1", target, headers=headers)

    assert [b"sk-secret" in one for one in shelf.heard] == [True, True, True]


@pytest.mark.parametrize("to", ["file:///etc/passwd", "http://user:pw@example.com/", "gopher://x"])
async def test_a_redirect_to_no_web_address_is_refused(web, shelf, target, to):
    error = await failure(web, answers(shelf, status=302, headers={"Location": to}), target)

    assert error.retry_in is None


@pytest.mark.parametrize("url", ["", "x", "/etc/passwd", "http://", "http://a\nb/"])
async def test_what_is_no_address_is_refused(web, target, url):
    assert (await failure(web, url, target)).retry_in is None


async def test_a_cookie_is_never_kept(web, shelf, target):
    url = answers(shelf, body=FILM, content_type="video/mp4", headers={"Set-Cookie": "a=b"})
    for _ in range(2):
        await download(web, url, target)

    assert b"cookie" not in shelf.wire.lower()


async def test_an_untrusted_private_address_gets_no_call(shelf, target):
    web = Web()
    try:
        for paid in (True, False):
            with pytest.raises(ProviderError) as caught:
                await web.call("GET", f"{shelf.url}/files/clip.mp4", paid=paid)
            assert not isinstance(caught.value, UncertainError)
        await failure(web, f"{shelf.url}/files/clip.mp4", target)
        assert shelf.heard == []
        web.trust(f"{shelf.url}/api/v1")
        await download(web, f"{shelf.url}/files/clip.mp4", target)
        assert target.read_bytes() == FILM
    finally:
        await web.close()


async def test_a_host_is_trusted_at_its_own_port_only(shelf, target):
    web = Web()
    web.trust(shelf.url)
    async with Shelf(SAMPLES) as other:
        await failure(web, f"{other.url}/files/clip.mp4", target)
        assert other.heard == []
    await web.close()


async def test_a_call_does_not_follow_redirects(web, shelf):
    reply = await web.call("POST", answers(shelf, status=307, headers={"Location": "/hop/0"}))
    heard = len(shelf.heard)

    assert (reply.status_code, heard) in {(405, 1), (307, 1)}


async def silence(_):
    await asyncio.Event().wait()


@pytest.mark.parametrize(("paid", "kind"), [(True, UncertainError), (False, ProviderError)])
async def test_silence_after_a_call_that_costs_leaves_it_open(web, shelf, paid, kind):
    shelf.pages["silence"] = silence

    with pytest.raises(ProviderError) as caught:
        await web.call("GET", f"{shelf.url}/silence", paid=paid, timeout=httpx.Timeout(0.2))

    assert type(caught.value) is kind


async def test_a_host_that_nobody_serves_has_taken_nothing(web):
    async with Shelf(SAMPLES) as gone:
        url = gone.url

    with pytest.raises(ProviderError) as caught:
        await web.call("POST", url, paid=True)

    assert not isinstance(caught.value, UncertainError)
    assert caught.value.retry_in


@pytest.mark.parametrize(("paid", "kind"), [(True, UncertainError), (False, ProviderError)])
async def test_a_reply_that_never_ends_is_cut_off(web, shelf, paid, kind):
    shelf.pages["endless"] = endless

    with pytest.raises(ProviderError) as caught:
        await web.call("GET", f"{shelf.url}/endless", paid=paid)

    assert type(caught.value) is kind


async def test_a_failed_call_tells_no_secret(web):
    async with Shelf(SAMPLES) as gone:
        url = f"{gone.url}/path?signature=sk-secret"

    with pytest.raises(ProviderError) as caught:
        await web.call("POST", url, headers={"Authorization": "Bearer sk-secret"})

    assert "sk-secret" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


class Thing(BaseModel):
    name: str


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b'{"name": 1}', b"\xff", b"<html>"])
@pytest.mark.parametrize(("paid", "kind"), [(True, UncertainError), (False, ProviderError)])
def test_a_reply_that_does_not_fit_is_unclear_only_where_it_costs(body, paid, kind):
    with pytest.raises(ProviderError) as caught:
        parse(Thing, httpx.Response(200, content=body), paid=paid)

    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7),
        ("0", 1),
        ("99999", 600),
        ("", 20),
        ("-5", 20),
        ("soon", 20),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 20),
        ("9" * 400, 600),
        ("²", 20),
    ],
)
def test_the_wait_that_is_asked_for_stays_within_reason(asked, seconds):
    assert retry_after({"retry-after": asked}, 20).total_seconds() == seconds
