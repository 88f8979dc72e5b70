"""From an upload or a file_id to media: what Telegram accepts and what it turns it into."""

from collections.abc import Mapping
from typing import Any

from playground.telegram.errors import bad
from playground.telegram.media import KINDS, Media, PhotoSize, StoredFile, Upload
from playground.telegram.mp4 import probe
from playground.telegram.pictures import (
    check_photo,
    dimensions,
    thumbnail_fault,
)
from playground.telegram.request import Request

MIME = {
    "video": "video/mp4",
    "animation": "video/mp4",
    "voice": "audio/ogg",
    "video_note": "video/mp4",
    "audio": "audio/mpeg",
}
# What may pass as a voice message: OGG, MP3 with or without tags.
VOICE_OPENINGS = (b"OggS", b"ID3", b"\xff\xfb", b"\xff\xf3")
Options = Mapping[str, Any]


def medium(
    req: Request, kind: str, source: Upload | str | None, options: Options, *, album: bool = False
) -> Media:
    """The media for one `sendX` call or one InputMedia."""
    if source is None:
        raise bad(f"there is no {kind.replace('_', ' ')} in the request")
    if isinstance(source, str):
        found = _known(req, kind, source)
        return Media(
            found.kind,
            found.file,
            sizes=found.sizes,
            thumbnail=found.thumbnail,
            cover=found.cover,
            fields=found.fields,
            spoiler=_on(options, "has_spoiler"),
        )
    if not source.content:
        raise bad("file must be non-empty")
    media = _photo(req, source) if kind == "photo" else _document(req, kind, source, album=album)
    _describe(req, media, options)
    return req.world.remember(media)


def _known(req: Request, kind: str, source: str) -> Media:
    if source.startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")
    file = req.bot.files.get(source)
    if file is None:
        raise bad(
            "wrong remote file identifier specified: can't unserialize it. Wrong last symbol"
        )
    # All documents are of one nature to the server, photos of another.
    mixed = (file.kind == "photo") != (kind == "photo")
    if mixed or file.kind == "thumbnail":
        raise bad(f"can't use file of type {KINDS[file.kind][2]} as {KINDS[kind][2]}")
    return req.world.media_of[file.number]


def _photo(req: Request, upload: Upload) -> Media:
    check_photo(upload.content)
    return req.world.photo(upload.content)


def _document(req: Request, kind: str, upload: Upload, *, album: bool) -> Media:
    content = upload.content
    # What a bot calls a document is looked into all the same, unless it asks not to.
    looked_into = kind == "document" and not album
    looked_into &= not req.flag("disable_content_type_detection")
    movie = probe(content) if looked_into or kind in {"video", "animation", "video_note"} else None
    if looked_into and movie:
        kind = "video"
    if kind == "video" and movie is None:
        kind = "document"
    elif kind == "video" and movie and not movie.has_sound and not album:
        # A film without sound is a GIF to Telegram.
        kind = "animation"
    elif kind == "voice" and not content.startswith(VOICE_OPENINGS):
        kind = "document"
    mime = upload.mime
    if mime == "application/octet-stream" or kind not in {"document", "audio"}:
        mime = MIME.get(kind, mime)
    media = Media(kind, _stored(req, kind, upload, mime))
    if kind in {"video", "animation"}:
        sides = (movie.width, movie.height) if movie else _sides(content)
        media.fields = {"width": sides[0], "height": sides[1], "duration": 0}
        media.fields["duration"] = movie.duration if movie else 0
    elif kind == "sticker":
        width, height = _sides(content)
        media.fields = {"width": width, "height": height, "type": "regular"}
        media.fields |= {"is_animated": False, "is_video": False}
    elif kind in {"audio", "voice"}:
        media.fields = {"duration": 0}
    elif kind == "video_note":
        side = movie.width if movie else 0
        media.fields = {"duration": movie.duration if movie else 0, "length": side}
    return media


def _stored(req: Request, kind: str, upload: Upload, mime: str) -> StoredFile:
    return req.world.store(kind, upload.content, upload.name, mime)


def _sides(content: bytes) -> tuple[int, int]:
    try:
        return dimensions(content)
    except OSError:
        return 0, 0


def _describe(req: Request, media: Media, options: Options) -> None:
    """Apply what the bot says about its upload: sizes, performer, thumbnail, cover."""
    media.spoiler = _on(options, "has_spoiler")
    for name in ("width", "height", "duration", "length"):
        if name in media.fields and options.get(name):
            media.fields[name] = int(float(options[name]))
    if media.kind == "audio":
        named = ("performer", "title")
        media.fields |= {name: options[name] for name in named if options.get(name)}
    if _on(options, "supports_streaming") and media.kind == "video":
        movie = probe(media.content)
        if movie and not movie.fast_start:
            req.warnings.append("supports_streaming is set, but the moov box is not first")
    if media.kind == "photo":
        return
    thumbnail = req.attached(options.get("thumbnail"), "thumbnail")
    if thumbnail is not None:
        media.thumbnail = _thumbnail(req, thumbnail)
    if cover := req.attached(options.get("cover"), "cover"):
        media.cover = _cover(req, cover)


def _on(options: Options, name: str) -> bool:
    return str(options.get(name, "")).lower() in {"true", "1"}


def _thumbnail(req: Request, source: Upload | str) -> PhotoSize | None:
    if isinstance(source, str):
        req.warnings.append("thumbnail ignored: only an upload can be one")
        return None
    if fault := thumbnail_fault(source.content):
        req.warnings.append(fault)
        return None
    width, height = dimensions(source.content)
    return PhotoSize(req.world.store("thumbnail", source.content), width, height)


def _cover(req: Request, source: Upload | str) -> list[PhotoSize]:
    if isinstance(source, str):
        return _known(req, "photo", source).sizes
    try:
        return req.world.photo(source.content).sizes
    except ValueError as error:
        raise bad("IMAGE_PROCESS_FAILED") from error
