"""Sample files, and the bot as a process, for tests of the whole."""

import asyncio
import io
import os
import signal
import sys
from collections import deque
from pathlib import Path

import av
import numpy as np
from PIL import Image

SAMPLES = Path(__file__).parents[1] / "playground" / "samples"
CAT, COFFEE, ASTRONAUT, HELLO = (
    (SAMPLES / name).read_bytes()
    for name in ("cat.jpg", "coffee.jpg", "astronaut.jpg", "hello.ogg")
)
SMALL = "--dur 3 --res 480p"  # the cheapest render there is
PATIENCE = 30  # seconds: far more than anything here takes

# The pace at which Telegram takes messages would make tests slow; those that are about it say so.
QUICK = "telegram.private=1000,telegram.group=60000,telegram.overall=10000"
STRICT = "telegram.private=1,telegram.group=20,telegram.overall=30"


def unhurried(environment):
    """The same settings, with a Telegram that takes messages as quickly as they come."""
    return {**environment, "LIMITS": f"{QUICK},{environment.get('LIMITS', '')}"}


def plain(color, kind="JPEG", size=(640, 480)):
    """A picture of one colour: whatever is cut out of it is told apart at a glance."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind)
    return out.getvalue()


def tone(seconds):
    """A voice message that hums."""
    out = io.BytesIO()
    with av.open(out, "w", format="ogg") as voice:
        stream = voice.add_stream("libopus", rate=48_000, layout="mono")
        times = np.arange(round(48_000 * seconds)) / 48_000
        samples = (np.sin(2 * np.pi * 220 * times) * 12_000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
        frame.sample_rate = 48_000
        for packet in (*stream.encode(frame), *stream.encode(None)):
            voice.mux(packet)
    return out.getvalue()


class Process:
    """The bot as its own process, as a user runs it; its log is read line by line."""

    def __init__(self, environment):
        self._environment = environment
        self.lines = deque(maxlen=2000)

    async def start(self, **more):
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self._child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            env={**kept, **unhurried({**self._environment, **more})},
            stderr=asyncio.subprocess.PIPE,
        )
        return self

    async def says(self, *parts):
        """Read the log until a line holds all the parts."""
        async with asyncio.timeout(PATIENCE):
            async for raw in self._child.stderr:
                line = raw.decode()
                self.lines.append(line)
                if all(part in line for part in parts):
                    return line
        raise AssertionError(f"never said {parts}:\n{''.join(self.lines)}")

    async def kill(self):
        """kill -9: nothing is saved, nothing is closed."""
        self._child.kill()
        return await self.ends()

    async def stop(self):
        if self._child.returncode is None:
            self._child.send_signal(signal.SIGTERM)
        return await self.ends()

    async def ends(self):
        """Read the log to its end; gives the exit code."""
        async with asyncio.timeout(PATIENCE):
            rest = await self._child.stderr.read()
            self.lines.extend(rest.decode().splitlines(keepends=True))
            return await self._child.wait()
