"""What was said about a chat is said once."""

from datetime import timedelta

from core.credits import day_of
from storage import accounts, told
from tests.factories import NOON

CHAT, OTHER = -1_005, -1_006
TODAY = day_of(NOON)
TOMORROW = TODAY + timedelta(days=1)


async def test_how_the_bot_stands_is_news_until_it_is_noted(database):
    assert await database.read(told.is_news, CHAT, {"hears", "films"})

    await database.write(told.note_standing, CHAT, {"hears", "films"}, NOON)

    assert not await database.read(told.is_news, CHAT, {"films", "hears"})
    assert await database.read(told.is_news, CHAT, {"films"})
    assert await database.read(told.is_news, OTHER, {"films", "hears"})


async def test_who_was_away_is_told_again(database):
    await database.write(told.note_standing, CHAT, {"films"}, NOON)
    await database.write(told.note_standing, CHAT, None, NOON)

    assert not (await database.read(accounts.get, CHAT)).reachable
    assert await database.read(told.is_news, CHAT, {"films"})


async def test_a_bot_without_any_right_has_heard_that_too(database):
    assert await database.read(told.is_news, CHAT, set())

    await database.write(told.note_standing, CHAT, set(), NOON)

    assert not await database.read(told.is_news, CHAT, set())
    assert (await database.read(accounts.get, CHAT)).reachable


async def test_a_refusal_is_told_of_once_a_day_channel_and_reason(database):
    wishes = [
        (CHAT, TODAY, "closed"),
        (CHAT, TODAY, "closed"),
        (CHAT, TODAY, "no credits"),
        (CHAT, TODAY, "closed"),
        (OTHER, TODAY, "closed"),
        (CHAT, TOMORROW, "closed"),
    ]

    told_of = [await database.write(told.note_refusal, *wish, NOON) for wish in wishes]

    assert told_of == [True, False, True, False, True, True]


async def test_what_an_earlier_release_remembered_of_a_refusal_hides_none(database):
    await database.write(accounts.choose, CHAT, NOON, refused=TODAY.isoformat())

    assert await database.write(told.note_refusal, CHAT, TODAY, "closed", NOON)


async def test_what_the_chat_has_chosen_stays(database):
    await database.write(accounts.change, CHAT, NOON, choices={"ratio": "9:16"})

    await database.write(told.note_standing, CHAT, {"films"}, NOON)
    await database.write(told.note_refusal, CHAT, TODAY, "closed", NOON)

    assert (await database.read(accounts.get, CHAT)).choices["ratio"] == "9:16"
