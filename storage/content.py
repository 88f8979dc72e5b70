"""What a person has sent so far: photos, a sound, words, and what was decided about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One photo or sound of a message, by Telegram's file id; `size` in bytes where known.

    The last frame of a video of ours (`after` is its task) is `kept` here as a better copy.
    """

    message: int
    file_id: str
    size: int = 0
    seconds: float = 0
    kept: str = ""
    after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What has arrived: photos in message order, a sound, words and who speaks which language.

    `picks` says which photos are the first and the last frame, None that all are meant as they
    came; `task` names the video whose photo is meant. `answers` holds what was decided since, by
    the name of the question. `late` marks what followed an album that was ordered already,
    `hinted` that the person knows that edits come too late, `replacing` what took the place of a
    photo that still waited. A `silent` one came in a channel, where nothing can be asked. Of a
    `blank` one the video was deleted.
    """

    photos: tuple[Received, ...] = ()
    picks: tuple[int, ...] | None = None
    task: int | None = None
    audio: Received | None = None
    words: str | None = None
    reply_to: int | None = None
    user: int | None = None
    language: str = "en"
    answers: Mapping[str, str] = field(default_factory=dict)
    late: bool = False
    hinted: bool = False
    replacing: bool = False
    silent: bool = False
    blank: bool = False

    @property
    def anchor(self) -> int:
        """The message that answers belong under, and that buttons are bound to."""
        source = self.photos[0] if self.photos else self.audio
        return source.message if source else self.reply_to or 0

    @property
    def frames(self) -> tuple[Received, ...]:
        """The photos that are meant as frames, the first one first."""
        if self.picks is None:
            return self.photos
        return tuple(self.photos[pick] for pick in self.picks if pick < len(self.photos))

    @property
    def is_loop(self) -> bool:
        return self.picks is not None and len(self.picks) > len(set(self.picks))

    @property
    def messages(self) -> set[int]:
        """Every message that this came from."""
        found = {photo.message for photo in self.photos}
        return found | ({self.audio.message} if self.audio else set()) | {self.reply_to or 0}


def ordered(photos: tuple[Received, ...]) -> tuple[Received, ...]:
    """Photos in the order of their messages, each message once."""
    return tuple({photo.message: photo for photo in sorted(photos, key=_message)}.values())


def blanked(content: Content) -> Content:
    """Nothing but the numbers of its messages, and whose they are."""
    return Content(
        photos=tuple(Received(message=photo.message, file_id="") for photo in content.photos),
        audio=Received(message=content.audio.message, file_id="") if content.audio else None,
        reply_to=content.reply_to,
        user=content.user,
        language=content.language,
        silent=content.silent,
        blank=True,
    )


def _message(photo: Received) -> int:
    return photo.message
