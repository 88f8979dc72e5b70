"""Every command and every button, for everybody who may use it and for everybody who may not."""

import re
import shutil
from contextlib import asynccontextmanager
from string import Formatter

import pytest
import pytest_asyncio
from structlog.testing import capture_logs
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.handlers import FEATURES
from playground.server import Playground
from tests.journeys import trace
from tests.journeys.authorization import BUTTONS, COMMANDS, fakes, rows
from tests.journeys.conftest import running_with, settings_for
from tests.journeys.senders import World

SAID = {
    "R": r"^Only (the|an) |button is not yours|only they can press|list is not yours"
    r"|You cannot use this bot|is only for people|^Only the admins|change that\. Yours|This is your own video",
    "N": r"There is no such video of yours",
    "A": r"^I cannot see who you are: write as yourself",
    "H": r"I answer that in our private chat|is for groups: write it there",
}
# What is a cell's own, so that any change of it is its doing.
OWN = {
    "tasks": {"video", "running", "failed", "hidden", "hidden_running", "shared", "reported"},
    "drafts": {"draft"},
    "accounts": {"new", "out"},
}
TROUBLE = {"error", "critical", "exception"}
HANDLERS = [handler for feature in FEATURES for handler in feature]
PATTERNS = [one.pattern for one in HANDLERS if isinstance(one, CallbackQueryHandler)]


# Two thousand updates take their time where other tests run beside.
pytestmark = pytest.mark.timeout(240)


class Cell:
    """One sender's try of one row in one place, and what came of it."""

    def __init__(self, world, act, place, sender, row=None):
        self.world, self.row, self.place, self.sender = world, row, place, sender
        self.person, self.where = world.voice(place, sender)
        spoken = self.where.get("as_chat") or self.where.get("chat")
        is_chat = sender in {"anonymous", "as channel", "in channel"}
        me = spoken.id if is_chat else self.person.id
        evidence = row.evidence if row else ()
        texts = (act, *evidence)
        needed = {name for text in texts for _, name, *_ in Formatter().parse(text) if name}
        things = world.things(needed, place=place, me=me)
        self.own = [
            f"{table} {things[name]} " for table, names in OWN.items() for name in names & needed
        ]
        self.act = act.format(**things)
        self.evidence = [one.format(**things) for one in evidence]
        self.query = self.message = None
        self.expected = row.codes[place][sender] if row else ""

    def write(self):
        telegram = self.world.telegram
        text = self.act
        if self.where:
            command, *rest = text.split(" ", 1)
            text = " ".join([f"{command}@{telegram.bot.username}", *rest])
        self.message = telegram.send_text(self.person, text, **self.where)

    def press(self):
        """Press a button with this data under a message of the bot; somebody may have made it up."""
        telegram = self.world.telegram
        chat = self.where.get("chat") or telegram.private_chat(self.person)
        button = {"text": "Forged", "callback_data": self.act}
        question = {"reply_markup": {"inline_keyboard": [[button]]}}
        if self.act.startswith(("consent:", "subject:")):  # stands for what was pressed above it
            telegram.call(telegram.bot, "sendMessage", {"chat_id": chat.id, "text": "Above"})
            question["reply_parameters"] = {"message_id": chat.messages[-1].message_id}
        sent = {"chat_id": chat.id, "text": "Press", **question}
        telegram.call(telegram.bot, "sendMessage", sent)
        self.message = chat.messages[-1]
        self.query = telegram.press(self.person, self.message, "Forged")

    def answers(self):
        """Everything that the sender gets to see: replies, the pop-up, and the changed message."""
        bot = self.world.telegram.bot.user
        shown = [
            one
            for one in self.message.chat.messages
            if one.sender is bot and one.reply_to is self.message
        ]
        if not shown and self.query is None:
            shown = self._documents()
        shown += [self.message] if self.query else []
        texts = [self.query.answer.text] if self.query and self.query.answer else []
        for one in shown:
            labels = "".join(f"[{label}]" for label in one.labels if label != "Forged")
            texts.append(f"{one.text}\n{labels}")
        return [text for text in texts if text.strip() not in {"", "Press"}]

    def _documents(self):
        """What is sent to a chat as a whole."""
        if "mydata" not in self.act:
            return []
        return [one for one in self.message.chat.messages if one.kind == "document"]

    def claims(self, lines):
        """The changes in the database that this cell, done, accounts for."""
        found = [re.compile(one[1:]) for one in self.evidence if one[0] in "=~"]
        own = tuple(self.own)
        return {
            line
            for line in lines
            if line.startswith(own) or any(one.search(line) for one in found)
        }

    @property
    def changes(self):
        return [one[1:] for one in self.evidence if one[0] == "="]

    def code(self, lines, others):
        """What came of it, as in the table; several letters or a ? where it fits nothing."""
        texts = self.answers()
        if self.query and self.query.answer is None:
            return f"{self.act}: the press was not answered"
        must = [one for one in self.evidence if one[0] not in "=~"]
        is_done = all(
            any(re.search(one, text, re.MULTILINE) for text in texts) for one in must
        ) and all(any(map(re.compile(one).search, lines)) for one in self.changes)
        found = "D" if is_done and (must or self.changes) else ""
        found += "".join(
            letter
            for letter, pattern in SAID.items()
            if any(re.search(pattern, text, re.MULTILINE) for text in texts)
        )
        mine = set(self.changes) - others
        if not is_done and any(any(map(re.compile(one).search, lines)) for one in mine):
            found += "+changed"
        return found or (f"? {texts}" if texts else "S")


@asynccontextmanager
async def started(folder, migrated):
    """The whole bot among everybody who may write to it; gives the world."""
    shutil.copy(migrated, folder / "bot.db")
    async with Playground() as playground:
        world = World(playground, folder)
        with capture_logs() as world.logs:
            async with running_with(settings_for(playground, folder) | world.settings()):
                await world.appoint()
                yield world
                await world.settle()
        world.close()


def cells_of(world, table):
    return [
        Cell(world, row.act, place, sender, row)
        for row in rows(table)
        for place, codes in row.codes.items()
        for sender, code in codes.items()
        if code != "-"
    ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def written(tmp_path_factory, migrated):
    """Everybody has written every command everywhere."""
    async with started(tmp_path_factory.mktemp("commands"), migrated) as world:
        with world.making():
            world.cells = cells_of(world, COMMANDS)
        trace.lay(world.path)
        for cell in world.cells:
            cell.write()
    return world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pressed(tmp_path_factory, migrated):
    """Everybody has pressed every button everywhere; before, every one that is no good."""
    async with started(tmp_path_factory.mktemp("buttons"), migrated) as world:
        with world.making():
            world.fakes = [
                (why, Cell(world, act, place, who))
                for place in ("private", "group")
                for why, who, act in fakes()
            ]
            world.cells = cells_of(world, BUTTONS)
        trace.lay(world.path)
        for _, cell in world.fakes:
            cell.press()
        await world.settle()
        world.nothing = trace.read(world.path)
        for cell in world.cells:
            cell.press()
    return world


@pytest.fixture(params=["written", "pressed"])
def world(request):
    return request.getfixturevalue(request.param)


def test_everybody_may_what_the_table_says(world):
    lines = trace.read(world.path)
    done = {one for cell in world.cells if cell.expected == "D" for one in cell.changes}

    wrong = [
        f"{cell.place}, {cell.sender}: {cell.act}: {found}, not {cell.expected}"
        for cell in world.cells
        if (found := cell.code(lines, done if cell.expected != "D" else set())) != cell.expected
    ]

    assert not wrong, "\n".join(wrong)


def test_nothing_else_changes(world):
    done = [cell for cell in world.cells if cell.expected == "D"]

    lines = trace.read(world.path)
    claimed = set().union(*(cell.claims(lines) for cell in done))
    ordered = re.findall(r"^tasks id=(\d+) ", "\n".join(claimed), re.MULTILINE)
    claimed |= {line for one in ordered for line in lines if f" task={one} kind=hold " in line}
    unclaimed = [line for line in lines if line not in claimed]

    assert not unclaimed, "\n".join(unclaimed)


def test_nothing_breaks(world):
    assert [one for one in world.logs if one["log_level"] in TROUBLE] == []


def test_a_press_that_is_no_good_is_answered_and_does_nothing(pressed):
    assert [cell.act for _, cell in pressed.fakes if cell.query.answer is None] == []
    assert not pressed.nothing, "\n".join(pressed.nothing)


def test_what_is_anothers_is_refused(pressed):
    foreign = [cell for why, cell in pressed.fakes if why == "foreign"]

    assert [cell.act for cell in foreign if cell.code([], set()) not in {"R", "N", "H"}] == []


def test_every_command_has_its_row():
    commands = [one.commands for one in HANDLERS if isinstance(one, CommandHandler)]

    listed = {row.act.split()[0].removeprefix("/") for row in rows(COMMANDS)}

    assert listed == frozenset().union(*commands)


@pytest.mark.parametrize(
    "acts", [[row.act for row in rows(BUTTONS)], [act for _, _, act in fakes()]]
)
def test_every_button_has_its_row(acts):
    """The first pattern that fits a press takes it."""
    sample = [re.sub(r"\{\w+\}", "12345", act) for act in acts]

    taken = {next(one for one in PATTERNS if one is None or one.match(act)) for act in sample}

    assert taken == set(PATTERNS)
