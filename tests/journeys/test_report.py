"""In groups: whose buttons they are, reports to the admins, and what they decide."""

import json
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa

from jobs.ports import now
from storage import belongings
from tests.world import PATIENCE, SMALL, plain

QUESTION = "was reported"


@pytest.fixture
def anna(telegram):
    return telegram.person


@pytest.fixture
def boris(telegram):
    return telegram.create_user("Boris")


@pytest.fixture
def chief(telegram):
    """Who founded the group."""
    return telegram.create_user("Chief")


@pytest.fixture
def in_group(telegram, anna, boris, chief, once_rendered):
    """Start a bot whose finished video goes out to a group; gives the group."""

    @asynccontextmanager
    async def start(make=telegram.create_supergroup, **settings):
        group = make("Friends", chief, anna, boris, telegram.bot)
        changes = (
            f"UPDATE tasks SET chat = {group.id}, reply_to = NULL, status_message = NULL, due = 0"
        )
        async with once_rendered(changes, **settings):
            yield group

    return start


@pytest.fixture
def shown(telegram):
    async def arrive(group):
        return await telegram.wait_for(
            lambda: next((one for one in telegram.from_bot(group) if one.kind == "video"), None),
            timeout=PATIENCE,
        )

    return arrive


@pytest.fixture
async def result(in_group, shown, telegram, chief, said):
    """A video in a group whose founder has started the bot in private."""
    telegram.private_chat(chief)
    async with in_group() as group:
        telegram.start(chief)
        await said("Send me a photo", chief)
        yield await shown(group)


@pytest.fixture
async def asked(result, toast, boris, said, chief):
    """What the founder is told after Boris has reported the video."""
    await toast(result, "Report", boris)
    return await said(QUESTION, chief)


def facts(rows):
    ((text,),) = rows("SELECT facts FROM tasks")
    return json.loads(text)


async def test_in_a_group_the_buttons_are_those_of_whose_video_it_is(result, toast, boris, rows):
    assert "Report" in result.labels
    buttons = [label for label in result.labels if label != "Report"]

    popped_up = {await toast(result, button, boris) for button in buttons}

    assert popped_up == {"This is Anna's: only they can press it."}
    assert rows("SELECT COUNT(*) FROM tasks") == [(1,)]


async def test_a_copy_in_private_has_nobody_to_report_it(
    telegram, result, toast, forged, videos, anna
):
    telegram.unblock(anna)

    await toast(forged("replay:1"), "Forged")

    (copy,) = await telegram.wait_for(lambda: videos(anna), timeout=PATIENCE)
    assert copy.labels == [label for label in result.labels if label != "Report"]


async def test_words_are_asked_for_in_the_group_of_whom_they_are(
    telegram, result, toast, said, taken, rows, boris
):
    group = result.chat
    await toast(result, "Edit words")
    question = await said("has these words:", group)
    assert question.text.endswith("Anna, your turn.")
    telegram.send_text(boris, "mine", chat=group, reply_to=question)
    await said("There is no such video of yours.", group)

    telegram.send_text(telegram.person, "a storm", chat=group, reply_to=question)

    await taken(2, group)
    assert rows("SELECT request ->> '$.prompt', chat FROM tasks WHERE id = 2") == [
        ("a storm", group.id)
    ]


async def test_a_report_is_told_to_the_admins_in_private_once(
    telegram, result, asked, toast, boris, chief, anna
):
    assert asked.text == "🚩 Video 1 in “Friends” was reported by somebody there. Remove it?"
    assert asked.labels == ["Remove", "Keep", "Look at it"]
    assert asked.buttons[1][0]["url"].endswith(f"/{result.message_id}")

    again = await toast(result, "Report", boris)
    own = await toast(result, "Report", anna)
    other = await toast(result, "Report", chief)

    assert again == "You have reported it already."
    assert own == "This is your own video: Delete takes it away."
    assert other == "Thank you. The admins of this group are told."
    assert len(telegram.from_bot(chief, QUESTION)) == 1
    assert telegram.from_bot(result.chat, QUESTION) == []


async def test_where_no_admin_can_be_reached_the_group_is_told(
    telegram, in_group, shown, toast, said, boris, anna, rows
):
    async with in_group(telegram.create_group) as group:
        result = await shown(group)
        await toast(result, "Report", boris)
        question = await said(QUESTION, group)
        assert question.reply_to is result
        assert question.labels == ["Remove", "Keep"]

        refused = [await toast(question, "Remove", who) for who in (boris, anna)]

        assert refused == ["Only the admins of this chat can press this."] * 2
        assert not result.deleted
        assert "removed" not in facts(rows)


async def test_a_report_in_a_channel_that_reaches_no_admin_goes_to_the_owners(
    start_here, telegram, anna, toast, said
):
    channel = telegram.create_channel("News", anna, telegram.bot)
    olga, reader = telegram.create_user("Olga"), telegram.create_user("Reader")
    async with start_here(ADMIN_IDS=str(olga.id)):
        telegram.send_photo(
            anna, plain("red", size=(640, 480)), f"#video static {SMALL}", chat=channel
        )
        film = await telegram.wait_for(
            lambda: next((one for one in telegram.history(channel) if one.kind == "video"), None),
            timeout=PATIENCE,
        )
        unheard = await toast(film, "Report", reader)
        telegram.start(olga)
        await said("Send me a photo", olga)

        heard = await toast(film, "Report", reader)

        question = await said("was reported", olga)
        assert unheard == "I could reach nobody who decides about it. Please try again later."
        assert heard == "Thank you. The owners of this bot are told."
        assert "in the channel “News”" in question.text
        assert question.labels == ["Remove", "Keep", "Look at it"]
        await toast(question, "Remove", olga)
        await telegram.wait_for(lambda: film.deleted, timeout=PATIENCE)


async def test_remove_takes_the_video_back_and_tells_whose_it_is(
    telegram, result, asked, toast, said, chief, anna, rows, forged
):
    telegram.unblock(anna)

    popped_up = await toast(asked, "Remove", chief)

    told = await said("was removed from its group by the admins there.", anna)
    await telegram.wait_for(lambda: "was removed" in asked.text, timeout=PATIENCE)
    assert popped_up == "Video 1 is being removed."
    assert told.chat is telegram.private_chat(anna)
    assert result.deleted
    assert asked.labels == []
    assert rows('SELECT "by", action, account FROM audit') == [(chief.id, "remove", anna.id)]
    telegram.send_text(anna, "/history")
    await said("You have no videos yet.", anna)
    for data in ("replay:1", "same:1", "file:1"):
        assert "removed by the admins" in await toast(forged(data), "Forged")


async def test_after_a_group_has_become_a_supergroup_its_old_buttons_tell_the_truth(
    telegram, in_group, shown, toast, said, anna, boris, chief
):
    telegram.private_chat(chief)
    async with in_group(telegram.create_group) as group:
        telegram.start(chief)
        await said("Send me a photo", chief)
        result = await shown(group)
        telegram.send_text(anna, "/jobs", chat=group)
        jobs = await telegram.wait_for(
            lambda: next((one for one in telegram.from_bot(group) if "1" in one.labels), None),
            timeout=PATIENCE,
        )
        telegram.send_text(chief, "/settings", chat=group)
        panel = await said("Settings of this group", group)
        new = telegram.migrate(group)
        telegram.send_text(chief, "/help", chat=new)
        await said("In this group", new)

        outdated = [
            await toast(panel, panel.labels[0], chief),
            await toast(jobs, "1", anna),
            await toast(result, "Delete", anna),
        ]
        sent = await toast(result, "As file", anna)
        thanks = await toast(result, "Report", boris)
        question = await said(QUESTION, chief)
        await toast(question, "Remove", chief)

        assert all(one.startswith("This group has become a supergroup since.") for one in outdated)
        assert sent == "Sending it as a file."
        await telegram.wait_for(
            lambda: [one for one in telegram.from_bot(new) if one.kind == "document"],
            timeout=PATIENCE,
        )
        assert thanks == "Thank you. The admins of this group are told."
        await telegram.wait_for(lambda: "still shows there" in question.text, timeout=PATIENCE)


async def test_who_removes_an_old_video_hears_that_it_still_shows(
    telegram, result, asked, toast, chief
):
    telegram.advance(48 * 3600)

    await toast(asked, "Remove", chief)

    await telegram.wait_for(lambda: "still shows there" in asked.text, timeout=PATIENCE)
    assert asked.labels == ["Look at it"]
    assert not result.deleted
    assert result.text.startswith("🗑 Deleted here.")


async def test_what_somebody_who_has_left_leaves_in_a_group_can_be_removed(
    telegram, result, toast, stored, said, boris, chief, anna, tmp_path
):
    await stored("SELECT state FROM tasks", "delivered")
    with sa.create_engine(f"sqlite:///{tmp_path}/bot.db").begin() as connection:
        belongings.erase(connection, anna.id, now())

    await toast(result, "Report", boris)
    question = await said(QUESTION, chief)
    await toast(question, "Remove", chief)

    assert question.buttons[1][0]["url"].endswith(f"/{result.message_id}")
    await telegram.wait_for(lambda: result.deleted, timeout=PATIENCE)


async def test_remove_pressed_twice_removes_once(
    telegram, result, asked, toast, said, chief, anna, forged, rows
):
    await toast(asked, "Remove", chief)
    await telegram.wait_for(lambda: "was removed" in asked.text, timeout=PATIENCE)

    popped_up = await toast(forged("remove:1", chief), "Forged", chief)

    assert popped_up == "Video 1 was removed by the admins of its group."
    assert len(telegram.from_bot(result.chat, "was removed from its group")) == 1
    assert rows("SELECT COUNT(*) FROM audit") == [(1,)]


async def test_keep_leaves_it_and_ends_the_matter(telegram, result, asked, toast, chief):
    popped_up = await toast(asked, "Keep", chief)

    await telegram.wait_for(lambda: "and stays" in asked.text, timeout=PATIENCE)
    assert popped_up == "Video 1 stays."
    assert await toast(result, "Report", chief) == "The admins have looked at it and keep it."
    assert not result.deleted


async def test_an_owner_of_the_bot_may_decide_and_nobody_decides_unreported(
    telegram, in_group, shown, toast, boris, forged, said, anna
):
    owner = telegram.create_user("Owner")
    async with in_group(ADMIN_IDS=str(owner.id)) as group:
        result = await shown(group)
        telegram.unblock(anna)
        early = await toast(forged("remove:1", owner), "Forged", owner)
        await toast(result, "Report", boris)
        await said(QUESTION, group)

        popped_up = await toast(forged("remove:1", owner), "Forged", owner)

        await telegram.wait_for(lambda: result.deleted, timeout=PATIENCE)
        assert early == "This button is not yours, or it is too old."
        assert popped_up == "Video 1 is being removed."
        assert await said("removed from its group by the owners of this bot.", anna)
        again = await toast(forged("file:1"), "Forged")
        assert again == "Video 1 was removed by the owners of this bot."
        telegram.send_text(anna, "/job 1")
        await said("The owners of this bot removed it.", anna)
