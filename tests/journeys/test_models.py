"""/models and /effects: reading what there is, and taking it with a press."""

import pytest

from tests.world import PATIENCE, plain

RED = plain("red")
# Nothing is ordered from this server: lanes without seats keep every video in the line.
WAN = {
    "DASHSCOPE_API_KEY": "sk-0123456789abcdef",
    "DASHSCOPE_HTTP_BASE_URL": "http://127.0.0.1:9/api/v1",
    "LIMITS": "local.running=0,dashscope.running=0,dashscope.older.running=0",
    "ACCESS": "open",
}
PLUS = "dashscope/wan2.2-i2v-plus"


@pytest.fixture
async def wan(start_here):
    async with start_here(**WAN) as serving:
        yield serving


@pytest.fixture
def asked(telegram):
    """Write a command and wait for the answer to it."""

    async def ask(words, who=None, chat=None):
        person = who or telegram.person
        question = telegram.send_text(person, words, **({"chat": chat} if chat else {}))
        found = await telegram.wait_for(
            lambda: [one for one in telegram.from_bot(chat or person) if one.reply_to is question],
            timeout=PATIENCE,
        )
        return found[0]

    return ask


@pytest.mark.usefixtures("wan")
async def test_a_model_is_looked_up_and_chosen_in_one_message(telegram, asked, page, toast, taken):
    shelf = await asked("/models")
    assert "dashscope: 10 of 10 available now" in shelf.text
    await page(shelf, "dashscope", "dashscope/wan2.6-i2v-flash")
    assert "photo; voice, lips move; 2 to 15 s; 720p, 1080p" in shelf.text
    assert "1 a second: 5 credits for 5 s" in shelf.text

    assert await toast(shelf, "Wan 2.2 plus") == "Chosen: Wan 2.2 plus."
    await telegram.wait_for(lambda: "✓ Wan 2.2 plus" in shelf.labels, timeout=PATIENCE)
    await page(shelf, "›", "Off: dashscope/wan2.6-i2v-us")
    telegram.send_photo(telegram.person, RED, "waves")

    assert "Wan 2.2 plus, 5 s" in (await taken()).text
    assert len(telegram.from_bot(telegram.person)) == 2


@pytest.mark.usefixtures("wan")
async def test_a_photo_that_no_ai_model_takes_is_made_by_the_built_in_one_which_says_why(
    telegram, said, taken
):
    telegram.send_photo(telegram.person, plain("red", size=(20, 20)), "waves")

    assert "Camera moves (built in), 5 s" in (await taken()).text
    note = await said("No AI model takes this, so Camera moves (built in) makes it.")
    assert "This photo is 20 x 20: too small." in note.text


@pytest.mark.usefixtures("wan")
async def test_choosing_a_model_says_what_falls_away(forged, toast, rows):
    await toast(forged("set:seconds:10"), "Forged")

    popped_up = await toast(forged(f"model:{PLUS}"), "Forged")

    assert popped_up == "Chosen. Not possible with it, so as usual again: Length."
    assert rows("SELECT choices FROM accounts") == [(f'{{"model": "{PLUS}"}}',)]


@pytest.mark.usefixtures("wan")
async def test_a_model_that_is_gone_cannot_be_chosen(forged, toast, rows):
    popped_up = await toast(forged("model:dashscope/gone"), "Forged")

    assert popped_up.startswith("That cannot be chosen any more.")
    assert rows("SELECT choices FROM accounts") == [("{}",)]


@pytest.mark.usefixtures("idle_bot")
async def test_in_a_group_everybody_reads_and_admins_choose(telegram, asked, toast, rows):
    boris = telegram.create_user("Boris")
    chat = telegram.create_supergroup("Friends", telegram.person, boris, telegram.bot)
    shelf = await asked("/models", boris, chat)
    assert "Chosen for this group: whichever fits best." in shelf.text

    refusal = "Only the admins of this group can change that."
    assert await toast(shelf, "Camera moves (built in)", boris) == refusal
    chosen = await toast(shelf, "Camera moves (built in)", telegram.person)

    assert chosen == "Chosen: Camera moves (built in)."
    query = "SELECT id FROM accounts WHERE json_extract(choices, '$.model') = 'local/camera'"
    assert rows(query) == [(chat.id,)]


@pytest.mark.usefixtures("wan")
async def test_an_effect_is_found_by_what_it_shows_and_says_how_to_use_it(telegram, asked, page):
    effects = await asked("/effects")
    assert "• hug: embrace" in effects.text
    assert effects.labels == ["Anything", "One person", "One person or animal", "Two people"]

    await page(effects, "Two people", "Press one:")
    assert effects.labels == ["embrace", "kiss", "make a heart together", "← Back"]
    await page(effects, "embrace", "Send a photo of two people with this caption: --effect hug")
    await page(effects, "← Back", "Press one:")
    await page(effects, "← Back", "• hug: embrace")


@pytest.mark.usefixtures("wan")
@pytest.mark.parametrize(
    ("caption", "answer"),
    [("", "What should happen"), ("waves --dur 99", "--dur 99 is not possible")],
)
async def test_an_effect_is_ordered_with_the_photo_that_waits_for_words(
    telegram, asked, page, toast, said, taken, rows, caption, answer
):
    effects = await asked("/effects")
    await page(effects, "Anything", "Press one:")
    photo = telegram.send_photo(telegram.person, RED, caption)
    await said(answer)

    assert await toast(effects, "melts in the heat") == "It is used for your photo."

    status = await taken()
    assert status.reply_to is photo
    query = (
        "SELECT json_extract(request, '$.effect'), json_extract(request, '$.prompt') FROM tasks"
    )
    assert rows(query) == [("melt", None)]


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize("data", ["effect:melt", "effect:nonsense"])
async def test_an_effect_that_nobody_has_is_refused(forged, toast, data):
    assert await toast(forged(data), "Forged") == "This effect is not offered any more."


@pytest.mark.usefixtures("idle_bot")
async def test_a_page_of_effects_that_are_gone_says_so(forged, page):
    await page(forged("effects:person"), "Forged", "No model here has ready-made effects.")
