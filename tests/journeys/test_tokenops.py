"""From the chat through servers of the `/v1/videos` shape to the video in the chat."""

import pytest

from playground.services.gateway import Gateway, OpenAiVideos
from tests.journeys.services import teach
from tests.world import CAT


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
