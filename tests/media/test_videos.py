import struct

import av
import numpy as np
import pytest
from PIL import Image

from core.errors import MediaError
from media.videos import boxes, finish, is_complete, last_frame, probe, shrink, starts_fast

HEIGHT, WIDTH = 120, 160


def flat(level):
    return np.full((HEIGHT, WIDTH, 3), level, np.uint8)


def packets(path, kind):
    with av.open(str(path)) as container:
        stream = container.streams.get({kind: 0})[0]
        return [bytes(packet) for packet in container.demux(stream) if packet.size]


@pytest.fixture
def noise():
    generator = np.random.default_rng(0)

    def make(frames, height, width):
        return list(generator.integers(0, 256, (frames, height, width, 3), dtype=np.uint8))

    return make


@pytest.fixture
def silent(write_clip, tmp_path):
    """Two seconds without sound whose brightness tells the number of the frame."""
    return write_clip(tmp_path / "silent.mp4", [flat(20 + 4 * n) for n in range(48)])


@pytest.fixture
def spoken(write_clip, tone, tmp_path):
    return write_clip(tmp_path / "spoken.mp4", [flat(99)] * 48, wave=tone(2, 44_100))


@pytest.fixture
def done(tmp_path):
    return tmp_path / "done.mp4"


@pytest.fixture
def poster(tmp_path):
    return tmp_path / "poster.jpg"


def test_a_finished_video_plays_before_it_is_whole(silent, done, poster):
    assert not starts_fast(silent)
    finish(silent, done, poster)
    assert starts_fast(done)
    assert is_complete(done)


def test_a_silent_video_gets_a_silent_track_of_its_own_length(silent, done, poster, listen):
    facts = finish(silent, done, poster)
    assert facts["silent"]
    heard = listen(done)
    assert len(heard) / 16_000 == pytest.approx(2, abs=0.05)
    assert np.abs(heard).max() < 1e-3


def test_an_existing_sound_is_kept_as_it_is(spoken, done, poster, listen, pitch):
    facts = finish(spoken, done, poster)
    assert not facts["silent"]
    assert packets(done, "audio") == packets(spoken, "audio")
    assert pitch(listen(done)) == pytest.approx(440, abs=2)


def test_pictures_are_copied_and_not_encoded_again(silent, done, poster):
    finish(silent, done, poster)
    assert packets(done, "video") == packets(silent, "video")


def test_the_facts_are_those_of_the_finished_file(silent, done, poster):
    facts = finish(silent, done, poster)
    assert facts == {**probe(done), "silent": True}
    assert (facts["width"], facts["height"]) == (WIDTH, HEIGHT)
    assert facts["seconds"] == pytest.approx(2, abs=0.05)
    assert facts["size"] == done.stat().st_size


def test_the_comment_about_its_making_is_kept(silent, done, poster):
    finish(silent, done, poster)
    with av.open(str(done)) as video:
        assert video.metadata["comment"] == "made in a test"


def test_the_poster_is_the_first_picture_within_the_limits_of_telegram(
    write_clip, noise, tmp_path, done, poster, correlation
):
    first, second = noise(2, 720, 1280)
    finish(write_clip(tmp_path / "noise.mp4", [first, second]), done, poster)
    assert poster.stat().st_size < 200_000
    with Image.open(poster) as image:
        assert (image.format, image.size) == ("JPEG", (320, 180))
        small = Image.fromarray(first).resize(image.size, Image.Resampling.LANCZOS)
        assert correlation(image.convert("L"), small.convert("L")) > 0.8


def test_a_poster_is_no_larger_than_a_small_video(silent, done, poster):
    finish(silent, done, poster)
    with Image.open(poster) as image:
        assert image.size == (WIDTH, HEIGHT)
        assert np.abs(np.asarray(image).astype(int) - 20).max() <= 3


@pytest.mark.parametrize("movie", [{}, {"movflags": "faststart"}], ids=["index last", "first"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_cut_off_video_is_refused(movie, share, write_clip, noise, tmp_path, done, poster):
    path = write_clip(tmp_path / "cut.mp4", noise(6, 240, 320), **movie)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert not is_complete(path)
    with pytest.raises(MediaError) as refused:
        finish(path, done, poster)
    assert "incomplete" in str(refused.value.sentence)
    assert not done.exists()


def test_a_web_page_in_place_of_a_video_is_refused(tmp_path, done, poster):
    path = tmp_path / "result.mp4"
    path.write_text("<html><body>The link has expired.</body></html>" * 9)
    with pytest.raises(MediaError) as refused:
        finish(path, done, poster)
    assert "incomplete" in str(refused.value.sentence)


def test_a_sound_in_place_of_a_video_is_refused(write_sound, tone, tmp_path, done, poster):
    path = write_sound(tmp_path / "result.m4a", tone(1, 44_100), 44_100)
    with pytest.raises(MediaError) as refused:
        finish(path, done, poster)
    assert "cannot be read" in str(refused.value.sentence)


def test_boxes_are_told_apart_by_kind_start_and_end(tmp_path):
    path = tmp_path / "boxes.mp4"
    wide = struct.pack(">I4sQ", 1, b"mdat", 24) + bytes(8)
    open_ended = struct.pack(">I4s", 0, b"free") + bytes(5)
    path.write_bytes(struct.pack(">I4s", 12, b"moov") + bytes(4) + wide + open_ended)
    assert list(boxes(path)) == [(b"moov", 0, 12), (b"mdat", 12, 36), (b"free", 36, 49)]
    assert is_complete(path)
    assert starts_fast(path)


def test_a_video_with_a_wide_box_beyond_its_end_is_incomplete(tmp_path):
    path = tmp_path / "boxes.mp4"
    wide = struct.pack(">I4sQ", 1, b"mdat", 5_000_000_000) + bytes(99)
    path.write_bytes(struct.pack(">I4s", 12, b"moov") + bytes(4) + wide)
    assert not is_complete(path)


def test_the_index_behind_the_pictures_is_no_fast_start(tmp_path):
    path = tmp_path / "boxes.mp4"
    path.write_bytes(struct.pack(">I4sI4s", 8, b"mdat", 8, b"moov"))
    assert not starts_fast(path)
    assert is_complete(path)


@pytest.mark.parametrize("count", [1, 30, 119])
def test_the_last_frame_is_the_true_last_picture(count, write_clip, tmp_path):
    levels = [10 + 2 * number for number in range(count)]
    clip = write_clip(tmp_path / "clip.mp4", [flat(level) for level in levels])
    target = tmp_path / "last.jpg"
    facts = last_frame(clip, target)
    assert facts == {"width": WIDTH, "height": HEIGHT, "size": target.stat().st_size}
    with av.open(str(clip)) as video:
        *_, true = video.decode(video=0)
    with Image.open(target) as image:
        seen = np.asarray(image).astype(int)
    assert np.abs(seen - true.to_ndarray(format="rgb24")).max() <= 1


def test_the_last_frame_is_found_where_the_sound_goes_on(write_clip, tone, tmp_path):
    pictures = [flat(10 + 4 * number) for number in range(24)]
    clip = write_clip(tmp_path / "clip.mp4", pictures, wave=tone(6, 44_100))
    last_frame(clip, tmp_path / "last.jpg")
    with Image.open(tmp_path / "last.jpg") as image:
        assert np.asarray(image).mean() == pytest.approx(10 + 4 * 23, abs=2)


@pytest.fixture
def heavy(write_clip, noise, tone, tmp_path):
    wave = tone(2, 44_100)
    return write_clip(tmp_path / "heavy.mp4", noise(48, 240, 320), wave=wave)


@pytest.mark.parametrize("limit", [400_000, 100_000])
def test_a_heavy_video_is_shrunk_under_a_size_with_its_sound(limit, heavy, done, listen, pitch):
    assert heavy.stat().st_size > 1_000_000
    facts = shrink(heavy, done, max_bytes=limit)
    assert limit / 2 < done.stat().st_size <= limit
    assert facts == probe(done)
    assert (facts["width"], facts["height"]) == (320, 240)
    assert facts["seconds"] == pytest.approx(2, abs=0.1)
    assert len(packets(done, "video")) == 48
    assert pitch(listen(done)) == pytest.approx(440, abs=2)
    assert starts_fast(done)


def test_a_video_that_cannot_be_small_enough_is_refused(heavy, done):
    with pytest.raises(MediaError) as refused:
        shrink(heavy, done, max_bytes=20_000)
    assert "too large" in str(refused.value.sentence)
