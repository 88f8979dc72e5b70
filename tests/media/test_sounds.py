import wave

import av
import numpy as np
import pytest

from core.errors import MediaError
from media.sounds import convert, inspect

RATES = {"wav": 16_000, "ogg": 48_000, "mp3": 44_100, "m4a": 44_100}
CODECS = {"wav": "pcm_s16le", "ogg": "opus", "mp3": "mp3", "m4a": "aac"}


def refusal(path):
    with pytest.raises(MediaError) as refused:
        inspect(path)
    return str(refused.value.sentence)


@pytest.mark.parametrize("seconds", [1.01, 1.37, 3.001])
@pytest.mark.parametrize(("kind", "tolerance"), [("wav", 0), ("ogg", 0), ("mp3", 0.03)])
def test_the_length_is_that_of_the_samples(kind, tolerance, seconds, tone, write_sound, tmp_path):
    path = write_sound(tmp_path / f"sound.{kind}", tone(seconds, RATES[kind]), RATES[kind])
    counted = inspect(path)
    assert abs(counted.pop("seconds") - seconds) <= tolerance + 1e-9
    assert counted == {"file": path.name, "size": path.stat().st_size, "format": kind}


def test_the_header_of_a_voice_message_is_not_believed(samples, tone, write_sound, tmp_path):
    path = write_sound(tmp_path / "voice.ogg", tone(1.37, 48_000), 48_000)
    with av.open(str(path)) as container:
        assert container.duration / av.time_base > 1.38
    assert inspect(path)["seconds"] == 1.37


@pytest.mark.parametrize("source", ["wav", "ogg", "mp3", "m4a"])
@pytest.mark.parametrize("kind", CODECS)
def test_a_sound_becomes_what_a_model_takes_and_sounds_the_same(
    source, kind, tone, write_sound, listen, pitch, tmp_path
):
    rate = RATES[source]
    path = write_sound(tmp_path / f"source.{source}", tone(1.5, rate, 660), rate)
    target = tmp_path / f"target.{kind}"
    facts = convert(path, target, max_seconds=60)
    with av.open(str(target)) as container:
        context = container.streams.audio[0].codec_context
        assert (context.name.removesuffix("float"), context.rate, context.channels) == (
            CODECS[kind],
            RATES[kind],
            1,
        )
    heard = listen(target)
    assert pitch(heard) == pytest.approx(660, abs=2)
    assert np.abs(heard[4_000:20_000]).max() == pytest.approx(0.5, abs=0.05)
    assert (facts["file"], facts["format"]) == (target.name, kind)


@pytest.mark.parametrize(("kind", "tolerance"), [("wav", 0), ("ogg", 0), ("mp3", 0.03)])
def test_converting_keeps_the_length(kind, tolerance, samples, tmp_path):
    voice = samples / "hello.ogg"
    facts = convert(voice, tmp_path / f"target.{kind}", max_seconds=60)
    assert abs(facts["seconds"] - inspect(voice)["seconds"]) <= tolerance + 1e-9


@pytest.mark.parametrize("kind", ["wav", "ogg", "mp3"])
@pytest.mark.parametrize("limit", [0.512, 1.0, 1.29])
def test_a_long_sound_is_cut_at_its_end(kind, limit, tone, write_sound, listen, pitch, tmp_path):
    both = np.concatenate((tone(1.3, 44_100, 440), tone(1.3, 44_100, 880)))
    path = write_sound(tmp_path / "long.wav", both, 44_100)
    target = tmp_path / f"short.{kind}"
    facts = convert(path, target, max_seconds=limit)
    assert facts["seconds"] == pytest.approx(limit, abs=0.03 if kind == "mp3" else 0.0011)
    assert pitch(listen(target)) == pytest.approx(440, abs=3)


def test_both_channels_of_a_stereo_sound_are_heard(listen, pitch, tone, tmp_path):
    path = tmp_path / "stereo.wav"
    silent = np.zeros(44_100)
    for left, right in ((tone(1, 44_100), silent), (silent, tone(1, 44_100))):
        with wave.open(str(path), "wb") as file:
            file.setparams((2, 2, 44_100, 0, "NONE", ""))
            file.writeframes((np.stack((left, right), 1) * 32_767).astype(np.int16).tobytes())
        convert(path, tmp_path / "mono.wav", max_seconds=60)
        heard = listen(tmp_path / "mono.wav")
        assert pitch(heard) == pytest.approx(440, abs=2)
        assert np.abs(heard).max() > 0.2


def test_the_sound_of_a_video_can_be_used(write_clip, tone, listen, pitch, tmp_path):
    black = np.zeros((64, 64, 3), np.uint8)
    clip = write_clip(tmp_path / "note.mp4", [black] * 24, wave=tone(1, 44_100))
    convert(clip, tmp_path / "note.wav", max_seconds=60)
    assert pitch(listen(tmp_path / "note.wav")) == pytest.approx(440, abs=2)


def test_a_video_without_sound_is_refused_by_name(write_clip, tmp_path):
    clip = write_clip(tmp_path / "mute.mp4", [np.zeros((64, 64, 3), np.uint8)] * 3)
    assert "no sound" in refusal(clip)


def test_an_empty_sound_is_refused(tmp_path):
    path = tmp_path / "voice.ogg"
    path.touch()
    assert "0 bytes" in refusal(path)


def test_a_voice_message_whose_pages_are_noise_is_refused(samples, tmp_path):
    path = tmp_path / "voice.ogg"
    noise = np.random.default_rng(0).integers(0, 256, 5000, dtype=np.uint8).tobytes()
    path.write_bytes((samples / "hello.ogg").read_bytes()[:60] + noise)
    assert "cannot be read" in refusal(path)


@pytest.mark.parametrize("data", [b"no sound, only words\n" * 40, bytes(4000)])
def test_what_is_no_sound_is_refused_whatever_its_name(data, tmp_path):
    path = tmp_path / "voice.mp3"
    path.write_bytes(data)
    assert "cannot be read" in refusal(path)


def test_a_sound_without_a_single_sample_is_refused(tmp_path):
    path = tmp_path / "nothing.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
    assert "cannot be read" in refusal(path)


def test_more_than_an_hour_of_sound_is_refused(tmp_path):
    path = tmp_path / "lecture.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 1, 1000, 0, "NONE", ""))
        file.writeframes(bytes(3_605_000))
    assert "longer than an hour" in refusal(path)
