"""People of a group: whose buttons are whose, who spends what, and those who speak as a chat."""

import pytest

from tests.world import PATIENCE, SMALL, plain

RED = plain("red")
PRICED = {"PRICES": "local/camera=2", "LIMITS": "local.running=0"}
ORDERS = 'SELECT account, "user", state FROM tasks ORDER BY id'


@pytest.fixture
def anna(telegram):
    return telegram.person


@pytest.fixture
def boris(telegram):
    return telegram.create_user("Boris")


@pytest.fixture
def clara(telegram):
    return telegram.create_user("Clara")


@pytest.fixture
def group(telegram, anna, boris, clara):
    made = telegram.create_supergroup("Friends", anna, boris, clara, telegram.bot)
    telegram.promote(made, clara)
    return made


@pytest.fixture
def ask(telegram):
    """Write into a group and wait for the answer to exactly that message."""

    async def ask(who, words, chat, **where):
        question = telegram.send_text(who, words, chat=chat, **where)
        found = await telegram.wait_for(
            lambda: [one for one in telegram.from_bot(chat) if one.reply_to is question],
            timeout=PATIENCE,
        )
        return found[0].text

    return ask


@pytest.mark.usefixtures("idle_bot")
async def test_a_button_tells_others_whose_it_is_and_does_nothing(
    telegram, anna, boris, group, taken, toast, rows
):
    telegram.send_photo(anna, RED, f"/video {SMALL}", chat=group)
    status = await taken(1, group)

    assert await toast(status, "Cancel", boris) == "This is Anna's: only they can press it."
    assert rows(ORDERS) == [(anna.id, anna.id, "queued")]
    assert "cancelled" in await toast(status, "Cancel", anna)


async def test_who_helps_to_run_the_bot_may_press_cancel_in_a_group_too(
    start_here, telegram, anna, boris, group, taken, ask, toast, rows
):
    async with start_here(LIMITS="local.running=0", ADMIN_IDS=str(anna.id)):
        await ask(anna, f"/roles {boris.id} support", telegram.private_chat(anna))
        telegram.send_photo(anna, RED, f"/video {SMALL}", chat=group)
        status = await taken(1, group)

        assert "cancelled" in await toast(status, "Cancel", boris)
        assert rows("SELECT by, action FROM audit ORDER BY id")[-1] == (boris.id, "cancel")


@pytest.mark.usefixtures("idle_bot")
async def test_a_forged_number_of_another_chat_reads_like_an_unknown_one(
    telegram, anna, boris, group, taken, forged, toast, rows
):
    telegram.send_photo(anna, RED, f"/video {SMALL}", chat=group)
    await taken(1, group)

    popped_up = await toast(forged("cancel:1", boris), "Forged", boris)

    assert popped_up == "There is no such video of yours."
    assert rows(ORDERS) == [(anna.id, anna.id, "queued")]


@pytest.mark.usefixtures("idle_bot")
async def test_ready_words_are_pressed_by_the_one_who_was_asked(
    telegram, anna, boris, group, said, taken, toast, rows
):
    telegram.send_photo(anna, RED, "/video --dur 3 --res 480p", chat=group)
    await taken(1, group)
    telegram.send_photo(anna, RED, "/video", chat=group)
    question = await said("What should happen in the video?", group)

    words = await toast(question, question.labels[0], boris)
    await toast(question, question.labels[0], anna)
    await taken(2, group)

    assert words == "This is Anna's: only they can press it."
    assert [row[1] for row in rows(ORDERS)] == [anna.id, anna.id]


async def test_an_anonymous_admin_orders_for_the_chat_and_its_real_admins_press(
    start_here, telegram, anna, boris, clara, group, said, taken, toast, ask, rows
):
    """All anonymous admins share one Telegram user, who must get no rights of an owner either."""
    shared = 1087968824
    async with start_here(LIMITS="local.running=0", ADMIN_IDS=str(shared)):
        telegram.send_photo(anna, RED, "/video", chat=group, as_chat=group)
        question = await said("What should happen in the video?", group)
        refusal = await toast(question, question.labels[0], boris)
        await toast(question, question.labels[0], clara)
        status = await taken(1, group)
        telegram.send_text(anna, "/uncertain", chat=group, as_chat=group)
        story = await ask(anna, "/job 1", group, as_chat=group)
        no = await toast(status, "Cancel", boris)
        yes = await toast(status, "Cancel", clara)

    assert refusal == no == "Only the admins of this chat can press this."
    assert "Video 1" in story
    assert "cancelled" in yes
    assert telegram.from_bot(group, "is uncertain") == []
    assert rows(ORDERS) == [(group.id, group.id, "cancelled")]
    assert rows(f"SELECT id FROM accounts WHERE id = {shared}") == []


@pytest.mark.usefixtures("idle_bot")
async def test_who_speaks_as_a_channel_is_an_account_of_their_own(
    telegram, anna, boris, group, said, rows
):
    channel = telegram.create_channel("Boris writes", boris)
    telegram.send_photo(boris, RED, f"/video {SMALL}", chat=group, as_chat=channel)

    await said("this chat has 0 left", group)

    assert rows("SELECT id, name FROM accounts WHERE id < 0 AND name LIKE 'Boris%'") == [
        (channel.id, "Boris writes")
    ]


@pytest.mark.usefixtures("idle_bot")
async def test_a_post_that_telegram_copies_into_the_discussion_is_no_second_order(
    telegram, anna, boris, group, ask, rows
):
    telegram.promote(group, telegram.bot)
    channel = telegram.create_channel("News", anna)
    telegram.link(channel, group)
    telegram.send_photo(anna, RED, f"/video {SMALL}", chat=channel)
    telegram.send_text(anna, "/help", chat=channel)
    copy = telegram.history(group)[-2]

    assert "None of your videos" in await ask(anna, "/cancel", group)
    telegram.send_text(boris, f"/video zoom {SMALL}", chat=group, reply_to=copy)
    await ask(boris, "/balance", group)

    assert telegram.from_bot(group, "How to write a caption") == []
    assert rows("SELECT sender FROM drafts") == [(boris.id,)]


async def test_a_group_spends_what_it_was_given_and_each_member_a_share(
    start_here, telegram, anna, boris, clara, group, said, taken, ask, rows
):
    owner = telegram.create_user("Olga")
    telegram.add(group, owner)
    async with start_here(ACCESS="closed", ADMIN_IDS=str(owner.id), **PRICED):
        telegram.send_photo(boris, RED, f"/video {SMALL}", chat=group)
        await said("An owner can let everybody here in with /allow here", group)
        let_in = await ask(owner, "/allow here", group)
        await ask(owner, "/grant here 20", group)
        shown = await ask(clara, "/cap 8", group)
        telegram.send_photo(boris, RED, f"/video {SMALL}", chat=group)
        await taken(1, group)
        left = await ask(boris, "/balance", group)
        whole = await ask(clara, "/balance", group, as_chat=group)
        afterwards = await ask(clara, "/cap", group)
        telegram.send_photo(boris, RED, f"/video {SMALL}", chat=group)
        refusal = await said("Each member may spend", group)
        telegram.send_photo(clara, RED, f"/video {SMALL}", chat=group)
        await taken(2, group)

    assert let_in.endswith(f"It has 0 credits for them.\nGive it some: /grant {group.id} 100")
    assert shown.splitlines()[:3] == [
        "This group has 20 credits.",
        "They pay for everybody whom the owners have not let in themselves.",
        "A member may spend 8 of them a day.",
    ]
    assert afterwards.splitlines()[:2] == [
        "This group has 14 credits.",
        "6 more are held for videos being made.",
    ]
    # Nothing is given to a group daily.
    assert whole.splitlines() == [
        "14 credits free.",
        "6 are held for videos being made: 1 (6).",
    ]
    assert left.splitlines() == [
        "14 credits free: here this group pays for your videos.",
        "Today you may spend 2 more of them.",
    ]
    assert (
        "8 of this group's credits a day. You have spent 6, and this video costs 6."
        in refusal.text
    )
    assert [row[:2] for row in rows(ORDERS)] == [(group.id, boris.id), (group.id, clara.id)]


@pytest.mark.usefixtures("idle_bot")
async def test_the_cap_is_for_those_who_run_the_group(telegram, anna, boris, group, ask, rows):
    own = await ask(anna, "/cap 5", telegram.private_chat(anna))
    assert own == "/cap is for groups: write it there."
    assert await ask(boris, "/cap 20", group) == "Only the admins of this group can do that."
    for wrong in ("/cap -1", "/cap 99999999", "/cap 5 6", "/cap ٣"):
        assert (await ask(anna, wrong, group)).startswith("/cap 20: a member")
    assert rows("SELECT id FROM accounts WHERE member_cap IS NOT NULL") == []

    # In an open bot nobody spends what is the group's, so there is nothing to hold back.
    kept = await ask(anna, "/cap 7", group, as_chat=group)
    assert "The cap of 7 a day for a member is kept for when the owners close the bot" in kept
    assert "No cap is set; one would count" in await ask(anna, "/cap off", group)
