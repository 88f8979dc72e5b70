"""Who may send when: by a clock that jumps to whatever is waited for."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from telegram.error import BadRequest, RetryAfter

from bot.outbound import Outbound, Urgency
from tests.bot.jumping import play

RESULT, REPLY, PROGRESS, BULK = Urgency.RESULT, Urgency.REPLY, Urgency.PROGRESS, Urgency.BULK
ANNA, BORIS, GROUP = 7, 8, -9


@dataclass
class Wire:
    """Telegram's end: notes what comes when, and first answers with the troubles it is given."""

    outbound: Outbound = field(default_factory=Outbound)
    log: list = field(default_factory=list)
    troubles: list = field(default_factory=list)

    async def call(self, name, endpoint="sendMessage", *, chat=ANNA, urgency=None, **data):
        async def answer():
            self.log.append((round(asyncio.get_running_loop().time(), 1), name))
            if self.troubles and (trouble := self.troubles.pop(0)):
                raise trouble
            return {"message_id": 1}

        data = {key: value for key, value in {"chat_id": chat, **data}.items() if value}
        return await self.outbound.process_request(answer, (), {}, endpoint, data, urgency)

    async def both(self, *calls):
        return await asyncio.gather(*calls, return_exceptions=True)

    @property
    def names(self):
        return [name for _, name in self.log]

    @property
    def moments(self):
        return [moment for moment, _ in self.log]


@pytest.fixture
def wire():
    return Wire()


def flood(seconds):
    return RetryAfter(timedelta(seconds=seconds))


# The limits


def test_a_private_chat_gets_three_at_once_and_then_about_one_a_second(wire):
    play(wire.both(*(wire.call(number) for number in range(9))))

    assert wire.moments == [0, 0, 0, 3.3, 3.3, 3.3, 6.6, 6.6, 6.6]
    assert wire.names == list(range(9))


def test_a_group_gets_twenty_a_minute(wire):
    play(wire.both(*(wire.call(number, chat=GROUP) for number in range(21))))

    assert wire.moments[19] < 60 < wire.moments[20]


def test_all_chats_together_get_thirty_a_second(wire):
    play(wire.both(*(wire.call(number, chat=number) for number in range(1, 62))))

    assert [wire.moments.count(moment) for moment in (0, 1.1, 2.2)] == [30, 30, 1]


def test_an_album_counts_as_many_messages(wire):
    album = wire.call("album", "sendMediaGroup", media=[1, 2, 3, 4])

    play(wire.both(album, wire.call("after")))

    assert wire.log == [(0, "album"), (3.3, "after")]


@pytest.mark.parametrize(
    ("endpoint", "chat"),
    [
        ("answerCallbackQuery", None),
        ("getFile", None),
        ("getChat", ANNA),
        ("sendChatAction", ANNA),
    ],
)
def test_what_is_no_message_is_never_held_back(wire, endpoint, chat):
    async def scene():
        wire.outbound.rest(ANNA, 1000)
        for other in (1, 2, 3):
            wire.outbound.rest(other, 1000)
        await wire.call("passes", endpoint, chat=chat)

    play(scene())

    assert wire.log == [(0, "passes")]


# Who goes first


def test_the_more_urgent_goes_first(wire):
    async def scene():
        await wire.both(*(wire.call(number) for number in range(3)))
        await wire.both(
            *(wire.call(one.name, urgency=one) for one in (BULK, PROGRESS, REPLY, RESULT))
        )

    play(scene())

    assert wire.names[3:] == ["RESULT", "REPLY", "PROGRESS", "BULK"]


def test_progress_leaves_room_for_an_answer(wire):
    async def scene():
        edits = [
            asyncio.create_task(
                wire.call("edit", "editMessageText", urgency=PROGRESS, message_id=one)
            )
            for one in (1, 2, 3)
        ]
        await asyncio.sleep(1)
        await wire.call("answer")
        await asyncio.gather(*edits)

    play(scene())

    assert wire.log == [(0, "edit"), (0, "edit"), (1, "answer"), (3.3, "edit")]


def test_nothing_starves_however_much_of_more_urgency_comes(wire):
    async def scene():
        calls = [asyncio.create_task(wire.call("bulk", chat=BORIS, urgency=BULK))]
        for number in range(100):  # one a second, a little more than goes out
            calls.append(
                asyncio.create_task(wire.call("result", chat=number + 100, urgency=RESULT))
            )
            await asyncio.sleep(1)
        await asyncio.gather(*calls)

    wire.outbound = Outbound({"telegram.overall": 1})
    play(scene())

    assert 60 <= {name: at for at, name in wire.log}["bulk"] <= 70


# Edits of progress


def test_a_newer_edit_of_progress_takes_the_place_of_an_older_one(wire):
    def edit(name, message):
        return wire.call(name, "editMessageText", urgency=PROGRESS, message_id=message)

    async def scene():
        wire.outbound.rest(ANNA, 10)
        return await asyncio.gather(edit("10 %", 1), edit("other", 2), edit("20 %", 1))

    dropped, *sent = play(scene())

    assert wire.log == [(10, "other"), (10, "20 %")]
    assert dropped is True
    assert sent == [{"message_id": 1}] * 2


def test_an_edit_that_is_overtaken_again_and_again_goes_out_all_the_same(wire):
    async def scene():
        calls = []
        for _ in range(60):
            edit = wire.call("edit", "editMessageText", urgency=PROGRESS, message_id=1)
            calls += map(asyncio.create_task, (wire.call("answer"), wire.call("answer"), edit))
            await asyncio.sleep(1)
        await asyncio.gather(*calls)

    play(scene())

    assert 15 <= wire.moments[wire.names.index("edit")] <= 40


def test_a_caller_that_gave_up_takes_nobodys_turn(wire):
    async def scene():
        wire.outbound.rest(ANNA, 10)
        gone = asyncio.create_task(wire.call("gone"))
        await asyncio.sleep(1)
        gone.cancel()
        busy = wire.outbound.is_busy(ANNA)
        await asyncio.sleep(0)
        return busy, wire.outbound.is_busy(ANNA)

    assert play(scene()) == (True, False)


# What Telegram says


def test_a_flood_limit_rests_its_chat_alone_and_the_answer_goes_out_afterwards(wire):
    async def scene():
        wire.troubles = [flood(20)]
        refused = asyncio.create_task(wire.call("refused"))
        await asyncio.sleep(1)
        await wire.both(wire.call("later"), wire.call("other chat", chat=BORIS), refused)

    play(scene())

    assert wire.log == [(0, "refused"), (1, "other chat"), (20, "refused"), (20, "later")]


def test_flood_limits_in_several_chats_at_once_rest_all_of_them(wire):
    async def scene():
        wire.troubles = [flood(20)] * 3
        first = [asyncio.create_task(wire.call("refused", chat=chat)) for chat in (1, 2, 3)]
        await asyncio.sleep(1)
        await wire.call("other chat", chat=BORIS)
        await asyncio.gather(*first)

    play(scene())

    assert (20, "other chat") in wire.log


def test_a_rest_is_not_made_shorter_by_another_one(wire):
    async def scene():
        wire.outbound.rest(ANNA, 30)
        wire.outbound.rest(ANNA, 5)
        await wire.call("answer")

    play(scene())

    assert wire.log == [(30, "answer")]


@pytest.mark.parametrize("urgency", [RESULT, PROGRESS, Urgency.GRANTED])
def test_a_video_and_progress_are_tried_again_by_who_sent_them(wire, urgency):
    wire.troubles = [flood(1)]

    with pytest.raises(RetryAfter):
        play(wire.call("once", urgency=urgency))

    assert len(wire.log) == 1


def test_an_answer_is_given_up_where_telegram_asks_for_hours(wire):
    wire.troubles = [flood(3600)]

    with pytest.raises(RetryAfter):
        play(wire.call("once"))


def test_an_answer_is_given_up_after_some_tries(wire):
    wire.troubles = [flood(1)] * 99

    with pytest.raises(RetryAfter):
        play(wire.call("again"))

    assert len(wire.log) == 5


def test_any_other_refusal_is_the_callers_affair(wire):
    wire.troubles = [BadRequest("Chat not found")]

    with pytest.raises(BadRequest):
        play(wire.call("refused"))
