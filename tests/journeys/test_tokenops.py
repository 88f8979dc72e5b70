"""From the chat through servers of the `/v1/videos` shape to the video in the chat."""

import json

import pytest

from playground.services.gateway import Gateway, OpenAiVideos
from tests.journeys.services import public_address, teach
from tests.world import ASTRONAUT, CAT, tone


@pytest.fixture(params=[Gateway, OpenAiVideos], ids=["tokenops", "openai"])
async def service(request):
    async with request.param() as one:
        yield one


@pytest.fixture
async def bot(service, start_here, tmp_path, environment):
    """A bot with a key that is open to everybody."""
    more = {**service.environment, "ACCESS": "open"}
    teach(tmp_path / "bot.db", {**environment, **more})
    async with start_here(**more):
        yield


@pytest.mark.usefixtures("bot")
async def test_a_photo_with_a_caption_becomes_a_video(telegram, arrives, service):
    service.content_lag = 1
    photo = telegram.send_photo(telegram.person, CAT, "the cat waves")

    video = await arrives()

    assert video.reply_to is photo
    (render,) = service.studio.renders
    assert render.order["prompt"] == "the cat waves"
    secrets = (telegram.bot.token.encode(), b"telegram")
    assert not [one for one in service.requests for secret in secrets if secret in one.wire]


@pytest.mark.usefixtures("bot")
async def test_words_that_are_forbidden_are_told(telegram, said, service):
    service.refuse_next("moderation_blocked", "Not these words")

    telegram.send_photo(telegram.person, CAT, "the cat waves")

    await said("its content rules forbid them")
    assert service.studio.renders == []


@pytest.mark.parametrize("people", [1, 2])
async def test_a_voice_makes_one_of_the_people_speak(
    start_here, environment, tmp_path, telegram, said, toast, arrives, people
):
    async with Gateway() as gateway:
        gateway.subjects = people
        more = {**gateway.environment, **public_address(), "ACCESS": "open"}
        teach(tmp_path / "bot.db", {**environment, **more})
        async with start_here(**more):
            telegram.send_photo(telegram.person, ASTRONAUT)
            await said("What should happen")
            telegram.send_voice(telegram.person, tone(3), 3)
            await toast(await said("for 9 of your"), "Start")
            await toast(await said("Do you have the right"), "Yes, I have the right")
            if people > 1:
                await toast(await said("Who speaks?"), "2")

            video = await arrives()

        (order,) = [json.loads(one.body) for one in gateway.sent_to("create")]
        assert "OmniHuman 1.5 (gateway), " in video.text
        assert order["generation_type"] == "omni_human"
        assert len(order.get("mask_urls", [])) == (people > 1)
