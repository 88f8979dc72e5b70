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


async def test_a_refusal_is_told_of_once_a_day_and_channel(database):
    told_of = [
        await database.write(told.note_refusal, chat, day, NOON)
        for chat, day in ((CHAT, TODAY), (CHAT, TODAY), (OTHER, TODAY), (CHAT, TOMORROW))
    ]

    assert told_of == [True, False, True, True]


async def test_what_the_chat_has_chosen_stays(database):
    await database.write(accounts.change, CHAT, NOON, choices={"ratio": "9:16"})

    await database.write(told.note_standing, CHAT, {"films"}, NOON)
    await database.write(told.note_refusal, CHAT, TODAY, NOON)

    assert (await database.read(accounts.get, CHAT)).choices["ratio"] == "9:16"
