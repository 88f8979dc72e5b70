"""The bot is killed between a service's acceptance and our commit: nothing is paid for twice."""

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from jobs.worker import MAX_ATTEMPTS
from playground.server import Playground
from playground.services.faults import Fault
from playground.telegram.faults import Fault as TelegramFault
from tests.contract.desk import EMULATIONS
from tests.contract.dialects import DIALECTS
from tests.journeys.conftest import running_with, settings_for
from tests.journeys.services import teach
from tests.process import Process
from tests.world import CAT, PATIENCE

UNSURE = "the service cannot be asked"
CROWD = 10
REST = timedelta(seconds=20)  # less than any pause between two searches


class Story:
    """A bot with one service; what it has stored can be seen, and made older."""

    def __init__(self, name, playground, service, folder):
        self.dialect, self.service = DIALECTS[name], service
        self.telegram = playground.telegram
        self.owner = self.telegram.create_user("Owner")
        self.folder = folder
        self.environment = {
            **settings_for(playground, folder),
            **service.environment,
            "ACCESS": "open",
            "ADMIN_IDS": str(self.owner.id),
            "LIMITS": f"{name}.rps=1000,{name}.running={CROWD}",
        }
        self.telegram.start(self.owner)
        teach(folder / "bot.db", self.environment)

    def rows(self, query, *values):
        with closing(sqlite3.connect(self.folder / "bot.db")) as database, database:
            return database.execute(query, values).fetchall()

    async def dies(self, orders, *faults):
        """Place orders with a bot of its own process, and kill it while they are with the service."""
        process = await Process(self.environment).start()
        for person, words in orders:
            self.telegram.send_photo(person, CAT, words)
        async with asyncio.timeout(PATIENCE):
            for fault in faults:
                await (fault.reached if fault.drop else fault.worked).wait()
        await process.kill()
        self.service.faults.clear()
        earlier = datetime.now(UTC) - timedelta(minutes=2)
        self.rows("UPDATE tasks SET facts = json_set(facts, '$.intended', ?)", earlier.isoformat())

    def lives(self):
        return running_with(self.environment)

    def videos(self, person):
        return [one for one in self.telegram.from_bot(person) if one.kind == "video"]

    async def until(self, check):
        """Ask again and again: of what is stored nobody is told."""
        async with asyncio.timeout(PATIENCE):
            while not check():
                await asyncio.sleep(0.01)

    @property
    def state(self):
        ((state,),) = self.rows("SELECT state FROM tasks")
        return state

    def hurry(self):
        """Have every task that waits for its time come due."""
        self.rows("UPDATE tasks SET due = ?", _micros(datetime.now(UTC)))

    @property
    def rests(self):
        """Whether the only task is left alone for a while."""
        ((claimed, due),) = self.rows("SELECT claimed, due FROM tasks")
        return not claimed and due > _micros(datetime.now(UTC) + REST)

    async def ends(self, state):
        await self.until(lambda: self.state == state)


def _micros(moment):
    return round(moment.timestamp() * 1_000_000)


@pytest.fixture
async def story(name, service, migrated, tmp_path):
    shutil.copy(migrated, tmp_path / "bot.db")
    async with Playground() as playground:
        yield Story(name, playground, service, tmp_path)


def hold(story, **more):
    return story.service.faults.add(Fault(route=story.dialect.submit, hold=True, times=0, **more))


async def test_a_bot_killed_after_an_order_was_taken_never_has_it_made_twice(story, desk, service):
    person = story.telegram.person
    await story.dies([(person, "the cat waves")], hold(story))
    assert service.studio.billable == 1

    async with story.lives():
        if desk.provider().can_find:
            await story.until(lambda: story.videos(person))
            await story.ends("delivered")
        else:
            await story.until(lambda: story.telegram.from_bot(person, UNSURE))
            await story.ends("uncertain")

    assert service.studio.billable == 1
    assert len(service.sent_to(story.dialect.submit)) == 1
    if not desk.provider().can_find:
        (told,) = story.telegram.from_bot(person, UNSURE)
        assert told.labels[0] == "Try again"
        assert story.telegram.from_bot(story.owner, "may have been ordered")
        assert story.rows("SELECT SUM(daily) FROM ledger") == [(0,)]


async def test_a_bot_killed_before_an_order_was_taken_has_it_made_once_at_most(
    story, desk, service
):
    """A service that can be asked is asked first, and may then be ordered from or given up."""
    person = story.telegram.person
    await story.dies([(person, "the cat waves")], hold(story, drop="before"))
    assert service.studio.billable == 0
    possible = {"delivered", "failed"} if desk.provider().can_find else {"uncertain"}

    async with story.lives():
        await story.until(lambda: story.state in possible)

    delivered = story.state == "delivered"
    assert service.studio.billable == len(story.videos(person)) == delivered
    settled = [kind for (kind,) in story.rows("SELECT kind FROM ledger ORDER BY id")]
    assert settled == ["hold", "capture" if delivered else "release"]


@pytest.mark.parametrize("name", ["dashscope"])
async def test_ten_people_whose_bot_was_killed_get_each_their_own_video(story, service):
    people = [story.telegram.create_user(f"Person {number}") for number in range(CROWD)]
    words = [f"scene number {number:02} of all" for number in range(CROWD)]
    faults = [hold(story, contains=text.encode()) for text in words]
    await story.dies(list(zip(people, words, strict=True)), *faults)
    assert service.studio.billable == CROWD
    service.rates.enforced = True  # as the service has them

    async with story.lives():
        await story.until(lambda: all(story.videos(person) for person in people))

    assert service.studio.billable == CROWD
    taken = {one.id: one.order["prompt"] for one in service.studio.renders}
    for user, asked, remote in story.rows(
        "SELECT user, request, json_extract(facts, '$.remote') FROM tasks"
    ):
        prompt = json.loads(asked)["prompt"]
        assert taken[remote.partition(":")[2]] == prompt
        assert dict(zip([one.id for one in people], words, strict=True))[user] == prompt
    for person, text in zip(people, words, strict=True):
        (video,) = story.videos(person)
        assert video.reply_to.text == text


@pytest.mark.parametrize("name", ["dashscope"])
async def test_an_order_that_is_still_being_made_is_waited_for_and_not_given_up(story, service):
    """Its words come with its end, so nobody can say before whose it is."""
    service.studio.manual = True
    await story.dies([(story.telegram.person, "the cat waves")], hold(story))
    for _ in range(MAX_ATTEMPTS + 1):
        story.hurry()
        async with story.lives():
            await story.until(lambda: story.rests)
    assert story.state == "submitting"

    (render,) = service.studio.renders
    service.studio.finish(render.id)
    story.hurry()
    async with story.lives():
        await story.ends("delivered")

    assert service.studio.billable == len(story.videos(story.telegram.person)) == 1
    assert len(service.sent_to("create")) == 1


@pytest.mark.parametrize("name", ["dashscope"])
async def test_a_key_that_is_refused_does_not_stand_in_the_way_of_a_search(story, service):
    story.environment["DASHSCOPE_API_KEY"] += ",sk-wrong"
    await story.dies([(story.telegram.person, "the cat waves")], hold(story))

    async with story.lives():
        await story.ends("delivered")

    assert service.studio.billable == 1
    assert service.sent_to("list")
    assert [one for one in service.requests if b"sk-wrong" in one.wire] == []


@pytest.mark.parametrize("name", ["dashscope"])
async def test_two_people_with_the_same_words_never_get_one_and_the_same_video(story, service):
    """Only one of the two orders was taken, and nothing tells whose it was."""
    people = [story.telegram.create_user(f"Person {number}") for number in range(2)]
    dropped = hold(story, drop="before")
    dropped.times = 1
    kept = hold(story)
    words = "the cat waves --model dashscope/wan2.6-i2v-flash"
    await story.dies([(person, words) for person in people], dropped, kept)
    assert service.studio.billable == 1

    async with story.lives():
        done = "SELECT COUNT(*) FROM tasks WHERE state IN ('delivered', 'failed', 'uncertain')"
        await story.until(lambda: story.rows(done) == [(2,)])

    assert story.rows("SELECT state FROM tasks") == [("uncertain",)] * 2
    assert service.studio.billable == 1
    assert [story.videos(person) for person in people] == [[], []]


@pytest.mark.parametrize("name", ["dashscope"])
async def test_an_order_that_is_being_given_up_may_have_been_taken_all_the_same(story, service):
    """Its person is told before it ends, which takes a while: meanwhile another one is searched for."""
    people = [story.telegram.create_user(f"Person {number}") for number in range(2)]
    dropped = hold(story, drop="before")
    dropped.times = 1
    words = "the cat waves --model dashscope/wan2.6-i2v-flash"
    await story.dies([(person, words) for person in people], dropped, hold(story))
    never = _micros(datetime.now(UTC) + timedelta(days=1))
    story.rows("UPDATE tasks SET due = ? WHERE id = 2", never)
    told = story.telegram.faults.add(
        TelegramFault(method="sendMessage", contains=UNSURE, hold=True, times=0)
    )
    async with story.lives():
        await story.until(lambda: told.used)
    assert story.rows("SELECT state FROM tasks") == [("submitting",)] * 2

    story.hurry()
    async with story.lives():
        decided = "SELECT COUNT(*) FROM tasks WHERE facts ->> '$.failure.state' = 'uncertain'"
        made = "SELECT COUNT(*) FROM tasks WHERE facts ->> '$.remote' IS NOT NULL"
        await story.until(lambda: story.rows(decided) == [(2,)] or story.rows(made) == [(1,)])
        assert story.rows(made) == [(0,)]
        story.telegram.faults.clear()
        ended = "SELECT COUNT(*) FROM tasks WHERE state = 'uncertain'"
        await story.until(lambda: story.rows(ended) == [(2,)])

    assert service.studio.billable == 1
    assert [story.videos(person) for person in people] == [[], []]


@pytest.mark.parametrize("name", ["tokenops"])
async def test_a_key_that_ends_while_a_video_is_made_is_told_and_the_video_is_not_given_up(
    story, service
):
    person, taken = story.telegram.person, hold(story)
    async with story.lives():
        story.telegram.send_photo(person, CAT, "the cat waves")
        await taken.worked.wait()
        story.dialect.retire(service)
        service.faults.clear()

        await story.until(lambda: story.telegram.from_bot(story.owner, story.dialect.key))
        await story.until(lambda: story.rows("SELECT claimed FROM tasks") == [(0,)])

        assert story.state == "running"
        assert story.rows("SELECT kind FROM ledger") == [("hold",)]


def test_the_dialects_are_those_of_the_emulations():
    assert DIALECTS.keys() <= EMULATIONS.keys()
