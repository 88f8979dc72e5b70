"""Before anything is spent: prices, consent to them, options as understood, and edited words."""

import sqlite3
from contextlib import closing

import pytest

from tests.world import PATIENCE, SMALL, plain, tone

RED = plain("red")
MADE = "The video is made already, so an edit changes nothing."
PROMPTS = "SELECT request ->> '$.prompt' FROM tasks"
HINT = "The video is on its way already, so an edit changes nothing."
ONE_FRAME = {
    "TOKENOPS_API_KEY": "key",
    "TOKENOPS_BASE_URL": "http://127.0.0.1:9/v1",
    "TOKENOPS_PROFILE": "openai",
    "DEFAULT_MODEL": "tokenops/sora-2",
    "ACCESS": "open",
    "LIMITS": "tokenops.running=0,local.running=0",
}

MANY_MODELS = {
    "DASHSCOPE_API_KEY": "sk-0123456789abcdef",
    "DASHSCOPE_HTTP_BASE_URL": "http://127.0.0.1:9/api/v1",
    "LIMITS": "local.running=0,dashscope.running=0,dashscope.older.running=0",
    "ACCESS": "open",
}


@pytest.fixture
def settle_on(tmp_path):
    """Write down what a person has chosen in their settings."""

    def write(choices):
        with closing(sqlite3.connect(tmp_path / "bot.db")) as database, database:
            database.execute("UPDATE accounts SET choices = ?", (choices,))

    return write


@pytest.fixture
async def met(idle_bot, telegram, said):
    telegram.send_text(telegram.person, "/balance")
    await said("credits free")


@pytest.mark.usefixtures("met")
async def test_who_wants_to_be_asked_before_spending_is_asked(
    telegram, settle_on, said, toast, taken, rows
):
    settle_on('{"confirm": true}')
    telegram.send_photo(telegram.person, RED, f"pan left {SMALL}")

    question = await said("Camera moves (built in), 3 s: costs 6 of your 60 credits.")
    assert question.labels == ["Start", "Cancel"]
    assert rows("SELECT id FROM tasks") == []
    await toast(question, "Start")

    assert "6 credits are held." in (await taken()).text


@pytest.mark.usefixtures("met")
async def test_who_does_not_want_the_price_gets_no_video(telegram, settle_on, said, toast, rows):
    settle_on('{"confirm": true}')
    telegram.send_photo(telegram.person, RED, SMALL)

    answer = await toast(await said("costs 6 of your 60 credits."), "Cancel")

    assert answer == "All right, nothing is made."
    assert rows("SELECT id FROM tasks") == []


@pytest.mark.usefixtures("met")
async def test_an_agreement_holds_for_the_price_that_was_shown_only(
    telegram, settle_on, said, toast, forged, rows
):
    settle_on('{"confirm": true}')
    photo = telegram.send_photo(telegram.person, RED, SMALL)
    shown = await said("costs 6 of your 60 credits.")
    (start,) = [row[0]["callback_data"] for row in shown.buttons if row[0]["text"] == "Start"]
    cheaper = start.replace("x6x", "x1x")

    await toast(forged(cheaper), "Forged")

    await telegram.wait_for(
        lambda: len(telegram.from_bot(telegram.person, "costs 6 of")) > 1, timeout=PATIENCE
    )
    assert photo.chat
    assert rows("SELECT id FROM tasks") == []


async def test_what_a_video_leaves_out_is_said_in_the_question_whether_to_start(
    start_here, telegram, settle_on, said, toast, taken
):
    async with start_here(**MANY_MODELS):
        telegram.send_text(telegram.person, "/balance")
        await said("credits free")
        settle_on('{"confirm": true}')
        telegram.send_photo(telegram.person, RED, "slowly --effect melt")
        question = await said("words and a last frame are not used.\nWan 2.1 plus, 5 s: costs")
        await toast(question, "Start")
        await taken()
        telegram.send_text(telegram.person, "/effects")
        await said("Press a group")

    assert len(telegram.from_bot(telegram.person, "are not used")) == 1


async def test_a_free_model_shows_no_prices(start_here, telegram, settle_on, said, taken):
    async with start_here(LIMITS="local.running=0"):
        telegram.send_photo(telegram.person, RED)
        question = await said("What should happen")
        settle_on('{"confirm": true}')
        telegram.send_text(telegram.person, SMALL)
        status = await taken()

    assert "credits" not in question.text + status.text


async def test_words_alone_show_what_they_will_cost(start_here, telegram, said, toast, taken):
    async with start_here(**ONE_FRAME):
        telegram.send_text(telegram.person, "a boat at sea --dur 8")
        question = await said("Now send me a photo")
        assert "Sora 2, 8 s: costs 24 of your 60 credits." in question.text

        await toast(question, "Make it from words alone")

        assert "24 credits are held." in (await taken()).text


async def test_a_model_of_one_photo_is_given_the_one_that_is_meant(
    start_here, telegram, said, toast, taken, rows
):
    async with start_here(**ONE_FRAME):
        telegram.send_album(telegram.person, [RED, plain("blue", size=(480, 640))], "waves")
        question = await said("Sora 2 uses one photo here, as the first frame. I have 2.")
        await toast(question, "Only the last")
        await taken()

        telegram.send_photo(telegram.person, RED)
        alone = await said("What should happen")

    assert rows(
        "SELECT request ->> '$.first_frame.height', request ->> '$.last_frame' FROM tasks"
    ) == [(640, None)]
    assert "🔁 Loop" not in alone.labels


@pytest.mark.usefixtures("idle_bot")
async def test_options_are_said_back_as_they_were_understood(telegram, taken):
    telegram.send_photo(
        telegram.person, RED, f"{SMALL} —seed=7 --ar 9x16 --camera Orbit:slow --model Camera"
    )

    status = await taken()

    assert status.text.splitlines()[1:3] == [
        "Camera moves (built in), 3 s, 9:16, 480p, seed 7",
        "camera orbit_left:slow",
    ]


async def test_where_no_model_was_named_none_is_blamed_for_an_option(start_here, telegram, said):
    async with start_here(**MANY_MODELS):
        telegram.send_photo(telegram.person, RED, "waves --effect melt --dur 3")
        await said("--dur 3 does not go with --effect melt. Possible: 5.")

        telegram.send_photo(telegram.person, RED, "waves --ar wide")
        await said("--ar wide is not possible here. Possible: 21:9, 16:9, ")


async def test_a_model_that_is_off_is_said_to_be_and_why(start_here, telegram, said):
    async with start_here(**MANY_MODELS):
        telegram.send_photo(telegram.person, RED, "waves --model wan2.1-i2v-plus")
        await said(
            "dashscope/wan2.1-i2v-plus is off here (not offered in the region of "
            "DASHSCOPE_HTTP_BASE_URL). /models shows what there is."
        )


async def test_a_sound_that_is_too_short_is_said_to_be_and_a_longer_one_is_taken(
    start_here, telegram, said
):
    async with start_here(**MANY_MODELS):
        telegram.send_photo(telegram.person, RED)
        await said("What should happen")
        telegram.send_voice(telegram.person, tone(0.5), 1)
        refused = await said("The sound is 0.5 s long; Wan 2.7 needs at least 2 s.")
        assert refused.text.endswith(
            "The photo is still here: send another voice message, or write words."
        )
        telegram.send_voice(telegram.person, tone(1), 1)
        question = await said("The sound is 1.0 s long; Wan 2.7 needs at least 2 s.")
        telegram.send_voice(telegram.person, tone(2), 2)
        await said("Wan 2.7 makes it for 4 of your 60 credits.")

    assert "camera moves" not in refused.text
    assert "Shall I make it like that?" in question.text


async def test_words_take_the_place_of_a_sound_that_was_too_short(
    start_here, telegram, said, taken, rows
):
    async with start_here(**MANY_MODELS):
        photo = telegram.send_photo(telegram.person, RED)
        await said("What should happen")
        telegram.send_voice(telegram.person, tone(0.5), 1)
        await said("The sound is 0.5 s long")

        telegram.send_text(telegram.person, "waves")

        assert (await taken()).reply_to is photo
    assert rows(PROMPTS) == [("waves",)]


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize(
    ("flag", "answer"),
    [
        ("--camera spin", "There is no --camera spin. Possible: push_in, pull_out, pan_left"),
        ("--effect hug", "--effect is not possible with Camera moves (built in)."),
        ("--sound off", "--sound is not possible with Camera moves (built in)."),
        ('--neg "blur"', "--neg is not possible with Camera moves (built in)."),
        (
            "--ar wide",
            "--ar wide is not possible with Camera moves (built in). Possible: 21:9, 16:9",
        ),
    ],
)
async def test_a_wrong_option_is_answered_and_an_edit_mends_it(
    telegram, said, taken, rows, flag, answer
):
    photo = telegram.send_photo(telegram.person, RED, f"pan left {flag}")
    assert (await said(answer)).reply_to is photo

    telegram.edit(telegram.person, photo, f"pan right {SMALL}")

    assert (await taken()).reply_to is photo
    assert rows(PROMPTS) == [("pan right",)]


@pytest.mark.usefixtures("idle_bot")
async def test_words_written_under_a_photo_afterwards_order_its_video_once(
    telegram, said, taken, rows
):
    photo = telegram.send_photo(telegram.person, RED)
    await said("What should happen")
    telegram.edit(telegram.person, photo, f"pan right {SMALL}")
    await taken()

    telegram.edit(telegram.person, photo, f"pan left {SMALL}")
    hint = await said(HINT)
    telegram.edit(telegram.person, photo, f"tilt up {SMALL}")
    telegram.send_text(telegram.person, "/privacy")
    await said("What is kept")

    assert hint.reply_to is photo
    assert telegram.from_bot(telegram.person, HINT) == [hint]
    assert rows(PROMPTS) == [("pan right",)]


@pytest.mark.parametrize(
    ("end", "hint"),
    [
        ("delivered", f"{MADE}\nFor another one, press Edit words under it."),
        (
            "failed",
            "This order is over, so an edit changes nothing.\nFor another one, answer your",
        ),
    ],
)
@pytest.mark.usefixtures("idle_bot")
async def test_an_edit_after_the_end_is_told_what_has_become_of_the_order(
    telegram, said, taken, tmp_path, end, hint
):
    photo = telegram.send_photo(telegram.person, RED, f"pan right {SMALL}")
    await taken()
    with closing(sqlite3.connect(tmp_path / "bot.db")) as database, database:
        database.execute("UPDATE tasks SET state = ?, due = NULL", (end,))

    telegram.edit(telegram.person, photo, f"pan left {SMALL}")

    assert (await said(hint)).reply_to is photo


async def test_an_edit_of_what_was_refused_does_not_touch_what_is_newer(
    start_here, telegram, said, taken, rows
):
    async with start_here(PRICES="local/camera=10", LIMITS="local.running=0"):
        refused = telegram.send_photo(telegram.person, RED, "pan left --dur 10")
        await said("This video costs 100 credits and you have 60 left.")
        newer = telegram.send_photo(telegram.person, RED)
        await said("What should happen")
        telegram.edit(telegram.person, refused, f"pan right {SMALL}")
        hint = await said("I am at something newer by now, so this edit changes nothing.")
        telegram.send_text(telegram.person, f"tilt up {SMALL}")

        assert (await taken()).reply_to is newer
        assert hint.reply_to is refused
        assert rows(PROMPTS) == [("tilt up",)]


@pytest.mark.usefixtures("idle_bot")
async def test_words_that_wait_for_their_photo_can_be_edited(telegram, said, taken, rows):
    words = telegram.send_text(telegram.person, "pan left")
    question = await said("Now send me a photo")
    telegram.edit(telegram.person, words, f"pan right {SMALL}")
    telegram.send_photo(telegram.person, RED)

    await taken()

    assert rows(PROMPTS) == [("pan right",)]
    assert telegram.from_bot(telegram.person, "Now send me a photo") == [question]


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize(
    "data", ["frames:0x9", "frames:1", "start:yes", "subject:a", "talk:yes", "consent:2", "x:yes"]
)
async def test_made_up_answers_change_nothing(telegram, said, toast, forged, rows, data):
    photo = telegram.send_photo(telegram.person, RED)
    await said("What should happen")
    before = rows("SELECT content FROM drafts")

    answer = await toast(forged(f"choose:1:{photo.ids[telegram.bot.id]}:{data}"), "Forged")

    assert answer == "This button is not yours, or it is too old."
    assert rows("SELECT content FROM drafts") == before


@pytest.mark.usefixtures("idle_bot")
async def test_words_that_cannot_be_are_written_anew_without_the_photo(
    telegram, said, taken, rows
):
    photo = telegram.send_photo(telegram.person, plain("red"), f"pan left {SMALL} --dur 30")
    assert (await said("--dur 30 is not possible")).text.endswith(
        "The photo is still here: write the words anew, or change your message."
    )

    telegram.send_text(telegram.person, f"pan left {SMALL}")

    assert (await taken()).reply_to is photo
    assert rows("SELECT request ->> '$.prompt' FROM tasks") == [("pan left",)]
