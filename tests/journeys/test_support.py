"""What owners' helpers do about videos: look, cancel, order anew, send again."""

from datetime import timedelta

import pytest

from jobs.ports import now
from tests.world import PATIENCE, SMALL, plain

RED = plain("red")


@pytest.fixture
def olga(telegram):
    return telegram.create_user("Olga", username="olga")


@pytest.fixture
def staff(telegram, olga):
    """The owners' chat."""
    chat = telegram.create_group("Staff", olga)
    telegram.add(chat, telegram.bot)
    return chat


@pytest.fixture
def settings(olga, staff):
    return {"ADMIN_IDS": str(olga.id), "OWNERS_CHAT": str(staff.id)}


@pytest.fixture
async def idle(start_here, settings):
    """A bot of Olga's that takes orders and renders none."""
    async with start_here(**settings, PRICES="local/camera=2", LIMITS="local.running=0"):
        yield


@pytest.fixture
def asks(telegram):
    """Write something and wait for the answer to it."""

    async def asks(who, text, **where):
        question = telegram.send_text(who, text, **where)
        place = where.get("chat") or who
        found = await telegram.wait_for(
            lambda: [one for one in telegram.from_bot(place) if one.reply_to is question],
            timeout=PATIENCE,
        )
        return found[-1]

    return asks


@pytest.fixture
async def helper(idle, telegram, asks, said, olga):
    """Somebody with the role of support."""
    helper = telegram.create_user("Hugo", username="hugo")
    telegram.start(helper)
    await said("Send me a", helper)
    await asks(olga, "/roles @hugo support")
    return helper


@pytest.fixture
async def waiting(idle, telegram, taken):
    """A video of the first person's that stays in the line; its status message."""
    telegram.send_photo(telegram.person, RED, f"a secret wish {SMALL}")
    return await taken()


async def test_a_helper_sees_the_whole_story_but_words_in_private_only(
    telegram, asks, helper, staff, waiting, olga
):
    alone = await asks(helper, "/task 1")
    together = await asks(olga, "/task 1", chat=staff)

    assert f"({telegram.person.id}): waiting in the line" in alone.text
    assert "“a secret wish”" in alone.text
    assert "Camera moves (built in) local/camera, 3 s" in alone.text
    assert "line local, claimed 0 times" in alone.text
    assert "6 credits held" in alone.text
    assert alone.labels == ["Cancel"]
    assert "secret" not in together.text
    assert "6 credits held" in together.text


async def test_the_lines_are_shown_with_their_seats(asks, helper, waiting):
    answer = await asks(helper, "/queue")

    assert "• delivery: 0 of 16 running, 0 waiting" in answer.text
    assert "• local: 0 of 0 running, 1 waiting, the oldest for 0 min" in answer.text


async def test_a_helper_stops_somebodys_video_and_the_person_is_told(
    telegram, asks, said, helper, waiting, olga, rows
):
    answer = await asks(helper, "/cancel 1 the photo is not yours")

    assert answer.text == "Video 1 is cancelled. Nothing was charged."
    news = await said("The owners of this bot stop your video 1.")
    assert news.text.endswith("They write: the photo is not yours")
    await telegram.wait_for(lambda: "was cancelled" in waiting.text, timeout=PATIENCE)
    audit = await asks(olga, "/audit 1")
    assert f"Hugo @hugo ({helper.id}) cancelled video 1" in audit.text
    assert "Reason: the photo is not yours" in audit.text


async def test_an_order_anew_says_what_it_costs_whom_and_is_placed_once(
    telegram, asks, toast, taken, helper, waiting, rows
):
    await asks(telegram.person, "/cancel 1")
    question = await asks(helper, "/retry 1")
    person = f"({telegram.person.id})"
    assert question.text.startswith("Order video 1 anew? It costs 6 credits of ")
    assert person in question.text
    assert "Somebody has cancelled it." in question.text
    assert rows("SELECT id FROM tasks") == [(1,)]

    presses = [telegram.press(helper, question, "Order it") for _ in range(2)]
    await telegram.wait_for(lambda: all(one.answer for one in presses), timeout=PATIENCE)
    status = await taken(2)
    again = await asks(helper, "/retry 1")

    assert status.reply_to is waiting.reply_to
    assert again.text == "Video 2 was ordered in place of video 1: waiting in the line."
    assert rows("SELECT id, account, origin FROM tasks WHERE id > 1") == [
        (2, telegram.person.id, "retry:1:0")
    ]
    assert rows("SELECT action, account, detail FROM audit WHERE action = 'retry'") == [
        ("retry", telegram.person.id, "1")
    ]
    assert rows("SELECT SUM(daily) FROM ledger") == [(-6,)]


async def test_an_order_anew_that_costs_nothing_is_placed_at_once(
    start_here, settings, telegram, asks, olga, taken
):
    async with start_here(**settings, LIMITS="local.running=0"):
        telegram.send_photo(telegram.person, RED, SMALL)
        await taken()
        await asks(telegram.person, "/cancel")
        page = await asks(olga, "/task 1")
        telegram.press(olga, page, "Retry")

        await taken(2)
        await telegram.wait_for(lambda: "anew as video 2, for " in page.text)


async def test_what_the_person_cannot_pay_is_not_ordered_anew(
    start_here, settings, telegram, asks, toast, olga, taken, rows
):
    price = {"PRICES": "local/camera=2", "DAILY_CREDITS": "6"}
    async with start_here(**settings, **price, LIMITS="local.running=0"):
        telegram.send_photo(telegram.person, RED, SMALL)
        await taken()
        await asks(telegram.person, "/cancel")
        telegram.send_photo(telegram.person, RED, SMALL)
        await taken(2)
        question = await asks(olga, "/retry 1")

        await toast(question, "Order it", olga)
        await telegram.wait_for(lambda: "was not ordered anew" in question.text)

    assert "This video costs 6 credits and you have 0 left." in question.text
    assert rows("SELECT id FROM tasks") == [(1,), (2,)]


async def test_strangers_and_members_get_nothing_of_it(
    telegram, asks, forged, toast, helper, waiting, rows
):
    boris = telegram.create_user("Boris")
    for order in ("/task 1", "/retry 1", "/queue"):
        answer = await asks(boris, order)
        assert answer.text == "Only the owners of this bot and their helpers can do that."
    answer = await asks(boris, "/cancel 1")
    assert answer.text == "There is no such video of yours."
    for data in ("support:order:1", "support:retry:1", "cancel:1"):
        await toast(forged(data, boris), "Forged", boris)
    unknown = await asks(helper, "/task 999999999999999999")

    assert unknown.text == "There is no video 999999999999999999."
    assert rows("SELECT state FROM tasks") == [("queued",)]


async def test_a_delivery_that_was_given_up_is_sent_again_for_free(
    once_rendered, settings, telegram, asks, olga, arrives, rows
):
    long_ago = (now() - timedelta(days=8)).isoformat()
    time_is_up = (
        f"UPDATE tasks SET due = 0, facts = json_set(facts, '$.times.fetching', '{long_ago}')"
    )
    async with once_rendered(time_is_up, **settings):
        page = await asks(olga, "/task 1")
        while "not made" not in page.text:
            page = await asks(olga, "/task 1")
        telegram.unblock(telegram.person)

        telegram.press(olga, page, "Retry")

        assert "Video 1: 2 credits" in (await arrives()).text
        await telegram.wait_for(lambda: "sent again, free" in page.text, timeout=PATIENCE)
        story = page
        while ": done" not in story.text:
            story = await asks(olga, "/task 1")
    assert story.text.endswith(": charged")
    assert rows("SELECT kind FROM ledger ORDER BY id") == [("hold",), ("capture",)]
    assert rows("SELECT action FROM audit") == [("redeliver",)]


@pytest.mark.usefixtures("waiting")
async def test_nothing_is_made_anew_by_a_service_that_is_switched_off(
    telegram, asks, olga, toast, said, rows
):
    await asks(telegram.person, "/cancel 1")
    question = await asks(olga, "/retry 1")
    await asks(olga, "/set provider.local off")

    await toast(question, "Order it", olga)

    assert await said("Camera moves (built in) is switched off by the owners now.", olga)
    assert rows("SELECT id FROM tasks") == [(1,)]
