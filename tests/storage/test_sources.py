"""What stays of the messages that a deleted video was ordered with."""

import pytest

from storage import drafts, inbox, sources
from storage.content import Content, Received
from storage.drafts import Spot
from tests.factories import NOON

SPOT = Spot(chat=-50, sender=7, topic=None)
PHOTO = Received(message=11, file_id="the photo")
OTHER = Received(message=21, file_id="another photo")


@pytest.fixture
def draft(database):
    """Keep what somebody said, and close it unless it is still open; gives its number."""

    async def draft(*, spot=SPOT, is_open=False, album=None, **said):
        content = Content(**{"photos": (PHOTO,), "words": "their words"} | said)
        change = lambda _: (content, album)  # noqa: E731
        kept = await database.write(drafts.update, spot, change, due=NOON, now=NOON)
        if not is_open:
            await database.write(drafts.close, kept)
        return kept.id

    return draft


@pytest.fixture
def said(database):
    async def said(number):
        return (await database.read(drafts.get, number)).content

    return said


async def test_the_draft_of_a_video_keeps_nothing_but_the_numbers_of_its_messages(
    database, accept, draft, said
):
    voice = Received(message=12, file_id="the voice", kept="frame.jpg")
    number = await draft(audio=voice, reply_to=12, answers={"start": "0x5x0a"}, language="zh")
    task = await accept(origin="message:-50:11:12", sender=7, chat=-50, cost=0)

    await database.write(sources.forget, task.id)

    assert await said(number) == Content(
        photos=(Received(message=11, file_id=""),),
        audio=Received(message=12, file_id=""),
        reply_to=12,
        language="zh",
        blank=True,
    )
    for message in (11, 12):
        assert await database.read(drafts.is_done, SPOT, message)


async def test_what_else_was_begun_with_its_messages_goes_and_all_other_stays(
    database, accept, draft, said
):
    refused = await draft(words="a first try")
    await draft(reply_to=13)
    another = await draft(photos=(OTHER,))
    theirs = await draft(spot=Spot(chat=-50, sender=8, topic=None))
    begun = await draft(reply_to=14, is_open=True)
    task = await accept(origin="message:-50:11:13", sender=7, chat=-50, cost=0)

    await database.write(sources.forget, task.id)

    assert [(await said(one)).blank for one in (refused, another, theirs, begun)] == [
        True,
        False,
        False,
        False,
    ]


async def test_the_parts_of_its_album_are_forgotten(database, accept, draft):
    parts = [{"update_id": n, "message": {"media_group_id": "ab"[n]}} for n in range(2)]
    await database.write(inbox.add, parts, NOON)
    for part in parts:
        await database.write(inbox.finish, part["update_id"], NOON, keep=True)
    await draft(album="a")
    task = await accept(origin="message:-50:11:0", sender=7, chat=-50, cost=0)

    await database.write(sources.forget, task.id)

    assert await database.read(inbox.of_album, "a", 0) == []
    assert await database.read(inbox.of_album, "b", 0) == [parts[1]]


async def test_a_video_that_a_button_ordered_came_from_no_message(database, accept, draft, said):
    number = await draft()
    task = await accept(origin="same:11:0", sender=7, chat=-50, cost=0)

    await database.write(sources.forget, task.id)

    assert not (await said(number)).blank
