import pytest

from core.ratios import HEIGHTS, RATIOS, frame_size, nearest, value


@pytest.mark.parametrize(
    ("width", "height", "ratio"),
    [
        (1920, 1080, "16:9"),
        (1080, 1920, "9:16"),
        (1000, 1010, "1:1"),
        (4032, 3024, "4:3"),
        (3024, 4032, "3:4"),
        (9000, 100, "21:9"),
        (100, 9000, "9:21"),
    ],
)
def test_a_picture_gets_the_nearest_ratio(width, height, ratio):
    assert nearest(width / height) == ratio


def test_nearness_is_measured_in_log_space():
    """Between 16:9 and 21:9 the even distance lies at 2.056, the even proportion at 2.037."""
    assert nearest(2.045) == "21:9"


def test_wide_and_tall_pictures_are_judged_alike():
    """Portrait is landscape turned: 1 / 2.045 falls on the same side."""
    assert nearest(1 / 2.045) == "9:21"


def test_only_offered_ratios_are_chosen():
    assert nearest(16 / 9, ("1:1", "9:16")) == "1:1"


@pytest.mark.parametrize("resolution", HEIGHTS)
@pytest.mark.parametrize("ratio", RATIOS)
def test_every_frame_has_even_sides(ratio, resolution):
    width, height = frame_size(ratio, resolution)

    assert (width % 2, height % 2) == (0, 0)


@pytest.mark.parametrize("resolution", HEIGHTS)
@pytest.mark.parametrize("ratio", RATIOS)
def test_every_frame_has_the_pixels_of_its_resolution(ratio, resolution):
    width, height = frame_size(ratio, resolution)

    assert width * height == pytest.approx(HEIGHTS[resolution] ** 2 * 16 / 9, rel=0.02)


@pytest.mark.parametrize("resolution", HEIGHTS)
@pytest.mark.parametrize("ratio", RATIOS)
def test_every_frame_has_its_shape(ratio, resolution):
    width, height = frame_size(ratio, resolution)

    assert width / height == pytest.approx(value(ratio), rel=0.01)


@pytest.mark.parametrize(
    ("ratio", "size"), [("16:9", (1280, 720)), ("9:16", (720, 1280)), ("1:1", (960, 960))]
)
def test_well_known_frames_at_720p(ratio, size):
    assert frame_size(ratio, "720p") == size
