"""A person's data as one file: what is stored as JSON, and the pictures, sounds and videos."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

_LARGEST = 45_000_000  # bytes: a bot may send files of 50 MB


def write_zip(target: Path, data: Mapping[str, Any], files: Sequence[tuple[str, Path]]) -> int:
    """Write `data.json` and the files under their names; gives how many had no more room.

    Blocks: for a thread.
    """
    left_out = 0
    room = _LARGEST
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, indent=2, ensure_ascii=False))
        for name, path in files:
            size = path.stat().st_size if path.exists() else 0
            if size > room:
                left_out += 1
            elif size:
                # Pictures, sounds and videos are compressed already.
                archive.write(path, name, compress_type=ZIP_STORED)
                room -= size
    return left_out
