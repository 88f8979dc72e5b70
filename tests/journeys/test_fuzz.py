"""Whatever arrives instead of an update ends nothing, sticks nowhere and spends nothing."""

import os

import pytest
from structlog.testing import capture_logs

from playground.telegram.mailbox import Update
from tests.fuzzing import Fuzzer
from tests.world import PATIENCE

COUNT = int(os.environ.get("FUZZ_UPDATES", "1000"))
SEED = int(os.environ.get("FUZZ_SEED", "20261121"))
TROUBLE = {"error", "critical", "exception"}


@pytest.fixture
def pour(telegram):
    """Put updates into the bot's mailbox as they are; gives the number after the last one."""

    def put(bodies):
        mailbox = telegram.bot.mailbox
        for kind, body in bodies:
            update = Update(mailbox.next_id, kind, body, telegram.clock.now() + 86_400)
            mailbox.waiting.append(update)
            mailbox.next_id += 1
        return mailbox.next_id

    return put


@pytest.fixture
def served(telegram):
    """Somebody new says hello and is answered, whatever else there is to do."""

    async def greet():
        person = telegram.create_user("Zoe")
        telegram.start(person)
        await telegram.wait_for(lambda: telegram.from_bot(person), timeout=PATIENCE)

    return greet


async def test_generated_updates_end_nothing_stick_nowhere_and_spend_nothing(
    start_here, telegram, pour, served, rows
):
    fuzzer = Fuzzer(SEED)
    with capture_logs() as logs:
        async with start_here(PRICES="local/camera=2", ACCESS="open") as serving:
            end = pour(fuzzer.update() for _ in range(COUNT))
            await served()
            while rows(f"SELECT 1 FROM inbox WHERE done IS NULL AND update_id < {end}"):
                await served()
            assert not serving.done()

    assert [one for one in logs if one["log_level"] in TROUBLE] == [], f"seed {SEED}"
    assert [one for one in logs if one["event"] == "malformed update"]
    assert rows("SELECT count(*) FROM inbox")[0][0] > COUNT
    assert rows("SELECT kind, daily, granted FROM ledger WHERE daily != 0 OR granted != 0") == []
    assert rows("SELECT id FROM tasks") == []
