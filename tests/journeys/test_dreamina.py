"""From a photo in the chat through the Jimeng web workbench to the video in the chat."""

import pytest

from playground.services.dreamina import Dreamina
from tests.journeys.services import teach
from tests.world import CAT


@pytest.fixture
async def service():
    async with Dreamina() as one:
        yield one


@pytest.fixture
async def bot(service, start_here, tmp_path, environment):
    """A bot with a session that is open to everybody."""
    more = {**service.environment, "ACCESS": "open"}
    teach(tmp_path / "bot.db", {**environment, **more})
    async with start_here(**more):
        yield


@pytest.mark.usefixtures("bot")
async def test_a_photo_with_a_caption_becomes_a_video(telegram, arrives, service):
    photo = telegram.send_photo(telegram.person, CAT, "the cat waves")

    video = await arrives()

    assert video.reply_to is photo
    (render,) = service.studio.renders
    assert (render.order["prompt"], render.order["ratio"]) == ("the cat waves", "4:3")
    assert service.leaks == []
    secrets = (telegram.bot.token.encode(), b"telegram")
    assert not [one for one in service.requests for secret in secrets if secret in one.wire]


@pytest.mark.usefixtures("bot")
async def test_an_expired_session_is_no_fault_of_the_persons(telegram, said, service):
    service.end_session(service.sessions[0])

    telegram.send_photo(telegram.person, CAT, "the cat waves")

    await said("The bot's own account with this service has a problem")
    assert service.studio.renders == []
