import ctypes
import os
import select
from contextlib import contextmanager

import av
import pytest

from core.errors import MediaError
from media.containers import open_media
from media.runner import MediaRunner

IN_OPEN, IN_NONBLOCK = 0x20, 0x800

PLAYLISTS = {
    "m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{path}\n#EXT-X-ENDLIST\n",
    "ffconcat": "ffconcat version 1.0\nfile '{name}'\n",
}
SDP = (
    "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=call\nc=IN IP4 127.0.0.1\nt=0 0\n"
    "m=audio 50000 RTP/AVP 0\na=rtpmap:0 PCMU/8000\n"
)


@contextmanager
def watch(path):
    """Tell afterwards whether any process opened a file, as the kernel saw it (inotify)."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(IN_NONBLOCK)
    assert libc.inotify_add_watch(descriptor, os.fsencode(path), IN_OPEN) > 0
    opened = []
    try:
        yield opened
        opened.extend(select.select([descriptor], [], [], 0)[0])
    finally:
        os.close(descriptor)


@pytest.fixture
def secret(tmp_path, tone, write_sound):
    return write_sound(tmp_path / "secret.mp3", tone(1, 44_100), 44_100)


@pytest.mark.parametrize(
    ("kind", "suffix"), [("m3u8", "m3u8"), ("ffconcat", "ffconcat"), ("ffconcat", "mp3")]
)
async def test_a_playlist_cannot_reach_another_file(kind, suffix, secret, tmp_path):
    playlist = tmp_path / f"voice.{suffix}"
    playlist.write_text(PLAYLISTS[kind].format(path=secret, name=secret.name))
    with watch(secret) as opened, av.open(str(playlist)) as unguarded:
        next(unguarded.decode(audio=0))
    assert opened, "the library itself would have played it"
    with watch(secret) as opened, pytest.raises(MediaError) as refused:
        await MediaRunner().run("inspect_sound", {"source": str(playlist)})
    assert not opened
    assert "cannot be read" in str(refused.value.sentence)


async def test_a_description_of_a_network_stream_is_refused_by_its_kind(tmp_path):
    source = tmp_path / "voice.sdp"
    source.write_text(SDP)
    with pytest.raises(MediaError) as refused, open_media(source):
        pass
    # Not for a protocol that happens to be missing: the kind of file is not even tried.
    assert isinstance(refused.value.__cause__, av.ArgumentError)
    with pytest.raises(MediaError):
        await MediaRunner().run("inspect_sound", {"source": str(source)}, limit=20)
