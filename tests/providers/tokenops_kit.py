"""What the tests of this provider share: providers against an emulation, orders, what was sent."""

import asyncio
import io
import json
import re
import wave

from PIL import Image

from core.problems import settled
from core.request import VideoRequest
from media.runner import MediaRunner
from playground.services.faults import Fault
from providers.base import Kit, Order
from providers.tokenops import build
from providers.web.wire import Web
from tests.factories import make_picture, make_sound
from tests.world import PATIENCE

JIMENG = "tokenops/jimeng-video-3.0-"
OMNI = "tokenops/omnihuman-1.5"


class Desk:
    """Places orders with one provider, and knows what the service heard of them."""

    def __init__(self, service, folder, *, links=True, **environment):
        self.service, self.folder = service, folder
        self.web = Web(private=True)
        kit = Kit(
            environment=service.environment | environment,
            runner=MediaRunner(),
            web=self.web,
            limits={"tokenops.rps": 1000},
            links=links,
        )
        self.provider = build(kit)

    def model(self, name):
        return next(one for one in self.provider.models if one.model == name)

    def order(self, name, prompt="a slow walk", files=None, link=None, **request):
        """An order as the story makes it: the request settled, the files on disk."""
        files = files or {}
        paths = {}
        for role, content in files.items():
            paths[role] = self.folder / f"{role}.{'mp3' if role == 'audio' else 'jpg'}"
            paths[role].write_bytes(content)
        given = {"first": "first_frame", "last": "last_frame"}
        for role in files.keys() & given.keys():
            width, height = Image.open(io.BytesIO(files[role])).size
            request[given[role]] = make_picture(width=width, height=height)
        if "audio" in files:
            request["audio"] = make_sound()
        model = self.model(name)
        return Order(
            key="one",
            model=model,
            request=settled(VideoRequest(prompt=prompt, **request), model),
            target=self.folder / "video.mp4",
            link=link,
            **paths,
        )

    async def submit(self, name, **more):
        return await self.provider.submit(self.order(name, **more))

    async def made(self, name, **more):
        """The order, and what its first look gives."""
        order = self.order(name, **more)
        remote = await self.provider.submit(order)
        async with asyncio.timeout(PATIENCE):
            return order, await self.provider.look(remote, order)

    async def asked(self, name, **more):
        """The fields of the create request of an order."""
        await self.submit(name, **more)
        return fields_of(self.service.sent_to("create")[-1])

    def answer(self, body, route="create", status=200, **more):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **more.pop("headers", {})}
        return self.service.faults.add(
            Fault(route=route, status=status, body=body, headers=headers, **more)
        )

    async def close(self):
        await self.provider.close()
        await self.web.close()


def fields_of(received):
    """The fields of a request: of JSON as they are, of a form as text, or (name, type, bytes)."""
    kind = header(received, "content-type")
    if kind == "application/json":
        return json.loads(received.body)
    boundary = kind.removeprefix("multipart/form-data; boundary=")
    fields = {}
    for part in received.body.split(f"--{boundary}".encode())[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = re.search(rb'; name="([^"]*)"', head)[1].decode()
        file = re.search(rb'filename="([^"]*)"', head)
        sort = re.search(rb"Content-Type: (\S+)", head)
        value = value.removesuffix(b"\r\n")
        held = (file[1].decode(), sort[1].decode(), value) if file else value.decode()
        assert file or not sort
        fields.setdefault(name, []).append(held)
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


def header(received, name):
    return {key.lower(): value for key, value in received.headers}.get(name)


def jpeg(width=720, height=480, color="orange"):
    out = io.BytesIO()
    Image.new("RGB", (width, height), color).save(out, "JPEG")
    return out.getvalue()


def sound(seconds=3):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes(int(8000 * seconds)))
    return out.getvalue()
