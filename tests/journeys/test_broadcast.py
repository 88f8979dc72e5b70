"""A message to everybody, and what owners are told by themselves."""

import sqlite3
from contextlib import closing

import pytest

from tests.world import PATIENCE

NEWS = "New models are here"


@pytest.fixture
def owner(telegram):
    return telegram.person


@pytest.fixture
def start_owned(start_here, owner):
    return lambda **more: start_here(ADMIN_IDS=str(owner.id), ACCESS="open", **more)


@pytest.fixture
def crowd(telegram, said):
    """People who have said hello to the bot."""

    async def gather(count):
        people = [telegram.create_user(f"Guest {number}") for number in range(count)]
        for person in people:
            telegram.start(person)
            await said("Send me a", person)
        return people

    return gather


@pytest.fixture
def done(telegram, said, owner):
    """Ask for the state of the newest broadcast until it is done; gives the words."""

    async def wait():
        while True:
            asked = len(telegram.from_bot(owner, "Broadcast "))
            telegram.send_text(owner, "/broadcast")
            found = await telegram.wait_for(
                lambda asked=asked: telegram.from_bot(owner, "Broadcast ")[asked:],
                timeout=PATIENCE,
            )
            if "is done" in found[-1].text:
                return found[-1].text.splitlines()[0]

    return wait


async def test_a_broadcast_is_seen_first_and_reaches_whoever_wants_it_once(
    start_owned, telegram, owner, crowd, said, toast, done
):
    async with start_owned():
        ann, bob, cat = await crowd(3)
        telegram.send_text(owner, f"/broadcast {NEWS}")
        question = await said("This goes to 4 people")
        telegram.block(cat)
        telegram.fail("copyMessage", 502)
        before = [telegram.from_bot(one, NEWS) for one in (ann, bob, cat)]

        await toast(question, "Send it")
        words = await done()
        await telegram.wait_for(lambda: "is done" in question.text, timeout=PATIENCE)

    assert before == [[], [], []]
    assert [len(telegram.from_bot(one, NEWS)) for one in (ann, bob, cat)] == [1, 1, 0]
    assert words.startswith("Broadcast 1 is done: 3 sent, ")
    assert (question.text, question.labels) == (words, [])


async def test_a_broadcast_may_be_written_below_the_command(start_owned, telegram, owner, said):
    words = "Line one\n\nLine two"
    async with start_owned():
        telegram.send_text(owner, f"/broadcast\n{words}")
        await said("Nothing is sent yet")

    preview, _ = telegram.from_bot(owner)
    assert preview.text == words


async def test_who_says_no_gets_no_more_of_them(
    start_owned, telegram, owner, crowd, said, toast, done
):
    async with start_owned():
        (ann,) = await crowd(1)
        telegram.send_text(owner, f"/broadcast {NEWS}")
        await toast(await said("This goes to 2 people"), "Send it")
        await done()
        message = await said(NEWS, ann)

        assert await toast(message, "No more news", ann) == (
            "You get no more news. /settings brings them back."
        )
        telegram.send_text(owner, "/broadcast Again")

        assert await said("This goes to 1 person who")


async def test_a_stopped_broadcast_goes_on_where_it_was_also_after_a_restart(
    start_owned, telegram, owner, crowd, said, toast, rows, tmp_path
):
    async with start_owned():
        people = await crowd(2)
        held = telegram.fail("copyMessage", hold=True)
        telegram.send_text(owner, f"/broadcast {NEWS}")
        question = await said("This goes to 3 people")
        await toast(question, "Send it")
        await telegram.wait_for(
            lambda: held.waiting and "Stop" in question.labels, timeout=PATIENCE
        )
        assert question.text.startswith("Broadcast 1 goes out: 0 so far")
        assert await toast(question, "Stop") == "Broadcast 1 is stopped: 0 sent, 0 not reached."
        telegram.release(held)
    with closing(sqlite3.connect(tmp_path / "bot.db")) as database, database:
        # As a kill leaves it between sending and counting.
        database.execute("UPDATE broadcasts SET sent = sent - 1, under_way = 1")
    async with start_owned():
        telegram.send_text(owner, "/broadcast")
        await said("Broadcast 1 is stopped: 0 sent, 1 not reached.")
        held = telegram.fail("copyMessage", hold=True)
        await toast(question, "Go on")
        await telegram.wait_for(lambda: held.waiting, timeout=PATIENCE)
        telegram.release(held)  # ... and the bot ends before it hears of it
    async with start_owned():
        await telegram.wait_for(lambda: "is done" in question.text, timeout=PATIENCE)

    assert question.text == "Broadcast 1 is done: 2 sent, 1 not reached."
    assert [len(telegram.from_bot(one, NEWS)) for one in (owner, *people)] == [2, 1, 1]
    assert question.labels == []
    assert rows("SELECT action FROM audit") == [("broadcast",)] * 3


async def test_an_error_is_reported_once_in_the_owners_language_and_without_anybodys_words(
    start_owned, telegram, owner, said, tmp_path
):
    other = telegram.create_user("Boris")
    async with start_owned():
        for person in (owner, other):
            telegram.start(person)
            await said("Send me a", person)
        with closing(sqlite3.connect(tmp_path / "bot.db")) as database, database:
            database.execute(f"UPDATE accounts SET spoken = 'zh' WHERE id = {owner.id}")
            database.execute("DROP TABLE ledger")

        telegram.send_text(other, "/balance my secret words")
        await said("Something broke on our side", other)

    (report,) = telegram.from_bot(owner, "机器人的一项功能出错")
    assert "StorageError，位于 storage/database.py:" in report.text
    assert "secret" not in report.text
