import pytest
from PIL import Image

from core.errors import MediaError
from media.card import draw


@pytest.fixture
def photo(tmp_path):
    def write(color, size):
        path = tmp_path / f"{color}.png"
        Image.new("RGB", size, color).save(path)
        return str(path)

    return write


@pytest.fixture
def card(tmp_path):
    def make(*frames):
        target = tmp_path / "card.jpg"
        facts = draw(frames, target)
        image = Image.open(target).convert("RGB")
        assert (facts["width"], facts["height"]) == image.size
        return image

    return make


def colour_at(image, x, y):
    """Which of the basic colours a place has, None for anything between."""
    pixel = image.getpixel((round(x * (image.width - 1)), round(y * (image.height - 1))))
    strong = [value > 200 for value in pixel], [value < 60 for value in pixel]
    names = {(0, 1, 1): "red", (1, 1, 0): "blue"}
    return names.get(tuple(map(int, strong[1]))) if any(strong[0]) else None


def test_two_frames_stand_in_their_order(card, photo):
    image = card(photo("red", (640, 480)), photo("blue", (640, 480)))

    assert (colour_at(image, 0.2, 0.5), colour_at(image, 0.8, 0.5)) == ("red", "blue")


def test_between_two_frames_an_arrow_points_to_the_second(card, photo):
    image = card(photo("red", (640, 480)), photo("blue", (640, 480)))

    column = [
        sum(image.getpixel((x, y))[0] < 120 for y in range(image.height))
        for x in range(image.width // 2 - 40, image.width // 2 + 40)
    ]
    head = column.index(max(column))
    assert max(column) > 20
    assert head > 35
    assert column[-1] == column[0] == 0


def test_one_frame_stands_alone(card, photo):
    image = card(photo("red", (480, 640)))

    assert image.width < image.height
    assert colour_at(image, 0.5, 0.5) == "red"


def test_frames_of_different_shapes_are_whole_and_centred(card, photo):
    image = card(photo("red", (900, 100)), photo("blue", (100, 900)))

    assert colour_at(image, 0.2, 0.5) == "red"
    assert colour_at(image, 0.2, 0.1) is None
    assert colour_at(image, 0.93, 0.1) == "blue"


def test_a_frame_that_cannot_be_read_is_said(tmp_path):
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")

    with pytest.raises(MediaError):
        draw([str(broken)], tmp_path / "card.jpg")
