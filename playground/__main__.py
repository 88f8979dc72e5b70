"""`python -m playground`: run the emulated Telegram on its own."""

import argparse
import asyncio
import json
import signal
import sys

from playground.server import Playground


async def serve(host: str, port: int, token: str, seed: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with Playground(host=host, port=port, token=token, seed=seed) as playground:
        line = {"url": playground.url, "token": playground.token}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="playground", description="An emulated Telegram Bot API")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free port")
    parser.add_argument(
        "--token", default="", help="token of the bot that is there from the start"
    )
    parser.add_argument("--seed", type=int, default=1, help="decides ids and tokens")
    options = parser.parse_args()
    asyncio.run(serve(options.host, options.port, options.token, options.seed))


if __name__ == "__main__":
    main()
