"""A group that became a supergroup."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.credits import day_of
from storage import accounts, audit, chats, collection, drafts, ledger, tables, tasks, wishes
from storage.chats import LEFT_BEHIND
from storage.content import Content, Received
from storage.drafts import Spot, Stage
from tests.factories import NOON, make_new_task, policy

OLD, NEW, OTHER = -4_000, -1_002_000, -4_001
RULES = policy(closed=True)


@pytest.fixture
def migrate(database):
    """Move the chat; twice, for Telegram says it more than once."""

    async def migrate():
        await database.write(chats.migrate, OLD, NEW)
        await database.write(chats.migrate, OLD, NEW)

    return migrate


@pytest.fixture
def paying(database):
    """Let the old group in, give it credits and a figure of its own."""

    async def paying(**more):
        values = {"name": "Holidays", "allowed": True, "choices": {"ratio": "9:16"}, **more}
        await database.write(accounts.change, OLD, NOON, **values)
        grant = {"key": "grant:1", "by": 1, "note": "", "now": NOON}
        await database.write(ledger.grant, OLD, 30, **grant)

    return paying


async def test_a_task_goes_on_in_the_new_chat_and_forgets_the_old_messages(
    database, accept, paying, migrate
):
    await paying()
    task = await accept(chat=OLD, rules=RULES, topic=3)
    await database.write(wishes.set_status_message, task.id, 55)
    stranger = await accept(chat=OTHER, origin="message:2")

    await migrate()

    moved = await database.read(tasks.get, task.id)
    assert (moved.account, moved.status_message) == (NEW, None)
    assert moved.place == replace(task.place, chat=NEW, topic=None)
    assert await database.read(tasks.get, stranger.id) == stranger


async def test_a_video_that_was_sent_names_no_message_of_the_new_chat(database, accept, migrate):
    task, elsewhere = await accept(chat=OLD), await accept(chat=OLD, origin="message:2")
    for one, chat in ((task, OLD), (elsewhere, 7)):
        await database.write(wishes.note, one.id, "sent", {"chat": chat, "message": 5})
        await database.write(wishes.note, one.id, "status", 4)
    finished = sa.update(tables.tasks).values(finished=NOON)
    await database.write(lambda connection: connection.execute(finished))

    await migrate()

    facts = [(await database.read(tasks.get, one.id)).facts for one in (task, elsewhere)]
    assert [one["sent"] for one in facts] == [
        {"chat": OLD, "message": None},
        {"chat": 7, "message": 5},
    ]
    assert all("status" not in one for one in facts)


async def test_what_an_anonymous_admin_has_ordered_stays_the_chats(
    database, accept, paying, migrate
):
    await paying()
    task = await accept(make_new_task(sender=OLD, chat=OLD), rules=RULES)

    await migrate()

    moved = await database.read(tasks.get, task.id)
    assert (moved.account, moved.place.user) == (NEW, NEW)
    assert list(await database.read(collection.of_user, NEW, 5)) == [moved]


async def test_the_credits_of_a_group_move_and_its_hold_is_settled_where_they_are(
    database, accept, paying, migrate
):
    await paying()
    task = await accept(chat=OLD, rules=RULES, cost=10)

    await migrate()
    before = await database.read(ledger.balance, RULES, NEW, day_of(NOON))
    await database.write(ledger.release, task.id, NOON)

    after = await database.read(ledger.balance, RULES, NEW, day_of(NOON))
    assert (before.free, before.held) == (20, 10)
    assert (after.free, after.held) == (30, 0)
    assert (await database.read(ledger.balance, RULES, OLD, day_of(NOON))).free == 0


async def test_the_settings_of_a_group_move(database, paying, migrate):
    await paying(daily=12, member_cap=4)
    before = await database.read(accounts.get, OLD)

    await migrate()

    assert await database.read(accounts.get, NEW) == replace(before, id=NEW)
    assert await database.read(accounts.get, OLD) is None


async def test_what_is_already_known_of_the_new_chat_counts_and_a_ban_stays(
    database, paying, migrate
):
    await paying(banned=True, daily=12)
    await database.write(
        accounts.change, NEW, NOON, name="Holidays 2", daily=5, choices={"seconds": 5}
    )

    await migrate()

    group = await database.read(accounts.get, NEW)
    assert (group.name, group.allowed, group.banned) == ("Holidays 2", True, True)
    assert (group.daily, group.choices) == (5, {"ratio": "9:16", "seconds": 5})


async def test_a_draft_goes_on_and_its_messages_are_never_taken_for_others(database, migrate):
    content = Content(photos=(Received(message=11, file_id="photo"),), reply_to=9, user=7)
    spot = Spot(OLD, 7, None)
    draft = await database.write(
        drafts.update, spot, lambda _: (content, None), due=None, now=NOON
    )
    await database.write(drafts.ask, draft, 12)

    await migrate()

    moved = await database.read(drafts.open_draft, replace(spot, chat=NEW))
    assert (moved.id, moved.stage, moved.question) == (draft.id, Stage.ASKING, None)
    assert moved.content.photos == (Received(message=11 + LEFT_BEHIND, file_id="photo"),)
    assert moved.content.reply_to is None


async def test_a_draft_of_the_group_itself_gives_way_to_one_begun_in_the_new_chat(
    database, migrate
):
    def write(words):
        return lambda _: (Content(words=words), None)

    for chat, words in ((OLD, "before"), (NEW, "after")):
        spot = Spot(chat, chat, None)
        await database.write(drafts.update, spot, write(words), due=NOON, now=NOON)

    await migrate()

    left = await database.read(drafts.open_draft, Spot(NEW, NEW, None))
    assert left.content.words == "after"
    assert await database.read(drafts.in_chat, OLD) == []


async def test_what_owners_did_about_the_group_is_found_under_its_new_number(database, migrate):
    await database.write(audit.record, by=1, action="grant", account=OLD, now=NOON)

    await migrate()

    (entry,) = await database.read(audit.newest, 5)
    assert entry.account == NEW
