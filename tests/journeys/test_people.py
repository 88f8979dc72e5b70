"""What owners and admins do about people: credits, bans, roles, pages, the audit, blocked words."""

import pytest
import sqlalchemy as sa

from storage import belongings
from tests.factories import NOON
from tests.world import PATIENCE, SMALL, plain

RED = plain("red")


@pytest.fixture
async def owned(start_here, telegram):
    """A bot of the first person; it takes orders and renders none."""
    async with start_here(
        ADMIN_IDS=str(telegram.person.id), PRICES="local/camera=2", LIMITS="local.running=0"
    ):
        yield


@pytest.fixture
async def boris(owned, telegram, said):
    """Somebody who has written to the bot."""
    boris = telegram.create_user("Boris", username="boris")
    telegram.start(boris)
    await said("Send me a", boris)
    return boris


@pytest.fixture
def group(telegram, boris):
    group = telegram.create_group("Friends", telegram.person, boris)
    telegram.add(group, telegram.bot)
    return group


@pytest.fixture
def asks(telegram):
    """Write something and wait for the answer to it; gives its text."""

    async def asks(text, who=None, **where):
        question = telegram.send_text(who or telegram.person, text, **where)
        place = where.get("chat") or who or telegram.person
        found = await telegram.wait_for(
            lambda: [one for one in telegram.from_bot(place) if one.reply_to is question],
            timeout=PATIENCE,
        )
        return found[-1]

    return asks


@pytest.fixture
def free(asks):
    async def free(who):
        answer = await asks("/balance", who)
        return int(answer.text.split()[0])

    return free


async def test_a_grant_by_answer_in_a_group_is_told_to_the_person(
    telegram, asks, said, free, boris, group
):
    message = telegram.send_text(boris, "I have an idea", chat=group)

    answer = await asks("/grant 50 for 3 ideas", chat=group, reply_to=message)

    assert answer.text == f"50 credits granted to Boris ({boris.id}). Free now: 110."
    news = await said("gave you 50 credits", boris)
    assert news.text.endswith("They write: for 3 ideas")
    assert await free(boris) == 110


async def test_whom_and_how_much_come_in_any_order(telegram, asks, free, boris):
    mention = [{"type": "text_mention", "offset": 10, "length": 7, "user_id": boris.id}]

    await asks(f"/grant 1 {boris.id} thanks")
    await asks(f"/grant {boris.id} 2")
    await asks("/grant @Boris 4")
    await asks("/grant 8 @boris")
    answer = await asks("/grant 16 Boris B thanks", entities=mention)

    assert f"Boris ({boris.id})" in answer.text
    assert await free(boris) == 60 + 31


async def test_who_is_meant_in_a_topic_by_forwarding_and_behind_a_chat(
    telegram, asks, rows, boris
):
    forum = telegram.create_supergroup("Forum", telegram.person, boris, forum=True)
    telegram.add(forum, telegram.bot)
    topic = telegram.create_topic(forum, boris, "Ideas").thread_id
    hidden = telegram.send_text(telegram.person, "We decided", chat=forum, as_chat=forum)
    spoken = telegram.send_text(boris, "Hello", chat=forum, thread=topic)
    forwarded = telegram.send_text(telegram.person, "Hello", forwarded_from=boris)
    of_forum = telegram.send_text(telegram.person, "We decided", forwarded_from=forum)
    unknown = telegram.send_text(telegram.person, "Hello", forwarded_from="Somebody")

    nobody = await asks("/grant 5", chat=forum, thread=topic)
    both = await asks(f"/grant {forum.id} 5", chat=forum, reply_to=spoken, thread=topic)
    other = await asks("/grant @anna 5", chat=forum, reply_to=spoken, thread=topic)
    await asks("/grant 1", chat=forum, reply_to=hidden)
    await asks("/grant 2", chat=forum, reply_to=spoken, thread=topic)
    await asks("/grant 4", reply_to=forwarded)
    await asks("/grant 8", reply_to=of_forum)
    veiled = await asks("/grant 16", reply_to=unknown)

    assert nobody.text.startswith("Whom?")
    assert both.text.startswith("I cannot tell the account from the amount.")
    assert other.text.startswith("I have not met @anna.")
    assert rows("SELECT account, granted FROM ledger ORDER BY id") == [
        (forum.id, 1),
        (boris.id, 2),
        (boris.id, 4),
        (forum.id, 8),
    ]
    assert veiled.text.startswith("Telegram hides who wrote that.")


@pytest.mark.parametrize("place", ["private", "group", "answering the bot"])
async def test_a_command_that_names_nobody_asks_whom_and_changes_nothing(
    telegram, asks, rows, group, place
):
    where = {} if place == "private" else {"chat": group}
    if place == "answering the bot":
        where["reply_to"] = await asks("/help", chat=group)

    for command in ("/ban", "/ban 3d", "/unban", "/allow", "/grant", "/take 5", "/setquota"):
        answer = await asks(command, **where)
        assert "Whom? " in answer.text, command
        assert ("here for this group" in answer.text) == bool(where), command

    assert rows("SELECT id FROM accounts WHERE banned OR allowed OR daily IS NOT NULL") == []
    assert rows("SELECT id FROM audit") == rows("SELECT id FROM ledger") == []


async def test_a_comment_names_its_channel_no_more_than_any_other_does(
    telegram, asks, rows, boris
):
    group = telegram.create_supergroup("Comments", telegram.person, boris, telegram.bot)
    channel = telegram.create_channel("News", telegram.person)
    telegram.link(channel, group)
    telegram.send_text(telegram.person, "Good morning", chat=channel)
    post = telegram.history(group)[-1]
    assert post.text == "Good morning"

    bare = await asks("/ban", chat=group, reply_to=post)
    await asks("/ban @boris spam", chat=group, reply_to=post)

    assert "Whom? " in bare.text
    assert rows("SELECT id FROM accounts WHERE banned") == [(boris.id,)]


async def test_a_group_is_named_with_here_and_shown_how_it_stands(asks, rows, group):
    before = await asks("/ban", chat=group)
    await asks("/ban here 3d spam", chat=group)
    after = await asks("/ban", chat=group)

    assert f"• Friends {group.id}: may use the bot, as everybody" in before.text
    assert f"• Friends {group.id}: kept out until" in after.text
    assert rows("SELECT id FROM accounts WHERE banned") == [(group.id,)]


async def test_where_a_number_may_be_either_the_bot_asks(asks, rows, owned):
    answer = await asks("/grant 20000 30000")

    assert answer.text.startswith("I cannot tell the account from the amount.")
    assert rows("SELECT * FROM ledger") == []


async def test_a_command_that_is_handled_again_grants_and_tells_once(
    telegram, asks, said, rows, boris
):
    telegram.fail("sendMessage", 500, contains="credits granted to")

    answer = await asks(f"/grant {boris.id} 50")

    assert "50 credits granted" in answer.text
    assert rows("SELECT granted FROM ledger") == [(50,)]
    assert rows("SELECT action, detail FROM audit") == [("grant", "50")]
    await said("gave you 50 credits", boris)
    assert len(telegram.from_bot(boris, "gave you")) == 1


async def test_groups_and_channels_get_credits_too_and_no_more_are_taken_than_there_are(
    telegram, asks, group
):
    channel = telegram.create_channel("News", telegram.person, telegram.bot, username="the_news")
    granted = await asks("/grant here 30", chat=group)
    taken = await asks(f"/take {group.id} 50 mistake")
    published = await asks("/grant 7 @the_news")

    assert granted.text == f"30 credits granted to Friends ({group.id}). Free now: 30."
    assert taken.text.startswith(f"30 credits taken from Friends ({group.id}). Free now: 0.")
    assert "No more granted credits were free." in taken.text
    assert published.text == f"7 credits granted to News ({channel.id}). Free now: 7."


async def test_daily_credits_of_ones_own(asks, free, boris):
    await asks("/setquota @boris 5")
    few = await free(boris)
    state = await asks("/setquota")
    await asks("/setquota default @boris")

    assert (few, await free(boris)) == (5, 60)
    assert f"Boris @boris {boris.id}: 5" in state.text
    assert "/setquota @anna 100" in state.text


async def test_who_is_let_in_is_told_once(start_here, telegram, asks, said):
    boris = telegram.create_user("Boris", username="boris")
    async with start_here(ADMIN_IDS=str(telegram.person.id), ACCESS="closed"):
        telegram.start(boris)
        await said("Send me a", boris)
        await asks("/allow @boris")
        await said("have let you in", boris)
        await asks("/allow @boris with a reason")
        await asks("/privacy", boris)

    assert len(telegram.from_bot(boris, "have let you in")) == 1


async def test_a_group_shows_its_own_credits_and_nobody_elses(asks, group, boris):
    await asks("/grant 5 @boris")
    await asks("/grant here 1", chat=group)
    one = await asks("/setquota here 1", chat=group)
    state = [await asks(command, chat=group) for command in ("/grant", "/take", "/setquota")]

    assert one.text == f"Friends ({group.id}) has 1 daily credit from now on."
    lines = [answer.text.splitlines() for answer in state]
    assert [shown for shown, _ in lines] == [
        "This group has 2 credits.",
        "This group has 2 credits.",
        "Daily credits of this group: 1.",
    ]


async def test_who_writes_in_a_group_that_is_kept_out_is_told_that_it_is_the_group(
    telegram, asks, said, boris, group
):
    await asks("/ban here", chat=group)
    telegram.send_photo(boris, RED, f"/video {SMALL}", chat=group)

    assert await said("This bot takes no orders from this chat.", group)


async def test_a_ban_with_an_end_and_the_way_back(telegram, asks, said, boris, group, rows, taken):
    spam = telegram.send_text(boris, "Buy watches", chat=group)

    answer = await asks("/ban 3d spam", chat=group, reply_to=spam)
    telegram.send_photo(boris, RED, SMALL)
    await said("You cannot use this bot.", boris)

    assert answer.text.startswith(f"Boris ({boris.id}) cannot use this bot until 2")
    ((seconds, note),) = rows(
        f"SELECT (banned_until / 1000000) - {spam.date}, note FROM accounts WHERE banned"
    )
    assert (round(seconds / 86_400, 2), note) == (3.0, "spam")
    state = await asks("/unban")
    assert "Boris @boris" in state.text
    assert "kept out until" in state.text
    await asks("/unban @boris sorry")
    telegram.send_photo(boris, RED, SMALL)
    assert await taken(1, boris)


async def test_all_users_page_by_page_and_by_name(telegram, asks, toast, rows, boris):
    for number in range(9):
        telegram.start(telegram.create_user(f"Person {number}", user_id=50_000 + number))
    await telegram.wait_for(lambda: len(rows("SELECT id FROM accounts")) == 10, timeout=PATIENCE)

    first = await asks("/users")
    before = first.text
    await toast(first, "›")
    await telegram.wait_for(lambda: first.text != before, timeout=PATIENCE)
    found = await asks("/users person 7")

    assert before.startswith("Accounts: 11.")
    assert before.endswith("Page 1 of 2")
    assert first.text.endswith("Page 2 of 2")
    assert first.labels == ["‹"]
    shown = [one for one in range(50_000, 50_009) if f" {one}:" in before + first.text]
    assert len(shown) == 9
    assert "Person 7 50007: may use the bot, as everybody. Videos 0" in found.text
    assert "50006" not in found.text


async def test_the_page_of_one_person_and_its_buttons(
    telegram, asks, taken, toast, said, boris, rows
):
    telegram.send_photo(boris, RED, SMALL)
    await taken(1, boris)
    page = await asks("/user @boris")
    assert f"Boris @boris {boris.id}" in page.text
    assert "Credits: 54 free (54 of today's 60, 0 granted), 6 held; 0 in 30 days" in page.text
    assert "Videos: waiting in the line 1" in page.text
    assert page.labels == ["Allow", "Ban", "Grant 50"]

    presses = [telegram.press(telegram.person, page, "Grant 50") for _ in range(2)]
    await telegram.wait_for(lambda: all(one.answer for one in presses), timeout=PATIENCE)
    await telegram.wait_for(lambda: "50 granted" in page.text, timeout=PATIENCE)
    await toast(page, "Ban")
    await telegram.wait_for(lambda: page.labels == ["Unban", "Grant 50"], timeout=PATIENCE)

    assert rows("SELECT granted FROM ledger WHERE kind = 'grant'") == [(50,)]
    assert "Standing: kept out" in page.text
    assert await said("gave you 50 credits", boris)


async def test_nobody_presses_an_owners_buttons(forged, toast, boris, rows):
    for data in (f"user:grant:{boris.id}:0", f"user:allow:{boris.id}", "users:1:", "audit:1:"):
        popped_up = await toast(forged(data, boris), "Forged", boris)

        assert popped_up.startswith("Only the owners")
    assert rows("SELECT * FROM audit") == []


async def test_an_admin_runs_the_bot_but_touches_no_owner_and_no_role(
    telegram, asks, said, boris, rows
):
    answer = await asks("/roles @boris admin")
    await said("You help to run this bot now", boris)
    listed = await asks("/roles")
    carl = await asks("/grant 4242424242 5", boris)

    assert answer.text == f"Role of Boris ({boris.id}) from now on: admin."
    assert f"Boris @boris {boris.id}: admin" in listed.text
    assert carl.text.startswith("5 credits granted to (4242424242)")
    await said("I could not tell them", boris)
    for order in (
        f"/ban {telegram.person.id}",
        f"/take {telegram.person.id} 5",
        f"/grant {boris.id} 500",
        f"/setquota {boris.id} 500",
        "/roles @boris support",
    ):
        refusal = await asks(order, boris)
        assert "owner" in refusal.text, order
    assert len(rows("SELECT * FROM audit")) == 2


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/ban @boris 3x spam", "3x is no length I can use."),
        ("/maintenance on 15", "15 is no length I can use."),
        ("/maintenance 15m", "/maintenance on 15m, "),
        ("/roles @boris", "Which role for Boris"),
        ("/roles @boris king", "Which role for Boris"),
        ("/roles support", "Whom? "),
        ("/users zoe", "Nobody here has zoe in their name"),
        ("/set nothing", "There is no setting nothing. /set lists them."),
        ("/cancel 99", "There is no video 99."),
        ("/unblock ham", "Not blocked: “ham”."),
    ],
)
async def test_what_is_wrong_or_missing_is_said_and_nothing_is_done(
    asks, rows, boris, command, answer
):
    assert (await asks(command)).text.startswith(answer)
    assert rows("SELECT action FROM audit") == []


async def test_groups_have_no_roles(asks, group):
    answer = await asks(f"/roles {group.id} support")

    assert answer.text == "Only people can have a role, not groups and channels."


async def test_the_audit_says_who_did_what_in_private_only(telegram, asks, boris, group):
    await asks("/grant @boris 50 thanks")
    await asks("/ban @boris 3d spam")
    for number in range(12):
        await asks(f"/block word{number}")

    newest = await asks("/audit 2")
    about = await asks("/audit @boris")
    elsewhere = await asks("/audit", chat=group)
    unclear = [(await asks(f"/audit {what}")).text for what in ("26", "-5", "xyz")]

    assert newest.text.count("blocked “word1") == 2
    assert newest.text.startswith("What was done, the newest first (times in UTC):\n")
    assert "50 credits to Boris @boris" in about.text
    assert "Reason: thanks" in about.text
    assert "kept Boris @boris" in about.text
    assert f"({telegram.person.id}) granted" in about.text
    assert all(text.startswith("/audit shows the newest acts, /audit 25") for text in unclear)
    assert elsewhere.text == "I answer that in our private chat."


async def test_what_was_done_to_somebody_who_has_left_is_told_as_far_as_it_is_known(
    asks, boris, tmp_path
):
    await asks("/grant @boris 5 gift")
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'bot.db'}")
    with engine.begin() as connection:
        belongings.erase(connection, boris.id, NOON)
    engine.dispose()

    assert "granted credits to - (0)" in (await asks("/audit")).text
    assert (await asks("/grant")).text.startswith("Whom?")


async def test_blocked_words_are_refused_wherever_they_are_ordered(
    telegram, asks, said, toast, taken, boris, rows
):
    telegram.send_photo(boris, RED, f"a blood bath {SMALL}")
    first = await taken(1, boris)
    await asks("/block Blood  Bath\n裸体")
    telegram.send_photo(boris, RED, f"一个裸 体的人 {SMALL}")

    refusal = await said("do not allow", boris)
    telegram.send_text(boris, "/cancel 1")
    await telegram.wait_for(lambda: "cancelled" in first.text, timeout=PATIENCE)

    assert "裸" not in refusal.text
    assert rows("SELECT id, state FROM tasks") == [(1, "cancelled")]
    listed = await asks("/blocked")
    assert "“blood bath”, “裸体”" in listed.text
    await asks("/unblock 裸体")
    telegram.send_photo(boris, RED, f"一个裸体的人 {SMALL}")
    assert await taken(2, boris)
