"""`firstframe demo`: a scripted person, the emulated Telegram and the real bot, on one screen."""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.markup import escape

Json = dict[str, Any]

SAMPLES = Path(__file__).parent / "samples"
_LONG_POLL = 20  # seconds
_PATIENCE = 180.0  # seconds for one video, on a slow machine

console = Console(highlight=False)


class Conversation:
    """The person's chat with the bot: says things, shows what comes, and keeps a transcript."""

    def __init__(self, session: aiohttp.ClientSession, url: str, out: Path) -> None:
        self._session = session
        self._url = url
        self._out = out
        self._seq = 0
        self._shown: dict[int, str] = {}
        self.transcript: list[Json] = []
        self.videos: list[Path] = []

    async def send_text(self, text: str) -> None:
        await self._post("text", json={"text": text})

    async def send_photo(self, name: str, caption: str = "") -> int:
        form = _form(name)
        form.add_field("caption", caption)
        sent = await self._post("photo", data=form)
        return int(sent["message_id"])

    async def send_album(self, names: list[str], caption: str) -> None:
        form = _form(*names)
        form.add_field("caption", caption)
        await self._post("album", data=form)

    async def send_voice(self, name: str, seconds: int, reply_to: int) -> None:
        form = _form(name)
        form.add_field("duration", str(seconds))
        form.add_field("reply_to", str(reply_to))
        await self._post("voice", data=form)

    async def wait_for(self, *, kind: str) -> Json:
        """Show what happens until the bot has sent a new message of this kind."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                for event in await self._events():
                    found = await self._show(event)
                    if found and found["kind"] == kind and found["from"]["is_bot"]:
                        return found

    async def save(self, message: Json, name: str) -> None:
        """Download a video, and its poster for the transcript."""
        media = message["media"]
        video = self._out / f"{name}.mp4"
        video.write_bytes(await self._get(media["file_id"]))
        poster = self._out / f"{name}.jpg"
        poster.write_bytes(await self._get(media["thumbnail"]))
        self.transcript[-1]["poster"] = poster.name
        self.videos.append(video)

    async def _events(self) -> list[Json]:
        address = f"{self._url}/sim/events?after={self._seq}&timeout={_LONG_POLL}"
        async with self._session.get(address) as answer:
            events: list[Json] = await answer.json()
        if events:
            self._seq = events[-1]["seq"]
        return events

    async def _show(self, event: Json) -> Json | None:
        if event["kind"] not in ("message", "edited"):
            return None
        async with self._session.get(f"{self._url}/sim/history") as answer:
            history = await answer.json()
        number = event["message_id"]
        message: Json | None = next((m for m in history if m["message_id"] == number), None)
        if message is None or self._shown.get(number) == message["text"]:
            return None
        fresh = number not in self._shown
        self._shown[number] = message["text"]
        self._print(message, fresh=fresh)
        kept = {
            name: message[name] for name in ("message_id", "kind", "text", "buttons", "reply_to")
        }
        kept["from_bot"] = message["from"]["is_bot"]
        self.transcript = [m for m in self.transcript if m["message_id"] != number] + [kept]
        return message if fresh else None

    def _print(self, message: Json, *, fresh: bool) -> None:
        from_bot = message["from"]["is_bot"]
        who = "[bold cyan]bot [/]" if from_bot else "[bold green]you [/]"
        what = "" if message["kind"] == "text" else f"[magenta]<{message['kind']}>[/] "
        lines = message["text"].splitlines() or [""]
        style = "" if fresh else "[dim]"
        for number, line in enumerate(lines):
            lead = f"{who} " if number == 0 else "     "
            console.print(f"{lead}{what if number == 0 else ''}{style}{escape(line)}")
        if fresh and message["buttons"]:
            labels = [button["text"] for row in message["buttons"] for button in row]
            console.print("     " + " ".join(f"[reverse] {escape(label)} [/]" for label in labels))

    async def _post(self, action: str, **body: Any) -> Json:
        async with self._session.post(f"{self._url}/sim/{action}", **body) as answer:
            answer.raise_for_status()
            sent: Json = await answer.json()
            return sent

    async def _get(self, file_id: str) -> bytes:
        async with self._session.get(f"{self._url}/sim/files/{file_id}") as answer:
            answer.raise_for_status()
            return await answer.read()


async def play(talk: Conversation) -> None:
    """The three ways to a video."""
    await talk.send_text("/start")
    await talk.wait_for(kind="text")
    console.rule("1: a photo with a caption")
    await talk.send_photo("cat.jpg", "slow push in --dur 4 --res 480p")
    await talk.save(await talk.wait_for(kind="video"), "1-caption")
    console.rule("2: an album, first and last frame")
    await talk.send_album(["coffee.jpg", "cat.jpg"], "gentle pan right --dur 4 --res 480p")
    await talk.save(await talk.wait_for(kind="video"), "2-first-and-last")
    console.rule("3: a photo, answered with a voice message")
    photo = await talk.send_photo("astronaut.jpg")
    await talk.wait_for(kind="text")
    await talk.send_voice("hello.ogg", 5, reply_to=photo)
    await talk.save(await talk.wait_for(kind="video"), "3-voice")


async def demo(out: Path) -> None:
    """Start both programs, play, and save the videos and the transcript under `out`."""
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="firstframe-demo-")))
        log = stack.enter_context((out / "bot.log").open("wb"))
        telegram = await _start("playground", "--port", "0", stdout=PIPE)
        stack.push_async_callback(_stop, telegram)
        assert telegram.stdout
        here = json.loads(await telegram.stdout.readline())
        settings = {
            "TELEGRAM_BOT_TOKEN": here["token"],
            "TELEGRAM_API_URL": here["url"],
            "DATABASE_URL": f"sqlite:///{data}/demo.db",
            "DATA_DIR": str(data),
            "LISTEN": "127.0.0.1:0",
        }
        bot = await _start("bot", stderr=log, env={**os.environ, **settings})
        stack.push_async_callback(_stop, bot)
        console.print(
            f"An emulated Telegram listens on {here['url']}; the bot is a process of its own."
        )
        session = await stack.enter_async_context(aiohttp.ClientSession())
        talk = Conversation(session, here["url"], out)
        playing = asyncio.create_task(play(talk))
        died = asyncio.create_task(bot.wait())
        await asyncio.wait({playing, died}, return_when=asyncio.FIRST_COMPLETED)
        if not playing.done():
            playing.cancel()
            sys.exit(f"the bot ended with {bot.returncode}; see {out / 'bot.log'}")
        died.cancel()
        await playing
    (out / "transcript.json").write_text(json.dumps(talk.transcript, ensure_ascii=False, indent=1))
    console.rule(f"done in {time.monotonic() - began:.0f} s")
    for video in talk.videos:
        console.print(f"{video}  {video.stat().st_size // 1024} kB")


def _form(*names: str) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for number, name in enumerate(names):
        part = f"file{number}" if number else "file"
        form.add_field(part, (SAMPLES / name).read_bytes(), filename=name)
    return form


async def _start(module: str, *arguments: str, **options: Any) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdin=DEVNULL, **options
    )


async def _stop(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    await process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="firstframe demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out"))
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    asyncio.run(demo(out))


if __name__ == "__main__":
    main()
