"""The client under test beside the emulated workbench, and orders for it."""

import json
import uuid
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import httpx

from core.problems import settled
from media.runner import MediaRunner
from playground.services.dreamina import Dreamina as Site
from playground.services.studio import Studio
from providers.base import Kit, Order, Trace
from providers.dreamina import Dreamina, build
from providers.web.wire import Web
from tests.factories import make_picture, make_request
from tests.world import CAT

SESSION = "5e55104e5e55104e5e55104e5e55104e"
CAT_SIDES = (451, 300)


def kit(environment, **changes):
    """What a provider is built from, without the wait between two orders."""
    plain = {"runner": MediaRunner(), "web": Web(private=True), "limits": {"dreamina.rps": 1e6}}
    return Kit(environment=environment, **plain | changes)


@asynccontextmanager
async def opened(site, **environment):
    """The provider as the settings of a site build it."""
    one = kit(site.environment | environment)
    provider = build(one)
    try:
        yield provider
    finally:
        await one.web.close()


@asynccontextmanager
async def clocked(site, clock):
    """The same with another clock for what is remembered between answers."""
    one = kit({})
    provider = Dreamina(one, SESSION, base=site.url, store=site.imagex_url, clock=clock)
    try:
        yield provider
    finally:
        await one.web.close()


def manual_site(**changes):
    return Site(studio=Studio(manual=True), **changes)


def make_order(provider, folder, *, photo=CAT, key=None, sides=CAT_SIDES, **options):
    """An order as a worker gives it."""
    first = folder / "first.jpg"
    first.write_bytes(photo)
    picture = make_picture(width=sides[0], height=sides[1], size=len(photo))
    request = make_request(**{"first_frame": picture, "model": "dreamina/i2v"} | options)
    model = provider.models[0]
    return Order(
        key=key or str(uuid.uuid4()),
        model=model,
        request=settled(request, model),
        target=folder / "video.mp4",
        first=first,
    )


def wished(order, **options):
    return replace(order, request=order.request.with_options(**options))


def trace():
    async def is_held(remote):
        return False

    return Trace(since=datetime.now(UTC), is_held=is_held)


def draft_of(received):
    return json.loads(json.loads(received.body)["draft_content"])


def query_of(received):
    return list(httpx.QueryParams(received.url.partition("?")[2]).multi_items())


def headers_of(received):
    return {name.lower(): value for name, value in received.headers}
