"""Topics: everything about a video stays in the topic where it was asked for."""

import pytest

from tests.world import PATIENCE, SMALL, plain

RED = plain("red")


@pytest.fixture
def anna(telegram):
    return telegram.person


@pytest.fixture
def forum(telegram, anna):
    return telegram.create_supergroup("Forum", anna, telegram.bot, forum=True)


@pytest.mark.usefixtures("bot")
async def test_the_video_and_its_status_come_into_the_topic_of_the_request(telegram, anna, forum):
    topic = telegram.create_topic(forum, anna, "Videos")
    photo = telegram.send_photo(
        anna, RED, f"/video pan {SMALL}", chat=forum, thread=topic.thread_id
    )

    def answers():
        return [one for one in telegram.from_bot(forum) if one.reply_to is photo]

    await telegram.wait_for(
        lambda: [one for one in answers() if one.kind == "video"], timeout=PATIENCE
    )

    assert {one.kind for one in answers()} == {"text", "video"}
    assert {one.thread_id for one in answers()} == {topic.thread_id}


@pytest.mark.usefixtures("idle_bot")
async def test_the_general_topic_has_no_number_and_gets_its_answers_all_the_same(
    telegram, anna, forum, taken
):
    telegram.create_topic(forum, anna, "Videos")
    first = telegram.send_photo(anna, RED, "look", chat=forum)
    question = telegram.send_text(anna, f"/video pan {SMALL}", chat=forum, reply_to=first)

    status = await taken(1, forum)

    assert (status.reply_to, status.thread_id) == (question, 0)


@pytest.mark.usefixtures("idle_bot")
async def test_a_person_may_be_asked_in_two_topics_at_once(telegram, anna, forum, taken, rows):
    topics = [telegram.create_topic(forum, anna, name) for name in ("One", "Two")]
    questions = []
    for topic in topics:
        photo = telegram.send_photo(anna, RED, "/video", chat=forum, thread=topic.thread_id)
        found = await telegram.wait_for(
            lambda asked=photo: [
                one for one in telegram.from_bot(forum, "What should") if one.reply_to is asked
            ],
            timeout=PATIENCE,
        )
        questions += found

    for number, question in enumerate(questions, 1):
        telegram.send_text(anna, f"pan {number} {SMALL}", chat=forum, reply_to=question)
        await taken(number, forum)

    assert rows("SELECT topic, request ->> '$.prompt' FROM tasks ORDER BY id") == [
        (topics[0].thread_id, "pan 1"),
        (topics[1].thread_id, "pan 2"),
    ]


@pytest.mark.usefixtures("idle_bot")
async def test_the_thread_of_a_plain_reply_is_no_topic(telegram, anna, taken, rows):
    group = telegram.create_supergroup("Friends", anna, telegram.bot)
    first = telegram.send_text(anna, "who has a photo?", chat=group)
    photo = telegram.send_photo(anna, RED, "here", chat=group, reply_to=first)
    telegram.send_text(anna, f"/video pan {SMALL}", chat=group, reply_to=photo)

    await taken(1, group)

    assert rows("SELECT topic FROM tasks") == [(None,)]
