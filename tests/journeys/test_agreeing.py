"""Buttons that spend again ask again: the price, and the right to a face and a voice."""

from binascii import crc32

import pytest

from playground.services.gateway import Gateway
from tests.journeys.services import (
    SILENT_DASHSCOPE,
    SILENT_TOKENOPS,
    WITHOUT_SOUND,
    public_address,
)
from tests.world import PATIENCE

CAREFUL = "UPDATE accounts SET choices = '{\"confirm\": true}'"
TALKER = "tokenops/omnihuman-1.5"
LONG = (
    "UPDATE tasks SET request = json_remove(json_set(request, '$.audio.seconds', 20), "
    "'$.ratio', '$.resolution', '$.seed')"
)
TALKING = (
    f"UPDATE tasks SET model = '{TALKER}', request = json_set(request, '$.model', '{TALKER}')"
)
DANCER = "dashscope/wanx2.1-i2v-plus"
DANCING = (
    f"UPDATE tasks SET model = '{DANCER}', request = json_set("
    "json_remove(request, '$.audio', '$.ratio', '$.seed'), "
    f"'$.model', '{DANCER}', '$.effect', 'dance1', '$.seconds', 5, '$.resolution', '720p')"
)
COUNT = "SELECT count(*) FROM tasks"
CAMERA, TALKS = "Camera moves (built in)", "OmniHuman 1.5 (gateway)"
PRICE = f"{CAMERA}, 5 s: costs 10 of your 58 credits."


def mark(model):
    return f"{crc32(model.encode()):08x}"


async def ends(telegram, message, labels):
    """Wait until these are the buttons under a message."""
    await telegram.wait_for(lambda: message.labels == labels, timeout=PATIENCE)


@pytest.fixture
async def careful(once_rendered, arriving):
    """The video of somebody who wants to be asked before any spending."""
    async with once_rendered(WITHOUT_SOUND, CAREFUL):
        yield await arriving()


@pytest.mark.parametrize("button", ["Again", "New seed", "Loop"])
async def test_who_wants_to_be_asked_is_asked_before_a_button_spends(
    telegram, careful, toast, taken, rows, button
):
    before = careful.labels
    asked = await toast(careful, button)
    await ends(telegram, careful, ["Start: 5 s, 10 credits", "Back"])
    count = rows(COUNT)

    popped_up = await toast(careful, "Start: 5 s, 10 credits")

    assert (asked, count, popped_up) == (PRICE, [(1,)], "Video 2 is on its way.")
    assert "10 credits are held." in (await taken(2)).text
    await ends(telegram, careful, before)


async def test_who_does_not_want_the_price_goes_back(telegram, careful, toast, rows):
    before = careful.labels
    await toast(careful, "Again")
    await ends(telegram, careful, ["Start: 5 s, 10 credits", "Back"])

    await toast(careful, "Back")

    await ends(telegram, careful, before)
    assert rows(COUNT) == [(1,)]


async def test_an_agreement_holds_for_the_price_and_the_model_of_the_button(
    careful, forged, toast, rows
):
    cheaper, other = f"0x9x{mark('local/camera')}", f"0x10x{mark('another/model')}"

    for name in ("same", "again", "loop"):
        assert await toast(forged(f"{name}:1:{cheaper}"), "Forged") == PRICE
    for name in ("same", "again"):
        assert await toast(forged(f"{name}:1:{other}"), "Forged") == PRICE

    assert rows(COUNT) == [(1,)]


async def test_the_price_beside_another_model_is_agreed_to_by_its_button(
    telegram, once_rendered, arriving, forged, toast, taken
):
    flash = "dashscope/wan2.2-i2v-flash"
    async with once_rendered(WITHOUT_SOUND, CAREFUL, **SILENT_DASHSCOPE):
        result = await arriving()
        other = await toast(forged(f"model:1:0x4x{mark(flash)}"), "Forged")
        older = await toast(forged(f"model:1:{mark(flash)}"), "Forged")
        await toast(result, "Other model")
        await telegram.wait_for(lambda: result.labels[-1] == "Back", timeout=PATIENCE)

        popped_up = await toast(result, "Wan 2.2 flash: 5 credits")

        assert other == older == "Wan 2.2 flash, 5 s: costs 5 of your 58 credits."
        assert popped_up == "Video 2 is on its way."
        assert "Wan 2.2 flash" in (await taken(2)).text


async def test_a_person_who_is_made_to_speak_by_another_model_is_asked_about_and_priced(
    telegram, once_rendered, arriving, said, toast, taken, rows
):
    async with once_rendered(LONG, **SILENT_TOKENOPS):
        result = await arriving()
        before = result.labels

        await toast(result, "Other model")
        await telegram.wait_for(lambda: "Back" in result.labels, timeout=PATIENCE)
        first = await toast(result, "OmniHuman 1.5 (gateway): 60 credits")
        right = await said("Do you have the right")
        await ends(telegram, result, before)
        second = await toast(right, "Yes, I have the right")
        await ends(telegram, right, [])
        await telegram.wait_for(lambda: "Start" in result.labels[0], timeout=PATIENCE)
        shorter = result.labels
        await toast(result, "First 5 s: 15 credits")

        assert first == "I have a question first."
        assert second == (
            "🗣 A talking photo: the person in it will speak. "
            f"{TALKS} makes it for 60 of your 58 credits."
        )
        assert shorter == [
            "Start: 20 s, 60 credits",
            "First 5 s: 15 credits",
            "First 15 s: 45 credits",
            "Back",
        ]
        assert f"{TALKS}, 5 s" in (await taken(2)).text
    heard = "SELECT cost, request ->> '$.audio.seconds' FROM tasks WHERE id = 2"
    assert rows(heard) == [(15, 5.0)]


@pytest.fixture
async def right(once_rendered, arriving, toast, said):
    """The question of the right that stands in the way of a dance."""
    async with once_rendered(DANCING, **SILENT_DASHSCOPE):
        await toast(await arriving(), "Again")
        yield await said("Do you have the right")


async def test_an_order_goes_on_once_its_right_is_confirmed(
    telegram, right, arriving, toast, taken, rows
):
    label, buttons = "Yes, I have the right", right.buttons
    popped_up = await toast(right, label)
    status = await taken(2)
    await ends(telegram, right, [])
    telegram.press(telegram.person, status, "Cancel")
    await telegram.wait_for(lambda: "cancelled" in status.text, timeout=PATIENCE)
    where = {"chat_id": telegram.person.id, "message_id": right.message_id}
    markup = {"reply_markup": {"inline_keyboard": buttons}}
    telegram.call(telegram.bot, "editMessageReplyMarkup", where | markup)

    await toast(right, label)
    await ends(telegram, right, [])

    assert popped_up == "Video 2 is on its way."
    assert status.reply_to is right.reply_to
    assert rows(COUNT) == [(2,)]


async def test_nobody_else_can_say_that_they_have_the_right(telegram, right, stale, toast, rows):
    boris, labels = telegram.create_user("Boris"), right.labels

    for label in labels:
        popped_up = await toast(stale(right, label, boris), "Forged", boris)
        assert popped_up == "This button is not yours, or it is too old."
    await toast(right, "No")

    await ends(telegram, right, [])
    assert rows(COUNT) == [(1,)]
    assert rows("SELECT id FROM accounts WHERE consented IS NOT NULL") == []


@pytest.mark.parametrize("button", ["Again", "Edit words"])
async def test_a_talking_picture_shows_its_price_each_time_it_is_made(
    telegram, once_rendered, arriving, said, toast, taken, rows, button
):
    consented = "UPDATE accounts SET consented = 1"
    async with once_rendered(LONG, TALKING, consented, **SILENT_TOKENOPS):
        result = await arriving()
        question = result
        await toast(result, button)
        if button == "Edit words":
            words = telegram.send_text(
                telegram.person, "sing", reply_to=await said("has these words:")
            )
            question = await said("makes it for 60 of your 58 credits.")
            assert question.reply_to is words
        shorter = "First 5 s: 15 credits"
        await telegram.wait_for(lambda: shorter in question.labels, timeout=PATIENCE)
        assert rows(COUNT) == [(1,)]

        await toast(question, shorter)

        assert f"{TALKS}, 5 s" in (await taken(2)).text


@pytest.mark.parametrize("button", ["Other model", "Edit words"])
async def test_of_several_people_it_is_asked_who_speaks_by_another_model(
    telegram, once_rendered, arriving, said, toast, taken, rows, button
):
    heard = LONG.replace("20", "5")
    async with Gateway(subjects=3) as gateway:
        more = {**SILENT_TOKENOPS, **gateway.environment, **public_address()}
        async with once_rendered(heard, "UPDATE accounts SET consented = 1", **more):
            question = result = await arriving()
            await toast(result, button)
            if button == "Edit words":
                answer = f"sing --model {TALKER}"
                words = await said("has these words:")
                telegram.send_text(telegram.person, answer, reply_to=words)
                question = await said("for 15 of your 58 credits.")
            else:
                await telegram.wait_for(lambda: "Back" in result.labels, timeout=PATIENCE)
                await toast(result, f"{TALKS}: 15 credits")
            await telegram.wait_for(lambda: "Start" in question.labels[0], timeout=PATIENCE)
            popped_up = await toast(question, question.labels[0])
            who = await said("I see 3 people in this photo. Who speaks?")
            assert (popped_up, rows(COUNT)) == ("I have a question first.", [(1,)])
            assert (who.kind, who.labels) == ("photo", ["1", "2", "3"])

            presses = [telegram.press(telegram.person, who, "2") for _ in range(2)]
            await telegram.wait_for(lambda: all(one.answer for one in presses), timeout=PATIENCE)

            assert presses[0].answer.text == "Video 2 is on its way."
            assert f"{TALKS}, 5 s" in (await taken(2)).text
            await ends(telegram, who, [])
    assert rows("SELECT request ->> '$.subject' FROM tasks") == [(None,), (1,)]
    assert rows("SELECT facts ->> '$.looking' FROM tasks WHERE id = 1") == [(None,)]


# Edit words


@pytest.fixture
def answer(telegram, careful, toast, said):
    """Press Edit words and answer; gives the answer."""

    async def answer(words):
        await toast(careful, "Edit words")
        asked = await said("It costs 10 credits.")
        return telegram.send_text(telegram.person, words, reply_to=asked)

    return answer


async def test_other_words_are_ordered_at_the_price_of_their_question(answer, taken):
    words = await answer("a storm")

    status = await taken(2)

    assert status.reply_to is words
    assert "10 credits are held." in status.text


async def test_other_words_that_cost_something_else_are_asked_about_once(
    telegram, answer, said, taken, rows
):
    words = await answer("a storm --dur 10")
    question = await said(f"{CAMERA}, 10 s: costs 20 of your 58 credits.")
    assert (question.reply_to, question.labels) == (words, ["Start", "Cancel"])
    assert rows(COUNT) == [(1,)]

    presses = [telegram.press(telegram.person, question, "Start") for _ in range(2)]
    await telegram.wait_for(lambda: all(one.answer for one in presses), timeout=PATIENCE)
    await ends(telegram, question, [])

    assert [one.answer.text for one in presses] == ["Video 2 is on its way."] * 2
    assert question.text.endswith("✓ Start")
    assert (await taken(2)).reply_to is words
    assert rows("SELECT cost, request ->> '$.prompt' FROM tasks WHERE id = 2") == [(20, "a storm")]
    assert rows(COUNT) == [(2,)]


async def test_other_words_can_be_left_when_their_price_is_known(answer, said, toast, rows):
    await answer("a storm --dur 10")

    popped_up = await toast(await said("costs 20 of your 58 credits."), "Cancel")

    assert popped_up == "All right, nothing is made."
    assert rows(COUNT) == [(1,)]


async def test_what_continues_a_video_is_asked_about_like_any_other(
    telegram, careful, said, toast, taken, rows
):
    await toast(careful, "Continue")
    await said("What should happen in the video?")
    telegram.send_text(telegram.person, "pan left")
    asked = lambda: [  # noqa: E731
        one for one in telegram.from_bot(telegram.person, PRICE) if "Start" in one.labels
    ]
    (question,) = await telegram.wait_for(asked, timeout=PATIENCE)
    assert rows(COUNT) == [(1,)]

    await toast(question, "Start")

    assert "10 credits are held." in (await taken(2)).text
