"""Videos: probe them, and mend what Telegram needs (sound track, fast start, poster, size)."""

import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from PIL import Image

from core.errors import MediaError
from core.words import say
from media.containers import open_media, unreadable

_POSTER_SIDE = 320  # Telegram: a thumbnail has at most 320 x 320 pixels and 200 kB
_POSTER_BYTES = 199_000
_RATE = 44_100
_BOX_HEADER = 8
_MIN_VIDEO_RATE = 60_000  # bits per second below which a picture is not worth sending

Image.preinit()  # here, so that children are born with the writer of JPEG


def finish(source: Path, target: Path, poster: Path) -> dict[str, Any]:
    """Copy a rendered video into an MP4 that streams, with a sound track and a poster.

    A silent MP4 shows as a GIF without controls in Telegram, so it gets silence. Gives
    width, height, seconds, size and whether the sound is `silent`. Raises MediaError for a
    file that is cut off or no video.
    """
    if not is_complete(source):
        raise MediaError(say("The video arrived incomplete."))
    with open_media(source) as video:
        if not video.streams.video:
            raise unreadable()
        silent = not video.streams.audio
        _remux(video, target, silent=silent)
    draw_poster(target, poster)
    return {**probe(target), "silent": silent}


def probe(path: Path) -> dict[str, Any]:
    """Width and height as shown, length in seconds and size in bytes of an MP4."""
    with open_media(path) as video:
        if not video.streams.video or not video.duration:
            raise unreadable()
        stream = video.streams.video[0]
        return {
            "width": stream.codec_context.width,
            "height": stream.codec_context.height,
            "seconds": round(video.duration / av.time_base, 3),
            "size": path.stat().st_size,
        }


def is_complete(path: Path) -> bool:
    """Whether the boxes of an MP4 end exactly where its file ends: a cut-off one still opens."""
    found = list(boxes(path))
    return {b"moov", b"mdat"} <= {kind for kind, _, _ in found} and all(
        end <= path.stat().st_size for _, _, end in found
    )


def starts_fast(path: Path) -> bool:
    """Whether the index lies before the pictures, so that playing needs no full download."""
    order = [kind for kind, _, _ in boxes(path)]
    return b"moov" in order and order.index(b"moov") < order.index(b"mdat")


def boxes(path: Path) -> Iterator[tuple[bytes, int, int]]:
    """The outer boxes of an MP4: kind, start and end in bytes (ISO 14496-12)."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = 0
        while start + _BOX_HEADER <= size:
            file.seek(start)
            length, kind = struct.unpack(">I4s", file.read(_BOX_HEADER))
            if length == 1:
                wide = file.read(8)
                length = struct.unpack(">Q", wide)[0] if len(wide) == _BOX_HEADER else 0
            end = size if length == 0 else start + length
            if end <= start:
                return
            yield kind, start, end
            start = end


def last_frame(source: Path, target: Path) -> dict[str, Any]:
    """Write a video's last picture as JPEG."""
    image: Image.Image | None = None
    with open_media(source) as video:
        if not video.streams.video:
            raise unreadable()
        stream = video.streams.video[0]
        if video.duration:
            video.seek(max(0, video.duration - 2 * av.time_base))
        for frame in video.decode(stream):
            image = as_image(frame)
    if image is None:
        raise unreadable()
    image.save(target, "JPEG", quality=95, subsampling=0)
    return {"width": image.width, "height": image.height, "size": target.stat().st_size}


def draw_poster(source: Path, target: Path) -> None:
    """Write the first picture as a JPEG thumbnail within Telegram's limits."""
    with open_media(source) as video:
        frame = next(video.decode(video.streams.video[0]), None)
        if frame is None:
            raise unreadable()
        image = as_image(frame)
    image.thumbnail((_POSTER_SIDE, _POSTER_SIDE), Image.Resampling.LANCZOS)
    for quality in (88, 75, 60, 40):
        image.save(target, "JPEG", quality=quality)
        if target.stat().st_size <= _POSTER_BYTES:
            return


def as_image(frame: VideoFrame) -> Image.Image:
    """An RGB picture of a frame."""
    packed = frame.reformat(format="rgb24")
    (plane,) = packed.planes
    size = packed.width, packed.height
    return Image.frombytes("RGB", size, bytes(plane), "raw", "RGB", plane.line_size)


def shrink(source: Path, target: Path, *, max_bytes: int) -> dict[str, Any]:
    """Encode a video again so that it stays under a size in bytes."""
    before = probe(source)
    audio_rate = 96_000
    for part in (0.92, 0.75, 0.55):
        rate = int(max_bytes * 8 * part / before["seconds"]) - audio_rate
        if rate < _MIN_VIDEO_RATE:
            break
        _encode(source, target, rate=rate, audio_rate=audio_rate)
        if target.stat().st_size <= max_bytes:
            return probe(target)
    raise MediaError(say("The video is too large to be sent, even shrunk."))


def _remux(video: InputContainer, target: Path, *, silent: bool) -> None:
    with av.open(str(target), "w", options={"movflags": "faststart"}) as output:
        output.metadata.update(video.metadata)
        picture = video.streams.video[0]
        chosen = [picture, *video.streams.audio[:1]]
        copies = {stream.index: output.add_stream_from_template(stream) for stream in chosen}
        if silent and video.duration:
            _write_silence(output, video.duration / av.time_base)
        for packet in video.demux(chosen):
            if packet.dts is None:
                continue
            packet.stream = copies[packet.stream.index]
            output.mux(packet)


def _write_silence(output: OutputContainer, seconds: float) -> None:
    stream = output.add_stream("aac", rate=_RATE, layout="mono")
    stream.bit_rate = 32_000
    left = int(seconds * _RATE)
    at = 0
    while left > 0:
        frame = AudioFrame(format="fltp", layout="mono", samples=min(1024, left))
        frame.planes[0].update(bytes(frame.planes[0].buffer_size))
        frame.sample_rate = _RATE
        frame.time_base = Fraction(1, _RATE)
        frame.pts = at
        at += frame.samples
        left -= frame.samples
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))


def _encode(source: Path, target: Path, *, rate: int, audio_rate: int) -> None:
    with (
        open_media(source) as video,
        av.open(str(target), "w", options={"movflags": "faststart"}) as output,
    ):
        picture = video.streams.video[0]
        stream = output.add_stream("libx264", rate=picture.guessed_rate or 24)
        stream.width, stream.height = picture.codec_context.width, picture.codec_context.height
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = rate
        output.metadata.update(video.metadata)
        for tag in ("colorspace", "color_primaries", "color_trc", "color_range"):
            setattr(stream.codec_context, tag, getattr(picture.codec_context, tag))
        stream.options = {"preset": "veryfast", "maxrate": str(rate), "bufsize": str(rate * 2)}
        sound = video.streams.audio[0] if video.streams.audio else None
        spoken = output.add_stream("aac", rate=_RATE, layout="mono") if sound else None
        if spoken:
            spoken.bit_rate = audio_rate
        for number, frame in enumerate(video.decode(picture)):
            # Frames are numbered anew: time stamps of odd rates can collide in the encoder.
            frame.pts = number
            frame.time_base = Fraction(1) / (picture.guessed_rate or 24)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if sound and spoken:
            video.seek(0)
            for heard in video.decode(sound):
                heard.pts = None
                output.mux(spoken.encode(heard))
            output.mux(spoken.encode(None))
