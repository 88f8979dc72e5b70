"""What the tests of our DashScope client share: real files, orders, and bodies made readable."""

import base64
import json
import shutil
import socket
from datetime import UTC, datetime
from pathlib import Path

from aiohttp.abc import AbstractResolver
from PIL import Image

from core.problems import problems, settled
from media.runner import MediaRunner
from providers.base import Kit, Order, Trace
from providers.dashscope import build
from providers.web.wire import Web
from tests.factories import make_picture, make_request, make_sound
from tests.services.dashscope_kit import mp3

SAMPLES = Path(__file__).parents[2] / "playground" / "samples"
SDK_NOISE = {"extend_prompt": True, "function": "video-synthesis"}
NOW = 1_789_997_600.0


class Clock:
    """Stands until it is moved."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


class Loopback(AbstractResolver):
    """Every name is this machine's, so that the emulation can have the address of a region."""

    async def resolve(self, host, port=0, family=socket.AF_INET):
        one = {"hostname": host, "host": "127.0.0.1", "port": port}
        return [{**one, "family": socket.AF_INET, "proto": 0, "flags": 0}]

    async def close(self):
        pass


class Client:
    """A provider built as the bot builds it, and the orders it gets after the bot's own checks."""

    def __init__(self, service, folder, *, host=None, **environment):
        self.folder = folder
        settings = {**service.environment, **environment}
        if host:
            port = service.url.rpartition(":")[2]
            settings["DASHSCOPE_HTTP_BASE_URL"] = f"http://{host}:{port}/api/v1"
        self.kit = Kit(
            environment=settings,
            runner=MediaRunner(),
            web=Web(private=True, resolver=Loopback()),
            limits={"dashscope.rps": 1e6, "dashscope.looks": 1e6},
        )
        self.provider = build(self.kit)

    async def close(self):
        await self.kit.web.close()

    @property
    def names(self):
        return [one.model.removeprefix("dashscope/") for one in self.provider.models]

    def model(self, name):
        return next(one for one in self.provider.models if one.model == f"dashscope/{name}")

    def order(self, name="wan2.2-i2v-flash", *, first="small.jpg", last=None, audio=None, **more):
        """An order as it comes out of the bot's checks; files by their names in the folder."""
        model = self.model(name)
        sound = more.pop("heard", 4.0)
        asked = make_request(
            first_frame=make_picture(),
            last_frame=make_picture(file="last.jpg") if last else None,
            audio=make_sound(seconds=sound) if audio else None,
            **more,
        )
        assert problems(asked, model) == []
        request = settled(asked, model)
        assert problems(request, model) == []
        return Order(
            key="key",
            model=model,
            request=request,
            target=self.folder / "video.mp4",
            first=self.folder / first,
            last=self.folder / last if last else None,
            audio=self.folder / audio if audio else None,
        )

    async def submit(self, *arguments, **options):
        return await self.provider.submit(self.order(*arguments, **options))

    async def take(self, *arguments, **options):
        remote = await self.submit(*arguments, **options)
        assert isinstance(remote, str), remote
        return remote

    async def look(self, remote):
        return await self.provider.look(remote, self.order())


def traced(*held, since=NOW, rival=False, account=None):
    """What is known of an order: which remote ids are held, whether another is alike, its key."""

    async def is_held(remote):
        return remote in held

    async def has_rival():
        return rival

    moment = datetime.fromtimestamp(since, UTC)
    return Trace(since=moment, is_held=is_held, has_rival=has_rival, account=account)


def make_files(folder):
    """Two pictures that fit into a request, two that do not, and a sound of four seconds."""
    shutil.copy(SAMPLES / "coffee.jpg", folder / "small.jpg")
    Image.new("RGB", (480, 640), "teal").save(folder / "last.jpg")
    for name, spread in (("large.jpg", 90), ("large-last.jpg", 110)):
        Image.effect_noise((900, 700), spread).convert("RGB").save(folder / name, quality=92)
    (folder / "voice.mp3").write_bytes(mp3(4))


def task(remote):
    """The service's own number of a task."""
    return remote.partition(":")[2]


def headers(received):
    return {name.lower(): value for name, value in received.headers}


def body(received):
    return json.loads(received.body)


def readable(service, folder, received):
    """A body with the addresses of its files replaced by how they came and what they are."""

    def name(address):
        if address.startswith("oss://"):
            data, way = service.bucket.objects[address.removeprefix("oss://")].data, "stored"
        else:
            assert address.startswith("data:image/jpeg;base64,")
            data, way = base64.b64decode(address.partition(",")[2], validate=True), "inline"
        (found,) = [path.name for path in folder.iterdir() if path.read_bytes() == data]
        return f"{way} {found}"

    def walk(value):
        if isinstance(value, dict):
            return {
                key: name(inner) if key.endswith("url") else walk(inner)
                for key, inner in value.items()
            }
        return [walk(one) for one in value] if isinstance(value, list) else value

    return walk(body(received))


def parts(received):
    """The names and contents of a form, in their order."""
    boundary = headers(received)["content-type"].partition("boundary=")[2].strip('"')
    pieces = received.body.split(b"--" + boundary.encode())[1:-1]
    found = []
    for piece in pieces:
        head, _, content = piece.partition(b"\r\n\r\n")
        found.append((head.split(b'name="')[1].split(b'"')[0].decode(), content[:-2]))
    return found
