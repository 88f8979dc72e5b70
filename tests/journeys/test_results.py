"""The buttons under a video: made anew, changed, looped, and continued."""

import io
import json

import pytest
from PIL import Image

from tests.journeys.services import SILENT_DASHSCOPE, WITHOUT_SOUND
from tests.world import PATIENCE

ALL = ["Again", "New seed", "Edit words", "Continue", "As file", "Delete"]


@pytest.fixture
def boris(telegram):
    return telegram.create_user("Boris")


def requests(rows):
    return [json.loads(request) for (request,) in rows("SELECT request FROM tasks ORDER BY id")]


async def ends(telegram, message, labels):
    """Wait until these are the buttons under a message."""
    await telegram.wait_for(lambda: message.labels == labels, timeout=PATIENCE)


def test_a_result_has_the_buttons_that_can_work_for_it(result):
    assert result.labels == ALL
    assert [len(row) for row in result.buttons] == [3, 3]


async def test_again_keeps_the_seed_and_costs_what_an_order_costs(result, toast, taken, rows):
    popped_up = await toast(result, "Again")

    status = await taken(2)
    assert popped_up == "Video 2 is on its way."
    assert status.reply_to is result
    first, second = requests(rows)
    assert first == second
    assert rows("SELECT kind, daily FROM ledger WHERE task = 2") == [("hold", -2)]


@pytest.mark.parametrize("button", ["Again", "New seed", "Loop"])
async def test_a_button_pressed_twice_orders_once(telegram, once_rendered, arriving, rows, button):
    async with once_rendered(WITHOUT_SOUND):
        result = await arriving()

        presses = [telegram.press(telegram.person, result, button) for _ in range(2)]

        await telegram.wait_for(lambda: all(one.answer for one in presses), timeout=PATIENCE)
        assert [one.answer.text for one in presses] == [
            "Video 2 is on its way.",
            "Video 2 is on its way already.",
        ]
        assert len(requests(rows)) == 2


async def test_a_button_works_after_a_restart(
    telegram, once_rendered, start_here, arriving, toast, rows
):
    async with once_rendered():
        result = await arriving()

    async with start_here(LIMITS="local.running=0"):
        assert await toast(result, "Again") == "Video 2 is on its way."


async def test_nobody_else_can_use_the_buttons_of_a_video(result, forged, toast, boris, rows):
    before = rows("SELECT * FROM tasks")
    names = ["again", "same", "words", "model", "continue", "loop", "file", "delete", "back"]
    pressed = [f"{name}:1" for name in (*names, "replay", "report", "remove", "keep")]
    pressed += ["delete:1:yes", "model:1:00000000", "loop:1:00000000", "same:999"]

    popped_up = {await toast(forged(data, boris), "Forged", boris) for data in pressed}

    assert popped_up == {"This button is not yours, or it is too old."}
    assert rows("SELECT * FROM tasks") == before
    assert not result.deleted


@pytest.mark.parametrize("button", ["Again", "New seed", "Edit words"])
async def test_once_the_photo_is_gone_the_buttons_say_what_to_do(
    result, toast, forged, lose, rows, button
):
    lose("*.jpg")

    popped_up = await toast(result, button)

    assert popped_up == (
        "The photo of video 1 is gone: photos and sounds are kept for 24 hours. "
        "Send it again with your words. Nothing was charged."
    )
    assert await toast(forged("model:1"), "Forged") == popped_up  # Other model, before any price
    assert len(requests(rows)) == 1


@pytest.mark.parametrize(
    ("button", "method"),
    [("As file", "sendDocument"), ("Continue", "sendPhoto"), ("Edit words", "sendMessage")],
)
async def test_what_telegram_did_not_take_follows_the_press_once_it_is_well_again(
    telegram, result, toast, button, method
):
    fault = telegram.fail(method, 500)

    await toast(result, button)

    def following():
        return [one for one in telegram.from_bot(telegram.person) if one.reply_to is result]

    await telegram.wait_for(following, timeout=PATIENCE)
    assert fault.used == 1


@pytest.mark.parametrize(
    ("button", "method"), [("As file", "sendDocument"), ("Continue", "sendPhoto")]
)
async def test_what_telegram_may_have_taken_is_not_sent_again_without_another_press(
    telegram, result, said, toast, button, method
):
    fault = telegram.fail(method, drop="before")
    await toast(result, button)
    question = await said(f"while I was answering “{button}” for video 1")
    assert (fault.used, question.reply_to, question.labels) == (1, result, [button])
    assert len(telegram.calls(method)) == 1

    await toast(question, button)

    def following():
        return [one for one in telegram.from_bot(telegram.person) if one.reply_to is question]

    await telegram.wait_for(following, timeout=PATIENCE)


# Edit words


@pytest.fixture
def question(telegram, said, toast, result):
    """Press Edit words; gives the question."""

    async def ask():
        await toast(result, "Edit words")
        return await said("has these words:")

    return ask


async def test_edit_words_quotes_them_and_the_answer_orders_the_video_with_other_ones(
    telegram, question, taken, rows
):
    asked = await question()
    assert asked.text.splitlines()[:2] == ["✏️ Video 1 has these words:", "static"]
    assert asked.shown_markup["force_reply"]

    answer = telegram.send_text(telegram.person, "a storm --res 720p", reply_to=asked)

    status = await taken(2)
    assert status.reply_to is answer
    first, second = requests(rows)
    assert (second["prompt"], second["resolution"]) == ("a storm", "720p")
    assert second["seed"] == first["seed"]
    assert second["first_frame"] == first["first_frame"]


async def test_an_answer_that_comes_again_orders_once(telegram, question, taken, said, rows):
    asked = await question()
    telegram.send_text(telegram.person, "a storm", reply_to=asked)
    await taken(2)

    telegram.redeliver(telegram.bot.mailbox.next_id - 1)
    telegram.send_text(telegram.person, "/balance")

    await said("credits free")
    assert len(requests(rows)) == 2


async def test_an_option_that_cannot_be_is_answered_and_can_be_mended(
    telegram, question, said, taken
):
    asked = await question()
    telegram.send_text(telegram.person, "a storm --res 360p", reply_to=asked)
    await said("--res 360p is not possible with Camera moves (built in).")

    telegram.send_text(telegram.person, "a storm", reply_to=asked)

    assert await taken(2)


async def test_an_answer_may_be_edited_until_it_is_an_order(telegram, question, said, taken, rows):
    answer = telegram.send_text(telegram.person, "a storm --res 360p", reply_to=await question())
    await said("--res 360p is not possible with Camera moves (built in).")
    telegram.edit(telegram.person, answer, "a storm")
    await taken(2)
    telegram.edit(telegram.person, answer, "a calm sea")

    hint = await said("so an edit changes nothing.")
    assert hint.reply_to is answer
    assert [one["prompt"] for one in requests(rows)] == ["static", "a storm"]


async def test_the_link_in_the_question_asks_it_anew_but_nobody_else(
    telegram, result, said, boris
):
    telegram.start(boris, "words_1")
    await said("There is no such video of yours.", boris)

    telegram.start(telegram.person, "words_1")

    assert await said("✏️ Video 1 has these words:")


async def test_a_right_that_an_option_needs_is_asked_for_before_anything_is_ordered(
    telegram, once_rendered, arriving, toast, said, taken, rows
):
    words = "--model dashscope/wanx2.1-i2v-plus --effect dance1 --res 720p"
    async with once_rendered(WITHOUT_SOUND, **SILENT_DASHSCOPE):
        await toast(await arriving(), "Edit words")
        asked = await said("has these words:")
        answer = telegram.send_text(telegram.person, words, reply_to=asked)
        right = await said("Do you have the right to use this face")
        assert len(requests(rows)) == 1

        presses = [
            telegram.press(telegram.person, right, "Yes, I have the right") for _ in range(2)
        ]
        await telegram.wait_for(lambda: all(one.answer for one in presses), timeout=PATIENCE)

        assert (await taken(2)).reply_to is answer
        assert [one.answer.text for one in presses] == ["Video 2 is on its way."] * 2
        assert [one.get("effect") for one in requests(rows)] == [None, "dance1"]


# Other model, Loop


async def test_other_model_shows_prices_and_orders_what_is_pressed(
    telegram, once_rendered, arriving, toast, taken, rows
):
    async with once_rendered(WITHOUT_SOUND, **SILENT_DASHSCOPE):
        result = await arriving()
        assert len(result.labels) == 8
        before = result.labels
        popped_up = await toast(result, "Other model")
        await telegram.wait_for(lambda: result.labels[-1] == "Back", timeout=PATIENCE)
        assert popped_up == "Which model? The price stands beside it."
        assert "Wan 2.5 preview: 10 credits" in result.labels
        assert "Wan 2.6 flash: 5 credits" not in result.labels  # it has no 480p

        popped_up = await toast(result, "Wan 2.2 flash: 5 credits")

        assert popped_up == "Video 2 is on its way."
        assert "Wan 2.2 flash, 5 s" in (await taken(2)).text
        assert rows("SELECT model, cost FROM tasks WHERE id = 2") == [
            ("dashscope/wan2.2-i2v-flash", 5)
        ]
        await ends(telegram, result, before)


async def test_back_leaves_everything_as_it_was(telegram, once_rendered, arriving, toast, rows):
    async with once_rendered(WITHOUT_SOUND, **SILENT_DASHSCOPE):
        result = await arriving()
        before = result.labels
        await toast(result, "Other model")
        await telegram.wait_for(lambda: "Back" in result.labels, timeout=PATIENCE)

        await toast(result, "Back")

        await ends(telegram, result, before)
        assert len(requests(rows)) == 1


async def test_a_loop_ends_with_its_first_photo(once_rendered, arriving, toast, taken, rows):
    async with once_rendered(WITHOUT_SOUND):
        popped_up = await toast(await arriving(), "Loop")

        await taken(2)
        assert popped_up == "Video 2 is on its way."
        (_, loop) = requests(rows)
        assert loop["last_frame"] == loop["first_frame"]


# Continue


async def test_continue_makes_the_last_frame_the_first_one_of_the_next(
    telegram, result, said, toast, taken, rows, tmp_path
):
    downloads = len(telegram.calls("getFile"))
    await toast(result, "Continue")
    frame = await said("The last frame of video 1")
    question = await said("What should happen in the video?")
    assert (frame.reply_to, question.reply_to) == (result, frame)

    telegram.send_text(telegram.person, "pan left")

    status = await taken(2)
    assert status.reply_to is frame
    first, second = requests(rows)
    size = (second["first_frame"]["width"], second["first_frame"]["height"])
    assert size == (result.media.fields["width"], result.media.fields["height"])
    assert (second["model"], second["resolution"]) == (first["model"], first["resolution"])
    assert second["seed"] == first["seed"]
    assert len(telegram.calls("getFile")) == downloads  # our own copy is the better one
    stored = Image.open(tmp_path / "media" / second["first_frame"]["file"])
    shown = Image.open(io.BytesIO(frame.media.content))
    assert stored.resize((1, 1)).getpixel((0, 0)) == pytest.approx(
        shown.resize((1, 1)).getpixel((0, 0)), abs=6
    )


async def test_without_its_file_a_video_cannot_be_continued(result, toast, lose):
    lose("*.mp4")

    popped_up = await toast(result, "Continue")

    assert popped_up.startswith(
        "The file of video 1 is gone: finished videos are kept for 7 days."
    )
