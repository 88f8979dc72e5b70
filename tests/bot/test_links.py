"""Signed links: each opens one file, for as long as its task or draft is open."""

import sqlite3
import time
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa
from aiohttp.test_utils import TestServer
from itsdangerous import URLSafeTimedSerializer

from bot.http import make_app
from bot.links import Links
from bot.settings import Settings
from core.states import State
from jobs.workshop import Workshop
from storage import drafts, media, tables, tasks, wishes
from storage.content import Content
from storage.database import Database
from storage.drafts import Spot
from storage.media import MediaFolder
from tests.factories import NOON, make_new_task

SECRET = "the-secret-of-our-links"
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 4
SPOT = Spot(chat=7, sender=7, topic=None)


class Desk:
    """The bot's server, a folder with two photos, a task that uses one, and a draft."""

    def __init__(self, tmp_path):
        self.folder = MediaFolder(tmp_path / "media")
        self.database = Database(tmp_path / "bot.db")
        self.path = tmp_path / "bot.db"
        self.photo, self.other = self.file(), self.file()
        self.workshop = Workshop(
            database=self.database, folder=self.folder, runner=None, catalog=None, front=None
        )

    def file(self, suffix=".jpg"):
        path = self.folder.new(suffix)
        path.write_bytes(PHOTO)
        return path

    @asynccontextmanager
    async def serving(self, links):
        settings = Settings(_env_file=None, telegram_bot_token="123456789:" + "A" * 35)
        server = TestServer(make_app(settings, None, self.workshop, links))
        await server.start_server()
        try:
            async with aiohttp.ClientSession(server.make_url("/")) as self.client:
                yield self
        finally:
            await server.close()

    async def prepare(self):
        """A task that runs at a service, with one photo among its files, and an open draft."""
        self.task = await self.database.write(tasks.insert, make_new_task(), 7, NOON)
        (claimed,) = await self.database.write(tasks.claim, self.task.lane, 1, NOON)
        facts = {**claimed.facts, "inputs": {"first": self.photo.name, "key": "k"}}
        self.claimed = claimed
        await self.save(State.SUBMITTING, facts)
        self.draft = await self.database.write(
            lambda connection: drafts.update(
                connection, SPOT, lambda _: (Content(), None), due=None, now=NOON
            )
        )

    async def save(self, state, facts):
        with closing(sqlite3.connect(self.path)) as database:
            before = database.execute("SELECT state FROM tasks").fetchone()[0]
        known = self.claimed.__class__(
            **{name: getattr(self.claimed, name) for name in self.claimed.__slots__}
            | {"state": State(before)}
        )
        await self.database.write(tasks.save, known, state=state, facts=facts, now=NOON)
        self.facts = facts

    async def get(self, url, method="GET", **headers):
        path = url.removeprefix("https://bot.example/sub")
        async with self.client.request(method, path, headers=headers) as answer:
            return answer.status, await answer.read(), answer.headers


@pytest.fixture
def links():
    return Links("https://bot.example/sub/", SECRET)


@pytest.fixture
async def desk(tmp_path, migrated, links):
    (tmp_path / "bot.db").write_bytes(Path(migrated).read_bytes())
    one = Desk(tmp_path)
    await one.prepare()
    async with one.serving(links):
        yield one
    await one.database.close()


@pytest.fixture
def url(desk, links):
    return links.link(f"task:{desk.task.id}", desk.photo)


async def status(desk, url, **options):
    return (await desk.get(url, **options))[0]


async def test_a_link_gives_its_file_with_type_and_length(desk, url):
    code, body, headers = await desk.get(url)

    assert (code, body) == (200, PHOTO)
    assert headers["Content-Type"] == "image/jpeg"
    assert int(headers["Content-Length"]) == len(PHOTO)
    assert "no-store" in headers["Cache-Control"]


async def test_a_link_lies_under_the_public_address_and_names_no_file(desk, url):
    assert url.startswith("https://bot.example/sub/m/")
    assert desk.photo.name not in url


@pytest.mark.parametrize(("suffix", "kind"), [(".mp3", "audio/mpeg"), (".png", "image/png")])
async def test_a_sound_and_a_mask_have_their_own_types(desk, links, suffix, kind):
    file = desk.file(suffix)
    await desk.save(State.SUBMITTING, desk.facts | {"inputs": {"audio": file.name}})

    _, _, headers = await desk.get(links.link(f"task:{desk.task.id}", file))

    assert headers["Content-Type"] == kind


async def test_a_part_is_given_where_a_part_is_asked_for(desk, url):
    code, body, headers = await desk.get(url, Range="bytes=10-19")

    assert (code, body) == (206, PHOTO[10:20])
    assert headers["Content-Range"] == f"bytes 10-19/{len(PHOTO)}"
    assert await status(desk, url, Range=f"bytes={len(PHOTO)}-") == 416


async def test_a_photo_of_a_finished_task_is_open_while_it_is_looked_at(desk, links):
    url = links.link(f"look:{desk.task.id}", desk.photo)
    await desk.save(State.FAILED, desk.facts)
    before = await status(desk, url)

    await desk.database.write(wishes.note, desk.task.id, "looking", value=True)
    during = await status(desk, url)
    await desk.database.write(wishes.note, desk.task.id, "looking", None)

    assert (before, during, await status(desk, url)) == (404, 200, 404)


async def test_asking_about_a_file_gives_its_length_alone(desk, url):
    code, body, headers = await desk.get(url, "HEAD")

    assert (code, body, int(headers["Content-Length"])) == (200, b"", len(PHOTO))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_a_link_is_for_reading(desk, url, method):
    assert await status(desk, url, method=method) == 405
    assert desk.photo.read_bytes() == PHOTO


async def test_there_is_no_listing(desk):
    for path in ("/m", "/m/", "/m/..", "/m/.", f"/m/{desk.photo.name}", "/m/%2e%2e%2fbot.db"):
        assert await status(desk, path) == 404, path


async def test_a_link_that_was_changed_in_one_letter_is_unknown(desk, url):
    head, _, token = url.rpartition("/")
    for place in range(0, len(token) - 1, 5):  # of the last letter, not every bit counts
        letter = "A" if token[place] != "A" else "B"
        forged = f"{head}/{token[:place]}{letter}{token[place + 1 :]}"
        assert await status(desk, forged) == 404, place


@pytest.mark.parametrize("secret", ["", "another", SECRET.upper()])
async def test_a_link_that_somebody_else_has_signed_is_unknown(desk, secret):
    forged = Links("https://bot.example/sub", secret).link(f"task:{desk.task.id}", desk.photo)

    assert await status(desk, forged) == 404


async def test_what_was_signed_for_another_purpose_opens_nothing(desk):
    signer = URLSafeTimedSerializer(SECRET, salt="something else")
    token = signer.dumps([f"task:{desk.task.id}", desk.photo.name])

    assert await status(desk, f"/m/{token}") == 404


@pytest.mark.parametrize("name", ["../bot.db", "..", "", "/etc/passwd", "a/b", "bot.db"])
async def test_a_link_never_leads_out_of_the_folder(desk, links, name):
    token = URLSafeTimedSerializer(SECRET, salt="media link").dumps([f"task:{desk.task.id}", name])
    await desk.save(State.SUBMITTING, desk.facts | {"inputs": {"first": name}})

    code, body, _ = await desk.get(f"/m/{token}")

    assert code != 200
    assert b"SQLite" not in body
    assert b"root:" not in body


async def test_a_link_is_outlived_after_half_a_day(desk, url, monkeypatch):
    moment = int(time.time())
    hour = 3600
    for age, expected in ((11 * hour, 200), (13 * hour, 404)):
        monkeypatch.setattr("itsdangerous.timed.time.time", lambda age=age: moment + age)
        assert await status(desk, url) == expected


WAY = (State.RUNNING, State.FETCHING, State.DELIVERING, State.DELIVERED)


@pytest.mark.parametrize(
    "way", [(State.FAILED,), (State.CANCELLED,), (State.UNCERTAIN,), WAY], ids=str
)
async def test_a_link_ends_with_its_task(desk, url, way):
    for state in way:
        assert await status(desk, url) == 200
        await desk.save(state, desk.facts)

    assert await status(desk, url) == 404


async def test_a_link_opens_no_file_that_its_task_does_not_use(desk, links):
    assert await status(desk, links.link(f"task:{desk.task.id}", desk.other)) == 404


@pytest.mark.parametrize("owner", ["task:999", "draft:999", "task:-1", "draft:0"])
async def test_a_link_of_what_does_not_exist_is_unknown(desk, links, owner):
    assert await status(desk, links.link(owner, desk.photo)) == 404


async def test_a_link_of_a_file_that_is_gone_is_unknown(desk, url):
    desk.photo.unlink()

    assert await status(desk, url) == 404


async def test_a_link_of_a_draft_ends_with_the_draft(desk, links):
    url = links.link(f"draft:{desk.draft.id}", desk.other)
    before = await status(desk, url)
    await desk.database.write(drafts.close, desk.draft)

    assert (before, await status(desk, url)) == (200, 404)


@pytest.fixture
async def film(desk, links):
    """The link of a finished video, whose file is kept for a week."""
    file = desk.file(".mp4")
    facts = {**desk.facts, "clip": {"video": file.name}}
    for state in WAY:
        await desk.save(state, facts)
    until = desk.workshop.now() + timedelta(days=7)
    await desk.database.write(media.keep, [file.name], "result", until=until, now=NOON)
    return links.link(f"video:{desk.task.id}", file)


async def test_a_finished_video_is_downloaded_whole_or_in_parts_under_a_name_of_its_own(
    desk, film
):
    code, body, headers = await desk.get(film)
    part, some, _ = await desk.get(film, Range="bytes=10-19")

    assert (code, body, part, some) == (200, PHOTO, 206, PHOTO[10:20])
    assert headers["Content-Type"] == "video/mp4"
    assert headers["Content-Disposition"] == 'attachment; filename="firstframe-1.mp4"'


async def test_the_link_of_a_video_stands_as_long_as_its_file_is_kept(desk, film, monkeypatch):
    moment, day = int(time.time()), 86_400
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: moment + 6 * day)
    before = await status(desk, film)
    await desk.database.write(
        lambda one: one.execute(sa.update(tables.media).values(expires=NOON))
    )

    assert (before, await status(desk, film)) == (200, 404)


async def test_the_link_of_a_video_opens_no_other_file(desk, film, links):
    until = desk.workshop.now() + timedelta(days=7)
    await desk.database.write(media.keep, [desk.photo.name], "input", until=until, now=NOON)

    assert await status(desk, links.link(f"video:{desk.task.id}", desk.photo)) == 404
    assert await status(desk, links.link("video:999", desk.photo)) == 404


async def test_without_a_public_address_there_are_no_links(desk, url):
    async with desk.serving(None):
        assert await status(desk, url) == 404
