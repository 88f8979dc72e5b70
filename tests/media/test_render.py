import itertools
from types import SimpleNamespace

import av
import numpy as np
import pytest
from PIL import Image, ImageOps

from core.ratios import HEIGHTS, RATIOS, frame_size
from media.render.film import render
from media.render.writer import write

RATE = 24


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="module")
def film(folder):
    """Render a film and look at every frame of it, as luma."""

    def make(first, name, **options):
        target = folder / f"{name}.mp4"
        heard = []
        wish = {"prompt": "", "seconds": 1.0, "ratio": "1:1", "resolution": "480p", "seed": 0}
        facts = render(first=first, target=target, report=heard.append, **{**wish, **options})
        with av.open(str(target)) as video:
            stream = video.streams.video[0]
            frames = [frame.to_ndarray() for frame in video.decode(stream)]
            width, height = stream.codec_context.width, stream.codec_context.height
        return SimpleNamespace(
            path=target,
            facts=facts,
            reports=heard,
            size=(width, height),
            frames=frames,
            luma=[frame[:height] for frame in frames],
        )

    return make


@pytest.fixture(scope="module")
def photo(samples):
    return samples / "astronaut.jpg"


@pytest.fixture(scope="module")
def push(film, photo):
    return film(photo, "push", prompt="zoom in", seconds=0.5)


@pytest.fixture(scope="module")
def pull(film, photo):
    return film(photo, "pull", prompt="zoom out", seconds=0.5)


@pytest.fixture(scope="module")
def covered():
    """A photo as it fills a frame."""

    def cover(image, size):
        with Image.open(image) if not isinstance(image, Image.Image) else image.copy() as opened:
            return ImageOps.fit(opened.convert("L"), size, Image.Resampling.BICUBIC)

    return cover


def test_a_photo_that_is_its_own_last_frame_comes_back_to_where_it_began(film, photo):
    loop = film(photo, "loop", prompt="zoom in", seconds=0.55, last=photo)

    assert loop.facts == {"frames": 14, "seconds": 0.55, "kind": "loop"}
    start, turn, end = (loop.luma[number].astype(int) for number in (0, 6, 13))
    assert np.abs(start - end).mean() < 2
    assert np.abs(start - turn).mean() > 5


@pytest.mark.parametrize(
    ("seconds", "ratio", "frames"), [(1.0, "16:9", 24), (0.5, "3:4", 12), (0.55, "9:21", 14)]
)
def test_a_film_has_every_frame_of_its_length(seconds, ratio, frames, film, photo):
    made = film(photo, f"length-{frames}", prompt="pan left", seconds=seconds, ratio=ratio)
    assert made.facts == {"frames": frames, "seconds": seconds, "kind": "still"}
    assert len(made.frames) == frames
    assert made.size == frame_size(ratio, "480p")
    with av.open(str(made.path)) as video:
        assert video.duration / av.time_base == pytest.approx(frames / RATE, abs=0.002)
        assert video.streams.video[0].average_rate == RATE


@pytest.mark.parametrize("resolution", HEIGHTS)
@pytest.mark.parametrize("ratio", RATIOS)
def test_every_ratio_and_resolution_gives_a_frame_of_its_size(ratio, resolution, film, folder):
    Image.new("RGB", (64, 64), "teal").save(folder / "teal.png")
    made = film(
        folder / "teal.png",
        "one-frame",
        prompt="static shot",
        seconds=1 / RATE,
        ratio=ratio,
        resolution=resolution,
    )
    assert made.size == frame_size(ratio, resolution)
    assert len(made.frames) == 1


def test_progress_is_reported_once_a_second(film, photo):
    made = film(photo, "progress", prompt="static shot", seconds=1.5)
    assert made.reports == pytest.approx([0, 24 / 36])


def test_a_push_starts_as_the_photo_and_comes_closer(push, photo, covered, correlation):
    whole = covered(photo, push.size)
    likeness = [correlation(frame, whole) for frame in push.luma[::3]]
    assert likeness[0] > 0.995
    assert sorted(likeness, reverse=True) == likeness
    assert correlation(push.luma[-1], whole) < 0.9


def test_a_pull_starts_close_and_ends_with_the_photo(pull, photo, covered, correlation):
    whole = covered(photo, pull.size)
    likeness = [correlation(frame, whole) for frame in pull.luma[::3]]
    assert sorted(likeness) == likeness
    assert likeness[0] < 0.6
    assert correlation(pull.luma[-1], whole) > 0.85


def test_a_static_film_shows_the_photo_all_the_time(film, photo, covered, correlation):
    made = film(photo, "static", prompt="static shot", seconds=0.25)
    whole = covered(photo, made.size)
    assert min(correlation(frame, whole) for frame in made.luma) > 0.995


def test_a_pan_looks_farther_left_as_it_goes(film, samples, correlation):
    made = film(samples / "coffee.jpg", "pan", prompt="pan left", seconds=0.25)
    first, last = made.luma[0].astype(float), made.luma[-1].astype(float)
    width = first.shape[1]
    # What stood at the left of the first frame stands farther right in the last one.
    part = width // 4
    likeness = [
        correlation(first[:, :part], last[:, start : start + part])
        for start in range(0, width - part, 3)
    ]
    assert max(likeness) > 0.95
    assert 3 * np.argmax(likeness) > width // 3


def test_the_same_wish_gives_the_same_film_and_another_seed_another(film, photo):
    wish = {"prompt": "handheld", "seconds": 0.25}
    one, same, other = (
        film(photo, f"seed-{name}", seed=seed, **wish)
        for name, seed in (("one", 1), ("same", 1), ("other", 2))
    )
    assert all(map(np.array_equal, one.frames, same.frames))
    assert not all(map(np.array_equal, one.frames, other.frames))


def test_the_codec_keeps_an_even_motion_even(astronaut, folder):
    """Steps of 0.7 / 0.8 px between frames: without gentle savings they vary by 0.018 px."""
    side, pace, frames = 320, 0.7, 36
    luma, grey = astronaut.convert("L"), Image.new("L", (side // 2, side // 2), 128)

    def views():
        for left in 20 + pace * np.arange(frames):
            box = (left, 20, left + 0.8 * side, 20 + 0.8 * side)
            yield luma.resize((side, side), Image.Resampling.BICUBIC, box=box), grey, grey

    target = folder / "even.mp4"
    write(target, views(), (side, side), comment="", seconds=frames / RATE)
    with av.open(str(target)) as video:
        seen = [frame.to_ndarray()[:side].astype(float) for frame in video.decode(video=0)]
    steps = []
    for before, after in itertools.pairwise(seen):
        slope = np.gradient((before + after) / 2, axis=1)
        steps.append((slope * (after - before)).sum() / (slope**2).sum())
    assert len(steps) == frames - 1
    assert np.std(steps[2:]) < 0.012


def test_the_file_says_that_no_ai_made_it(push):
    with av.open(str(push.path)) as video:
        assert "No AI model was used" in video.metadata["comment"]


def test_the_film_is_of_the_kind_that_every_phone_plays(push):
    with av.open(str(push.path)) as video:
        context = video.streams.video[0].codec_context
        assert context.name == "h264"
        assert context.profile == "High"
        assert context.pix_fmt == "yuv420p"


def test_pictures_are_tagged_as_bt709_in_limited_range(push):
    with av.open(str(push.path)) as video:
        context = video.streams.video[0].codec_context
        tags = (context.colorspace, context.color_primaries, context.color_trc)
        assert tags == (1, 1, 1)
        assert context.color_range == 1


def as_hd_player(planes, height):
    """RGB of the middle of a 4:2:0 picture by the BT.709 equations, written out here anew."""
    width = planes.shape[1]
    luma = planes[:height]
    blue, red = planes[height:].reshape(2, height // 2, width // 2)
    y = (luma[height // 2, width // 2] - 16) / 219
    b, r = ((plane[height // 4, width // 4] - 128) / 224 for plane in (blue, red))
    return 255 * np.array((y + 1.5748 * r, y - 0.18732 * b - 0.46812 * r, y + 1.8556 * b))


@pytest.mark.parametrize(
    "colour", [(255, 0, 0), (0, 255, 0), (0, 0, 255), (200, 120, 40), (255, 255, 255)]
)
@pytest.mark.parametrize("prompt", ["static shot", "zoom in"])
def test_a_player_that_assumes_bt709_shows_the_colours_of_the_photo(colour, prompt, film, folder):
    plain = folder / "plain.png"
    Image.new("RGB", (64, 64), colour).save(plain)
    made = film(plain, "plain", prompt=prompt, seconds=2 / RATE)
    seen = as_hd_player(made.frames[-1].astype(float), made.size[1])
    assert np.abs(seen - colour).max() <= 6


@pytest.fixture(scope="module")
def walk(film, astronaut, folder):
    """From one photo to another, taken a few steps aside."""
    views = [astronaut.crop((x, y, x + 470, y + 470)) for x, y in ((0, 0), (14, 8), (28, 16))]
    first, _, last = views
    first.save(folder / "first.png")
    last.save(folder / "last.png")
    made = film(
        folder / "first.png",
        "walk",
        last=folder / "last.png",
        prompt="static shot",
        seconds=13 / RATE,
    )
    return made, views


def test_two_photos_of_one_scene_are_morphed(walk, covered, correlation):
    made, (first, _, last) = walk
    first, last = covered(first, made.size), covered(last, made.size)
    assert made.facts["kind"] == "morph"
    assert len(made.frames) == 13
    assert correlation(made.luma[0], first) > 0.99
    assert correlation(made.luma[-1], last) > 0.99
    assert correlation(first, last) < 0.9


def test_half_way_a_morph_stands_between_its_photos(walk, covered, correlation):
    made, (first, middle, last) = walk
    between = covered(middle, made.size)
    fade = Image.blend(covered(first, made.size), covered(last, made.size), 0.5)
    assert correlation(made.luma[6], between) > 0.93
    assert correlation(fade, between) < 0.8


def test_different_scenes_are_dissolved_from_the_first_to_the_last(
    film, photo, samples, folder, covered, correlation
):
    square = folder / "coffee.png"
    with Image.open(samples / "coffee.jpg") as image:
        image.crop((100, 0, 500, 400)).save(square)
    made = film(photo, "dissolve", last=square, prompt="static shot", seconds=0.5)
    first, last = covered(photo, made.size), covered(square, made.size)
    assert made.facts["kind"] == "dissolve"
    assert len(made.frames) == 12
    begins = [correlation(frame, first) for frame in made.luma[::2]]
    ends = [correlation(frame, last) for frame in made.luma[::2]]
    assert begins[0] > 0.99
    assert correlation(made.luma[-1], last) > 0.99
    assert sorted(begins, reverse=True) == begins
    assert sorted(ends) == ends


def test_bright_places_dissolve_before_dark_ones(film, folder):
    """From black to a picture that is half dark and half light, both halves seen to change."""
    Image.new("RGB", (96, 96)).save(folder / "black.png")
    halves = Image.new("RGB", (96, 96), (100, 100, 100))
    halves.paste((250, 250, 250), (48, 0, 96, 96))
    halves.save(folder / "halves.png")
    made = film(
        folder / "black.png",
        "halves",
        last=folder / "halves.png",
        prompt="static shot",
        seconds=0.5,
    )
    curves = [
        np.array([frame[200:400, part].mean() for frame in made.luma])
        for part in (slice(40, 120), slice(-120, -40))
    ]
    dark, light = ((curve - curve[0]) / (curve[-1] - curve[0]) for curve in curves)
    middle = slice(3, 9)
    assert (light[middle] > dark[middle] + 0.02).all()


@pytest.fixture(scope="module")
def wave(tone):
    """A voice of sorts: 2.35 seconds with two pauses."""
    loud = tone(2.35, 48_000, 300)
    loud[round(0.5 * 48_000) : 48_000] *= 0.001
    loud[round(1.5 * 48_000) : round(2.0 * 48_000)] *= 0.001
    return loud


@pytest.fixture(scope="module")
def voice(film, folder, wave, write_sound):
    """A plain grey photo under that sound, so that nothing but the sound changes its light."""
    Image.new("RGB", (64, 64), (120, 120, 120)).save(folder / "grey.png")
    sound = write_sound(folder / "voice.ogg", wave, 48_000)
    return film(folder / "grey.png", "voice", sound=sound, seconds=9.0)


def envelope(samples, rate, frames):
    """Loudness around each frame, as the root of the mean square."""
    middles = (np.arange(frames) * rate / RATE).astype(int)
    windows = [samples[max(0, at - rate // 40) : at + rate // 40] for at in middles]
    return np.array([np.sqrt(np.mean(np.square(window))) for window in windows])


def test_a_photo_with_a_sound_lasts_as_long_as_the_sound(voice, listen):
    assert voice.facts == {"frames": 57, "seconds": 2.35, "kind": "voice"}
    assert len(voice.frames) == 57
    assert len(listen(voice.path)) / 16_000 == pytest.approx(2.35, abs=1 / RATE)
    with av.open(str(voice.path)) as video:
        assert video.duration / av.time_base == pytest.approx(2.35, abs=1 / RATE + 0.03)


def test_the_sound_is_heard_in_the_film_at_its_time(voice, wave, listen, pitch, correlation):
    heard = listen(voice.path)
    assert pitch(heard) == pytest.approx(300, abs=3)
    assert correlation(envelope(heard, 16_000, 56), envelope(wave, 48_000, 56)) > 0.95


def test_the_picture_brightens_with_the_sound(voice, wave, correlation):
    # The upper part only: the strip of bars at the foot is something else.
    light = [luma[: voice.size[1] * 3 // 4].mean() for luma in voice.luma]
    assert np.ptp(light) > 4
    assert correlation(light, envelope(wave, 48_000, 57)) > 0.7


def test_the_bars_at_the_foot_show_the_sound_of_the_moment(voice, wave, correlation):
    width, height = voice.size
    middle = slice(width // 2 - width // 64, width // 2 + width // 64)
    foot = slice(height * 9 // 10, None)
    bars = [luma[foot, middle].mean() - luma[height // 2, middle].mean() for luma in voice.luma]
    assert correlation(bars, envelope(wave, 48_000, 57)) > 0.6


def test_a_sound_beyond_the_limit_is_cut_with_the_film(film, folder, voice, listen):
    made = film(folder / "grey.png", "cut", sound=folder / "voice.ogg", max_seconds=0.5)
    assert made.facts == {"frames": 12, "seconds": 0.5, "kind": "voice"}
    assert len(made.frames) == 12
    assert len(listen(made.path)) / 16_000 == pytest.approx(0.5, abs=0.07)
