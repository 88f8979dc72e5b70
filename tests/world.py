"""Sample files, and a look at processes, for tests of the whole."""

import io
import os
from contextlib import suppress
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


def media_children(parent=None):
    """The media children of a process, of this one unless told, as the kernel lists them."""
    return {
        child
        for template in processes(parent or os.getpid(), "media.template")
        for child in processes(template)
    }


def processes(parent, module=""):
    """The children of a process that run a module, or any."""
    found = set()
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            status = (entry / "stat").read_text().rpartition(")")[2].split()
            command = (entry / "cmdline").read_text().split("\0")
            if int(status[1]) == parent and (not module or module in command):
                found.add(int(entry.name))
    return found
