"""Writing drawn frames, and a sound beside them, into an MP4."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream

from media.render.plates import Planes
from media.sounds import decode, resample

FPS = 24
CRF = 21  # visually lossless for photos
# A codec's savings make an even motion jerk from frame to frame. Gentler ones halve that: qcomp
# weakens what is taken from places that soon leave the frame, small dead zones keep the faint
# corrections of a moved block.
_EVEN = "qcomp=0.8:deadzone-inter=6:deadzone-intra=6"

_BT709 = 1
_LIMITED_RANGE = 1
_AUDIO_RATE = 44_100


def write(
    target: Path,
    frames: Iterable[Planes],
    size: tuple[int, int],
    *,
    comment: str,
    seconds: float,
    sound: Path | None = None,
    crf: int = CRF,
) -> None:
    """Encode frames as H.264 at FPS and copy the sound as AAC; the file says how it was made."""
    with av.open(str(target), "w", options={"movflags": "faststart"}) as output:
        output.metadata["comment"] = comment
        video = output.add_stream("libx264", rate=FPS)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        video.options = {"preset": "veryfast", "crf": str(crf), "x264-params": _EVEN}
        context = video.codec_context
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _LIMITED_RANGE
        audio: AudioStream | None = None
        if sound:
            audio = output.add_stream("aac", rate=_AUDIO_RATE, layout="stereo")
            audio.bit_rate = 128_000
        for number, planes in enumerate(frames):
            output.mux(video.encode(_frame(planes, number)))
        output.mux(video.encode(None))
        if sound and audio:
            heard = 0
            for part in resample(decode(sound), _AUDIO_RATE, "fltp", "stereo"):
                part.pts = heard
                heard += part.samples
                output.mux(audio.encode(part))
                if heard >= seconds * _AUDIO_RATE:
                    break
            output.mux(audio.encode(None))


def _frame(planes: Planes, number: int) -> av.VideoFrame:
    width, height = planes[0].size
    samples = np.concatenate([np.asarray(plane).ravel() for plane in planes])
    frame = av.VideoFrame.from_ndarray(samples.reshape(height * 3 // 2, width), format="yuv420p")
    frame.colorspace = _BT709
    frame.color_range = _LIMITED_RANGE
    frame.pts = number
    frame.time_base = Fraction(1, FPS)
    return frame
