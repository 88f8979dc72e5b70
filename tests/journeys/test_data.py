"""A person's own data: handed out whole, and deleted after a day to change one's mind."""

import io
import json
import sqlite3
from contextlib import closing
from zipfile import ZipFile

import pytest

from tests.world import PATIENCE, SMALL, plain

RED = plain("red")
ALL = "SELECT count(*) FROM "


@pytest.fixture
def set_back(tmp_path):
    """Let the day of waiting be over, while the bot is away."""

    def run():
        with closing(sqlite3.connect(tmp_path / "bot.db")) as database, database:
            database.execute("UPDATE accounts SET leaving = 1 WHERE leaving IS NOT NULL")

    return run


@pytest.mark.usefixtures("idle_bot")
async def test_my_data_is_one_file_with_rows_and_pictures(telegram, taken):
    telegram.send_photo(telegram.person, RED, f"my very own words {SMALL}")
    await taken()

    telegram.send_text(telegram.person, "/mydata")

    files = lambda: [one for one in telegram.from_bot(telegram.person) if one.kind == "document"]  # noqa: E731
    (message,) = await telegram.wait_for(files, timeout=PATIENCE)
    with ZipFile(io.BytesIO(message.media.content)) as archive:
        data = json.loads(archive.read("data.json"))
        pictures = [name for name in archive.namelist() if name.endswith(".jpg")]
    assert data["account"][0]["id"] == telegram.person.id
    assert data["videos"][0]["request"]["prompt"] == "my very own words"
    assert [line["kind"] for line in data["credits"]] == ["hold"]
    assert pictures


@pytest.mark.usefixtures("idle_bot")
async def test_my_data_is_not_handed_out_again_at_once(telegram, said):
    telegram.send_text(telegram.person, "/mydata")
    await said("Everything I keep about you")

    telegram.send_text(telegram.person, "/mydata")

    assert await said("a few minutes ago")
    assert len(telegram.calls("sendDocument")) == 1


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize("command", ["/mydata", "/deleteme"])
async def test_a_group_is_no_place_for_somebodys_data(telegram, said, command):
    group = telegram.create_group("Friends", telegram.person)
    telegram.add(group, telegram.bot)

    telegram.send_text(telegram.person, f"{command}@{telegram.bot.username}", chat=group)

    assert await said("I answer that in our private chat.", group)
    assert telegram.calls("sendDocument") == []


async def test_a_day_after_the_wish_everything_is_gone_but_the_sums(
    start_here, telegram, said, taken, toast, rows, set_back, dump, tmp_path
):
    async with start_here(LIMITS="local.running=0", PRICES="local/camera=2"):
        telegram.send_photo(telegram.person, RED, f"my very own words {SMALL}")
        status = await taken()
        await toast(status, "Cancel")
        telegram.send_text(telegram.person, "/deleteme")
        question = await said("This deletes your name")
        await toast(question, "Delete everything about me")
        await said("Everything about you is deleted after")
    assert rows(ALL + "accounts WHERE leaving IS NOT NULL") == [(1,)]
    set_back()

    async with start_here():
        other = telegram.create_user("Boris")
        gone = lambda: rows(ALL + f"accounts WHERE id = {telegram.person.id}") == [(0,)]  # noqa: E731
        while not gone():
            telegram.send_text(other, "/balance")
            count = len(telegram.from_bot(other))
            await telegram.wait_for(
                lambda count=count: len(telegram.from_bot(other)) > count, timeout=PATIENCE
            )

    assert rows('SELECT "user", account, chat FROM tasks') == [(None, 0, 0)]
    assert rows("SELECT kind, daily, account FROM ledger") == [("hold", -6, 0), ("release", 6, 0)]
    assert list((tmp_path / "media").iterdir()) == []
    assert "my very own words" not in dump()
    assert str(telegram.person.id) not in dump()


@pytest.mark.usefixtures("idle_bot")
async def test_one_press_keeps_everything(telegram, said, toast, rows):
    telegram.send_text(telegram.person, "/deleteme")
    await toast(await said("This deletes your name"), "Delete everything about me")

    await toast(await said("Everything about you is deleted after"), "Keep everything")

    assert await said("Nothing is deleted.")
    assert rows("SELECT leaving FROM accounts") == [(None,)]
