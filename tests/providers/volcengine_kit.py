"""What the tests of our Volcengine client share: its orders, real files, and a host for links."""

import asyncio
import json
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from core.problems import problems, settled
from media.runner import MediaRunner
from providers.base import Kit, Order, RemoteId
from providers.volcengine import build
from providers.web.wire import Web
from tests.factories import make_picture, make_request, make_sound

SAMPLES = Path(__file__).parents[2] / "playground" / "samples"


class Host:
    """Serves files of a folder, as the bot's signed links do."""

    def __init__(self, folder):
        self.folder = folder
        self.url = ""
        self.asked = []
        app = web.Application()
        app.router.add_get("/{name}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.01)

    async def __aenter__(self):
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *error):
        await self._runner.cleanup()

    def link(self, path):
        return f"{self.url}/{path.name}"

    async def _answer(self, request):
        name = request.match_info["name"]
        self.asked.append(name)
        return web.FileResponse(self.folder / name)


class Client:
    """A provider built as the bot builds it, and the orders it gets after the bot's own checks."""

    def __init__(self, service, folder, host, *, links=True, **environment):
        self.folder, self.host = folder, host
        self.kit = Kit(
            environment={**service.environment, **environment},
            runner=MediaRunner(),
            web=Web(private=True),
            limits={"volcengine.rps": 1000},
            links=links,
        )
        self.provider = build(self.kit)

    async def close(self):
        await self.kit.web.close()

    def model(self, name):
        return next(one for one in self.provider.models if one.model == f"volcengine/{name}")

    def order(self, name="jimeng-3.0-720p", *, photos=1, audio=False, **options):
        """An order as it comes out of the bot's checks; `photos` 0 leaves words alone."""
        model = self.model(name)
        asked = make_request(
            first_frame=make_picture() if photos else None,
            last_frame=make_picture(file="last.jpg") if photos > 1 else None,
            audio=make_sound() if audio else None,
            **options,
        )
        assert problems(asked, model) == []
        request = settled(asked, model)
        assert problems(request, model) == []
        return Order(
            key="key",
            model=model,
            request=request,
            target=self.folder / "video.mp4",
            first=self.folder / "photo.jpg" if photos else None,
            last=self.folder / "last.jpg" if photos > 1 else None,
            audio=self.folder / "voice.mp3" if audio else None,
            link=self.host.link,
        )

    async def submit(self, *arguments, **options):
        return await self.provider.submit(self.order(*arguments, **options))

    async def take(self, *arguments, **options):
        remote = await self.submit(*arguments, **options)
        assert isinstance(remote, str), remote
        return remote

    async def look(self, remote):
        return await self.provider.look(remote, self.order())


async def make_files(folder):
    """Real files within the limits of every model."""
    shutil.copy(SAMPLES / "coffee.jpg", folder / "photo.jpg")
    shutil.copy(SAMPLES / "coffee.jpg", folder / "last.jpg")
    arguments = {"source": str(SAMPLES / "hello.ogg"), "target": str(folder / "voice.mp3")}
    await MediaRunner().run("convert_sound", {**arguments, "max_seconds": 59})


def number(remote):
    """The service's own number of a task."""
    return remote.rpartition("/")[2]


def aged(remote, seconds):
    """The same task, as if it had been taken so many seconds earlier."""
    account, pair, req_key, taken, task = remote.replace(":", "/", 1).split("/")
    return RemoteId(f"{account}:{pair}/{req_key}/{int(taken) - seconds}/{task}")


def action(received):
    """Action and version that a recorded request asked for."""
    query = parse_qs(urlsplit(received.url).query)
    return query["Action"][0], query["Version"][0]


def body(received):
    return json.loads(received.body)


async def sdk(service, method, form):
    """Let the official SDK make a call."""
    from volcengine.visual.VisualService import VisualService

    visual = VisualService()
    visual.set_ak(service.environment["VOLC_ACCESSKEY"])
    visual.set_sk(service.environment["VOLC_SECRETKEY"])
    visual.set_scheme("http")
    visual.set_host(service.url.removeprefix("http://"))
    try:
        return await asyncio.to_thread(getattr(visual, method), form)
    finally:
        visual.session.close()
