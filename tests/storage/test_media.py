import os
from datetime import timedelta

import pytest

from storage import media
from storage.media import MediaFolder
from tests.factories import NOON

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def folder(tmp_path):
    return MediaFolder(tmp_path / "data" / "media")


@pytest.fixture
def keep(database):
    async def keep(file, until=LATER, now=NOON):
        await database.write(media.keep, [file], "input", until=until, now=now)

    return keep


def mode(path):
    return oct(path.stat().st_mode & 0o777)


@pytest.fixture
def careless():
    """A process that would let everyone read and write what it makes."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("careless")
def test_the_folder_is_ours_alone(tmp_path):
    folder = MediaFolder(tmp_path / "data" / "media")

    assert mode(folder.root) == "0o700"


def test_a_folder_that_stood_open_is_shut(tmp_path):
    (tmp_path / "media").mkdir(mode=0o755)

    folder = MediaFolder(tmp_path / "media")

    assert mode(folder.root) == "0o700"


@pytest.mark.usefixtures("careless")
def test_a_new_file_is_ours_alone(folder):
    assert mode(folder.new(".jpg")) == "0o600"


def test_a_new_file_is_empty_and_lies_in_the_folder(folder):
    path = folder.new(".jpg")

    assert path.parent == folder.root
    assert path.suffix == ".jpg"
    assert path.read_bytes() == b""


def test_new_files_never_share_a_name(folder):
    names = {folder.new(".jpg").name for _ in range(20)}

    assert len(names) == 20


def test_opening_the_folder_again_keeps_its_files(folder):
    path = folder.new(".jpg")

    again = MediaFolder(folder.root)

    assert again.path(path.name).is_file()


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/passwd", "a/../../secret", "below/file.jpg", "file.jpg/", "."]
)
def test_a_name_that_leads_elsewhere_is_refused(folder, name):
    with pytest.raises(ValueError):
        folder.path(name)


def test_nothing_outside_the_folder_is_removed(folder):
    secret = folder.root.parent / "secret"
    secret.touch()

    with pytest.raises(ValueError):
        folder.remove(["../secret"])

    assert secret.exists()


def test_removing_takes_only_the_files_named(folder):
    going, staying = folder.new(".jpg"), folder.new(".jpg")

    folder.remove([going.name])

    assert (going.exists(), staying.exists()) == (False, True)


def test_removing_what_is_gone_already_is_harmless(folder):
    going = folder.new(".jpg")

    folder.remove(["gone.jpg", going.name])

    assert not going.exists()


def age(path, moment):
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return path.name


def test_strays_are_old_files_that_nobody_registered(folder):
    stray = age(folder.new(".jpg"), NOON - timedelta(seconds=1))
    age(folder.new(".jpg"), NOON)
    known = age(folder.new(".jpg"), NOON - timedelta(days=1))

    assert folder.strays({known}, NOON) == [stray]


async def test_files_expire_when_their_time_is_over(database, keep):
    await keep("old.jpg", until=NOON)
    await keep("new.jpg", until=LATER)

    at_its_time = await database.read(media.expired, NOON)
    after_it = await database.read(media.expired, NOON + timedelta(seconds=1))

    assert at_its_time == []
    assert after_it == ["old.jpg"]


async def test_a_file_may_stay_longer(database, keep):
    await keep("photo.jpg", until=NOON)

    await keep("photo.jpg", until=LATER)

    assert await database.read(media.expired, LATER) == []
    assert await database.read(media.expired, LATER + timedelta(seconds=1)) == ["photo.jpg"]


async def test_registered_files_are_known(database, keep):
    await keep("one.jpg")
    await keep("two.jpg")

    assert await database.read(media.known) == {"one.jpg", "two.jpg"}


async def test_forgotten_files_are_known_no_longer(database, keep):
    for name in ("one.jpg", "two.jpg", "three.jpg"):
        await keep(name)

    await database.write(media.forget, ["one.jpg", "two.jpg"])

    assert await database.read(media.known) == {"three.jpg"}


@pytest.mark.parametrize("name", ["..", ""])
def test_a_name_that_means_a_folder_is_refused(folder, name):
    with pytest.raises(ValueError):
        folder.path(name)
