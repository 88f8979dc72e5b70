"""Turns in a chat, by a clock that jumps to whatever is waited for."""

import asyncio

import pytest

from bot.pace import Pace


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only by being waited for."""

    def __init__(self):
        super().__init__()
        self._moment = 0.0

    def time(self):
        return self._moment

    def _run_once(self):
        if not self._ready and self._scheduled:
            self._moment = max(self._moment, self._scheduled[0].when())
        super()._run_once()


@pytest.fixture
def turns():
    """Take turns, all asked for at once; gives the moments at which they came."""

    def take(count, *, before=None, **options):
        async def one(pace, moments):
            async with pace.turn():
                moments.append(round(asyncio.get_running_loop().time(), 3))

        async def all_of_them():
            pace, moments = Pace(**options), []
            if before:
                await before(pace)
            await asyncio.gather(*(one(pace, moments) for _ in range(count)))
            return moments

        with asyncio.Runner(loop_factory=JumpingLoop) as runner:
            return runner.run(all_of_them())

    return take


def test_after_a_quiet_time_some_come_at_once_and_the_others_one_by_one(turns):
    assert turns(5, pause=2, burst=3) == [0, 0, 0, 2, 4]


def test_an_idle_chat_saves_up_no_more_than_its_burst(turns):
    assert turns(4, pause=2, burst=2, before=lambda _: asyncio.sleep(1000)) == [
        1000, 1000, 1002, 1004,
    ]  # fmt: skip


def test_nobody_has_a_turn_while_telegram_asks_for_rest(turns):
    async def rest(pace):
        pace.rest(30)

    assert turns(2, pause=2, before=rest) == [30, 32]


def test_a_rest_is_not_made_shorter_by_another_one(turns):
    async def rest(pace):
        pace.rest(30)
        pace.rest(5)

    assert turns(1, pause=2, before=rest) == [30]
