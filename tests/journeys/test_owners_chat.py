"""The owners' chat that becomes a supergroup: reports and commands go on there."""

import pytest

from tests.world import plain

TROUBLE = "a post got no video"
MEND = "please set OWNERS_CHAT={} and restart the bot"


@pytest.fixture
def owner(telegram):
    return telegram.person


@pytest.fixture
def desk(telegram, owner):
    """The group that the setting names."""
    return telegram.create_group("Desk", owner, telegram.bot)


@pytest.fixture
def start(start_here, owner, desk):
    return lambda number=desk.id: start_here(
        ADMIN_IDS=str(owner.id), OWNERS_CHAT=str(number), PRICES="local/camera=2"
    )


@pytest.fixture
def trouble(telegram, owner):
    """A post in a channel that may spend nothing: the owners are told."""

    def post():
        channel = telegram.create_channel("News", owner, telegram.bot)
        telegram.send_photo(owner, plain("red"), "#video pan left", chat=channel)

    return post


async def test_reports_and_commands_go_on_in_the_new_chat_also_after_a_restart(
    telegram, owner, desk, start, said, trouble
):
    async with start():
        telegram.send_text(owner, "/queue", chat=desk)
        await said("Lines of waiting", desk)
        new = telegram.migrate(desk)
        told = await said(MEND.format(new.id), new)
    sent = len(telegram.calls("sendMessage"))
    async with start():
        telegram.send_text(owner, "/queue", chat=new)
        await said("Lines of waiting", new)
        trouble()
        await said(TROUBLE, new)

    assert telegram.from_bot(new, "OWNERS_CHAT") == [told]
    later = telegram.calls("sendMessage")[sent:]
    assert [one for one in later if one.params["chat_id"] == str(desk.id)] == []


async def test_a_report_that_finds_the_chat_moved_goes_along_and_says_so(
    telegram, owner, desk, start, said, trouble
):
    async with start():
        telegram.send_text(owner, "/queue", chat=desk)
        await said("Lines of waiting", desk)
        desk.migrated_to = telegram.create_supergroup("Desk", owner, telegram.bot)
        trouble()
        await said(TROUBLE, desk.migrated_to)

    (told,) = telegram.from_bot(desk.migrated_to, MEND.format(desk.migrated_to.id))
    assert "News" in told.text


async def test_a_setting_that_was_mended_counts(telegram, owner, desk, start, said, rows):
    async with start():
        new = telegram.migrate(desk)
        await said(MEND.format(new.id), new)
    other = telegram.create_supergroup("Another desk", owner, telegram.bot)

    async with start(other.id):
        telegram.send_text(owner, "/queue", chat=other)
        await said("Lines of waiting", other)


async def test_another_group_that_moves_is_no_matter_of_the_owners(
    telegram, owner, desk, start, said, stored
):
    group = telegram.create_group("Friends", owner, telegram.bot)
    async with start():
        telegram.send_text(owner, f"/help@{telegram.bot.username}", chat=group)
        await said("In this group", group)
        new = telegram.migrate(group)
        await stored(f"SELECT count(*) FROM accounts WHERE id = {new.id}", 1)
        telegram.send_text(owner, "/queue", chat=desk)
        await said("Lines of waiting", desk)

    assert telegram.from_bot(desk, "OWNERS_CHAT") == []
