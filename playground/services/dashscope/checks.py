"""Whether an order to the emulated DashScope is one that its model takes; no media is read here."""

from dataclasses import dataclass
from typing import Any, Literal

from playground.services.dashscope.errors import RefusalError, invalid
from playground.services.dashscope.models import Model

Kind = Literal["picture", "sound", "clip"]

NEGATIVE = 500  # characters
_SEEDS = 2**31 - 1
_DEFAULT_SECONDS = 5
# The official SDK adds the first two to every order; they do nothing.
_ANYWHERE = {"extend_prompt", "function", "prompt", "negative_prompt"}
_KINDS: dict[str, Kind] = {
    "first_frame": "picture",
    "last_frame": "picture",
    "driving_audio": "sound",
    "first_clip": "clip",
}
_TOGETHER = [
    {"first_frame"},
    {"first_frame", "driving_audio"},
    {"first_frame", "last_frame"},
    {"first_frame", "last_frame", "driving_audio"},
    {"first_clip"},
    {"first_clip", "last_frame"},
]


@dataclass(frozen=True, slots=True)
class Medium:
    """A file that an order names; `inline` says whether it may be written out as `data:`."""

    role: str
    kind: Kind
    url: str
    inline: bool


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for, with the defaults filled in, and the media that go with it."""

    wishes: dict[str, Any]
    media: tuple[Medium, ...]


def model_name(body: Any) -> str:
    """The model that a body asks for; only a body in the right shape has one."""
    if not isinstance(body, dict):
        raise RefusalError("BadRequest.IllegalInput", "The request body must be a JSON object.")
    if not body.get("model"):
        raise RefusalError("BadRequest.EmptyModel", 'Required parameter "model" missing.')
    if not body.get("input"):
        raise RefusalError("BadRequest.EmptyInput", 'Required body "input" missing.')
    if unknown := body.keys() - {"model", "input", "parameters"}:
        raise invalid(f"Unknown fields: {sorted(unknown)}.")
    name, given, parameters = body["model"], body["input"], body.get("parameters", {})
    if not (isinstance(name, str) and isinstance(given, dict) and isinstance(parameters, dict)):
        raise RefusalError(
            "BadRequest.IllegalInput", "model, input or parameters have no fit type."
        )
    return name


def check(model: Model, body: dict[str, Any]) -> Order:
    """The order in a body; the prompts are cut in silence, everything else must fit."""
    given, parameters = body["input"], body.get("parameters", {})
    _only(given, _ANYWHERE | _own_fields(model), "input")
    wishes = {
        "model": model.name,
        "prompt": _text(given, "prompt", model.prompt, empty=None),
        "negative_prompt": _text(given, "negative_prompt", NEGATIVE, empty=""),
        "template": _template(model, given),
        **_parameters(model, parameters),
    }
    media = _media(model, given, effect=wishes["template"] is not None)
    if wishes["template"]:
        wishes["prompt"] = None
    has_own = any(medium.kind == "sound" for medium in media)
    wishes["sound"] = _sound(model, has_own=has_own, switched_on=wishes["audio"])
    return Order(wishes, media)


def _own_fields(model: Model) -> set[str]:
    own = {"template"} if model.templates else set()
    match model.style:
        case "picture":
            return own | {"img_url"} | (set() if model.sound == "none" else {"audio_url"})
        case "frames":
            return own | {"first_frame_url", "last_frame_url"}
        case "media":
            return {"media"}


def _only(given: dict[str, Any], allowed: set[str], where: str) -> None:
    # Whether the service ignores or refuses what it does not know is not documented.
    if unknown := given.keys() - allowed:
        raise invalid(f"Not supported in {where} by this model: {sorted(unknown)}.")


def _text(given: dict[str, Any], name: str, most: int, *, empty: str | None) -> str | None:
    value = given.get(name)
    if value is None:
        return empty
    if not isinstance(value, str):
        raise invalid(f"{name} must be a string.")
    return value[:most]


def _template(model: Model, given: dict[str, Any]) -> str | None:
    if "template" not in given:
        return None
    template = given["template"]
    if not isinstance(template, str) or template not in model.templates:
        raise invalid(f"template {template!r} is not one of {model.name}.")
    return template


def _parameters(model: Model, given: dict[str, Any]) -> dict[str, Any]:
    allowed = {"resolution", "duration", "prompt_extend", "watermark", "seed"}
    allowed |= {"shot_type"} if model.shot_type else set()
    allowed |= {"audio"} if model.sound == "switch" else set()
    _only(given, allowed, "parameters")
    filled = {
        "resolution": model.tiers[0],
        "duration": _DEFAULT_SECONDS,
        "prompt_extend": True,
        "watermark": False,
        "seed": None,
        "shot_type": "single",
        "audio": True,
        **given,
    }
    for name in ("prompt_extend", "watermark", "audio"):
        if not isinstance(filled[name], bool):
            raise invalid(f"{name} must be a boolean.")
    if filled["resolution"] not in model.tiers:
        raise invalid(f"resolution must be one of {model.tiers}.")
    if type(filled["duration"]) is not int or filled["duration"] not in model.durations:
        raise invalid(f"duration must be one of {sorted(model.durations)}.")
    if "seed" in given and not _is_seed(given["seed"]):
        raise invalid(f"seed must be an integer from 0 to {_SEEDS}.")
    if filled["shot_type"] not in ("single", "multi"):
        raise invalid("shot_type must be single or multi.")
    if not filled["prompt_extend"]:
        filled["shot_type"] = "single"
    return filled


def _is_seed(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _SEEDS


def _sound(model: Model, *, has_own: bool, switched_on: bool) -> str:
    """Where the sound of the video comes from; to switch it off beats an own sound."""
    if model.sound == "none" or not switched_on:
        return "none"
    return "own" if has_own else "invented"


def _media(model: Model, given: dict[str, Any], *, effect: bool) -> tuple[Medium, ...]:
    match model.style:
        case "picture":
            picture = _file(given, "img_url", "picture")
            if "audio_url" not in given:
                return (picture,)
            return picture, _file(given, "audio_url", "sound")
        case "frames":
            first = _file(given, "first_frame_url", "picture")
            # An effect needs no last frame, and takes no notice of one.
            return (first,) if effect else (first, _file(given, "last_frame_url", "picture"))
        case "media":
            return _listed(given.get("media"))


def _file(given: dict[str, Any], role: str, kind: Kind) -> Medium:
    url = given.get(role)
    if not isinstance(url, str) or not url:
        raise invalid(f"{role} is required.")
    return Medium(role, kind, url, inline=kind == "picture")


def _listed(items: Any) -> tuple[Medium, ...]:
    if not isinstance(items, list) or not items:
        raise invalid("media must be a list of files.")
    for item in items:
        if not isinstance(item, dict) or item.keys() != {"type", "url"}:
            raise invalid("Every item of media has a type and a url.")
        if not all(isinstance(value, str) and value for value in item.values()):
            raise invalid("The type and the url of media are strings.")
    types = [item["type"] for item in items]
    if len(set(types)) != len(types) or set(types) not in _TOGETHER:
        raise invalid(f"media cannot hold {types} together.")
    # Files written out in base64 are documented for the older models only.
    return tuple(
        Medium(one["type"], _KINDS[one["type"]], one["url"], inline=False) for one in items
    )
