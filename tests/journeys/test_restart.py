"""The bot as its own process, killed at the worst moments, and what it makes of it afterwards."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass

import pytest
import pytest_asyncio

from playground.server import Playground
from storage.inbox import MAX_ATTEMPTS
from tests.journeys.conftest import running_with, settings_for
from tests.process import Process
from tests.world import PATIENCE, SMALL, plain, tone

RED = plain("red")
ASKED = "If it is not here, press the button, and I send it again."
FILM = "static --res 480p"  # with a second of sound: the cheapest film there is

# Every step that is remembered, by the line in the log that follows it.
MARKS = (
    ("event=accepted",),
    ("event=state", "state=submitting"),
    ("event=remembered", "name=remote"),
    ("event=state", "state=fetching"),
    ("event=moved", "lane=delivery"),
    ("event=state", "state=delivering"),
    ("event=delivered",),
    ("event=state", "state=delivered"),
)
# Killed here, the bot cannot know whether the video arrived; a kill may come a step late.
UNCLEAR = {"lane=delivery", "state=delivering", "event=delivered"}


@dataclass
class Outcome:
    """What a story came to: what the person sees, and what the bot has written down."""

    videos: list
    questions: list
    done: list
    states: list
    ledger: list

    @property
    def is_over(self):
        return bool(self.videos or self.questions) and bool(self.done)


async def killed_at(mark, folder):
    """Order a film, kill the bot when it says the mark, start it anew and let it finish."""
    async with Playground() as playground:
        telegram = playground.telegram
        settings = {**settings_for(playground, folder), "PRICES": "local/camera=1"}
        process = await Process(settings).start()
        telegram.send_voice(telegram.person, tone(1), 1)
        telegram.send_photo(telegram.person, RED, FILM)
        await process.says(*mark)
        await process.kill()
        async with running_with(settings):
            await telegram.wait_for(lambda: outcome_of(telegram, folder).is_over, PATIENCE)
        return outcome_of(telegram, folder)


def outcome_of(telegram, folder):
    questions = telegram.from_bot(telegram.person, ASKED)
    end = "it is unclear whether it arrived" if questions else "Video 1 is done"
    with closing(sqlite3.connect(folder / "bot.db")) as database:
        return Outcome(
            videos=[one for one in telegram.from_bot(telegram.person) if one.kind == "video"],
            questions=questions,
            done=telegram.from_bot(telegram.person, end),
            states=database.execute("SELECT state, cancelling FROM tasks").fetchall(),
            ledger=database.execute("SELECT kind, daily FROM ledger ORDER BY id").fetchall(),
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outcomes(tmp_path_factory):
    """The ends of all stories, which run a few at a time."""
    seats = asyncio.Semaphore(3)

    async def story(mark):
        async with seats:
            return await killed_at(mark, tmp_path_factory.mktemp("killed"))

    return dict(zip(MARKS, await asyncio.gather(*map(story, MARKS)), strict=True))


@pytest.mark.timeout(150)
@pytest.mark.parametrize("mark", MARKS, ids=" ".join)
def test_a_bot_that_is_killed_brings_the_video_to_its_end_once(outcomes, mark):
    outcome = outcomes[mark]

    assert outcome.states == [("delivered", 0)]
    if outcome.questions:
        assert mark[-1] in UNCLEAR
        assert len(outcome.questions) == 1
        assert len(outcome.videos) <= 1
    else:
        assert len(outcome.videos) == 1


@pytest.mark.timeout(150)
@pytest.mark.parametrize("mark", MARKS, ids=" ".join)
def test_a_bot_that_is_killed_charges_for_a_video_once(outcomes, mark):
    cost = outcomes[mark].ledger[0][1]

    assert outcomes[mark].ledger == [("hold", cost), ("capture", 0)]
    assert cost < 0


@pytest.mark.timeout(150)
@pytest.mark.parametrize("mark", MARKS, ids=" ".join)
def test_a_bot_that_is_killed_brings_one_status_message_to_its_end(outcomes, mark):
    assert len(outcomes[mark].done) == 1


async def test_a_bot_that_still_waits_for_telegram_ends_well_when_it_is_told_to(process):
    await process.start(TELEGRAM_API_URL="http://127.0.0.1:1")
    await process.says("Telegram is not reachable")

    assert await process.stop() == 0
    assert "Traceback" not in "".join(process.lines)


async def test_a_status_message_goes_on_after_a_restart(
    process, start_here, telegram, taken, said
):
    await process.start()
    telegram.send_photo(telegram.person, RED, SMALL)
    status = await taken()
    await process.says("name=remote")
    telegram.send_text(telegram.person, "/job 1")
    await said("Video 1\n")  # answered after the number of the status message was kept
    await process.kill()

    async with start_here():
        done = await said("Video 1 is done")

    assert done is status


async def test_a_status_that_was_behind_when_the_bot_ended_catches_up(
    start_here, telegram, videos, taken, said
):
    async with start_here():
        telegram.send_voice(telegram.person, tone(1), 1)
        telegram.send_photo(telegram.person, RED, "static --res 480p")
        status = await taken()
        await telegram.wait_for(videos, timeout=PATIENCE)
        telegram.send_text(telegram.person, "/job 1")
        await said("UTC: delivered")

    async with start_here():
        done = await said("Video 1 is done")

    assert done is status


async def test_a_bot_that_dies_while_it_sends_asks_whether_the_video_arrived(
    process, start_here, telegram, said, toast, videos
):
    held = telegram.fail("sendVideo", hold=True)
    await process.start()
    telegram.send_voice(telegram.person, tone(1), 1)
    telegram.send_photo(telegram.person, RED, FILM)
    await telegram.wait_for(lambda: held.waiting, timeout=PATIENCE)
    await process.kill()
    telegram.release(held)

    async with start_here():
        question = await said(ASKED)
        status = await said("Video 1 was sent, but it is unclear whether it arrived.")
        before = videos()
        await toast(question, "Send again")
        await telegram.wait_for(videos, timeout=PATIENCE)
        assert await said("Video 1 is done") is status

    assert (len(before), len(videos())) == (0, 1)


async def test_a_photo_that_waits_for_words_outlives_the_bot(
    process, start_here, telegram, said, taken
):
    await process.start()
    photo = telegram.send_photo(telegram.person, RED)
    await said("What should happen")
    await process.kill()

    async with start_here(LIMITS="local.running=0"):
        telegram.send_text(telegram.person, f"orbit {SMALL}")
        status = await taken()

    assert status.reply_to is photo


async def test_an_order_that_was_being_read_when_the_bot_died_is_read_again(
    process, start_here, telegram, taken, rows
):
    held = telegram.fail("getFile", hold=True)
    await process.start()
    photo = telegram.send_photo(telegram.person, RED, SMALL)
    await telegram.wait_for(lambda: held.waiting, timeout=PATIENCE)
    await process.kill()
    telegram.faults.clear()

    async with start_here(LIMITS="local.running=0"):
        status = await taken()

    assert status.reply_to is photo
    assert rows("SELECT id FROM tasks") == [(1,)]


@pytest.mark.parametrize(
    ("words", "method", "text"),
    [
        ("", "sendPhoto", "First and last frame are here"),
        ("orbit --dur 99", "sendMessage", "The photo is still here"),
        ("orbit", "sendMessage", "you have 0 left"),
    ],
)
async def test_what_was_being_said_about_an_album_when_the_bot_died_is_said_again(
    process, start_here, telegram, said, words, method, text
):
    """Its updates were dealt with long before: nothing else would bring it up again."""
    poor = {"DAILY_CREDITS": "0", "PRICES": "local/camera=1"}
    held = telegram.fail(method, hold=True, contains=text)
    await process.start(**poor)
    photos = telegram.send_album(telegram.person, [RED, plain("blue")], words)
    await telegram.wait_for(lambda: held.waiting, timeout=PATIENCE)
    await process.kill()
    telegram.faults.clear()

    async with start_here(**poor):
        told = await said(text)

    assert told.reply_to in photos


async def test_a_photo_that_was_given_up_is_not_taken_for_the_first_frame_of_the_next(
    process, start_here, telegram, said, taken, rows, tmp_path
):
    held = telegram.fail("getFile", hold=True)
    await process.start()
    telegram.send_photo(telegram.person, RED, f"orbit {SMALL}")
    await telegram.wait_for(lambda: held.waiting, timeout=PATIENCE)
    await process.kill()
    telegram.faults.clear()
    with closing(sqlite3.connect(tmp_path / "bot.db")) as database, database:
        database.execute(f"UPDATE inbox SET attempts = {MAX_ATTEMPTS}")

    async with start_here(LIMITS="local.running=0"):
        await said("If /jobs does not show it as ordered, please try again later.")
        telegram.send_photo(telegram.person, plain("blue"), f"orbit {SMALL}")
        await taken()

    assert rows("SELECT json_extract(request, '$.last_frame') FROM tasks") == [(None,)]


async def test_a_photo_outlives_any_number_of_restarts_while_it_is_read(
    start_here, telegram, taken
):
    telegram.send_photo(telegram.person, RED, f"orbit {SMALL}")
    for _ in range(MAX_ATTEMPTS + 1):
        held = telegram.fail("getFile", hold=True)
        async with start_here():
            await telegram.wait_for(lambda: held.waiting, timeout=PATIENCE)  # noqa: B023
        telegram.faults.clear()

    async with start_here(LIMITS="local.running=0"):
        await taken()


async def test_a_signal_ends_the_bot_at_once_and_the_video_is_made_afterwards(
    process, start_here, telegram, videos
):
    await process.start()
    telegram.send_photo(telegram.person, RED, SMALL)
    await process.says("name=remote")

    code = await process.stop()
    before = videos()
    async with start_here():
        await telegram.wait_for(videos, timeout=PATIENCE)

    assert (code, len(before), len(videos())) == (0, 0, 1)


@pytest.mark.usefixtures("bot")
async def test_a_second_bot_on_the_same_database_does_not_start(process):
    await process.start()

    code = await process.ends()

    (line,) = process.lines
    assert code == 1
    assert line.startswith("firstframe: DATABASE_URL: another bot is already running")


async def test_the_log_never_shows_the_token(process, telegram, playground, said):
    telegram.fail("getUpdates", 500)
    telegram.fail("getFile", drop="before")
    telegram.fail("file", 404, times=0)
    telegram.fail("sendMessage", drop="after", contains="could not fetch")
    await process.start(LIMITS="local.running=0")
    telegram.send_photo(telegram.person, RED, SMALL)
    await said("I could not fetch your files")
    await process.says("unheard")

    await process.stop()

    assert any("polling failed" in line for line in process.lines)
    assert [line for line in process.lines if playground.token in line] == []


async def test_a_setting_at_fault_ends_the_start_with_a_line_that_names_it(environment):
    faults = {
        "TELEGRAM_BOT_TOKEN: is not set": {"TELEGRAM_BOT_TOKEN": None},
        "TELEGRAM_BOT_TOKEN: must look like": {"TELEGRAM_BOT_TOKEN": "not a token"},
        "ADMIN_IDS: must be Telegram user numbers": {"ADMIN_IDS": "x"},
        "DEFAULT_MODEL: nope/x is not offered": {"DEFAULT_MODEL": "nope/x"},
    }

    async def attempt(number, fault):
        names = {**environment, **fault, "DATABASE_URL": f"{environment['DATABASE_URL']}{number}"}
        process = Process({name: value for name, value in names.items() if value})
        await process.start()
        return await process.ends(), list(process.lines)

    ends = await asyncio.gather(*map(attempt, range(len(faults)), faults.values()))

    for words, (code, lines) in zip(faults, ends, strict=True):
        assert code == 1
        assert len(lines) == 1
        assert lines[0].startswith(f"firstframe: {words}")
