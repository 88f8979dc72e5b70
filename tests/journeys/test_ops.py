"""What owners see of the bot's health, and what they change while it runs."""

import io
import sqlite3
from contextlib import closing

import pytest
from PIL import Image

from playground.services.dashscope import DashScope
from tests.world import PATIENCE, SMALL, plain

RED = plain("red")
PRICED = {"PRICES": "local/camera=2", "LIMITS": "local.running=0"}


@pytest.fixture
def owner(telegram):
    return telegram.person


@pytest.fixture
def boris(telegram):
    return telegram.create_user("Boris", username="boris")


@pytest.fixture
def start_owned(start_here, owner):
    """Run a bot that the first person owns."""
    return lambda **more: start_here(**{"ADMIN_IDS": str(owner.id), "ACCESS": "open", **more})


@pytest.fixture
async def owned_bot(start_owned):
    """An owned bot where videos cost something and stay in the line."""
    async with start_owned(**PRICED):
        yield


def picture_of(message):
    with Image.open(io.BytesIO(message.media.content)) as picture:
        return picture.convert("RGB").copy()


@pytest.mark.usefixtures("owned_bot")
async def test_during_maintenance_no_order_is_taken_and_people_are_told(
    telegram, owner, boris, said, taken, rows
):
    telegram.send_photo(boris, RED, SMALL)
    await taken(1, boris)
    telegram.send_text(owner, "/maintenance on 15 minutes new disk")
    state = await said("no new videos until")

    telegram.send_photo(boris, RED, SMALL)

    assert await said("is under maintenance and takes no new videos until", boris)
    assert "1 video is on its way." in state.text
    assert rows("SELECT count(*) FROM tasks") == [(1,)]
    assert rows("SELECT reason FROM audit WHERE action = 'maintenance'") == [("new disk",)]


async def test_maintenance_outlives_the_process_until_it_is_ended(
    start_owned, telegram, owner, boris, said, taken
):
    async with start_owned(**PRICED):
        telegram.send_text(owner, "/maintenance on")
        await said("until you switch it off")
    async with start_owned(**PRICED):
        telegram.send_photo(boris, RED, SMALL)
        await said("takes no new videos for a while", boris)

        telegram.send_text(owner, "/maintenance off")
        await said("The bot takes videos.")
        telegram.send_photo(boris, RED, SMALL)

        assert await taken(1, boris)


async def test_a_setting_changes_at_once_and_outlives_the_process(
    start_owned, telegram, owner, boris, said, rows
):
    async with start_owned(**PRICED):
        telegram.send_text(owner, "/set credits.daily 5 thrift")
        assert (await said("credits.daily: 60 → 5")).text
        telegram.send_photo(boris, RED, SMALL)
        await said("This video costs 6 credits and you have 5 left.", boris)
    async with start_owned(**PRICED):
        telegram.send_text(boris, "/balance")
        assert (await said("5 credits free", boris)).text.startswith("5 credits free")

        telegram.send_text(owner, "/set credits.daily default")

        assert await said("credits.daily: 5 → 60")
    assert rows("SELECT detail, reason FROM audit ORDER BY id") == [
        ("credits.daily: 60 -> 5", "thrift"),
        ("credits.daily: 5 -> 60", ""),
    ]
    assert rows("SELECT name FROM overrides") == []


@pytest.mark.usefixtures("owned_bot")
@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("credits.daily 12.5", "It must be a whole number from 0 to 1000000."),
        ("keep.results 36501", "It must be a number from 0.01 to 36500."),
        ("access ajar", "Possible: open, closed."),
        ("model.default veo", "Possible: auto, local/camera."),
        ("telegram_api_url http://evil", "There is no setting telegram_api_url."),
    ],
)
async def test_a_value_that_does_not_fit_is_refused_with_what_does(
    telegram, owner, said, rows, words, answer
):
    telegram.send_text(owner, f"/set {words}")

    assert await said(answer)
    assert rows("SELECT * FROM overrides") == []


@pytest.mark.usefixtures("owned_bot")
async def test_prices_and_seats_follow_a_setting(telegram, owner, said, boris, taken, videos):
    telegram.send_text(owner, "/set price.local/camera 0")
    await said("price.local/camera: 2 → 0")
    telegram.send_photo(boris, RED, SMALL)
    await taken(1, boris)

    telegram.send_text(owner, "/set running.local 1")

    await telegram.wait_for(lambda: videos(boris), timeout=PATIENCE)
    assert "\nVideo 1\n" in videos(boris)[0].text


@pytest.mark.usefixtures("owned_bot")
async def test_a_service_that_is_switched_off_takes_nothing_new(
    telegram, owner, boris, said, toast, taken
):
    telegram.send_photo(boris, RED, SMALL)
    await taken(1, boris)
    telegram.send_text(owner, "/providers")
    card = await said("local: works")
    assert card.kind == "photo"

    assert await toast(card, "Off: local") == "local is off: it takes no new videos."
    await telegram.wait_for(lambda: "On: local" in card.labels, timeout=PATIENCE)
    assert "local: switched off. 1 waiting" in card.text
    telegram.send_photo(boris, RED, f"{SMALL} --model local/camera")

    assert await said("Camera moves (built in) is switched off by the owners now.", boris)
    assert await toast(card, "On: local") == "local is on."


@pytest.mark.usefixtures("owned_bot")
async def test_services_are_worked_in_words_as_well(telegram, owner, boris, said, rows):
    async def says(words, answer):
        telegram.send_text(owner, f"/providers {words}")
        return await said(answer)

    await says("local off too dear", "local is off: it takes no new videos.")
    await says("default local/camera for now", "model.default: auto → local/camera")
    await says("running 3 local", "running.local: 0 → 3")
    await says("limit local 0", "running.local: 3 → 0")
    await says("enable LOCAL", "local is on.")
    await says("test local", "✅ local")
    await says("keys local", "local: keys brought back: 0.")

    changed = rows("SELECT detail, reason FROM audit WHERE action = 'set'")
    assert changed == [
        ("provider.local: on -> off", "too dear"),
        ("model.default: auto -> local/camera", "for now"),
        ("running.local: 0 -> 3", ""),
        ("running.local: 3 -> 0", ""),
        ("provider.local: off -> on", ""),
    ]


@pytest.mark.usefixtures("owned_bot")
@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("off nothing", "There is no nothing here. Possible: local."),
        ("running nothing 2", "There is no nothing here. Possible: delivery, local."),
        ("running local many", "It must be a whole number from 0 to 1000."),
        ("default nothing", "Possible: auto, local/camera."),
        ("off local LOCAL", "I take one service at a time: nothing was done."),
        ("local", "In words: /providers off local"),
        ("off", "In words: /providers off local"),
    ],
)
async def test_an_order_to_services_that_makes_no_sense_is_answered_with_what_does(
    telegram, owner, said, rows, words, answer
):
    telegram.send_text(owner, f"/providers {words}")

    assert await said(answer)
    assert rows("SELECT * FROM audit") == []


async def test_a_retired_key_comes_back_at_a_press(start_owned, telegram, owner, said, toast):
    async with DashScope() as service:
        variables = {**service.environment, "DASHSCOPE_API_KEY": "sk-nobody-knows"}
        async with start_owned(**variables):
            telegram.send_photo(owner, RED, "waves --model dashscope/wan2.2-i2v-flash")
            await said("was not made")
            telegram.send_text(owner, "/providers")
            card = await said("dashscope: needs you")

            assert await toast(card, "Use its keys again") == "dashscope: keys brought back: 1."

            await telegram.wait_for(lambda: "dashscope: works" in card.text, timeout=PATIENCE)
            assert "Use its keys again" not in card.labels


@pytest.mark.usefixtures("owned_bot")
async def test_figures_are_for_those_who_look_after_the_bot(telegram, boris, said):
    telegram.send_text(boris, "/stats")

    assert await said("Only the owners of this bot and their helpers can do that.", boris)


async def test_the_last_days_as_a_picture(start_owned, telegram, owner, said):
    async with start_owned():
        telegram.send_text(owner, "/stats 30d")

        message = await said("The last 30 days")

    assert message.kind == "photo"
    assert picture_of(message).getcolors(1 << 24)
    assert "Delivered: 0, failed: 0" in message.text


@pytest.mark.usefixtures("owned_bot")
async def test_a_selftest_names_what_works(telegram, owner, said):
    telegram.send_text(owner, "/selftest")

    report = await said("Telegram answers.")

    assert "✅ The database answers." in report.text
    assert "✅ Media children work." in report.text
    assert "local" in report.text


@pytest.mark.usefixtures("owned_bot")
async def test_a_selftest_speaks_the_language_of_who_asks(telegram, owner, said):
    owner.language_code = "zh-hans"
    telegram.send_text(owner, "/selftest")

    report = await said("local", owner)

    assert "built in" not in report.text
    assert "内置" in report.text


@pytest.mark.usefixtures("owned_bot")
async def test_a_backup_is_whole_and_private(telegram, owner, boris, said, taken, tmp_path):
    telegram.send_photo(boris, RED, SMALL)
    await taken(1, boris)

    telegram.send_text(owner, "/backup")

    await said("is complete and checked")
    (copy,) = (tmp_path / "backups").iterdir()
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT count(*) FROM tasks").fetchall() == [(1,)]
    assert copy.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("owned_bot")
async def test_a_backup_is_announced_in_private_only(telegram, owner, said, tmp_path):
    group = telegram.create_group("Friends", owner)
    telegram.add(group, telegram.bot)

    telegram.send_text(owner, f"/backup@{telegram.bot.username}", chat=group)

    assert await said("I answer that in our private chat.", group)
    assert not (tmp_path / "backups").exists()


@pytest.mark.usefixtures("owned_bot")
async def test_admin_lists_the_commands_of_ones_role(telegram, owner, said):
    telegram.send_text(owner, "/admin")

    menu = await said("Videos on their way: 0.")

    assert "/backup: " in menu.text
    assert "/stats: " in menu.text
