"""`python -m playground`: run the emulated Telegram on its own, or with emulated video services."""

import argparse
import asyncio
import json
import signal
import sys
from contextlib import AsyncExitStack

from playground.server import Playground
from playground.services.dashscope import DashScope
from playground.services.dreamina import Dreamina
from playground.services.gateway import Gateway, OpenAiVideos
from playground.services.service import Service
from playground.services.studio import Studio
from playground.services.volcengine import Volcengine

# The gateway comes after OpenAI's own surface: both go by the same variables, and it wins them.
SERVICES: tuple[type[Service], ...] = (DashScope, Volcengine, OpenAiVideos, Gateway, Dreamina)
_RENDERING = (3.0, 8.0)  # seconds


async def serve(host: str, port: int, token: str, seed: int, *, services: bool) -> None:
    """Say in one line of JSON where everything listens, and serve until told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with AsyncExitStack() as stack:
        playground = await stack.enter_async_context(
            Playground(host=host, port=port, token=token, seed=seed)
        )
        started = [
            await stack.enter_async_context(kind(host=host, studio=Studio(seconds=_RENDERING)))
            for kind in (SERVICES if services else ())
        ]
        line = {
            "url": playground.url,
            "token": playground.token,
            "services": {service.name: service.url for service in started},
            "environment": _environment(playground, started),
        }
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        await stop.wait()


def _environment(playground: Playground, services: list[Service]) -> dict[str, str]:
    """The variables that point a bot at everything here."""
    found = {"TELEGRAM_BOT_TOKEN": playground.token, "TELEGRAM_API_URL": playground.url}
    for service in services:
        found |= service.environment
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="playground", description="An emulated Telegram Bot API")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free port")
    parser.add_argument(
        "--token", default="", help="token of the bot that is there from the start"
    )
    parser.add_argument("--seed", type=int, default=1, help="decides ids and tokens")
    parser.add_argument(
        "--services",
        action="store_true",
        help="emulate the video services as well, each on a free port",
    )
    options = parser.parse_args()
    asyncio.run(
        serve(options.host, options.port, options.token, options.seed, services=options.services)
    )


if __name__ == "__main__":
    main()
