"""The picture that asks who speaks: every person outlined, each with a number."""

import pytest
from PIL import Image

from core.errors import MediaError
from media.people import outline


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (600, 400), "#808080").save(path)
    return path


@pytest.fixture
def mask(tmp_path):
    """A mask that is white in a box."""

    def draw(name, box, size=(600, 400)):
        image = Image.new("L", size, 0)
        image.paste(255, box)
        image.save(tmp_path / name)
        return str(tmp_path / name)

    return draw


def is_coloured(pixel):
    return max(pixel) - min(pixel) > 60


def test_every_person_has_an_outline_of_another_colour(photo, mask, tmp_path):
    target = tmp_path / "out.jpg"
    masks = [mask("1.png", (20, 50, 220, 350)), mask("2.png", (350, 50, 550, 350))]

    facts = outline(photo, masks, target)

    shown = Image.open(target)
    left, right = shown.getpixel((20, 100)), shown.getpixel((549, 100))
    assert (facts["width"], facts["height"]) == shown.size == (600, 400)
    assert is_coloured(left)
    assert is_coloured(right)
    assert max(abs(a - b) for a, b in zip(left, right, strict=True)) > 60
    assert not is_coloured(shown.getpixel((290, 200)))
    assert not is_coloured(shown.getpixel((60, 80)))


def test_the_number_stands_in_the_middle_of_the_person(photo, mask, tmp_path):
    target = tmp_path / "out.jpg"

    outline(photo, [mask("1.png", (20, 50, 220, 350))], target)

    shown = Image.open(target)
    assert is_coloured(shown.getpixel((120 - 14, 200)))
    white = [shown.getpixel((x, y)) for x in range(108, 133) for y in range(185, 216)]
    assert any(min(pixel) > 230 for pixel in white)


def test_a_mask_of_another_size_is_laid_over_the_whole_picture(photo, mask, tmp_path):
    target = tmp_path / "out.jpg"

    outline(photo, [mask("1.png", (0, 0, 30, 40), size=(60, 40))], target)

    assert is_coloured(Image.open(target).getpixel((299, 60)))


def test_a_see_through_mask_says_it_with_its_opacity(photo, tmp_path):
    layer = Image.new("RGBA", (600, 400), (0, 0, 0, 0))
    layer.paste((0, 0, 0, 255), (20, 50, 220, 350))
    layer.save(tmp_path / "1.png")
    target = tmp_path / "out.jpg"

    outline(photo, [str(tmp_path / "1.png")], target)

    assert is_coloured(Image.open(target).getpixel((20, 100)))


def test_a_mask_that_is_no_picture_is_refused(photo, tmp_path):
    (tmp_path / "1.png").write_text("<html>")

    with pytest.raises(MediaError):
        outline(photo, [str(tmp_path / "1.png")], tmp_path / "out.jpg")
