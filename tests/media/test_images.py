import io
import itertools
import re
import struct
import zlib
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from core.errors import MediaError
from media.images import read, take_in

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "AVIF")
Turn = Image.Transpose
# What a camera did to the upright picture before it wrote this orientation (EXIF 2.32, tag 274).
TURNS = {
    1: None,
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_90,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_270,
}


def corners(image):
    """The colours in the middles of the four quarters, row by row."""
    pixels = np.asarray(image.convert("RGB")).astype(int)
    rows, columns, _ = pixels.shape
    return pixels[np.ix_((rows // 4, rows * 3 // 4), (columns // 4, columns * 3 // 4))]


RED_GREEN_BLUE_WHITE = np.array(
    [[(255, 0, 0), (0, 255, 0)], [(0, 0, 255), (255, 255, 255)]], dtype=int
)


def is_upright(image, size=(96, 64)):
    return image.size == size and np.abs(corners(image) - RED_GREEN_BLUE_WHITE).max() < 14


@pytest.fixture
def photo(tmp_path):
    return tmp_path / "photo.jpg"


def refusal(source, target):
    with pytest.raises(MediaError) as refused:
        take_in(source, target)
    assert not target.exists()
    return str(refused.value.sentence)


@pytest.mark.parametrize("form", FORMATS)
def test_every_common_format_becomes_a_plain_jpeg_with_its_true_facts(
    form, quarters, tmp_path, photo
):
    source = tmp_path / "as-sent"
    quarters().save(source, form, quality=95)
    facts = take_in(source, photo)
    with Image.open(photo) as kept:
        assert (kept.format, kept.mode) == ("JPEG", "RGB")
        assert is_upright(kept)
    size = photo.stat().st_size
    assert facts == {"file": "photo.jpg", "width": 96, "height": 64, "size": size, "format": "jpg"}


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_a_moving_picture_the_first_frame_is_taken(form, quarters, tmp_path):
    source = tmp_path / "moving"
    black = Image.new("RGB", (96, 64))
    quarters().save(source, form, save_all=True, append_images=[black], lossless=True)
    with Image.open(source) as moving:
        assert moving.n_frames == 2
    assert is_upright(read(source))


@pytest.mark.parametrize(("orientation", "turn"), TURNS.items())
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_a_turned_or_mirrored_photo_ends_upright(form, orientation, turn, quarters, tmp_path):
    source = tmp_path / "turned"
    stored = quarters().transpose(turn) if turn is not None else quarters()
    exif = Image.Exif()
    exif[274] = orientation
    stored.save(source, form, exif=exif, quality=95)
    assert is_upright(read(source))


def heic(image, *, quarter_turns=0):
    """A HEIC file around one HEVC picture, box by box (ISO 23008-12)."""
    encoder = av.CodecContext.create("libx265", "w")
    encoder.width, encoder.height = image.size
    encoder.pix_fmt, encoder.time_base = "yuv420p", Fraction(1, 25)
    encoder.options = {"x265-params": "log-level=none:crf=4:range=full:colormatrix=bt709"}
    full_range = {"dst_colorspace": "itu709", "dst_color_range": "JPEG"}
    frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
    frame = frame.reformat(format="yuv420p", **full_range)
    frame.pts = 0
    stream = b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))
    units = [unit for unit in re.split(rb"\x00*\x00\x00\x01", stream) if unit]
    kinds = {unit[0] >> 1: unit for unit in units}
    vps, sps, pps = (kinds[kind] for kind in (32, 33, 34))
    setup = b"".join(
        (
            b"\1" + sps.replace(b"\0\0\3", b"\0\0")[3:15],  # profile and level
            struct.pack(">HBBBBHBB", 0xF000, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0x0F, 3),
            *(
                struct.pack(">BHH", 0x80 | unit[0] >> 1, 1, len(unit)) + unit
                for unit in (vps, sps, pps)
            ),
        )
    )
    picture = b"".join(struct.pack(">I", len(unit)) + unit for unit in units if unit[0] >> 1 < 32)

    def box(kind, *parts, version=None):
        body = b"".join(parts)
        if version is not None:
            body = struct.pack(">I", version << 24) + body
        return struct.pack(">I4s", len(body) + 8, kind) + body

    def meta(start):
        properties = [
            box(b"hvcC", setup),
            box(b"ispe", struct.pack(">II", *image.size), version=0),
            # Full range BT.709, as the picture was encoded.
            box(b"colr", b"nclx", struct.pack(">HHHB", 1, 13, 1, 0x80)),
            box(b"irot", bytes([quarter_turns])),
        ]
        item = box(b"infe", struct.pack(">HH4sB", 1, 0, b"hvc1", 0), version=2)
        place = struct.pack(">BBHHHHII", 0x44, 0, 1, 1, 0, 1, start, len(picture))
        ties = struct.pack(">IHB4B", 1, 1, 4, 0x81, 2, 3, 0x84)
        return box(
            b"meta",
            box(b"hdlr", bytes(4), b"pict", bytes(13), version=0),
            box(b"pitm", struct.pack(">H", 1), version=0),
            box(b"iloc", place, version=0),
            box(b"iinf", struct.pack(">H", 1), item, version=0),
            box(b"iprp", box(b"ipco", *properties), box(b"ipma", ties, version=0)),
            version=0,
        )

    head = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + box(b"mdat", picture)


@pytest.mark.parametrize("turns", [0, 1])
def test_a_heic_photo_is_read_upright(turns, quarters, tmp_path):
    source = tmp_path / "phone.heic"
    stored = quarters().transpose(Turn.ROTATE_270) if turns else quarters()
    source.write_bytes(heic(stored, quarter_turns=turns))
    assert is_upright(read(source))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "transparent colour"])
def test_what_is_see_through_becomes_white(mode, tmp_path):
    source = tmp_path / "see-through.png"
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste((60, 60, 60, 255), (32, 0, 64, 64))
    if mode == "P":
        image = image.quantize(4)
    elif mode == "LA":
        image = image.convert("LA")
    if mode == "transparent colour":
        image.convert("RGB").save(source, transparency=(0, 0, 0))
    else:
        image.save(source)
    seen = np.asarray(read(source)).astype(int)
    assert (seen[:, :30] == 255).all()
    assert np.abs(seen[:, 34:] - 60).max() <= 2


def test_half_see_through_is_mixed_with_white(tmp_path):
    source = tmp_path / "glass.png"
    Image.new("RGBA", (32, 32), (0, 0, 0, 128)).save(source)
    assert np.abs(np.asarray(read(source)).astype(int) - 127).max() <= 1


def test_a_print_photo_in_cmyk_keeps_its_colours(quarters, tmp_path):
    source = tmp_path / "print.jpg"
    quarters().convert("CMYK").save(source, quality=95)
    assert is_upright(read(source))


def test_sixteen_bit_grey_keeps_its_whole_range(tmp_path):
    source = tmp_path / "scan.png"
    ramp = np.tile(np.linspace(0, 65_535, 64).astype(np.uint16), (64, 1))
    Image.fromarray(ramp).save(source)
    seen = np.asarray(read(source)).astype(int)
    assert np.abs(seen - np.linspace(0, 255, 64)[None, :, None]).max() <= 1


# Display P3's primaries and white, adapted to D50 as ICC profiles hold them.
P3 = np.array(
    [(0.51512, 0.29198, 0.15710), (0.24120, 0.69225, 0.06657), (-0.00105, 0.04189, 0.78407)]
)
SRGB = np.array(
    [(0.43607, 0.38515, 0.14307), (0.22249, 0.71687, 0.06061), (0.01392, 0.09708, 0.71410)]
)


def wide_gamut_profile(gamma=2.2):
    """A version 2 display profile: Display P3 with a plain gamma."""

    def xyz(values):
        return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(v * 65_536) for v in values))

    name = b"wide\0"
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(name)) + name + bytes(79),
        b"wtpt": xyz((0.9642, 1.0, 0.8249)),
        **{key: xyz(P3[:, axis]) for axis, key in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    table, data = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for key, value in tags.items():
        table += struct.pack(">4sII", key, start + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    head = struct.pack(">I4sI4s4s4s12x4s", start + len(data), b"", 0x02400000, b"mntr", b"RGB ",
                       b"XYZ ", b"acsp")  # fmt: skip
    head = head.ljust(68, b"\0") + struct.pack(">3i", 63_190, 65_536, 54_061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_wide_gamut_colours_are_brought_to_srgb(form, tmp_path, photo):
    source = tmp_path / "p3"
    colour = np.array((180, 90, 70))
    profile = wide_gamut_profile()
    assert ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile.xcolor_space == "RGB "
    Image.new("RGB", (32, 32), tuple(colour)).save(source, form, icc_profile=profile, quality=100)
    linear = np.linalg.inv(SRGB) @ P3 @ (colour / 255) ** 2.2
    expected = 255 * np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 0)
    assert np.abs(expected - colour).max() > 10
    take_in(source, photo)
    with Image.open(photo) as kept:
        assert np.abs(np.asarray(kept).astype(int)[16, 16] - expected).max() <= 3
        assert "icc_profile" not in kept.info


def test_a_broken_colour_profile_does_not_lose_the_picture(quarters, tmp_path):
    source = tmp_path / "broken-profile.jpg"
    quarters().save(source, quality=95, icc_profile=b"no profile at all" * 20)
    assert is_upright(read(source))


def test_place_and_camera_are_not_kept(quarters, tmp_path, photo):
    source = tmp_path / "holiday.jpg"
    exif = Image.Exif()
    exif[271] = "SecretMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SecretPlace</x:xmpmeta>"
    quarters().save(source, exif=exif, xmp=xmp)
    assert b"SecretMaker" in source.read_bytes()
    assert b"SecretPlace" in source.read_bytes()
    take_in(source, photo)
    assert b"Secret" not in photo.read_bytes()
    with Image.open(photo) as kept:
        assert not dict(kept.getexif())
        assert not kept.getexif().get_ifd(0x8825)


def test_a_note_in_a_png_is_not_kept(quarters, tmp_path, photo):
    source = tmp_path / "note.png"
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "SecretNote")
    quarters().save(source, pnginfo=note)
    assert b"SecretNote" in source.read_bytes()
    take_in(source, photo)
    assert b"SecretNote" not in photo.read_bytes()


def test_a_huge_photo_is_kept_no_larger_than_any_model_takes(tmp_path, photo):
    source = tmp_path / "panorama.png"
    Image.new("RGB", (5000, 1000), "teal").save(source)
    facts = take_in(source, photo)
    assert (facts["width"], facts["height"]) == (4096, 819)


def png_head(width, height):
    """The true beginning of a PNG of any size, without the pixels that it announces."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        itertools.starmap(chunk, ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")))
    )


def test_a_png_bomb_is_refused_by_its_header(tmp_path, photo):
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(png_head(50_000, 50_000))
    assert "50000 x 50000: too large" in refusal(bomb, photo)


def test_of_a_png_with_too_many_pixels_none_is_decoded_but_a_jpeg_of_that_size_is_read(
    tmp_path, photo
):
    image = Image.new("L", (7900, 7900), 128)
    png, jpeg = tmp_path / "large.png", tmp_path / "large.jpg"
    image.convert("1").save(png)
    image.save(jpeg)
    assert "7900 x 7900: too large" in refusal(png, photo)
    assert take_in(jpeg, photo)["width"] > 2000


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_cut_off_picture_is_refused(form, share, astronaut, tmp_path, photo):
    whole = io.BytesIO()
    astronaut.resize((256, 256)).save(whole, form)
    source = tmp_path / "cut"
    source.write_bytes(whole.getvalue()[: int(share * len(whole.getvalue()))])
    reason = refusal(source, photo)
    # A WebP announces its length, so that a short one is not recognised at all.
    assert ("damaged" in reason) or (form == "WEBP" and "cannot read this file" in reason)


def test_an_empty_file_is_refused(tmp_path, photo):
    source = tmp_path / "empty.jpg"
    source.touch()
    assert "0 bytes" in refusal(source, photo)


@pytest.mark.parametrize(
    "data",
    [
        b"Dear bot, please make a video of this.\n" * 20,
        b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect/></svg>',
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\nshowpage\n",
        b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\n",
        b"\xff\xd8\xff",
    ],
    ids=["text", "svg", "eps", "pdf", "first bytes of a jpeg"],
)
def test_what_is_no_photo_is_refused_whatever_its_name(data, tmp_path, photo):
    source = tmp_path / "photo-of-me.jpg"
    source.write_bytes(data)
    assert "cannot read this file" in refusal(source, photo)


def test_a_video_named_like_a_photo_is_refused(write_clip, tmp_path, photo):
    clip = write_clip(tmp_path / "clip.mp4", [np.zeros((64, 64, 3), np.uint8)] * 3)
    assert "cannot read this file" in refusal(clip.rename(tmp_path / "clip.jpg"), photo)


@pytest.mark.parametrize(
    ("size", "reason"),
    [((1, 1), "1 x 1: too small"), ((100, 15), "too small"), ((3000, 100), "too long and narrow")],
)
def test_a_picture_of_useless_shape_is_refused(size, reason, tmp_path, photo):
    source = tmp_path / "shape.png"
    Image.new("RGB", size).save(source)
    assert reason in refusal(source, photo)
