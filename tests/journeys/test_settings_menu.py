"""/settings: one message of buttons for everything that holds for all videos."""

import json

import pytest

from tests.world import PATIENCE, SMALL, plain

RED = plain("red")
# Nothing is ordered from this server: lanes without seats keep every video in the line.
WAN = {
    "DASHSCOPE_API_KEY": "sk-0123456789abcdef",
    "DASHSCOPE_HTTP_BASE_URL": "http://127.0.0.1:9/api/v1",
    "LIMITS": "local.running=0,dashscope.running=0,dashscope.older.running=0",
    "ACCESS": "open",
}
FLASH = "Wan 2.6 flash"


@pytest.fixture
async def wan(start_here):
    """A bot that offers Wan and the built-in renderer, and renders nothing."""
    async with start_here(**WAN) as serving:
        yield serving


@pytest.fixture
def settings(telegram):
    """Write /settings and wait for the panel."""

    async def ask(who=None, chat=None):
        person = who or telegram.person
        question = telegram.send_text(person, "/settings", **({"chat": chat} if chat else {}))
        found = await telegram.wait_for(
            lambda: [one for one in telegram.from_bot(chat or person) if one.reply_to is question],
            timeout=PATIENCE,
        )
        return found[0]

    return ask


@pytest.fixture
def choose(telegram, page):
    """Press one value of one entry of the panel, by the data of the buttons, and see it there."""

    async def press(panel, key, value, shown, who=None):
        await telegram.wait_for(lambda: _has(panel, f"set:{key}"), timeout=PATIENCE)
        telegram.press(who or telegram.person, panel, f"set:{key}")
        await telegram.wait_for(lambda: _has(panel, f"set:{key}:{value}"), timeout=PATIENCE)
        telegram.press(who or telegram.person, panel, f"set:{key}:{value}")
        await telegram.wait_for(lambda: shown in panel.labels, timeout=PATIENCE)

    return press


@pytest.fixture
def choose_wan_plus(telegram):
    """Go through the services, of which there are many models, to one that can do little."""

    async def press(panel):
        for button in ("set:model", "set:from:dashscope", "set:model:dashscope/wan2.2-i2v-plus"):
            await telegram.wait_for(lambda data=button: _has(panel, data), timeout=PATIENCE)
            telegram.press(telegram.person, panel, button)
        await telegram.wait_for(lambda: "Model: Wan 2.2 plus" in panel.labels, timeout=PATIENCE)

    return press


@pytest.fixture
def choices(rows):
    return lambda account: json.loads(
        rows(f"SELECT choices FROM accounts WHERE id = {account}")[0][0]
    )


def _has(message, data):
    return any(button.get("callback_data") == data for row in message.buttons for button in row)


@pytest.mark.usefixtures("wan")
async def test_the_panel_shows_only_what_the_chosen_model_can_do(
    telegram, settings, choose_wan_plus
):
    panel = await settings()
    assert [label.partition(":")[0] for label in panel.labels] == [
        "Model", "Length", "Resolution", "Shape", "Sound", "Rewrite words",
        "Ask before spending", "News", "Language",
    ]  # fmt: skip

    await choose_wan_plus(panel)

    assert [label.partition(":")[0] for label in panel.labels] == [
        "Model", "Resolution", "Rewrite words", "Ask before spending", "News", "Language"
    ]  # fmt: skip
    assert len(telegram.from_bot(telegram.person)) == 1


@pytest.mark.usefixtures("wan")
async def test_a_page_marks_the_chosen_value_and_leads_back(telegram, settings, page, choose):
    panel = await settings()
    await choose(panel, "seconds", "10", "Length: 10 s")

    await page(panel, "Length: 10 s", "Length")
    await telegram.wait_for(lambda: "✓ 10 s" in panel.labels, timeout=PATIENCE)
    assert [label for label in panel.labels if "✓" in label] == ["✓ 10 s"]

    await page(panel, "← Back", "They hold for all your videos.")


@pytest.mark.usefixtures("wan")
async def test_what_a_new_model_cannot_do_falls_away_and_is_said(
    telegram, settings, choose, choose_wan_plus, choices
):
    panel = await settings()
    await choose(panel, "seconds", "10", "Length: 10 s")
    await choose(panel, "resolution", "1080p", "Resolution: 1080p")

    await choose_wan_plus(panel)

    assert "Not possible with Wan 2.2 plus, so as usual again: Length." in panel.text
    assert choices(telegram.person.id) == {
        "model": "dashscope/wan2.2-i2v-plus",
        "resolution": "1080p",
    }


async def test_choices_go_into_every_video_also_after_a_restart(
    start_here, telegram, settings, choose, taken
):
    async with start_here(**WAN):
        panel = await settings()
        await choose(panel, "seconds", "10", "Length: 10 s")
        await choose(panel, "resolution", "1080p", "Resolution: 1080p")
        await choose(panel, "sound", "off", "Sound: off")
    async with start_here(**WAN):
        telegram.send_photo(telegram.person, RED, "waves")
        status = await taken()
        telegram.send_photo(telegram.person, RED, "waves --dur 5 --model local/camera")
        other = await taken(2)

    assert f"{FLASH}, 10 s, 1080p" in status.text
    assert "Camera moves (built in), 5 s, 4:3, 1080p" in other.text


@pytest.mark.usefixtures("wan")
async def test_a_choice_that_does_not_fit_blocks_no_order_and_is_said(
    telegram, settings, choose, taken, said
):
    panel = await settings()
    await choose(panel, "ratio", "9:16", "Shape: 9:16")
    telegram.send_photo(telegram.person, RED, "waves")

    status = await taken()
    note = await said("The shape chosen in /settings, 9:16, does not fit here: left out.")

    assert FLASH in status.text
    assert note.reply_to is status.reply_to


@pytest.mark.usefixtures("wan")
async def test_who_is_asked_before_spending_learns_what_is_left_out_before_it_and_once(
    telegram, forged, toast, taken, said
):
    await toast(forged("set:ratio:9:16"), "Forged")
    await toast(forged("set:confirm:on"), "Forged")
    telegram.send_photo(telegram.person, RED, "waves")

    left_out = "The shape chosen in /settings, 9:16, does not fit here: left out."
    question = await said(left_out)
    assert "Wan 2.6 flash, 5 s: costs 5 of your 60 credits." in question.text
    await toast(question, "Start")
    await taken()
    telegram.send_text(telegram.person, "/privacy")
    await said("What is kept")

    assert telegram.from_bot(telegram.person, left_out) == [question]


@pytest.mark.usefixtures("wan")
async def test_a_chosen_model_gives_way_to_an_album_of_two_only_where_the_person_says_so(
    telegram, forged, toast, taken, said, rows
):
    await toast(forged("set:model:dashscope/wan2.2-i2v-plus"), "Forged")
    telegram.send_album(telegram.person, [RED, plain("blue", size=(480, 640))], "waves")
    question = await said("Wan 2.2 plus uses one photo here, as the first frame. I have 2.")
    assert "Wan 2.2 first and last frame makes it instead, for 5 credits." in question.text
    await toast(question, "The first and the last")

    status = await taken()
    note = await said("Wan 2.2 plus, chosen in /settings, does not fit here")

    assert "Wan 2.2 first and last frame" in status.text
    assert "Wan 2.2 plus cannot use a last frame." in note.text

    telegram.send_album(telegram.person, [RED, plain("blue", size=(480, 640))], "waves")
    await telegram.wait_for(
        lambda: len(telegram.from_bot(telegram.person, "I have 2.")) > 1, timeout=PATIENCE
    )
    await toast(await said("I have 2."), "Only the last")

    assert "Wan 2.2 plus, 5 s" in (await taken(2)).text
    assert rows("SELECT request ->> '$.first_frame.height' FROM tasks WHERE id = 2") == [(640,)]


@pytest.mark.usefixtures("wan")
@pytest.mark.parametrize(
    "data",
    ["set:model:dashscope/gone", "set:seconds:99", "set:seconds:auto:1", "set:nothing:on",
     "set:confirm:maybe", "set:language:xx", "set:exported:on"],
)  # fmt: skip
async def test_an_outdated_button_redraws_the_panel(telegram, forged, toast, rows, data):
    message = forged(data)

    popped_up = await toast(message, "Forged")

    assert popped_up == "That cannot be chosen any more. This is how it stands now."
    await telegram.wait_for(lambda: message.text.startswith("Settings"), timeout=PATIENCE)
    assert rows("SELECT count(*) FROM accounts WHERE choices != '{}' OR spoken != ''") == [(0,)]


@pytest.mark.usefixtures("idle_bot")
async def test_the_switches_of_a_person_are_kept(telegram, settings, choose, rows, choices):
    panel = await settings()
    await choose(panel, "confirm", "on", "Ask before spending: on")
    await choose(panel, "news", "off", "News: off")

    assert choices(telegram.person.id) == {"confirm": True}
    assert rows("SELECT quiet FROM accounts") == [(1,)]

    await choose(panel, "confirm", "off", "Ask before spending: off")
    await choose(panel, "news", "on", "News: on")
    assert choices(telegram.person.id) == {}
    assert rows("SELECT quiet FROM accounts") == [(0,)]


@pytest.mark.usefixtures("idle_bot")
async def test_a_pressed_button_of_somebody_elses_panel_changes_ones_own_choices(
    telegram, forged, toast, choices
):
    boris = telegram.create_user("Boris")
    await toast(forged("set:seconds:10", boris), "Forged", boris)
    await toast(forged("set:seconds:3"), "Forged")

    await telegram.wait_for(lambda: choices(telegram.person.id), timeout=PATIENCE)
    assert choices(boris.id) == {"seconds": 10}
    assert choices(telegram.person.id) == {"seconds": 3}


@pytest.fixture
def group(telegram):
    """A group with its owner (the first person), an admin, and a member."""
    clara, boris = telegram.create_user("Clara"), telegram.create_user("Boris")
    made = telegram.create_supergroup("Friends", telegram.person, clara, boris, telegram.bot)
    telegram.promote(made, clara)
    return made, clara, boris


@pytest.mark.usefixtures("wan")
async def test_a_groups_choices_are_changed_by_its_admins_alone_and_hold_for_everybody(
    telegram, group, settings, choose, toast, choices, taken
):
    chat, clara, boris = group
    panel = await settings(clara, chat)
    assert "Settings of this group" in panel.text
    assert not any("Language" in label or "News" in label for label in panel.labels)
    await choose(panel, "seconds", "10", "Length: 10 s", clara)

    refusal = "Only the admins of this group can change that."
    assert await toast(panel, "Length: 10 s", boris) == refusal
    shown = await settings(boris, chat)
    assert shown.labels == []
    assert "Length: 10 s" in shown.text
    assert "Yours: in our private chat." in shown.text

    assert choices(chat.id)["seconds"] == 10
    assert choices(boris.id) == {}
    telegram.send_photo(boris, RED, "/video waves", chat=chat)
    assert f"{FLASH}, 10 s" in (await taken(1, chat)).text
    telegram.send_photo(boris, RED, f"/video waves {SMALL}", chat=chat)
    assert "3 s" in (await taken(2, chat)).text
    telegram.send_photo(boris, RED, "waves")
    assert f"{FLASH}, 5 s" in (await taken(3, boris)).text
