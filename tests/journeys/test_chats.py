"""Where the bot is let in: what it says works there, and what becomes of the chat later."""

import pytest

from tests.world import PATIENCE, SMALL, plain

RED = plain("red")
TOLD = "I make videos from photos."
PRICED = {"PRICES": "local/camera=2", "LIMITS": "local.running=0"}


@pytest.fixture
def anna(telegram):
    return telegram.person


@pytest.fixture
def group(telegram, anna):
    return telegram.create_supergroup("Friends", anna)


@pytest.fixture
def doctor(telegram):
    """Wait until the bot has said that often how it stands in a chat; gives the newest."""

    async def wait(chat, times=1):
        def found():
            return telegram.from_bot(chat, TOLD)

        await telegram.wait_for(lambda: len(found()) >= times, timeout=PATIENCE)
        assert len(found()) == times
        return found()[-1].text

    return wait


@pytest.mark.usefixtures("idle_bot")
async def test_privacy_mode_is_explained_when_the_bot_is_added(telegram, anna, group, doctor):
    telegram.add(group, telegram.bot, by=anna)

    text = await doctor(group)

    name = telegram.bot.username
    assert f"✅ A photo with /video@{name} words, the same as a reply to any photo" in text
    assert "❌ Mentions, and the other photos of an album, do not reach me" in text
    assert "/setprivacy" in text
    assert "✅ Everybody spends their own credits." in text
    assert text.count("\n") == 3


@pytest.mark.usefixtures("idle_bot")
async def test_a_change_that_matters_is_said_once_and_no_other(telegram, anna, group, doctor):
    telegram.add(group, telegram.bot, by=anna)
    await doctor(group)

    telegram.promote(group, telegram.bot, by=anna)
    text = await doctor(group, 2)
    telegram.promote(group, telegram.bot, by=anna, can_delete_messages=False)
    telegram.demote(group, telegram.bot, by=anna)
    await doctor(group, 3)

    assert f"✅ A photo or an album with /video words or @{telegram.bot.username} words" in text
    assert "❌" not in text


async def test_a_restart_says_nothing_and_coming_back_says_it_again(
    start_here, telegram, anna, group, doctor
):
    async with start_here():
        telegram.add(group, telegram.bot, by=anna)
        await doctor(group)
    async with start_here():
        telegram.remove(group, telegram.bot, by=anna)
        telegram.add(group, telegram.bot, by=anna)

        await doctor(group, 2)


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize("everybodys", [True, False])
async def test_without_the_right_to_send_videos_it_says_who_can_give_it(
    telegram, anna, group, doctor, everybodys
):
    if everybodys:
        group.permissions["can_send_videos"] = False
        telegram.add(group, telegram.bot, by=anna)
    else:
        telegram.restrict(group, telegram.bot, by=anna, can_send_videos=False)

    assert "❌ I may not send videos: an admin must let me send them." in await doctor(group)


@pytest.mark.usefixtures("idle_bot")
async def test_a_mute_bot_tells_who_has_muted_it(telegram, anna, group, said, doctor):
    telegram.start(anna)
    await said("Send me a photo")
    telegram.restrict(group, telegram.bot, by=anna, can_send_messages=False)

    assert "❌ I may not write there" in await doctor(anna)


async def test_a_closed_bot_says_that_an_owner_must_let_the_group_in(
    start_here, telegram, anna, group, doctor
):
    async with start_here(ACCESS="closed", ADMIN_IDS=str(anna.id), **PRICED):
        telegram.add(group, telegram.bot, by=anna)

        text = await doctor(group)

    assert "an owner writes /allow here, and /grant here 100 for credits." in text


@pytest.mark.usefixtures("idle_bot")
async def test_topics_are_mentioned_where_there_are_some(telegram, anna, doctor):
    forum = telegram.create_supergroup("Forum", anna, telegram.bot, forum=True)

    assert "✅ In topics I answer in the topic where I was asked." in await doctor(forum)


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize(
    ("rights", "words"),
    [
        ({}, "✅ I may post in News. A photo with /video words or #video words becomes a video"),
        ({"can_post_messages": False}, "❌ I may not post in News: give me that right."),
    ],
)
async def test_a_channel_is_not_written_into_its_admin_is_told(
    telegram, anna, said, rights, words
):
    telegram.start(anna)
    await said("Send me a photo")
    channel = telegram.create_channel("News", anna)
    telegram.promote(channel, telegram.bot, by=anna, **rights)

    told = await said("News")

    assert words in told.text
    assert f"/grant {channel.id} 100" in told.text
    assert telegram.from_bot(channel, "News") == []


async def test_a_group_that_becomes_a_supergroup_keeps_everything(
    start_here, telegram, anna, said, taken, rows
):
    boris = telegram.create_user("Boris")
    async with start_here(ACCESS="closed", ADMIN_IDS=str(anna.id), **PRICED):
        group = telegram.create_group("Friends", anna, boris, telegram.bot)
        telegram.send_text(anna, "/allow", chat=group)
        await said("may use this bot.", group)
        telegram.send_photo(boris, RED, f"/video {SMALL} --model local/camera", chat=group)
        await said("this chat has 0 left", group)

        new = telegram.migrate(group)
        telegram.send_photo(boris, RED, f"/video {SMALL}", chat=new)

        assert await said("this chat has 0 left", new)
        assert rows(
            f"SELECT name FROM accounts WHERE id IN ({group.id}, {new.id}) AND allowed"
        ) == [("Friends",)]
