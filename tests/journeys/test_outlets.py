"""Chats that take no video any more: where it goes instead, and when it comes after all."""

import pytest

from tests.world import PATIENCE, plain


@pytest.fixture
def person(telegram):
    return telegram.person


@pytest.fixture
def group(telegram, person):
    return telegram.create_supergroup("Friends", person, telegram.bot)


@pytest.fixture
def comes(telegram):
    """Wait for the video in a chat, or in private with a person; gives it."""

    async def wait(place):
        def found():
            return [one for one in telegram.from_bot(place) if one.kind == "video"]

        return (await telegram.wait_for(found, timeout=PATIENCE))[0]

    return wait


KEPT = "SELECT json_extract(facts, '$.parked') IS NOT NULL, claimed FROM tasks"


@pytest.mark.parametrize("deleted", [False, True], ids=["closed", "deleted"])
async def test_a_video_for_a_topic_that_takes_none_comes_to_the_general_topic(
    telegram, person, comes, ready_for, deleted
):
    forum = telegram.create_supergroup("Studio", person, telegram.bot, forum=True)
    topic = telegram.create_topic(forum, person, "Cats")
    photo = telegram.send_text(person, "the words", chat=forum, thread=topic.thread_id)
    if deleted:
        del forum.topics[topic.thread_id]
    else:
        telegram.close_topic(forum, person, topic)

    async with ready_for(forum, thread=topic.thread_id, reply_to=photo):
        video = await comes(forum)

    assert (video.thread_id, video.reply_to) == (0, None)
    assert video.text.startswith("“static”\nThis belongs to a topic that takes no messages now.")
    (link,) = [one["url"] for one in video.entities if one["type"] == "text_link"]
    own = str(forum.id).removeprefix("-100")
    assert link == f"https://t.me/c/{own}/{topic.thread_id}/{photo.message_id}"


@pytest.mark.parametrize("place", ["the General topic", "another topic"])
async def test_where_the_general_topic_is_closed_too_the_person_gets_the_video_in_private(
    telegram, person, comes, ready_for, place
):
    telegram.start(person)
    forum = telegram.create_supergroup("Studio", person, telegram.bot, forum=True)
    topic = telegram.create_topic(forum, person, "Cats")
    thread = topic.thread_id if place == "another topic" else 0
    photo = telegram.send_text(person, "the words", chat=forum, thread=thread)
    telegram.close_topic(forum, person, topic)
    telegram.close_topic(forum, person)

    async with ready_for(forum, thread=thread or None, reply_to=photo):
        video = await comes(person)

    assert "You asked for this in a chat where I cannot send it." in video.text
    assert [one for one in telegram.from_bot(forum) if one.kind == "video"] == []


@pytest.mark.parametrize("closed", ["the General topic", "another topic", "the whole chat"])
async def test_what_cannot_be_said_in_a_group_is_said_in_private_and_troubles_nobody(
    start_here, telegram, person, said, rows, closed
):
    olga = telegram.create_user("Olga")
    async with start_here(ADMIN_IDS=str(olga.id), LIMITS="local.running=0"):
        for one in (person, olga):
            telegram.start(one)
            await said("Send me a photo", one)
        forum = telegram.create_supergroup("Studio", person, telegram.bot, forum=True)
        topic = telegram.create_topic(forum, person, "Cats")
        where = {"chat": forum, "thread": topic.thread_id if closed == "another topic" else 0}
        if closed == "the whole chat":
            forum.permissions["can_send_messages"] = False
        else:
            telegram.close_topic(forum, person, topic if where["thread"] else None)

        telegram.send_text(person, "/jobs", **where)
        answer = await said("You have no videos yet.")
        telegram.send_photo(person, plain("red"), "/video pan --dur 99", **where)
        refusal = await said("--dur 99 is not possible")
        telegram.send_photo(person, plain("red"), "/video", **where)
        question = await said("I have a question before I can make it.")
        telegram.send_text(olga, "/privacy")
        await said("What is kept", olga)

    for one in (answer, refusal, question):
        assert one.text.startswith("You asked for this in a chat where I cannot send it.\n")
    assert telegram.from_bot(olga, "failed") == []
    assert rows("SELECT max(attempts) FROM inbox") == [(1,)]


async def test_a_group_that_became_a_supergroup_gets_its_video_there(
    telegram, person, comes, ready_for, rows, stored
):
    group = telegram.create_group("Friends", person, telegram.bot)
    photo = telegram.send_text(person, "/help", chat=group)
    new = telegram.migrate(group)

    async with ready_for(group, reply_to=photo):
        video = await comes(new)
        await stored("SELECT state FROM tasks", "delivered")

    assert video.reply_to is None
    assert rows("SELECT chat, reply_to FROM tasks") == [(new.id, None)]


async def test_where_the_bot_may_send_no_videos_the_person_gets_it_in_private(
    telegram, person, group, comes, ready_for
):
    telegram.start(person)
    group.permissions["can_send_videos"] = False

    async with ready_for(group, reply_to=telegram.send_text(person, "x", chat=group)):
        video = await comes(person)

    assert "You asked for this in a chat where I cannot send it." in video.text
    assert "Report" not in video.labels
    assert [one for one in telegram.from_bot(group) if one.kind == "video"] == []


async def test_a_video_is_kept_for_whoever_never_started_the_bot_and_goes_out_with_the_right(
    telegram, person, group, comes, ready_for, rows, stored
):
    group.permissions["can_send_videos"] = False

    async with ready_for(group):
        await stored(KEPT, 1, 0)
        telegram.promote(group, telegram.bot)
        await comes(group)
        await stored("SELECT state FROM tasks", "delivered")

    assert len(telegram.calls("sendVideo", ok=True)) == 1
    assert rows("SELECT kind FROM ledger ORDER BY id") == [("hold",), ("capture",)]


async def test_a_video_of_a_group_that_removed_the_bot_is_kept_until_the_person_presses_start(
    telegram, person, group, comes, ready_for, stored
):
    telegram.remove(group, telegram.bot)

    async with ready_for(group):
        await stored(KEPT, 1, 0)
        telegram.start(person)
        video = await comes(person)

    assert "You asked for this in a chat where I cannot send it." in video.text
    assert len(telegram.calls("sendVideo", ok=True)) == 1


async def test_a_video_that_a_large_group_puts_off_has_no_number_and_that_is_no_error(
    telegram, group, comes, ready_for, rows, stored
):
    telegram.fail("sendVideo", zero_id=True)

    async with ready_for(group):
        await comes(group)
        await stored("SELECT state FROM tasks", "delivered")

    sent = "SELECT json_extract(facts, '$.sent.message'), json_extract(facts, '$.sent.chat')"
    assert rows(f"{sent} FROM tasks") == [(None, group.id)]
    assert [one for one in telegram.calls() if one.params.get("message_id") in (0, "0")] == []
