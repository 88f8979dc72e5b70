"""Builders of what tests talk about: each gives something sound, and takes what should differ."""

from datetime import UTC, datetime

from core.access import Policy
from core.request import Picture, Sound, VideoRequest
from core.task import NewTask, Place

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def make_picture(**changes):
    plain = {"file": "photo.jpg", "width": 1280, "height": 720, "size": 90_000, "format": "JPEG"}
    return Picture(**plain | changes)


def make_sound(**changes):
    plain = {"file": "voice.ogg", "seconds": 4.0, "size": 20_000, "format": "ogg"}
    return Sound(**plain | changes)


def make_request(**changes):
    plain = {"model": "local/camera", "prompt": "a slow walk", "first_frame": make_picture()}
    return VideoRequest(**plain | changes)


def make_new_task(
    *, origin="message:1", sender=7, cost=10, lane="local", chat=None, topic=None, request=None
):
    """A task of someone's private chat, where `chat` names no other one."""
    place = Place(chat=sender if chat is None else chat, topic=topic, user=sender)
    return NewTask(
        origin=origin,
        sender=sender,
        place=place,
        request=request or make_request(),
        lane=lane,
        cost=cost,
    )


def policy(**changes):
    return Policy(**{"closed": False, "daily_credits": 60, "daily_budget": 3000} | changes)
