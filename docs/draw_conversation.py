"""Draw the picture in the README from the transcript that `make demo` leaves in `out/`."""

import json
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).parent.parent
OUT, SAMPLES = ROOT / "out", ROOT / "playground" / "samples"
PHOTOS = iter(("cat.jpg", "coffee.jpg", "cat.jpg", "astronaut.jpg"))

WIDTH, PAD, GAP, BUBBLE = 560, 14, 8, 330
PAGE, MINE, THEIRS, INK, BUTTON = "#c9d8e4", "#eefede", "#ffffff", "#1c2733", "#8fa9bd"
TEXT, SMALL = ImageFont.load_default(15), ImageFont.load_default(13)
LINE = 19
COLUMNS = 3


@dataclass
class Drawn:
    """One message as a picture, and whose it is."""

    image: Image.Image
    mine: bool


def main() -> None:
    """Write docs/conversation.jpg: the three ways to a video side by side."""
    transcript = json.loads((OUT / "transcript.json").read_text())
    parts: list[list[Drawn]] = []
    told = sorted(transcript, key=lambda message: message["message_id"])
    for message in told[2:]:  # without /start and the welcome
        if message["kind"] == "text" and "is done" in message["text"]:
            continue
        fresh = message["kind"] == "photo" and (not parts or parts[-1][-1].mine is False)
        album = bool(parts) and message["kind"] == "photo" and parts[-1][-1].mine
        if fresh and not album:
            parts.append([])
        parts[-1].append(draw(message))
    columns = [stack(part) for part in parts[:COLUMNS]]
    page = Image.new("RGB", (WIDTH * len(columns), max(one.height for one in columns)), PAGE)
    for number, column in enumerate(columns):
        page.paste(column, (number * WIDTH, 0))
    page.save(ROOT / "docs" / "conversation.jpg", quality=88)


def stack(messages: list[Drawn]) -> Image.Image:
    height = sum(one.image.height + GAP for one in messages) + 2 * PAD
    column = Image.new("RGB", (WIDTH, height), PAGE)
    y = PAD
    for one in messages:
        x = WIDTH - one.image.width - PAD if one.mine else PAD
        column.paste(one.image, (x, y), one.image)
        y += one.image.height + GAP
    return column


def draw(message: dict[str, Any]) -> Drawn:
    """A bubble with its picture, its words and its buttons."""
    picture = _picture(message)
    lines = [
        part
        for line in _plain(message["text"]).splitlines()
        for part in textwrap.wrap(line, 42) or [""]
    ]
    if message["kind"] == "voice":
        lines = ["voice message, 0:05"]
    labels = [button["text"] for row in message["buttons"] for button in row]
    body = (picture.height + GAP if picture else 0) + LINE * len(lines) + 2 * GAP
    image = Image.new("RGBA", (BUBBLE, body + 34 * len(labels)), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    mine = not message["from_bot"]
    pen.rounded_rectangle((0, 0, BUBBLE - 1, body - 1), 12, fill=MINE if mine else THEIRS)
    y = GAP
    if picture:
        image.paste(picture, ((BUBBLE - picture.width) // 2, y))
        if message["kind"] == "video":
            _play_sign(pen, BUBBLE // 2, y + picture.height // 2)
        y += picture.height + GAP
    for line in lines:
        pen.text((12, y), line, fill=INK, font=TEXT)
        y += LINE
    for number, label in enumerate(labels):
        top = body + 4 + 34 * number
        pen.rounded_rectangle((0, top, BUBBLE - 1, top + 29), 8, fill=BUTTON)
        words = _plain(label).strip()
        pen.text((BUBBLE // 2, top + 15), words, fill="white", font=SMALL, anchor="mm")
    return Drawn(image, mine)


def _picture(message: dict[str, Any]) -> Image.Image | None:
    if message["kind"] == "photo":
        picture = Image.open(SAMPLES / next(PHOTOS))
    elif "poster" in message:
        picture = Image.open(OUT / message["poster"])
    else:
        return None
    picture = picture.convert("RGB")
    picture.thumbnail((BUBBLE - 2 * GAP, 210))
    return picture


def _play_sign(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.ellipse((x - 24, y - 24, x + 24, y + 24), fill=(0, 0, 0, 140))
    pen.polygon(((x - 8, y - 12), (x - 8, y + 12), (x + 13, y)), fill="white")


def _plain(text: str) -> str:
    """Text without the emoji that the built-in font cannot draw."""
    return "".join(char for char in text if ord(char) < 0x2190).strip()  # noqa: PLR2004


if __name__ == "__main__":
    main()
