"""Groups: what is meant for the bot and what is not, topics, and everyone's own buttons."""

import json

import pytest

from tests.world import PATIENCE, SMALL, plain, tone

RED, BLUE = plain("red"), plain("blue")
HOW = "Put /video and a few words under a photo"
PROMPTS = "SELECT request ->> '$.prompt' FROM tasks ORDER BY id"


@pytest.fixture
def anna(telegram):
    return telegram.person


@pytest.fixture
def boris(telegram):
    return telegram.create_user("Boris", username="boris")


@pytest.fixture
def group(telegram, anna, boris):
    """A supergroup whose bot hears, as privacy mode has it, only what is meant for it."""
    return telegram.create_supergroup("Friends", anna, boris, telegram.bot)


@pytest.fixture
def open_group(telegram, group):
    """The same group with a bot that hears everything."""
    telegram.promote(group, telegram.bot)
    return group


@pytest.fixture
def silent(telegram, anna, boris, group):
    """Make sure that nothing was said about what came so far: the next answer comes in turn."""

    async def check():
        for person in (anna, boris):
            question = telegram.send_text(person, "/video", chat=group)
            await telegram.wait_for(
                lambda asked=question: [
                    one for one in telegram.from_bot(group, HOW) if one.reply_to is asked
                ],
                timeout=PATIENCE,
            )
        return [one for one in telegram.from_bot(group) if one.reply_to and HOW not in one.text]

    return check


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize("call", ["/video pan left", "/VIDEO@{bot} pan left"])
async def test_a_photo_with_the_command_is_taken_with_one_small_reply(
    telegram, anna, group, taken, rows, call
):
    photo = telegram.send_photo(
        anna, RED, f"{call.format(bot=telegram.bot.username)} {SMALL}", chat=group
    )

    status = await taken(1, group)

    assert [one for one in telegram.from_bot(group) if one.reply_to] == [status]
    assert status.reply_to is photo
    assert rows(PROMPTS) == [("pan left",)]


@pytest.mark.usefixtures("idle_bot")
async def test_anothers_photo_is_answered_and_the_one_who_asked_gets_the_reply(
    telegram, anna, boris, group, taken, rows
):
    photo = telegram.send_photo(boris, RED, chat=group)
    question = telegram.send_text(anna, f"/video zoom {SMALL}", chat=group, reply_to=photo)

    status = await taken(1, group)

    assert status.reply_to is question
    assert rows('SELECT "user", account, chat, topic FROM tasks') == [
        (anna.id, anna.id, group.id, None)
    ]


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize("words", ["/video", "/video make it dance"])
async def test_the_command_without_a_photo_says_in_one_line_how_it_goes(
    telegram, anna, group, said, rows, words
):
    question = telegram.send_text(anna, words, chat=group)

    answer = await said(HOW, group)

    assert answer.reply_to is question
    assert "\n" not in answer.text
    assert rows("SELECT id FROM drafts") == []


@pytest.mark.usefixtures("idle_bot")
async def test_all_else_in_a_group_is_met_with_silence(
    telegram, anna, boris, open_group, silent, rows
):
    chat = {"chat": open_group}
    photo = telegram.send_photo(anna, RED, "look at this", **chat)
    telegram.send_album(anna, [RED, BLUE], "holidays", **chat)
    telegram.send_text(anna, "nice", **chat, reply_to=photo)
    telegram.send_voice(anna, tone(1), 1, **chat, reply_to=photo)
    telegram.send_sticker(anna, RED, **chat)
    telegram.send_document(anna, b"%PDF-1.7", "paper.pdf", **chat)
    telegram.send_text(anna, f"@{telegram.bot.username} hello", **chat)
    telegram.send_text(anna, "/unknown", **chat)
    telegram.send_text(anna, "/video@other_bot pan", **chat, reply_to=photo)
    telegram.send_photo(anna, RED, "/video@other_bot pan", **chat)
    telegram.send_photo(anna, RED, "/help", **chat)
    telegram.send_photo(boris, RED, "/video pan", **chat, forwarded_from=anna)
    telegram.edit(anna, photo, "look at that")
    telegram.clock.advance(3600)
    telegram.edit(anna, photo, "/video pan")

    assert await silent() == []
    assert rows("SELECT id FROM drafts") == []
    # Another part of the album might have called the bot.
    left = rows("SELECT payload FROM inbox WHERE done IS NOT NULL AND payload <> '{}'")
    assert [json.loads(update)["message"].get("caption") for (update,) in left] == [
        "holidays",
        None,
    ]


@pytest.mark.usefixtures("idle_bot")
async def test_words_edited_right_after_sending_order_once(
    telegram, anna, group, said, taken, rows
):
    photo = telegram.send_photo(anna, RED, f"/vidoe pan left {SMALL}", chat=group)
    telegram.edit(anna, photo, f"/video pan left {SMALL}")
    status = await taken(1, group)
    telegram.edit(anna, photo, f"/video pan right {SMALL}")
    hint = await said("so an edit changes nothing", group)
    telegram.edit(anna, photo, f"/video tilt up {SMALL}")
    text = telegram.send_text(anna, "/video@somebody zoom", chat=group, reply_to=photo)
    telegram.edit(anna, text, f"/video zoom {SMALL}")
    second = await taken(2, group)

    assert [status.reply_to, hint.reply_to, second.reply_to] == [photo, photo, text]
    assert hint.text.endswith("answer the photo with /video and the new words.")
    assert telegram.from_bot(group, "so an edit changes nothing") == [hint]
    assert rows(PROMPTS) == [("pan left",), ("zoom",)]


@pytest.mark.usefixtures("idle_bot")
async def test_an_edit_mends_what_could_not_be_ordered(telegram, anna, group, said, taken, rows):
    photo = telegram.send_photo(anna, RED, "/video pan left --dur 99", chat=group)
    await said("--dur 99 is not possible", group)
    telegram.edit(anna, photo, f"/video pan left {SMALL}")

    assert (await taken(1, group)).reply_to is photo
    assert rows(PROMPTS) == [("pan left",)]


@pytest.mark.usefixtures("idle_bot")
async def test_an_answer_may_be_edited_until_it_is_an_order(
    telegram, anna, group, said, taken, rows
):
    telegram.send_photo(anna, RED, "/video", chat=group)
    question = await said("What should happen in the video?", group)
    words = telegram.send_text(anna, "pan left --dur 99", chat=group, reply_to=question)
    await said("--dur 99 is not possible", group)
    telegram.edit(anna, words, f"pan left {SMALL}")
    await taken(1, group)

    assert rows(PROMPTS) == [("pan left",)]


@pytest.mark.usefixtures("idle_bot")
async def test_who_says_nothing_to_the_bot_is_not_written_down(
    telegram, anna, boris, open_group, said, rows
):
    telegram.send_text(boris, "hello everybody", chat=open_group)
    telegram.send_text(anna, "/video", chat=open_group)
    await said(HOW, open_group)

    assert rows("SELECT id FROM accounts WHERE id > 0") == [(anna.id,)]


@pytest.mark.usefixtures("idle_bot")
async def test_a_mention_is_heard_under_a_photo_and_as_a_reply_to_one(
    telegram, anna, boris, open_group, taken, rows
):
    name = f"@{telegram.bot.username}"
    photo = telegram.send_photo(anna, RED, f"{name}, pan left {SMALL}", chat=open_group)
    first = await taken(1, open_group)
    reply = telegram.send_text(boris, f"zoom out {name} {SMALL}", chat=open_group, reply_to=photo)
    second = await taken(2, open_group)

    assert (first.reply_to, second.reply_to) == (photo, reply)
    assert rows(PROMPTS) == [("pan left",), ("zoom out",)]


@pytest.mark.usefixtures("idle_bot")
async def test_a_question_is_answered_by_a_reply_of_the_one_who_was_asked(
    telegram, anna, boris, group, said, taken, rows
):
    photo = telegram.send_photo(anna, RED, "/video", chat=group)
    question = await said("What should happen in the video?", group)
    telegram.send_text(boris, "spin", chat=group, reply_to=question)

    telegram.send_text(anna, f"pan left {SMALL}", chat=group, reply_to=question)
    await taken(1, group)

    assert question.reply_to is photo
    assert rows(PROMPTS) == [("pan left",)]


@pytest.mark.usefixtures("idle_bot")
async def test_a_voice_with_the_command_answers_a_photo(telegram, anna, boris, group, taken):
    photo = telegram.send_photo(boris, RED, chat=group)
    voice = telegram.send_voice(anna, tone(1.5), 2, "/video", chat=group, reply_to=photo)

    status = await taken(1, group)

    assert status.reply_to is voice
    assert "Camera moves (built in), 2 s," in status.text


@pytest.mark.usefixtures("idle_bot")
async def test_a_voice_answers_the_question(telegram, anna, group, said, taken):
    telegram.send_photo(anna, RED, "/video", chat=group)
    question = await said("What should happen in the video?", group)

    telegram.send_voice(anna, tone(1.5), 2, chat=group, reply_to=question)

    assert "Camera moves (built in), 2 s," in (await taken(1, group)).text


ENDS = "SELECT json_extract(request, '$.first_frame.width', '$.last_frame.width') FROM tasks"


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize("called", [0, 1])
async def test_an_album_is_whole_where_all_of_it_arrives(
    telegram, anna, open_group, taken, rows, called
):
    pictures = [plain("red", size=(640, 480)), plain("blue", size=(320, 240))]
    items = [(one, f"/video morph {SMALL}" * (n == called)) for n, one in enumerate(pictures)]

    telegram.send_album(anna, items, chat=open_group)
    await taken(1, open_group)

    assert rows(ENDS) == [("[640,320]",)]
    assert rows(PROMPTS) == [("morph",)]


@pytest.mark.usefixtures("idle_bot")
async def test_of_an_album_the_photo_with_the_command_is_enough(
    telegram, anna, group, taken, rows
):
    telegram.send_album(anna, [RED, (BLUE, f"/video morph {SMALL}")], chat=group)

    await taken(1, group)

    assert rows(ENDS) == [("[640,null]",)]


@pytest.mark.usefixtures("idle_bot")
async def test_the_command_works_in_a_private_chat(telegram, anna, said, taken, rows):
    telegram.send_photo(anna, RED, f"/video pan left {SMALL}")
    await taken(1)
    telegram.send_text(anna, "/video zoom in")
    await said("Now send me a photo")
    telegram.send_photo(anna, RED)
    await taken(2)

    assert rows(PROMPTS) == [("pan left",), ("zoom in",)]
