"""What an order to a Wan model looks like, in the style of the model."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from providers.base import Order
from providers.dashscope.models import Wan


def make_input(wan: Wan, order: Order, files: Mapping[str, str]) -> dict[str, Any]:
    """The `input` of a request, in the style of its model."""
    request = order.request
    if request.effect:
        picture = "first_frame_url" if wan.style == "frames" else "img_url"
        return {"template": request.effect, picture: files["first"]}
    words: dict[str, Any] = {"prompt": request.prompt} if request.prompt else {}
    if request.negative_prompt:
        words["negative_prompt"] = request.negative_prompt
    if wan.style == "media":
        roles = {"first": "first_frame", "last": "last_frame", "audio": "driving_audio"}
        media = [{"type": roles[role], "url": files[role]} for role in roles if role in files]
        return {**words, "media": media}
    fields = {"first": "img_url", "audio": "audio_url"}
    if wan.style == "frames":
        fields = {"first": "first_frame_url", "last": "last_frame_url"}
    return {**words, **{field: files[role] for role, field in fields.items() if role in files}}


def make_parameters(wan: Wan, order: Order) -> dict[str, Any]:
    """The `parameters` of a request; what the model does not know is left out."""
    request, model = order.request, wan.model
    found: dict[str, Any] = {"resolution": (request.resolution or "").upper()}
    if len(model.seconds) > 1:
        found["duration"] = request.seconds
    if request.seed is not None:
        found["seed"] = request.seed
    if not request.effect:  # it leaves no words to rewrite
        found["prompt_extend"] = request.rewrite is not False
    found["watermark"] = bool(request.watermark)
    if model.shots and request.shots:
        found["shot_type"] = request.shots
    if model.sound:
        # Silence must be asked for, and it beats a sound of one's own.
        found["audio"] = request.sound is not False
    return found


def data_uri(path: Path) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(path.read_bytes()).decode()}"
