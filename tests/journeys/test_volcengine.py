"""From the chat through Volcengine to the video in the chat, talking pictures above all."""

import base64
import io
import json

import httpx
import pytest
from PIL import Image

from playground.services.volcengine import Volcengine
from tests.journeys.services import public_address, teach, told
from tests.world import ASTRONAUT, plain, tone


@pytest.fixture
async def service():
    async with Volcengine() as one:
        yield one


@pytest.fixture
async def bot(service, start_here, tmp_path, environment):
    more = {**service.environment, **public_address(), "ACCESS": "open"}
    teach(tmp_path / "bot.db", {**environment, **more})
    async with start_here(**more):
        yield


@pytest.fixture
def ordered(service):
    return lambda: [json.loads(one.body) for one in service.sent_to("submit")]


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("caption", "key"),
    [
        ("she smiles --model volcengine/jimeng-3.0-720p", "jimeng_i2v_first_v30"),
        ("she smiles --model volcengine/jimeng-3.0-1080p --dur 10", "jimeng_i2v_first_v30_1080"),
        (
            "orbit --model volcengine/jimeng-3.0-720p --camera robo_arm:weak",
            "jimeng_i2v_recamera_v30",
        ),
        ("she smiles --model volcengine/jimeng-3.0-pro", "jimeng_ti2v_v30_pro"),
        ("she smiles --model volcengine/jimeng-s2.0-pro", "jimeng_vgfm_i2v_l20"),
    ],
)
async def test_a_photo_and_its_caption_choose_the_key(
    telegram, arrives, ordered, service, caption, key
):
    telegram.send_photo(telegram.person, ASTRONAUT, caption)

    await arrives()

    assert [one["req_key"] for one in ordered()] == [key]
    assert told(service, telegram.bot.token, service.environment["VOLC_SECRETKEY"]) == []


@pytest.mark.usefixtures("bot")
async def test_two_photos_choose_the_key_for_both_ends(telegram, arrives, ordered):
    telegram.send_album(
        telegram.person,
        [plain("red"), plain("blue")],
        "day turns to night --model volcengine/jimeng-3.0-720p",
    )

    await arrives()

    assert [one["req_key"] for one in ordered()] == ["jimeng_i2v_first_tail_v30"]


@pytest.mark.usefixtures("bot")
async def test_a_second_photo_of_another_shape_is_cropped_to_the_first(
    telegram, arrives, ordered, said
):
    photos = [plain("red", size=(800, 600)), plain("blue", size=(600, 800))]
    telegram.send_album(
        telegram.person, photos, "day turns to night --model volcengine/jimeng-3.0-720p"
    )

    await arrives()

    sent = [
        Image.open(io.BytesIO(base64.b64decode(one))) for one in ordered()[0]["binary_data_base64"]
    ]
    assert [one.size for one in sent] == [(800, 600), (800, 600)]
    assert await said("The second photo is cropped")


async def speak(telegram, said, toast):
    """Send a photo and a voice, and confirm the rights."""
    telegram.send_photo(telegram.person, ASTRONAUT)
    await said("What should happen")
    telegram.send_voice(telegram.person, tone(3), 3)
    await toast(await said("for 9 of your"), "Start")
    await toast(await said("Do you have the right"), "Yes, I have the right")


@pytest.mark.usefixtures("bot")
async def test_one_person_speaks_without_a_question(
    telegram, said, toast, arrives, ordered, service
):
    await speak(telegram, said, toast)

    video = await arrives()

    assert "Made by AI" in video.text
    (order,) = ordered()
    assert order["req_key"] == "jimeng_realman_avatar_picture_omni_v15"
    assert "/m/" in order["image_url"]
    assert "mask_url" not in order
    assert telegram.from_bot(telegram.person, "Who speaks?") == []
    assert told(service, telegram.bot.token) == []


@pytest.mark.usefixtures("bot")
async def test_of_several_people_the_person_picks_who_speaks(
    telegram, said, toast, arrives, ordered, service
):
    service.subjects = 3
    await speak(telegram, said, toast)
    question = await said("I see 3 people in this photo. Who speaks?")

    assert question.kind == "photo"
    assert question.labels == ["1", "2", "3"]
    await toast(question, "2")
    await arrives()

    (order,) = ordered()
    assert len(order["mask_url"]) == 1


async def test_without_a_public_address_omnihuman_is_off_and_the_person_decides(
    service, start_here, telegram, said
):
    async with start_here(**service.environment, ACCESS="open"):
        telegram.send_photo(telegram.person, ASTRONAUT)
        await said("What should happen")
        telegram.send_voice(telegram.person, tone(3), 3)

        assert await said("No model that makes a person speak")


@pytest.mark.usefixtures("bot")
async def test_a_link_ends_with_its_video(telegram, said, toast, arrives, ordered, rows):
    await speak(telegram, said, toast)
    await arrives()
    await telegram.wait_for(lambda: rows("SELECT state FROM tasks") == [("delivered",)])

    async with httpx.AsyncClient() as stranger:
        answer = await stranger.get(ordered()[0]["image_url"])

    assert answer.status_code == 404


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("a boat at sea --model volcengine/jimeng-3.0-720p --ar 21:9", "jimeng_t2v_v30"),
        ("a boat at sea --model volcengine/jimeng-3.0-1080p", "jimeng_t2v_v30_1080p"),
        ("a boat at sea --model volcengine/jimeng-3.0-pro", "jimeng_ti2v_v30_pro"),
    ],
)
async def test_words_alone_are_enough_for_a_model_that_is_named(
    telegram, arrives, ordered, words, key
):
    asked = telegram.send_text(telegram.person, words)

    video = await arrives()

    assert video.reply_to is asked
    assert [one["req_key"] for one in ordered()] == [key]


@pytest.mark.usefixtures("bot")
async def test_words_alone_are_taken_at_the_press_of_a_button(
    telegram, arrives, said, toast, ordered
):
    telegram.send_text(telegram.person, "a boat at sea")
    await toast(await said("Now send me a photo"), "Make it from words alone")

    await arrives()

    assert ordered()[0]["prompt"] == "a boat at sea"
