"""The playground as a running HTTP server, in this process."""

import asyncio
from types import TracebackType
from typing import Self

from aiohttp import web

from playground.botapi import BotApi
from playground.sim import Sim
from playground.telegram import Telegram
from playground.telegram.media import MAX_UPLOAD
from playground.webhook import Postman


class Playground:
    """`async with Playground() as p` gives `p.url` and `p.telegram`, with a bot and a person."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str = "",
        seed: int = 1,
        webhook_pause: float = 1.0,
    ) -> None:
        self.telegram = Telegram(seed=seed)
        self.telegram.create_bot(token=token)
        self.telegram.create_user()
        self._postman = Postman(self.telegram, webhook_pause)
        self._host = host
        self._port = port
        self._tasks: list[asyncio.Task[None]] = []
        app = web.Application(client_max_size=MAX_UPLOAD)
        app.add_routes(BotApi(self.telegram).routes())
        app.add_routes(Sim(self.telegram).routes())
        # A poll that waits must not hold up the end of a test.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)

    @property
    def url(self) -> str:
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    @property
    def token(self) -> str:
        return self.telegram.bot.token

    async def start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        self._tasks.append(asyncio.create_task(self._postman.run()))

    async def stop(self) -> None:
        self.telegram.faults.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()
