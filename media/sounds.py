"""Sounds: count their exact length, and convert them to what a model takes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream

from core.errors import MediaError
from core.words import say
from media.containers import open_media, unreadable

_CODECS = {"mp3": "libmp3lame", "wav": "pcm_s16le", "m4a": "aac", "ogg": "libopus"}
_RATE = {"mp3": 44_100, "wav": 16_000, "m4a": 44_100, "ogg": 48_000}
_LONGEST = 3600  # seconds; anything longer is a mistake


def inspect(source: Path) -> dict[str, Any]:
    """Count a sound's samples; gives the fields of `core.request.Sound`.

    Headers are not believed: those of voice messages run some milliseconds long.
    """
    seconds = sum(frame.samples / frame.sample_rate for frame in decode(source))
    with open_media(source) as container:
        stream = container.streams.audio[0]
        # AAC in MP4 decodes with the encoder's own lead-in; there the index knows better.
        if "mp4" in container.format.name and stream.duration and stream.time_base:
            seconds = min(seconds, float(stream.duration * stream.time_base))
    if seconds <= 0:
        raise unreadable()
    return {
        "file": source.name,
        "seconds": round(seconds, 3),
        "size": source.stat().st_size,
        "format": source.suffix.lstrip("."),
    }


def convert(source: Path, target: Path, *, max_seconds: float) -> dict[str, Any]:
    """Write a mono sound in the container of the target's suffix, cut at `max_seconds`."""
    kind = target.suffix.lstrip(".")
    rate = _RATE[kind]
    with av.open(str(target), "w") as output:
        stream = cast("AudioStream", output.add_stream(_CODECS[kind], rate=rate, layout="mono"))
        if kind != "wav":
            stream.bit_rate = 128_000
        left = int(max_seconds * rate)
        written = 0
        for frame in resample(decode(source), rate, "s16"):
            if not left:
                break
            taken = frame if frame.samples <= left else _cut(frame, left)
            taken.pts = written
            output.mux(stream.encode(taken))
            written += taken.samples
            left -= taken.samples
        output.mux(stream.encode(None))
    return inspect(target)


def decode(source: Path) -> Iterator[AudioFrame]:
    """The sound's frames; raises MediaError where there is no sound or it is broken."""
    with open_media(source) as container:
        if not container.streams.audio:
            raise MediaError(say("There is no sound in this file. Please send another one."))
        heard = 0.0
        try:
            for frame in container.decode(container.streams.audio[0]):
                heard += frame.samples / frame.sample_rate
                if heard > _LONGEST:
                    raise MediaError(
                        say("This sound is longer than an hour. Please send a shorter one.")
                    )
                yield frame
        except av.FFmpegError as error:
            raise unreadable() from error


def resample(
    frames: Iterator[AudioFrame], rate: int, form: str, layout: str = "mono"
) -> Iterator[AudioFrame]:
    resampler = AudioResampler(format=form, layout=layout, rate=rate)
    for frame in frames:
        frame.pts = None
        yield from resampler.resample(frame)
    yield from resampler.resample(None)


def _cut(frame: AudioFrame, samples: int) -> AudioFrame:
    """The beginning of a frame of one channel, two bytes a sample."""
    part = AudioFrame(format="s16", layout="mono", samples=samples)
    part.planes[0].update(bytes(frame.planes[0])[: 2 * samples])
    part.sample_rate = frame.sample_rate
    return part
