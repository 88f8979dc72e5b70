"""A running playground, its people, a raw HTTP client and python-telegram-bot's own client."""

import functools
import io
import struct
from dataclasses import dataclass

import aiohttp
import pytest
import telegram
from PIL import Image
from telegram.request import HTTPXRequest

from playground.server import Playground


@dataclass
class Answer:
    status: int
    body: dict
    headers: dict

    @property
    def result(self):
        assert self.body["ok"], self.body
        return self.body["result"]

    @property
    def refusal(self):
        return self.status, self.body["description"]


class Api:
    """Bot API calls as any HTTP client would make them."""

    def __init__(self, session, url, token):
        self.session = session
        self.url = url
        self.token = token

    async def __call__(self, method, files=None, token=None, **params):
        address = f"{self.url}/bot{token or self.token}/{method}"
        if files:
            form = aiohttp.FormData()
            for name, value in params.items():
                form.add_field(name, str(value))
            for name, content in files.items():
                form.add_field(name, io.BytesIO(content), filename=f"{name}.bin")
            request = self.session.post(address, data=form)
        else:
            request = self.session.post(address, json=params)
        async with request as answer:
            return Answer(answer.status, await answer.json(), dict(answer.headers))

    async def updates(self, **params):
        return (await self("getUpdates", **params)).result


@pytest.fixture
async def play():
    async with Playground(webhook_pause=0.01) as running:
        yield running


@pytest.fixture
def world(play):
    return play.telegram


@pytest.fixture
def anna(world):
    return world.person


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as running:
        yield running


@pytest.fixture
def api(session, play):
    return Api(session, play.url, play.token)


@pytest.fixture
async def client(play, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    # Reading the system's certificates costs more than most of these tests.
    quick = {"httpx_kwargs": {"verify": False}}
    bot = telegram.Bot(
        play.token,
        base_url=play.url + "/bot",
        base_file_url=play.url + "/file/bot",
        request=HTTPXRequest(**quick),
        get_updates_request=HTTPXRequest(**quick),
    )
    async with bot:
        yield bot


@pytest.fixture(scope="session")
def jpeg():
    @functools.cache
    def make(width=160, height=120, kind="JPEG"):
        out = io.BytesIO()
        Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, kind)
        return out.getvalue()

    return make


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


@pytest.fixture(scope="session")
def mp4():
    """Just enough boxes of an MP4 to be recognized: 640x360, 4 s."""

    def make(*, sound=True, fast=True):
        def track(handler, width, height):
            sides = struct.pack(">II", width << 16, height << 16)
            header = box(b"tkhd", bytes(76), sides)
            media = box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(12)))
            return box(b"trak", header, media)

        tracks = [track(b"vide", 640, 360)] + [track(b"soun", 0, 0)] * sound
        head = box(b"mvhd", bytes(12), struct.pack(">II", 1000, 4000), bytes(80))
        parts = [box(b"moov", head, *tracks), box(b"mdat", bytes(100))]
        return box(b"ftyp", b"isom", bytes(8)) + b"".join(parts if fast else reversed(parts))

    return make


@pytest.fixture
def group(world, anna):
    return world.create_group("Friends", anna, world.bot)


@pytest.fixture
def supergroup(world, anna):
    return world.create_supergroup("Many friends", anna, world.bot)


@pytest.fixture
def forum(world, anna):
    made = world.create_supergroup("Forum", anna, world.bot, forum=True)
    world.promote(made, world.bot)
    return made


@pytest.fixture
def channel(world, anna):
    return world.create_channel("News", anna, world.bot)
