"""Files as Telegram keeps them, and the media of a message built from them."""

from dataclasses import dataclass, field
from typing import Any

# Kind -> folder in file_path, opening letters of a file_id, TDLib's name in refusals, extension.
KINDS = {
    "photo": ("photos", "AgAC", "Photo", ".jpg"),
    "thumbnail": ("thumbnails", "AAMC", "Thumbnail", ".jpg"),
    "video": ("videos", "BAAC", "Video", ".mp4"),
    "animation": ("animations", "CgAC", "Animation", ".mp4"),
    "document": ("documents", "BQAC", "Document", ""),
    "audio": ("music", "CQAC", "Audio", ".mp3"),
    "voice": ("voice", "AwAC", "VoiceNote", ".oga"),
    "video_note": ("video_notes", "DQAC", "VideoNote", ".mp4"),
    "sticker": ("stickers", "CAAC", "Sticker", ".webp"),
}
MEGABYTE = 1 << 20
MAX_UPLOAD = 50 * MEGABYTE
MAX_DOWNLOAD = 20 * MEGABYTE
MAX_PHOTO = 10 * MEGABYTE


@dataclass(eq=False, slots=True)
class StoredFile:
    number: int
    kind: str
    content: bytes = field(repr=False)
    unique_id: str
    name: str = ""
    mime: str = ""
    # A test may claim a size that the bytes do not have, such as 30 MB or 0.
    claimed_size: int | None = None

    @property
    def size(self) -> int:
        return len(self.content) if self.claimed_size is None else self.claimed_size

    @property
    def path(self) -> str:
        folder, _, _, extension = KINDS[self.kind]
        if "." in self.name:
            extension = "." + self.name.rsplit(".", 1)[1]
        return f"{folder}/file_{self.number}{extension}"


@dataclass(eq=False, slots=True)
class PhotoSize:
    file: StoredFile
    width: int
    height: int


@dataclass(eq=False, slots=True)
class Media:
    """One medium: a photo has sizes only, everything else has a file."""

    kind: str
    file: StoredFile
    sizes: list[PhotoSize] = field(default_factory=list)
    thumbnail: PhotoSize | None = None
    cover: list[PhotoSize] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    spoiler: bool = False

    @property
    def content(self) -> bytes:
        return self.file.content

    @property
    def pictures(self) -> list[PhotoSize]:
        return [*self.sizes, *self.cover, *([self.thumbnail] if self.thumbnail else [])]


@dataclass(frozen=True, slots=True)
class Upload:
    """One file part of a request."""

    name: str
    content: bytes = field(repr=False)
    mime: str = "application/octet-stream"
