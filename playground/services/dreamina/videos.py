"""The finished item of a record, with the address in one of the places where it has been seen."""

from typing import Any

from playground.services.dreamina.switches import VideoPlace
from playground.services.studio import Render

WIDTHS = {"480p": 480, "720p": 704, "360p": 352}


def item(render: Render, place: VideoPlace, url: str) -> dict[str, Any]:
    """The cover and the smaller sizes are there to be told apart from the video itself."""
    video: dict[str, Any] = {
        "video_id": f"v0{render.id}",
        "duration_ms": render.order["seconds"] * 1000,
        "cover_url": beside(url, "cover"),
    }
    common: dict[str, Any] = {"id": render.id[::-1], "status": 144}
    match place:
        case "origin":
            video["transcoded_video"] = {**_sizes(url), "origin": _file(url, 704)}
        case "transcoded":
            video["transcoded_video"] = {**_sizes(url), "720p": _file(url, 704)}
        case "common_attr":
            common["transcoded_video"] = {"origin": _file(url, 704)}
        case "video_resource":
            video["video_resource"] = {"video_url": url}
        case "download_url" | "play_url" | "url":
            video[place] = url
        case "none":
            pass
    return {"video": video, "common_attr": common}


def beside(url: str, what: str) -> str:
    """The address of another file of the same job."""
    path, mark, query = url.partition("?")
    return f"{path}-{what}{mark}{query}"


def _sizes(url: str) -> dict[str, Any]:
    return {name: _file(beside(url, name), width) for name, width in WIDTHS.items()}


def _file(url: str, width: int) -> dict[str, Any]:
    return {"vid": "", "fps": 24, "width": width, "height": width * 16 // 9, "video_url": url}
