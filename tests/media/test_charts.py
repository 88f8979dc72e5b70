"""Pictures for the owners: what is drawn shows what was counted."""

import numpy as np
from PIL import Image

from tests import lazily

charts = lazily.Module("media.charts")

GREEN, RED = (47, 158, 110), (217, 83, 79)
MODEL = {"model": "local/camera", "made": 3, "failed": 1, "render": 6.0}
SERVICE = {
    "name": "local",
    "state": "ready",
    "success": 0.9,
    "render": None,
    "waiting": 0,
    "running": 1,
    "seats": 1,
    "keys": [],
}


def count(path, color):
    with Image.open(path) as picture:
        return int((np.asarray(picture.convert("RGB")) == color).all(axis=2).sum())


def test_more_delivered_videos_are_more_green(tmp_path):
    few, many = tmp_path / "few.png", tmp_path / "many.png"
    days = [{"day": f"11-{day:02}", "made": 1, "failed": 1} for day in range(1, 31)]

    charts.draw_days(few, days, [MODEL])
    charts.draw_days(many, [{**day, "made": 3} for day in days], [MODEL])

    assert count(many, GREEN) > 1.2 * count(few, GREEN)
    assert count(many, RED) < count(few, RED)


def test_days_without_videos_can_be_drawn(tmp_path):
    empty = tmp_path / "empty.png"

    facts = charts.draw_days(empty, [], [])

    assert facts == {"size": empty.stat().st_size}
    assert count(empty, RED) < 500  # the legend alone


def test_a_key_that_is_out_of_use_is_red(tmp_path):
    well, bad = tmp_path / "well.png", tmp_path / "bad.png"
    key = {"id": "ab12cd34", "state": "ready", "tasks": 2, "rests": 0, "why": ""}

    charts.draw_services(well, [{**SERVICE, "keys": [key]}])
    charts.draw_services(bad, [{**SERVICE, "keys": [{**key, "state": "retired"}]}])

    assert count(well, RED) == 0
    assert count(bad, RED) > 20
