"""Channels: a post becomes a video on the channel's credits, and its readers see nothing else."""

import pytest

from tests.world import PATIENCE, SMALL, plain

RED, BLUE = plain("red", size=(640, 480)), plain("blue", size=(320, 240))
PRICED = {"PRICES": "local/camera=2", "LIMITS": "local.running=0"}
ORDERS = """SELECT account, "user", request ->> '$.prompt', request ->> '$.last_frame.width'
FROM tasks ORDER BY id"""


@pytest.fixture
def anna(telegram):
    return telegram.person


@pytest.fixture
def channel(telegram, anna):
    return telegram.create_channel("News", anna, telegram.bot)


@pytest.fixture
def owner(telegram):
    """An owner of the bot, who has written to it."""
    olga = telegram.create_user("Olga")
    telegram.start(olga)
    return olga


@pytest.fixture
def ordered(telegram, owner, rows):
    """Wait for an order: nothing in the channel tells of it, so the owner asks until it is there."""

    async def wait():
        while not (found := rows(ORDERS)):
            question = telegram.send_text(owner, "/job 1")
            await telegram.wait_for(
                lambda asked=question: [
                    one for one in telegram.from_bot(owner) if one.reply_to is asked
                ],
                timeout=PATIENCE,
            )
        return found

    return wait


@pytest.mark.usefixtures("bot")
async def test_a_post_gets_its_video_as_a_reply_and_nothing_else(
    telegram, anna, channel, toast, rows
):
    stranger = telegram.create_user("Boris")
    post = telegram.send_photo(anna, RED, f"#video static {SMALL}", chat=channel)

    def films():
        return [one for one in telegram.history(channel) if one.kind == "video"]

    (film,) = await telegram.wait_for(films, timeout=PATIENCE)
    refusal = await toast(film, "Again", stranger)
    taken = await toast(film, "Again", anna)

    assert film.reply_to is post
    assert telegram.from_bot(channel)[:2] == [post, film]
    assert refusal == "Only the admins of this chat can press this."
    assert taken == "Video 2 is on its way."
    assert rows(ORDERS) == [(channel.id, channel.id, "static", None)] * 2


async def test_an_album_is_an_order_and_what_does_not_call_is_none(
    start_here, telegram, anna, channel, ordered
):
    async with start_here(LIMITS="local.running=0"):
        posts = [
            telegram.send_photo(anna, RED, "Good morning", chat=channel),
            telegram.send_text(anna, "#video of yesterday", chat=channel),
            telegram.send_text(anna, "/help", chat=channel),
        ]
        telegram.edit(anna, posts[0], "/video good morning")
        album = telegram.send_album(anna, [RED, (BLUE, f"Morph #video {SMALL}")], chat=channel)
        found = await ordered()

    assert found == [(channel.id, channel.id, "Morph", 320)]
    assert telegram.from_bot(channel) == [*posts, *album]


async def test_a_channel_without_credits_is_told_of_to_the_owners_alone(
    start_here, telegram, anna, channel, owner, said, rows
):
    async with start_here(ADMIN_IDS=str(owner.id), **PRICED):
        await said("Send me a photo", owner)
        post = telegram.send_photo(anna, RED, f"/video pan {SMALL}", chat=channel)

        line = await said("a post got no video", owner)

    assert line.text.startswith(f"Channel News ({channel.id}): a post got no video.")
    assert "This video costs 6 credits and this chat has 0 left." in line.text
    assert telegram.from_bot(channel) == [post]
    assert rows("SELECT id FROM tasks") == []


async def test_a_video_that_fails_is_told_of_to_the_owners_alone(
    start_here, telegram, anna, channel, owner, said, ordered, tmp_path
):
    async with start_here(ADMIN_IDS=str(owner.id), LIMITS="local.running=0"):
        post = telegram.send_photo(anna, RED, f"/video pan {SMALL}", chat=channel)
        await ordered()
    for picture in (tmp_path / "media").glob("*.jpg"):
        picture.write_bytes(b"the disk has lost this photo")

    async with start_here(ADMIN_IDS=str(owner.id)):
        line = await said("Video 1 was not made.", owner)

    assert line.text.startswith(f"{channel.id}: ")
    assert telegram.from_bot(channel) == [post]


async def test_a_closed_bot_fetches_nothing_for_a_channel_nobody_has_let_in(
    start_here, telegram, anna, channel, owner, said
):
    async with start_here(ADMIN_IDS=str(owner.id), ACCESS="closed"):
        await said("Send me a photo", owner)
        post = telegram.send_photo(anna, RED, "/video", chat=channel)

        await said("a post got no video", owner)

    assert telegram.calls("getFile") == []
    assert telegram.from_bot(channel) == [post]
