"""What keeps a request from a model, and what can be mended about it."""

import math
from typing import Any

from core.capabilities import Capabilities, Need, PictureLimits, Shows
from core.options import FLAGS, allowed, written
from core.ratios import nearest
from core.request import Picture, Sound, VideoRequest
from core.words import Sentence, say

MAX_SEED = 2_147_483_647
_LEFT = ("seconds", "ratio", "resolution")
_ENLARGED = 3  # times; more would be guessing
_ALIKE = 0.01  # of a ratio: what rounding does to two pictures of one shape


def problems(request: VideoRequest, model: Capabilities) -> list[Sentence]:
    """Say what does not fit and cannot be mended; empty means the model will be asked."""
    if model.effect(request.effect):
        # What an effect does not use cannot be wrong.
        request = request.with_options(prompt="", last_frame=None)
    return [
        *_inputs(request, model),
        *_options(request, model),
        *_together(request, model),
        *_texts(request, model),
        *_picture(request.first_frame, model.picture),
        *_picture(request.last_frame, model.picture),
        *_sound(request.audio, model),
    ]


def mends(request: VideoRequest, model: Capabilities) -> list[Sentence]:
    """Say which changes will be made that the person should know of before it starts."""
    notes: list[Sentence] = []
    audio = request.audio
    if audio and audio.seconds > model.longest_sound:
        notes.append(
            say(
                "The sound is {length:.1f} s long; only its first {limit:.0f} s are used.",
                length=audio.seconds,
                limit=model.longest_sound,
            )
        )
    if is_cropped(request, model):
        notes.append(say("The second photo is cropped to the shape of the first one."))
    if audio and not model.lips:
        notes.append(say("The video will move with the sound; the lips will not."))
    if audio and request.seconds and "seconds" not in request.open:
        notes.append(say("The length of the video follows the sound, not --dur."))
    if effect := model.effect(request.effect):
        if request.prompt.strip() or request.last_frame:
            decides = say(
                "The effect “{effect}” decides what happens: words and a last frame are not used.",
                effect=effect.title,
            )
            notes.append(decides)
    elif model.prompt is Need.NONE and request.prompt.strip():
        notes.append(say("{model} does not use any words.", model=model.title))
    return notes


def needs_consent(request: VideoRequest, model: Capabilities) -> bool:
    """Whether a face or a voice of a person comes to life in this video."""
    if effect := model.effect(request.effect):
        return effect.shows is not Shows.ANYTHING
    return bool(request.audio and model.lips)


def is_cropped(request: VideoRequest, model: Capabilities) -> bool:
    """Whether the last frame loses its edges because the model wants two pictures of one shape."""
    first, last = request.first_frame, request.last_frame
    if not (model.same_shape and first and last):
        return False
    return abs(first.ratio / last.ratio - 1) > _ALIKE


def is_within(picture: Picture, limits: PictureLimits) -> bool:
    """Whether a stored picture (JPEG) can be handed to a model as it is."""
    sides = picture.width, picture.height
    return (
        max(sides) <= limits.max_side
        and min(sides) >= limits.min_side
        and picture.size <= limits.max_bytes
        and "JPEG" in limits.formats
    )


def settled(request: VideoRequest, model: Capabilities) -> VideoRequest:
    """Fill in what the person left open, as this model would choose it."""
    seconds = request.seconds or model.default_seconds
    if request.audio:
        heard = max(1, math.ceil(min(request.audio.seconds, model.longest_sound)))
        longer = [length for length in model.seconds if length >= heard]
        seconds = heard if model.sound_decides else min(longer)
    ratio = request.ratio
    if ratio is None and request.first_frame and model.ratios and not model.follows_photo:
        ratio = nearest(request.first_frame.ratio, model.ratios)
    left = [name for name in _LEFT if getattr(request, name) is None]
    left += ["model"] if request.model == "auto" else []
    return request.with_options(
        model=model.model,
        open=tuple(dict.fromkeys((*request.open, *left))),
        seconds=seconds,
        ratio=ratio,
        resolution=request.resolution or (model.resolutions and model.default_resolution) or None,
    )


def _inputs(request: VideoRequest, model: Capabilities) -> list[Sentence]:
    found: list[Sentence] = []
    if model.first_frame is Need.REQUIRED and not request.first_frame:
        found.append(say("{model} needs a photo.", model=model.title))
    if model.first_frame is Need.NONE and request.first_frame:
        found.append(say("{model} cannot use a photo.", model=model.title))
    if model.last_frame is Need.NONE and request.last_frame:
        found.append(say("{model} cannot use a last frame.", model=model.title))
    if model.last_frame is Need.REQUIRED and not request.last_frame and not request.effect:
        found.append(say("{model} needs a second photo as last frame.", model=model.title))
    if model.audio is Need.NONE and request.audio:
        found.append(say("{model} cannot use a sound.", model=model.title))
    if model.audio is Need.REQUIRED and not request.audio:
        found.append(say("{model} needs a voice message or another sound.", model=model.title))
    if model.prompt is Need.REQUIRED and not request.prompt.strip() and not request.effect:
        found.append(say("{model} needs a few words.", model=model.title))
    return found


def _options(request: VideoRequest, model: Capabilities) -> list[Sentence]:
    move, _, strength = (request.camera or "").partition(":")
    asked = {name: getattr(request, name) for name in allowed(model)}
    asked |= {"seconds": None if request.audio else request.seconds, "camera": move or None}
    found = [
        wrong
        for name, possible in allowed(model).items()
        if (wrong := impossible(FLAGS[name], asked[name], model, possible))
    ]
    if strength and model.cameras:
        flag = f"{FLAGS['camera']} {move}:"
        if wrong := impossible(flag, strength, model, model.strengths):
            found.append(wrong)
    if request.seed is not None and not model.seed:
        found.append(say("{flag} is not possible with {model}.", model=model.title, flag="--seed"))
    elif request.seed is not None and not 0 <= request.seed <= MAX_SEED:
        found.append(say("--seed must lie between 0 and {limit}.", limit=MAX_SEED))
    return found


def impossible(
    flag: str, value: object, model: Capabilities, possible: tuple[Any, ...]
) -> Sentence | None:
    """Why an option cannot have this value with a model, and what it can be; None where it can."""
    if value is None or value in possible:
        return None
    if not possible:
        return say("{flag} is not possible with {model}.", model=model.title, flag=flag)
    return say(
        "{flag} {value} is not possible with {model}. Possible: {allowed}.",
        flag=flag,
        value=written(value),
        model=model.title,
        allowed=", ".join(map(written, possible)),
    )


def _together(request: VideoRequest, model: Capabilities) -> list[Sentence]:
    """What a model knows, but not at the same time."""
    found: list[Sentence] = []
    first, last = request.first_frame, request.last_frame
    if model.follows_photo and first and request.ratio:
        found.append(
            say(
                "With a photo, {flag} is not possible with {model}: the video has the photo's shape.",
                flag="--ar",
                model=model.title,
            )
        )
    if request.shots == "multi" and request.rewrite is False:
        found.append(say("--shots multi does not go with --rewrite off."))
    if model.sound_alone and request.audio and last:
        found.append(say("With {model} a sound goes with one photo.", model=model.title))
    if model.cameras and request.camera and (last or not first):
        found.append(say("{flag} goes with one photo.", flag="--camera"))
    return found


def _texts(request: VideoRequest, model: Capabilities) -> list[Sentence]:
    found: list[Sentence] = []
    if len(request.prompt) > model.prompt_chars:
        found.append(
            say(
                "The words are {count} characters long; {model} takes {limit}.",
                count=len(request.prompt),
                model=model.title,
                limit=model.prompt_chars,
            )
        )
    if len(request.negative_prompt) > model.negative_chars:
        found.append(
            say(
                "{model} takes {limit} characters after --neg.",
                model=model.title,
                limit=model.negative_chars,
            )
            if model.negative_chars
            else say("{flag} is not possible with {model}.", model=model.title, flag="--neg")
        )
    return found


def _picture(picture: Picture | None, limits: PictureLimits) -> list[Sentence]:
    if picture is None:
        return []
    found: list[Sentence] = []
    if not limits.min_aspect <= picture.ratio <= limits.max_aspect:
        found.append(
            say(
                "This photo is {width} x {height}: too long and narrow. Crop it, or send "
                "another one.",
                width=picture.width,
                height=picture.height,
            )
        )
    elif min(picture.width, picture.height) * _ENLARGED < limits.min_side:
        found.append(
            say(
                "This photo is {width} x {height}: too small. Its shorter side must have "
                "{limit} pixels.",
                width=picture.width,
                height=picture.height,
                limit=math.ceil(limits.min_side / _ENLARGED),
            )
        )
    return found


def _sound(audio: Sound | None, model: Capabilities) -> list[Sentence]:
    limit = model.audio_limits.min_seconds
    if audio is None or model.audio is Need.NONE or audio.seconds >= limit:
        return []
    return [
        say(
            "The sound is {length:.1f} s long; {model} needs at least {limit:.0f} s.",
            length=audio.seconds,
            model=model.title,
            limit=limit,
        )
    ]
