"""Whether a picture, sound or clip is one that a Wan model takes."""

from playground.services.dashscope.clips import Clip, read_clip
from playground.services.dashscope.errors import RefusalError
from playground.services.dashscope.models import CLIP, Model, PictureRules, SoundRules
from playground.services.dashscope.pictures import read_picture
from playground.services.dashscope.sounds import read_sound


def largest(model: Model, kind: str) -> int:
    """How many bytes a file may have."""
    sizes = {"picture": model.picture.size, "sound": model.driving.size, "clip": CLIP.size}
    return sizes[kind]


def check_picture(rules: PictureRules, data: bytes, mime: str | None = None) -> None:
    """`mime` is what the order said about a picture that was written out in it."""
    _check_size(data, rules.size)
    picture = read_picture(data)
    if picture is None:
        raise RefusalError("InvalidFile.Format", "The picture is not JPEG, PNG, BMP or WEBP.")
    if mime is not None and mime != f"image/{picture.kind}":
        raise RefusalError("InvalidFile.Format", f"The picture is {picture.kind}, not {mime}.")
    # Said of the older models; of wan2.7 nothing is said, so it is held to the same.
    if picture.kind == "png" and picture.alpha:
        raise RefusalError("InvalidFile.Format", "A PNG picture must have no transparency.")
    _check_sides(picture.width, picture.height, rules.sides, rules.ratio)


def check_sound(rules: SoundRules, data: bytes) -> None:
    _check_size(data, rules.size)
    sound = read_sound(data)
    if sound is None:
        raise RefusalError("InvalidFile.Format", "The sound is neither WAV nor MP3.")
    _check_length(sound.seconds, rules.seconds)


def check_clip(data: bytes) -> Clip:
    _check_size(data, CLIP.size)
    clip = read_clip(data)
    if clip is None:
        raise RefusalError("InvalidFile.Format", "The clip is neither MP4 nor MOV.")
    _check_length(clip.seconds, CLIP.seconds)
    _check_sides(clip.width, clip.height, CLIP.sides, CLIP.ratio)
    return clip


def _check_size(data: bytes, most: int) -> None:
    if len(data) > most:
        raise RefusalError("InvalidFile.Size", f"The file is larger than {most} bytes.")


def _check_length(seconds: float, allowed: tuple[float, float]) -> None:
    if not allowed[0] <= seconds <= allowed[1]:
        raise RefusalError(
            "InvalidFile.Duration", f"{seconds:.3f} s are not within {allowed[0]}-{allowed[1]} s."
        )


def _check_sides(width: int, height: int, allowed: tuple[int, int], ratio: float | None) -> None:
    shorter, longer = sorted((width, height))
    if shorter < allowed[0] or longer > allowed[1]:
        raise RefusalError(
            "InvalidFile.Resolution", f"{width}x{height} is not within {allowed[0]}-{allowed[1]}."
        )
    if ratio is not None and longer > ratio * shorter:
        raise RefusalError("InvalidFile.AspectRatio", f"{width}x{height} is too narrow.")
