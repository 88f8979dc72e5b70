"""Channels: a post becomes a video on the channel's credits, and its readers see nothing else."""

import pytest

from tests.world import PATIENCE, SMALL, plain

HOW = "Put /video and a few words under a photo, or answer a photo with them"
NEEDS_WORDS = {
    "TOKENOPS_API_KEY": "key",
    "TOKENOPS_BASE_URL": "http://127.0.0.1:9/v1",
    "TOKENOPS_PROFILE": "openai",
    "DEFAULT_MODEL": "tokenops/sora-2",
    "ACCESS": "open",
}
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
async def idle_free_bot(start_here):
    async with start_here(LIMITS="local.running=0"):
        yield


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


@pytest.fixture
def dealt_with(telegram, owner, rows):
    """Wait until every update was dealt with; an owner's question comes after all of them."""

    async def wait():
        end = telegram.bot.mailbox.next_id
        left = f"SELECT 1 FROM inbox WHERE done IS NULL AND update_id < {end}"
        while True:
            question = telegram.send_text(owner, "/privacy")
            await telegram.wait_for(
                lambda asked=question: [
                    one for one in telegram.from_bot(owner) if one.reply_to is asked
                ],
                timeout=PATIENCE,
            )
            if not rows(left):
                return

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


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(("words", "button"), [("static", "Delete"), ("镜头不动", "删除")])
async def test_a_channel_is_answered_in_the_language_of_its_post(
    telegram, anna, channel, words, button
):
    telegram.send_photo(anna, RED, f"#video {words} {SMALL}", chat=channel)

    film = await telegram.wait_for(
        lambda: next((one for one in telegram.history(channel) if one.kind == "video"), None),
        timeout=PATIENCE,
    )

    assert button in film.labels


async def test_an_album_is_an_order_and_what_does_not_call_is_none(
    start_here, telegram, anna, channel, ordered
):
    async with start_here(LIMITS="local.running=0"):
        posts = [
            telegram.send_photo(anna, RED, "Good morning", chat=channel),
            telegram.send_text(anna, "#video of yesterday", chat=channel),
            telegram.send_text(anna, "/help", chat=channel),
        ]
        album = telegram.send_album(anna, [RED, (BLUE, f"Morph #video {SMALL}")], chat=channel)
        found = await ordered()

    assert found == [(channel.id, channel.id, "Morph", 320)]
    assert telegram.from_bot(channel) == [*posts, *album]


@pytest.mark.usefixtures("idle_free_bot")
@pytest.mark.parametrize("call", ["/video pan", "pan #video"])
async def test_a_text_post_that_answers_a_photo_is_an_order_with_it(
    telegram, anna, channel, ordered, dealt_with, rows, call
):
    photo = telegram.send_photo(anna, RED, "Good morning", chat=channel)
    post = telegram.send_text(anna, f"{call} {SMALL}", chat=channel, reply_to=photo)

    found = await ordered()

    assert found == [(channel.id, channel.id, "pan", None)]
    assert rows("SELECT reply_to FROM tasks") == [(post.message_id,)]
    await dealt_with()
    assert telegram.from_bot(channel) == [photo, post]


@pytest.mark.usefixtures("idle_free_bot")
async def test_a_call_without_a_photo_is_told_how_it_goes_and_a_tag_is_left_alone(
    telegram, anna, channel, dealt_with
):
    posts = [
        telegram.send_text(anna, "#video of yesterday", chat=channel),
        telegram.send_text(anna, "/video", chat=channel),
        telegram.send_text(anna, "/video pan left", chat=channel),
        telegram.send_video(anna, b"film", "/video pan left", chat=channel),
    ]
    telegram.edit(anna, posts[1], "/video pan")
    await dealt_with()

    answers = [one for one in telegram.from_bot(channel) if one.reply_to]
    assert [one.reply_to for one in answers] == posts[1:]
    assert all(one.text.startswith(HOW) for one in answers)


async def test_a_channel_that_nobody_has_let_in_hears_nothing_without_a_photo_either(
    start_here, telegram, anna, channel, owner, dealt_with
):
    async with start_here(ADMIN_IDS=str(owner.id), ACCESS="closed"):
        post = telegram.send_text(anna, "/video pan left", chat=channel)
        await dealt_with()

    assert telegram.from_bot(channel) == [post]
    assert telegram.from_bot(owner, "got no video") == []


async def test_where_words_are_needed_a_bare_call_is_told_so(
    start_here, telegram, anna, channel, rows
):
    async with start_here(**NEEDS_WORDS):
        post = telegram.send_photo(anna, RED, "#video", chat=channel)
        (line,) = await telegram.wait_for(
            lambda: telegram.from_bot(channel, "needs a few words"), timeout=PATIENCE
        )

    assert line.reply_to is post
    assert line.text.endswith("Answer the photo with /video and a few words.")
    assert rows(ORDERS) == []


@pytest.mark.usefixtures("idle_free_bot")
async def test_a_post_that_an_edit_makes_a_call_is_an_order_once(
    telegram, anna, channel, ordered, dealt_with, rows
):
    post = telegram.send_photo(anna, RED, f"pan left {SMALL}", chat=channel)
    telegram.edit(anna, post, f"pan left {SMALL} #video")
    found = await ordered()
    telegram.edit(anna, post, f"pan right {SMALL} #video")
    old = telegram.send_photo(anna, RED, "Good morning", chat=channel)
    telegram.clock.advance(3600)
    telegram.edit(anna, old, f"/video good morning {SMALL}")
    await dealt_with()

    assert rows(ORDERS) == found == [(channel.id, channel.id, "pan left", None)]
    assert telegram.from_bot(channel) == [post, old]


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


async def test_each_owner_is_told_in_their_own_language(
    start_here, telegram, anna, channel, owner, said
):
    chen = telegram.create_user("Chen", language_code="zh-hans")
    telegram.start(chen)
    async with start_here(ADMIN_IDS=f"{owner.id},{chen.id}", **PRICED):
        for one in (owner, chen):
            await telegram.wait_for(lambda one=one: telegram.from_bot(one), timeout=PATIENCE)
        telegram.send_photo(anna, RED, f"/video pan {SMALL}", chat=channel)

        assert "6 credits" in (await said("a post got no video", owner)).text
        assert "6 点" in (await said("有一条消息没有做成视频", chen)).text


async def test_the_owners_are_told_each_reason_once_a_day(
    start_here, telegram, anna, channel, owner, said, dealt_with
):
    async with start_here(ADMIN_IDS=str(owner.id), **PRICED):
        for seconds in (3, 4):
            telegram.send_photo(anna, RED, f"/video pan --dur {seconds}", chat=channel)
        await dealt_with()
        telegram.send_text(owner, f"/ban {channel.id} spam")
        await said("can no longer use this bot", owner)
        telegram.send_photo(anna, RED, f"/video pan {SMALL}", chat=channel)

        await said("takes no orders from this chat", owner)
        telegram.send_text(owner, f"/unban {channel.id}")
        telegram.send_text(owner, "/block blood")
        await said("Blocked: “blood”", owner)
        telegram.send_photo(anna, RED, f"/video blood {SMALL}", chat=channel)

        refused = await said("on the block list", owner)

    assert refused.text.endswith("\nIts words contain something on the block list (/blocked).")
    assert len(telegram.from_bot(owner, "This video costs")) == 1


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

    assert line.text.startswith(f"Channel News ({channel.id}): ")
    assert telegram.from_bot(channel) == [post]


async def test_a_closed_bot_fetches_nothing_for_a_channel_nobody_has_let_in(
    start_here, telegram, anna, channel, owner, said
):
    async with start_here(ADMIN_IDS=str(owner.id), ACCESS="closed"):
        await said("Send me a photo", owner)
        post = telegram.send_photo(anna, RED, "/video", chat=channel)

        line = await said("a post got no video", owner)

    assert line.text.endswith(f"An owner can let this chat in with /allow {channel.id}.")
    assert telegram.calls("getFile") == []
    assert telegram.from_bot(channel) == [post]
