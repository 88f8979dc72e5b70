"""Opening sound and video containers so that none can reach beyond its own file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import av.subtitles.stream  # wanted at the first file: here, so that children are born with it
from av.container import InputContainer

from core.errors import MediaError
from core.words import say

# A playlist that names other files is a container too: the whitelist of formats keeps it shut.
_SAFE = {
    "protocol_whitelist": "file",
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,mp3,wav,flac,aac,amr,gif",
}


@contextmanager
def open_media(path: Path) -> Iterator[InputContainer]:
    """Open a file for reading; raises MediaError where it is no sound or video."""
    if not path.stat().st_size:
        raise MediaError(say("This file is empty: 0 bytes arrived. Please send it again."))
    try:
        container = av.open(str(path), options=_SAFE)
    except (av.FFmpegError, ValueError) as error:
        raise unreadable() from error
    try:
        with container:
            yield container
    except av.InvalidDataError as error:
        raise unreadable() from error


def unreadable() -> MediaError:
    return MediaError(
        say(
            "This file cannot be read: it is damaged, or of a kind I do not know. Please send "
            "another one."
        )
    )
