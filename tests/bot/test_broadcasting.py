"""What a broadcast is doing when the bot ends."""

import asyncio

import pytest

from bot.broadcasting import finish


async def test_what_is_being_sent_when_the_bot_ends_comes_to_its_end():
    answer, counted = asyncio.Event(), []

    async def send():
        await answer.wait()
        counted.append("Anna")

    ending = asyncio.create_task(finish(asyncio.create_task(send())))
    await asyncio.sleep(0)  # until it waits
    ending.cancel()
    await asyncio.sleep(0)  # until it is being cancelled
    answer.set()

    with pytest.raises(asyncio.CancelledError):
        await ending
    assert counted == ["Anna"]
