import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event

from storage import draft_queue, drafts
from storage.content import Content, Received, ordered
from storage.drafts import Spot, Stage
from tests.factories import NOON

SOON, LATER = NOON + timedelta(seconds=2), NOON + timedelta(hours=1)
SPOT = Spot(chat=-500, sender=7, topic=None)
PHOTO = Received(message=11, file_id="photo-11", size=90_000)
VOICE = Received(message=12, file_id="voice-12", size=20_000, seconds=4.5)


@pytest.fixture
def update(database):
    """Set the words of a draft, unless told which other change to make."""

    async def update(words="", spot=SPOT, due=SOON, now=NOON, change=None):
        change = change or (lambda _: (Content(words=words), None))
        return await database.write(drafts.update, spot, change, due=due, now=now)

    return update


@pytest.fixture
def find(database):
    async def find(spot=SPOT):
        return await database.read(drafts.open_draft, spot)

    return find


async def test_the_first_message_opens_a_draft(update, find):
    content = Content(
        photos=(PHOTO,), audio=VOICE, words="waves", reply_to=11, user=7, language="zh"
    )

    draft = await update(change=lambda _: (content, "album-1"))

    assert draft.content == content
    assert (draft.chat, draft.sender, draft.topic, draft.album) == (-500, 7, None, "album-1")
    assert (draft.stage, draft.due, draft.updated) == (Stage.COLLECTING, SOON, NOON)
    assert await find() == draft


async def test_there_is_nothing_to_change_at_first(update):
    given = []

    await update(change=lambda draft: given.append(draft) or (Content(), None))

    assert given == [None]


async def test_the_next_message_changes_the_same_draft(update, find):
    first = await update("waves")

    second = await update(
        change=lambda draft: (replace(draft.content, photos=(PHOTO,)), draft.album), due=LATER
    )

    assert second.id == first.id
    assert second.content == Content(words="waves", photos=(PHOTO,))
    assert second.due == LATER
    assert await find() == second


@pytest.mark.parametrize(
    "elsewhere",
    [
        Spot(chat=-501, sender=7, topic=None),
        Spot(chat=-500, sender=8, topic=None),
        Spot(chat=-500, sender=7, topic=3),
    ],
    ids=["chat", "sender", "topic"],
)
async def test_every_chat_sender_and_topic_has_a_draft_of_its_own(update, find, elsewhere):
    here = await update("here")

    there = await update("there", spot=elsewhere)

    assert there.id != here.id
    assert await find() == here
    assert await find(elsewhere) == there


async def test_a_draft_in_a_topic_knows_its_topic(update):
    assert (await update(spot=Spot(chat=-500, sender=7, topic=3))).topic == 3


async def test_a_change_that_raises_leaves_the_draft_as_it_was(update, find):
    def refuse(_draft):
        raise LookupError

    before = await update("waves")

    with pytest.raises(LookupError):
        await update(change=refuse)

    assert await find() == before


async def test_a_question_ends_the_waiting_for_more(database, update, find):
    draft = await update()

    await database.write(drafts.ask, draft, 44)

    asked = await find()
    assert (asked.stage, asked.question, asked.due) == (Stage.ASKING, 44, None)


async def test_an_answer_takes_up_the_same_draft(database, update, find):
    draft = await update()
    await database.write(drafts.ask, draft, 44)

    await update("waves", due=LATER)

    answered = await find()
    assert (answered.id, answered.stage, answered.due) == (draft.id, Stage.COLLECTING, LATER)


async def test_a_closed_draft_is_not_open(database, update, find):
    draft = await update()

    await database.write(drafts.close, draft)

    assert await find() is None
    closed = await database.read(drafts.get, draft.id)
    assert (closed.stage, closed.due) == (Stage.CLOSED, None)


async def test_a_closed_draft_is_not_asked_about(database, update, find):
    draft = await update()
    await database.write(drafts.close, draft)

    await database.write(drafts.ask, draft, 44)

    assert await find() is None


async def test_after_a_closed_draft_comes_a_new_one(database, update, find):
    old = await update("old")
    await database.write(drafts.close, old)

    new = await update("new")

    assert new.id != old.id
    assert await find() == new


async def test_only_the_draft_that_was_meant_is_closed(database, update, find):
    draft = await update()
    other = await update(spot=Spot(chat=9, sender=9, topic=None))

    await database.write(drafts.close, draft)

    assert await find(Spot(chat=9, sender=9, topic=None)) == other


async def test_the_latest_draft_may_be_a_closed_one(database, update):
    draft = await update("waves")
    await database.write(drafts.close, draft)

    latest = await database.read(drafts.latest, SPOT, NOON)

    assert (latest.id, latest.stage) == (draft.id, Stage.CLOSED)


async def test_the_latest_draft_is_the_newest(database, update):
    await database.write(drafts.close, (await update("old")))
    new = await update("new")

    assert await database.read(drafts.latest, SPOT, NOON) == new


async def test_a_draft_of_long_ago_is_not_the_latest(database, update):
    await update(now=NOON)

    assert await database.read(drafts.latest, SPOT, NOON + timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    ("find", "which"),
    [
        (drafts.latest, (SPOT, NOON)),
        (drafts.of_album, (SPOT, "album-1")),
        (drafts.from_message, (SPOT, 11)),
        (drafts.in_chat, (SPOT.chat,)),
        (partial(drafts.in_chat, closed=True), (SPOT.chat,)),
    ],
    ids=["latest", "of an album", "from a message", "open in a chat", "closed in a chat"],
)
async def test_somebodys_drafts_are_found_without_reading_those_of_others(database, find, which):
    def plan(connection):
        asked = []
        event.listen(
            connection, "before_cursor_execute", lambda *what: asked.append((what[2], what[3]))
        )
        find(connection, *which)
        ((statement, values),) = asked
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [step.detail for step in steps]

    steps = await database.read(plan)

    assert any(re.match(r"SEARCH drafts USING INDEX \w+ \(chat=\?", step) for step in steps)
    assert not [step for step in steps if step.startswith("SCAN drafts") or "TEMP" in step]


async def test_drafts_are_due_once_they_were_quiet_long_enough(database, update):
    quiet = await update(due=SOON)
    await update(spot=Spot(chat=9, sender=9, topic=None), due=LATER)

    early = await database.write(draft_queue.take_due, SOON - timedelta(seconds=1))
    due = await database.write(draft_queue.take_due, SOON)

    assert early == []
    assert [draft.id for draft in due] == [quiet.id]


async def test_a_due_draft_is_given_out_once(database, update):
    await update(due=SOON)
    await database.write(draft_queue.take_due, LATER)

    assert await database.write(draft_queue.take_due, LATER) == []


async def test_a_draft_that_an_earlier_process_had_taken_is_given_out_again(database, update):
    draft = await update(due=SOON)
    await database.write(draft_queue.take_due, LATER)

    resumed = await database.write(draft_queue.resume, LATER)

    assert resumed == 1
    assert [one.id for one in await database.write(draft_queue.take_due, LATER)] == [draft.id]


async def test_a_draft_that_waits_for_an_answer_is_never_due(database, update):
    draft = await update(due=SOON)
    await database.write(drafts.ask, draft, None)

    assert await database.write(draft_queue.take_due, LATER) == []


async def test_the_next_due_time_is_the_earliest(database, update):
    await update(due=LATER)
    await update(spot=Spot(chat=9, sender=9, topic=None), due=SOON)

    assert await database.read(draft_queue.next_due) == SOON


async def test_without_a_waiting_draft_there_is_no_next_due_time(database, update):
    draft = await update(due=SOON)
    await database.write(drafts.close, draft)

    assert await database.read(draft_queue.next_due) is None


async def test_clearing_drops_drafts_that_nobody_touched_for_long(database, update, find):
    old = await update(now=NOON)
    new = await update(spot=Spot(chat=9, sender=9, topic=None), now=LATER)

    cleared = await database.write(drafts.clear, LATER)

    assert cleared == 1
    assert await database.read(drafts.get, old.id) is None
    assert await database.read(drafts.get, new.id) == new


def test_photos_are_put_into_the_order_of_their_messages_each_once():
    first, second = replace(PHOTO, message=1), replace(PHOTO, message=2)

    assert ordered((second, first, second)) == (first, second)


async def test_what_arrives_while_a_draft_is_worked_on_keeps_its_turn(database, update):
    draft = await update(due=SOON)
    (taken,) = await database.write(draft_queue.take_due, SOON)
    await update(due=LATER, now=SOON)

    await database.write(drafts.close, taken)

    assert [one.id for one in await database.write(draft_queue.take_due, LATER)] == [draft.id]


async def test_frames_are_the_photos_that_were_picked():
    other = replace(PHOTO, message=12)
    content = Content(photos=(PHOTO, other))

    assert content.frames == (PHOTO, other)
    assert replace(content, picks=(1, 0)).frames == (other, PHOTO)
    assert replace(content, picks=(0, 0)).frames == (PHOTO, PHOTO)
    assert replace(content, picks=(0, 0)).is_loop
    assert not replace(content, picks=(1, 0)).is_loop


async def test_picks_are_kept(update, find):
    content = Content(photos=(PHOTO,), picks=(0, 0), task=3, late=True)

    await update(change=lambda _: (content, None))

    assert (await find()).content == content


async def test_a_message_leads_to_the_newest_draft_it_belongs_to(database, update):
    words = Content(photos=(PHOTO,), audio=VOICE, reply_to=13)
    first = await update(change=lambda _: (words, None))
    await database.write(drafts.close, first)
    second = await update(change=lambda _: (Content(photos=(PHOTO,)), None))

    async def found(message, spot=SPOT):
        draft = await database.read(drafts.from_message, spot, message)
        return draft and draft.id

    assert [await found(message) for message in (11, 12, 13, 14)] == [
        second.id,
        first.id,
        first.id,
        None,
    ]
    assert await found(11, Spot(chat=-500, sender=8, topic=None)) is None


async def test_a_message_is_done_once_its_draft_is_closed(database, update):
    draft = await update(change=lambda _: (Content(photos=(PHOTO,)), None))

    before = await database.read(drafts.is_done, SPOT, 11)
    await database.write(drafts.close, draft)

    assert (before, await database.read(drafts.is_done, SPOT, 11)) == (False, True)
    assert not await database.read(drafts.is_done, SPOT, 12)


async def test_an_album_leads_to_its_draft_even_when_that_is_closed(database, update):
    draft = await update(change=lambda _: (Content(photos=(PHOTO,)), "album-1"))
    await database.write(drafts.close, draft)

    assert (await database.read(drafts.of_album, SPOT, "album-1")).id == draft.id
    assert await database.read(drafts.of_album, SPOT, "album-2") is None


async def test_a_hint_is_noted_once(database, update):
    draft = await update()
    await database.write(drafts.close, draft)

    assert await database.write(drafts.note_hint, draft)
    assert not await database.write(drafts.note_hint, draft)


@pytest.mark.parametrize(
    ("content", "placing"),
    [(Content(photos=(PHOTO,)), False), (Content(words=""), True), (Content(audio=VOICE), True)],
)
async def test_a_complete_draft_that_is_worked_on_is_being_placed(
    database, update, content, placing
):
    draft = await update(change=lambda _: (content, None))
    (taken,) = await database.write(draft_queue.take_due, SOON)

    assert (draft.is_being_placed, taken.is_being_placed) == (False, placing)
