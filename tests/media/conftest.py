from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

_CODECS = {"wav": "pcm_s16le", "mp3": "libmp3lame", "ogg": "libopus", "m4a": "aac", "mp4": "aac"}


@pytest.fixture(scope="session")
def samples():
    return Path(__file__).parents[2] / "playground" / "samples"


@pytest.fixture(scope="session")
def astronaut(samples):
    with Image.open(samples / "astronaut.jpg") as image:
        return image.convert("RGB")


@pytest.fixture(scope="session")
def quarters():
    """A picture whose corners are told apart: red, green, blue and white from the upper left."""

    def make(size=(96, 64)):
        width, height = size
        image = Image.new("RGB", size, "white")
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill=(255, 0, 0))
        draw.rectangle((width // 2, 0, width, height // 2 - 1), fill=(0, 255, 0))
        draw.rectangle((0, height // 2, width // 2 - 1, height), fill=(0, 0, 255))
        return image

    return make


@pytest.fixture(scope="session")
def tone():
    """A sine of some seconds and hertz as floats from -0.5 to 0.5."""

    def make(seconds, rate, hertz=440):
        return np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate) / 2

    return make


@pytest.fixture(scope="session")
def write_sound():
    """Encode mono samples from -1 to 1 in the container of the path's suffix."""

    def write(path, wave, rate):
        with av.open(str(path), "w") as output:
            stream = output.add_stream(_CODECS[path.suffix[1:]], rate=rate, layout="mono")
            _encode_sound(output, stream, wave, rate)
        return path

    return write


@pytest.fixture(scope="session")
def write_clip():
    """Encode RGB arrays as H.264 in an MP4, by default with its index behind the pictures."""

    def write(path, pictures, *, wave=None, rate=44_100, **movie):
        with av.open(str(path), "w", options=movie) as output:
            output.metadata["comment"] = "made in a test"
            video = output.add_stream("libx264", rate=24)
            video.height, video.width = pictures[0].shape[:2]
            video.pix_fmt = "yuv420p"
            video.options = {"crf": "12", "preset": "ultrafast", "g": "12"}
            sound = None
            if wave is not None:
                sound = output.add_stream("aac", rate=rate, layout="mono")
            for number, picture in enumerate(pictures):
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, 24)
                output.mux(video.encode(frame))
            output.mux(video.encode(None))
            if sound:
                _encode_sound(output, sound, wave, rate)
        return path

    return write


@pytest.fixture(scope="session")
def listen():
    """Decode a sound to mono floats at 16 kHz."""

    def decode(path):
        resampler = av.AudioResampler(format="flt", layout="mono", rate=16_000)
        with av.open(str(path)) as container:
            frames = [*container.decode(audio=0), None]
            parts = [part for frame in frames for part in resampler.resample(frame)]
        return np.concatenate([part.to_ndarray().ravel() for part in parts])

    return decode


@pytest.fixture(scope="session")
def pitch():
    """The strongest frequency of samples at 16 kHz."""

    def measure(wave):
        return np.abs(np.fft.rfft(wave)).argmax() * 16_000 / len(wave)

    return measure


@pytest.fixture(scope="session")
def correlation():
    """How alike two pictures or curves are; 1: the same but for brightness and contrast."""

    def measure(one, other):
        return np.corrcoef(np.ravel(one).astype(float), np.ravel(other).astype(float))[0, 1]

    return measure


def _encode_sound(output, stream, wave, rate):
    values = (wave * 32_767).astype(np.int16)[None]
    frame = av.AudioFrame.from_ndarray(values, format="s16", layout="mono")
    frame.sample_rate = rate
    output.mux(stream.encode(frame))
    output.mux(stream.encode(None))
