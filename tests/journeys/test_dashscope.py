"""From a photo in the chat through DashScope to the video in the chat."""

import asyncio
import json
from datetime import UTC, datetime
from functools import partial

import pytest
import sqlalchemy as sa

from bot.doctor import examine
from playground.services.dashscope import DashScope
from playground.services.studio import Studio
from storage import orders, tables
from storage.database import Database
from tests.factories import make_new_task, make_request, policy
from tests.journeys.services import teach, told
from tests.world import CAT, COFFEE, tone

ABROAD = "https://dashscope-intl.aliyuncs.com/api/v1"


@pytest.fixture
def studio():
    return Studio()


@pytest.fixture
async def service(studio):
    async with DashScope(studio=studio) as one:
        yield one


@pytest.fixture
async def bot(service, start_here, tmp_path, environment):
    """A bot with a DashScope key that is open to everybody."""
    more = {**service.environment, "ACCESS": "open"}
    teach(tmp_path / "bot.db", {**environment, **more})
    async with start_here(**more):
        yield


@pytest.fixture
def ordered(service):
    """The bodies of the orders that the service got."""
    return lambda: [json.loads(one.body) for one in service.sent_to("create")]


@pytest.mark.usefixtures("bot")
async def test_a_photo_with_a_caption_becomes_a_video_made_by_ai(
    telegram, arrives, service, ordered
):
    photo = telegram.send_photo(telegram.person, CAT, "the cat waves --neg blur --seed 7")

    video = await arrives()

    assert video.reply_to is photo
    assert "🤖 Made by AI." in video.text
    assert "Wan 2.6 flash, " in video.text
    (order,) = ordered()
    assert order["model"] == "wan2.6-i2v-flash"
    assert order["input"]["prompt"] == "the cat waves"
    assert order["input"]["negative_prompt"] == "blur"
    assert order["parameters"]["seed"] == 7
    assert service.studio.billable == 1
    assert told(service, telegram.bot.token, "telegram") == []


@pytest.mark.usefixtures("bot")
async def test_a_voice_needs_a_word_on_the_rights_once_and_then_moves_the_lips(
    telegram, arrives, said, toast, ordered
):
    telegram.send_photo(telegram.person, CAT, "speaks friendly")
    await arrives()
    telegram.send_voice(telegram.person, tone(4.2), 5)
    price = await said("for 5 of your")
    await toast(price, "Start")
    question = await said("Do you have the right to use this face")
    await toast(question, "Yes, I have the right")
    await arrives(2)
    telegram.delete_by_person(telegram.person, price)
    telegram.send_voice(telegram.person, tone(4.2), 5)
    await toast(await said("for 5 of your"), "Start")
    await arrives(3)

    _, first, second = ordered()
    assert first["input"]["audio_url"].startswith("oss://")
    assert first["parameters"]["duration"] == second["parameters"]["duration"] == 5
    assert len(telegram.from_bot(telegram.person, "Do you have the right")) == 1


@pytest.mark.usefixtures("bot")
async def test_who_has_no_right_to_a_face_gets_no_video(telegram, said, toast, rows):
    telegram.send_photo(telegram.person, CAT)
    await said("What should happen")
    telegram.send_voice(telegram.person, tone(4), 4)
    await toast(await said("for 4 of your"), "Start")
    question = await said("Do you have the right")

    assert "nothing is made" in await toast(question, "No")
    assert rows("SELECT id FROM tasks") == []


@pytest.mark.usefixtures("bot")
async def test_two_photos_become_first_and_last_frame(telegram, arrives, ordered):
    telegram.send_album(telegram.person, [CAT, COFFEE], "one becomes the other")

    await arrives()

    (order,) = ordered()
    given = order["input"].get("media") or order["input"]
    if isinstance(given, list):
        assert [one["type"] for one in given] == ["first_frame", "last_frame"]
    else:
        assert {"first_frame_url", "last_frame_url"} <= given.keys()


@pytest.mark.usefixtures("bot")
async def test_an_effect_is_ordered_by_its_name_and_says_what_it_leaves_out(
    telegram, taken, arrives, said, ordered
):
    telegram.send_album(telegram.person, [COFFEE, CAT], "quickly --effect melt")

    assert "effect “melts in the heat”" in (await taken()).text
    await arrives()

    (order,) = ordered()
    assert (order["model"], order["input"]["template"]) == ("wanx2.1-i2v-plus", "melt")
    assert order["input"].keys() == {"template", "img_url"}
    assert await said("The effect “melts in the heat” decides what happens")


@pytest.mark.usefixtures("bot")
async def test_what_the_service_will_not_show_costs_nothing_and_is_said(
    telegram, said, service, rows
):
    service.refuse_next("DataInspectionFailed")
    telegram.send_photo(telegram.person, CAT, "something forbidden")

    assert await said("its content rules forbid them")
    await telegram.wait_for(lambda: rows("SELECT state FROM tasks") == [("failed",)])
    assert service.studio.billable == 0
    assert rows("SELECT SUM(daily) FROM ledger") == [(0,)]


async def test_an_owner_hears_of_a_key_that_is_refused(
    service, start_here, telegram, said, environment
):
    wrong = {**service.environment, "DASHSCOPE_API_KEY": "sk-wrong", "ACCESS": "open"}
    async with start_here(**wrong, ADMIN_IDS=str(telegram.person.id)):
        telegram.start(telegram.person)
        telegram.send_photo(telegram.person, CAT, "waves --model dashscope/wan2.6-i2v-flash")

        assert await said("DASHSCOPE_API_KEY: the key is wrong")
        assert await said("The bot's own account with this service has a problem")
        telegram.send_text(telegram.person, "/models")
        assert await said("available now. The bot's own account with this service has a problem")
    assert telegram.from_bot(telegram.person, "sk-wrong") == []


async def test_another_key_takes_over_and_the_owner_hears_of_the_refused_one(
    service, start_here, telegram, said, arrives, tmp_path, environment
):
    keys = f"sk-wrong,{service.environment['DASHSCOPE_API_KEY']}"
    more = {**service.environment, "DASHSCOPE_API_KEY": keys, "ACCESS": "open"}
    teach(tmp_path / "bot.db", {**environment, **more})
    async with start_here(**more, ADMIN_IDS=str(telegram.person.id)):
        telegram.start(telegram.person)
        telegram.send_photo(telegram.person, CAT, "waves")

        assert await arrives()
        assert await said("DASHSCOPE_API_KEY: the key is wrong")


async def test_without_a_model_that_talks_the_person_decides(
    service, start_here, telegram, said, toast, rows
):
    more = {**service.environment, "ACCESS": "open", "LIMITS": "local.running=0"}
    async with start_here(**more):
        telegram.send_photo(telegram.person, CAT, "speaks --model dashscope/wan2.6-i2v-flash")
        service.access.in_arrears.add(next(iter(service.access.keys.values())))
        await said("was not made")
        telegram.send_voice(telegram.person, tone(4), 4)
        question = await said("No model that makes a person speak")
        await toast(question, "Yes, with camera moves")

        await said("Video 2 ")

    assert rows("SELECT model FROM tasks WHERE id = 2") == [("local/camera",)]


async def test_where_the_model_was_left_open_another_one_takes_over_aloud(
    service, start_here, telegram, arrives, said, tmp_path, environment
):
    more = {**service.environment, "ACCESS": "open"}
    teach(tmp_path / "bot.db", {**environment, **more})
    service.access.closed_models.add("wan2.6-i2v-flash")
    async with start_here(**more):
        telegram.send_photo(telegram.person, CAT, "waves --res 1080p")

        video = await arrives()
        assert await said("The model first chosen could not take it")

    assert "Wan 2." in video.text
    assert "Wan 2.6 flash" not in video.text


async def test_a_model_without_free_quota_is_tried_once_and_the_owner_hears_which(
    service, start_here, telegram, arrives, said, ordered, rows, tmp_path, environment
):
    more = {**service.environment, "ACCESS": "open", "ADMIN_IDS": str(telegram.person.id)}
    teach(tmp_path / "bot.db", {**environment, **more})
    service.access.spent.add(("1000000000000001", "wan2.6-i2v-flash"))
    async with start_here(**more):
        telegram.start(telegram.person)
        for number in (1, 2):
            telegram.send_photo(telegram.person, CAT, f"waves {number} times")
            await arrives(number)
        assert "wan2.6-i2v-flash" in (await said("the free quota is used up")).text

    models = [order["model"] for order in ordered()]
    assert models[0] == "wan2.6-i2v-flash"
    assert "wan2.6-i2v-flash" not in models[1:]
    assert len(models) == 3
    tried = rows("SELECT json_extract(facts, '$.tried[0]') FROM tasks ORDER BY id")
    assert tried == [
        ("dashscope/wan2.6-i2v-flash",),
        (None,),
    ]  # the second was not even offered it


@pytest.mark.usefixtures("bot")
async def test_the_effects_are_listed_in_plain_words_by_what_the_photo_shows(telegram, said):
    telegram.send_text(telegram.person, "/effects")

    listed = (await said("put one into the caption")).text

    groups = ["Anything", "One person", "One person or animal", "Two people"]
    assert [line for line in listed.splitlines() if line in groups] == groups
    assert "• melt: melts in the heat" in listed
    assert listed.count("•") == 31


async def test_a_bot_without_effects_says_so(start_here, telegram, said):
    async with start_here():
        telegram.send_text(telegram.person, "/effects")

        assert await said("No model here has ready-made effects.")


async def test_owners_see_which_orders_are_uncertain_and_nobody_else_does(
    start_here, telegram, said, tmp_path
):
    boris = telegram.create_user("Boris")
    database = Database(tmp_path / "bot.db")
    new = make_new_task(sender=boris.id, request=make_request(model="volcengine/jimeng-3.0-pro"))
    accept = partial(orders.accept, put=lambda *_: None)
    task = await database.write(accept, new, policy(), datetime.now(UTC))
    await database.write(
        lambda connection: connection.execute(
            sa.update(tables.tasks).values(state="uncertain", due=None, finished=datetime.now(UTC))
        )
    )
    await database.close()
    async with start_here(ADMIN_IDS=str(telegram.person.id)):
        telegram.send_text(boris, "/uncertain")
        telegram.send_text(telegram.person, "/uncertain")

        assert await said("Only the owners of this bot and their helpers can do that.", boris)
        assert f"{task.id}: volcengine/jimeng-3.0-pro" in (await said("may have taken")).text


async def test_models_that_are_off_are_named_by_the_doctor(service, environment, capsys):
    variables = {**environment, **service.environment, "DASHSCOPE_HTTP_BASE_URL": ABROAD}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        await asyncio.to_thread(examine)

    report = capsys.readouterr().out
    assert "dashscope/wan2.7-i2v: Wan 2.7" in report
    assert "dashscope/wanx2.1-kf2v-plus: not offered in the region" in report


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("studio", [Studio(manual=True)])
async def test_what_the_service_has_begun_is_stopped_only_after_a_question(
    telegram, taken, toast, page, stored, stale, rows, studio, said
):
    begun = "SELECT json_extract(facts, '$.begun'), state FROM tasks WHERE id = {}".format
    ended = "SELECT kind FROM ledger WHERE task = {} AND kind != 'hold'".format

    telegram.send_photo(telegram.person, CAT, "the cat waves")
    waiting = await taken()
    await stored(begun(1), 0, "running")
    assert await toast(waiting, "Cancel") == "Stopping video 1."
    await stored(ended(1), "release")

    telegram.send_photo(telegram.person, CAT, "the cat waves")
    status = await taken(2)
    await stored("SELECT state FROM tasks WHERE id = 2", "running")
    studio.begin(studio.renders[1].id)
    await stored(begun(2), 1, "running")
    await page(status, "Cancel", "Video 2 is billed all the same: 5 credits. Stop it anyway?")
    anyway = stale(status, "Stop anyway")
    assert status.labels == ["Stop anyway", "Let it finish"]
    assert await toast(status, "Let it finish") == "Video 2 goes on."
    await telegram.wait_for(lambda: status.labels == ["Cancel"])
    assert "Stop it anyway" not in status.text

    telegram.send_text(telegram.person, "/cancel 2")
    asked = await said("Stop it anyway?")
    assert asked is not status
    assert asked.labels == ["Stop anyway", "Let it finish"]
    telegram.send_text(telegram.person, "/jobs")
    listed = await said("Your newest videos")
    await page(listed, "Cancel 2", "Stop it anyway?")
    await page(listed, "Let it finish", "Your newest videos")
    assert rows("SELECT cancelling FROM tasks WHERE id = 2") == [(0,)]
    assert await toast(anyway, "Forged") == "Stopping video 2."
    await stored(ended(2), "capture")
    assert await toast(asked, "Stop anyway") == "Video 2 is already over."
    assert studio.billable == 1
