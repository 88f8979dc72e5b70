import numpy as np
import pytest
from PIL import Image

from core.capabilities import PictureLimits
from core.errors import MediaError
from media.images import fit


@pytest.fixture
def noise(tmp_path):
    """A picture that no encoder can make small."""
    path = tmp_path / "noise.png"
    values = np.random.default_rng(0).integers(0, 256, (400, 500, 3), dtype=np.uint8)
    Image.fromarray(values).save(path)
    return path


@pytest.fixture
def plain(tmp_path):
    def make(*size):
        path = tmp_path / "plain.png"
        Image.new("RGB", size, "olive").save(path)
        return path

    return make


def sides(facts):
    return facts["width"], facts["height"]


@pytest.mark.parametrize(
    ("size", "limits", "fitted"),
    [
        ((800, 600), PictureLimits(max_side=400), (400, 300)),
        ((600, 800), PictureLimits(max_side=400), (300, 400)),
        ((800, 600), PictureLimits(), (800, 600)),
        ((100, 80), PictureLimits(min_side=240), (300, 240)),
        ((80, 100), PictureLimits(min_side=240), (240, 300)),
    ],
)
def test_sides_are_brought_within_the_limits_in_proportion(size, limits, fitted, plain, tmp_path):
    target = tmp_path / "fitted.jpg"
    assert sides(fit(plain(*size), target, limits)) == fitted
    with Image.open(target) as image:
        assert image.size == fitted


def test_the_first_format_of_the_model_is_written(plain, tmp_path):
    target = tmp_path / "fitted.png"
    facts = fit(plain(64, 64), target, PictureLimits(formats=("PNG", "JPEG")))
    assert facts["format"] == "png"
    with Image.open(target) as image:
        assert image.format == "PNG"


def test_quality_gives_way_before_size(noise, tmp_path):
    target = tmp_path / "fitted.jpg"
    whole = fit(noise, target, PictureLimits())
    less = fit(noise, target, PictureLimits(max_bytes=int(whole["size"] * 0.6)))
    assert sides(less) == sides(whole) == (500, 400)
    assert less["size"] == target.stat().st_size <= whole["size"] * 0.6


def test_size_gives_way_where_quality_does_not_suffice(noise, tmp_path):
    target = tmp_path / "fitted.jpg"
    facts = fit(noise, target, PictureLimits(max_bytes=30_000))
    assert facts["size"] == target.stat().st_size <= 30_000
    assert 100 <= facts["height"] < 400
    assert facts["width"] / facts["height"] == pytest.approx(1.25, abs=0.02)


def test_a_picture_that_cannot_be_made_small_enough_is_refused(noise, tmp_path):
    with pytest.raises(MediaError) as refused:
        fit(noise, tmp_path / "fitted.jpg", PictureLimits(min_side=400, max_bytes=30_000))
    assert "small enough" in str(refused.value.sentence)
