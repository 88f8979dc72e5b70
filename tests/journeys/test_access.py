"""Who may use the bot, and how much they may spend."""

import pytest

from tests.world import SMALL, plain, tone

RED = plain("red")
PRICED = {"PRICES": "local/camera=2", "LIMITS": "local.running=0"}


@pytest.fixture
def boris(telegram):
    return telegram.create_user("Boris", username="boris")


@pytest.fixture
async def closed_bot(start_here, telegram):
    """A bot that only its owner, the first person, may use; nothing is rendered."""
    async with start_here(
        ACCESS="closed", ADMIN_IDS=str(telegram.person.id), LIMITS="local.running=0"
    ):
        yield


@pytest.mark.usefixtures("closed_bot")
@pytest.mark.parametrize("caption", [SMALL, ""])
async def test_a_stranger_is_refused_with_the_number_to_let_them_in_by(
    telegram, boris, said, rows, caption
):
    telegram.send_photo(boris, RED, caption)

    refusal = await said("only for people its owners have let in", boris)

    assert f"/allow {boris.id}." in refusal.text
    assert rows("SELECT id FROM tasks") == []
    assert telegram.calls("getFile") == []


@pytest.mark.usefixtures("closed_bot")
async def test_an_owner_is_let_in_without_being_allowed(telegram, taken):
    telegram.send_photo(telegram.person, RED, SMALL)

    assert await taken()


@pytest.mark.usefixtures("closed_bot")
async def test_whom_an_owner_allows_is_let_in(telegram, boris, said, taken):
    telegram.send_text(telegram.person, f"/allow {boris.id}")
    await said(f"({boris.id}) may use this bot.")

    telegram.send_photo(boris, RED, SMALL)

    assert await taken(1, boris)


@pytest.mark.usefixtures("closed_bot")
async def test_someone_who_has_written_can_be_allowed_by_name(telegram, boris, said, taken):
    telegram.start(boris)
    await said("Send me a photo", boris)
    telegram.send_text(telegram.person, "/allow @Boris")
    await said(f"Boris ({boris.id}) may use this bot.")

    telegram.send_photo(boris, RED, SMALL)

    assert await taken(1, boris)


@pytest.mark.usefixtures("closed_bot")
async def test_whom_an_owner_bans_is_kept_out(telegram, boris, said, rows):
    telegram.send_text(telegram.person, f"/allow {boris.id}")
    await said("may use this bot.")
    telegram.send_text(telegram.person, f"/ban {boris.id} spam")
    await said("can no longer use this bot.")

    telegram.send_photo(boris, RED, SMALL)

    assert await said("You cannot use this bot.", boris)
    assert rows("SELECT id FROM tasks") == []


@pytest.mark.usefixtures("closed_bot")
async def test_the_answered_message_names_who_is_meant_whatever_the_reason_says(
    telegram, boris, said
):
    group = telegram.create_group("Friends", telegram.person, boris)
    telegram.add(group, telegram.bot)
    spam = telegram.send_text(boris, "Buy 100 watches", chat=group)

    telegram.send_text(telegram.person, "/ban 100 watches", chat=group, reply_to=spam)

    assert await said(f"Boris ({boris.id}) can no longer use this bot.", group)


@pytest.mark.usefixtures("closed_bot")
async def test_a_number_that_telegram_gives_to_nobody_is_asked_about(telegram, said):
    telegram.send_text(telegram.person, f"/allow {2**62}")

    assert await said("Whom?")


@pytest.mark.usefixtures("closed_bot")
@pytest.mark.parametrize("command", ["/allow", "/ban"])
async def test_only_owners_decide_who_is_let_in(telegram, boris, said, rows, command):
    telegram.send_text(boris, f"{command} {boris.id}")

    assert await said("Only the owners and admins of this bot can do that.", boris)
    assert rows("SELECT id FROM accounts WHERE allowed OR banned") == []


@pytest.mark.usefixtures("closed_bot")
async def test_an_owner_cannot_be_kept_out(telegram, said, taken):
    telegram.send_text(telegram.person, f"/ban {telegram.person.id}")
    await said("An owner cannot be kept out.")

    telegram.send_photo(telegram.person, RED, SMALL)

    assert await taken()


async def test_what_the_allowance_does_not_reach_for_is_refused_with_figures(
    start_here, telegram, taken, said, rows
):
    async with start_here(**PRICED, DAILY_CREDITS="10"):
        telegram.send_photo(telegram.person, RED, SMALL)
        await taken()

        telegram.send_photo(telegram.person, RED, SMALL)

        assert await said("This video costs 6 credits and you have 4 left.")
        assert rows("SELECT id, cost FROM tasks") == [(1, 6)]


@pytest.mark.usefixtures("idle_bot")
async def test_the_balance_shows_what_a_waiting_video_holds(telegram, taken, said):
    telegram.send_photo(telegram.person, RED, SMALL)
    await taken()

    telegram.send_text(telegram.person, "/balance")

    balance = await said("credits free")
    assert balance.text.startswith("54 credits free: 54 of today's 60")
    assert "6 are held" in balance.text


@pytest.mark.usefixtures("ready_video")
async def test_a_delivered_video_is_charged_and_holds_nothing_more(telegram, videos, said):
    telegram.unblock(telegram.person)
    await telegram.wait_for(videos)

    telegram.send_text(telegram.person, "/balance")

    balance = await said("credits free")
    assert balance.text.startswith("58 credits free: 58 of today's 60")
    assert "held" not in balance.text
    assert "Video 1: 2 credits, 58 left." in videos()[0].text


async def test_a_cancelled_video_gives_its_credits_back(start_here, telegram, taken, said):
    async with start_here(**PRICED, DAILY_CREDITS="6"):
        telegram.send_photo(telegram.person, RED, SMALL)
        await taken(1)
        telegram.send_text(telegram.person, "/cancel")
        await said("Video 1 is cancelled.")

        telegram.send_photo(telegram.person, RED, SMALL)

        assert await taken(2)


async def test_the_whole_bots_budget_holds_for_everybody(
    start_here, telegram, boris, taken, said, rows
):
    async with start_here(**PRICED, DAILY_BUDGET="10"):
        telegram.send_photo(telegram.person, RED, SMALL)
        await taken()

        telegram.send_photo(boris, RED, SMALL)

        assert await said("The whole bot has used up its credits for today.", boris)
        assert rows('SELECT "user" FROM tasks') == [(telegram.person.id,)]


async def test_a_video_that_fails_gives_its_credits_back_and_says_why(
    start_here, telegram, taken, said, tmp_path
):
    async with start_here(**PRICED):
        telegram.send_voice(telegram.person, tone(1.5), 2)
        telegram.send_photo(telegram.person, RED, SMALL)
        await taken()
    (sound,) = (tmp_path / "media").glob("*.bin")
    sound.write_bytes(b"the disk has lost this voice")

    async with start_here(PRICES=PRICED["PRICES"]):
        answer = await said("Video 1 was not made.")
        telegram.send_text(telegram.person, "/balance")
        balance = await said("credits free")

    assert "Nothing was charged." in answer.text
    assert balance.text.startswith("60 credits free")
