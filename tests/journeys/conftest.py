"""A bot, a person and an emulated Telegram between them, over real HTTP."""

import asyncio
import shutil
import sqlite3
from contextlib import asynccontextmanager, closing
from functools import partial

import pytest
import pytest_asyncio

from bot.settings import Settings
from bot.wiring import running
from playground.server import Playground
from tests.process import Process
from tests.world import CAT, PATIENCE, tone, unhurried


def settings_for(playground, folder):
    """The settings that point a bot at a playground."""
    return {
        "TELEGRAM_BOT_TOKEN": playground.token,
        "TELEGRAM_API_URL": playground.url,
        "DATABASE_URL": f"sqlite:///{folder}/bot.db",
        "DATA_DIR": str(folder),
        "LISTEN": "127.0.0.1:0",
    }


@asynccontextmanager
async def running_with(environment):
    environment = unhurried(environment)
    names = {name.lower(): value for name, value in environment.items()}
    async with running(Settings(_env_file=None, **names), environment) as serving:
        yield serving


@pytest.fixture
async def playground():
    async with Playground() as one:
        yield one


@pytest.fixture
def telegram(playground):
    return playground.telegram


@pytest.fixture
def environment(playground, tmp_path, migrated):
    """The settings that point a bot at the playground; tests may add to them."""
    shutil.copy(migrated, tmp_path / "bot.db")
    return settings_for(playground, tmp_path)


@pytest.fixture
def start_here(environment):
    """Run the whole bot in this process: quicker than a process of its own."""
    return lambda **more: running_with({**environment, **more})


@pytest.fixture
async def bot(start_here):
    async with start_here() as serving:
        yield serving


@pytest.fixture
async def idle_bot(start_here):
    """A bot that takes orders and renders none: whatever is ordered stays in the line."""
    async with start_here(LIMITS="local.running=0", PRICES="local/camera=2") as serving:
        yield serving


@pytest.fixture
async def process(environment):
    one = Process(environment)
    yield one
    if one.is_running:
        await one.kill()


@pytest.fixture
def videos(telegram):
    """The videos that the person has received."""
    return lambda who=None: [
        message for message in telegram.from_bot(who or telegram.person) if message.kind == "video"
    ]


@pytest.fixture
def said(telegram):
    """Wait until the bot has said something that contains these words; gives the newest."""

    async def wait(words, who=None):
        person = who or telegram.person
        found = await telegram.wait_for(lambda: telegram.from_bot(person, words), timeout=PATIENCE)
        return found[-1]

    return wait


@pytest.fixture
def taken(telegram):
    """Wait until an order was taken; gives its status message, the newest one with a Cancel."""

    async def wait(number=1, who=None):
        person = who or telegram.person
        found = await telegram.wait_for(
            lambda: [
                message
                for message in telegram.from_bot(person, f"Video {number} ")
                if message.labels == ["Cancel"]
            ],
            timeout=PATIENCE,
        )
        return found[-1]

    return wait


@pytest.fixture
def toast(telegram):
    """Press a button and wait for the answer to the press; gives the text that pops up."""

    async def press(message, button, who=None):
        query = telegram.press(who or telegram.person, message, button)
        await telegram.wait_for(lambda: query.answer, timeout=PATIENCE)
        return query.answer.text

    return press


@pytest.fixture
def page(telegram):
    """Press a button and wait until its message has changed to say these words."""

    async def press(message, button, words, who=None):
        telegram.press(who or telegram.person, message, button)
        await telegram.wait_for(lambda: words in message.text, timeout=PATIENCE)
        return message

    return press


@pytest.fixture
def forged(telegram):
    """A message of the bot with a button whose data somebody made up."""

    def make(data, who=None):
        person, words = who or telegram.person, "A made-up message"
        telegram.private_chat(person)
        button = {"text": "Forged", "callback_data": data}
        telegram.call(
            telegram.bot,
            "sendMessage",
            {"chat_id": person.id, "text": words, "reply_markup": {"inline_keyboard": [[button]]}},
        )
        return telegram.from_bot(person, words)[-1]

    return make


@pytest.fixture
def stale(forged):
    """A button as it stands under a message now, to be pressed when it is gone from there."""

    def keep(message, label, who=None):
        (data,) = (
            button["callback_data"]
            for row in message.buttons
            for button in row
            if button["text"] == label
        )
        return forged(data, who)

    return keep


@pytest.fixture
def rows(tmp_path):
    """Look into the bot's database, beside the bot."""

    def read(query):
        with closing(sqlite3.connect(tmp_path / "bot.db")) as database:
            return database.execute(query).fetchall()

    return read


@pytest.fixture
def dump(tmp_path):
    """Everything that stands in the bot's database, as text."""

    def read():
        with closing(sqlite3.connect(tmp_path / "bot.db")) as database:
            return "\n".join(database.iterdump())

    return read


@pytest.fixture
def stored(telegram, rows):
    """Wait until the bot has written something down; each answer of its shows that it goes on."""

    async def wait(query, *expected):
        other = telegram.create_user("Boris")
        async with asyncio.timeout(PATIENCE):
            while rows(query) != [expected]:
                said = len(telegram.from_bot(other))
                telegram.start(other)
                await telegram.wait_for(
                    lambda said=said: len(telegram.from_bot(other)) > said, timeout=PATIENCE
                )

    return wait


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def unsent(tmp_path_factory):
    """What a bot leaves on disk that has rendered a video for somebody who has blocked it."""
    folder = tmp_path_factory.mktemp("unsent")
    async with Playground() as playground:
        telegram = playground.telegram
        settings = settings_for(playground, folder)
        async with running_with({**settings, "PRICES": "local/camera=2"}):
            held = telegram.fail("sendVideo", hold=True)
            send_unsent(telegram)
            refused = lambda: telegram.calls("sendVideo", ok=False)  # noqa: E731
            await telegram.wait_for(lambda: held.waiting, timeout=PATIENCE)
            telegram.block(telegram.person)
            telegram.release(held)
            await telegram.wait_for(refused, timeout=PATIENCE)
            # Whoever writes now is answered after the bot has written the refusal down.
            other = telegram.create_user("Boris")
            telegram.start(other)
            await telegram.wait_for(lambda: telegram.from_bot(other), timeout=PATIENCE)
    with closing(sqlite3.connect(folder / "bot.db")) as database:
        ((state, intent),) = database.execute(
            "SELECT state, json_extract(facts, '$.intent') FROM tasks"
        )
    assert (state, intent) == ("delivering", None)
    return folder


def send_unsent(telegram):
    """A second of humming is the cheapest film there is."""
    telegram.send_voice(telegram.person, tone(1), 1)
    return telegram.send_photo(telegram.person, CAT, "static --res 480p")


@pytest.fixture
def as_left(telegram, tmp_path, unsent, environment):
    """Telegram and the disk as an earlier bot has left them; gives the photo."""

    def leave():
        shutil.copytree(unsent, tmp_path, dirs_exist_ok=True)
        photo = send_unsent(telegram)
        telegram.block(telegram.person)
        telegram.bot.mailbox.clear()
        telegram.bot.mailbox.next_id += 100  # numbers that the earlier bot has not seen
        return photo

    return leave


@pytest.fixture
def unsent_here(as_left):
    return as_left()


@pytest.fixture
def once_rendered(as_left, tmp_path, start_here):
    """Start a bot with the finished video of an earlier one, after changes to its database.

    Whatever is ordered stays in the line.
    """

    @asynccontextmanager
    async def start(*changes, **settings):
        photo = as_left()
        with closing(sqlite3.connect(tmp_path / "bot.db")) as database, database:
            for change in changes:
                database.execute(change)
        usual = {"PRICES": "local/camera=2", "LIMITS": "local.running=0"}
        async with start_here(**usual | settings):
            yield photo

    return start


@pytest.fixture
async def ready_video(once_rendered):
    """A running bot whose finished video goes out as soon as the person unblocks it."""
    async with once_rendered(LIMITS="local.running=1") as photo:
        yield photo


@pytest.fixture
def arriving(telegram, videos, rows):
    """Let the video of an earlier bot arrive; gives the message, once it counts as delivered."""

    def answers(question):
        return [one for one in telegram.from_bot(telegram.person) if one.reply_to is question]

    async def arrive():
        telegram.unblock(telegram.person)
        await telegram.wait_for(videos, timeout=PATIENCE)
        while not rows("SELECT id FROM tasks WHERE state = 'delivered'"):
            question = telegram.send_text(telegram.person, "/privacy")
            await telegram.wait_for(partial(answers, question), timeout=PATIENCE)
        return videos()[0]

    return arrive


@pytest.fixture
def ready_for(telegram, tmp_path, unsent, start_here):
    """A running bot whose finished video goes out at once, to the chat that asked for it."""

    @asynccontextmanager
    async def start(chat, *, thread=None, reply_to=None, **settings):
        shutil.copytree(unsent, tmp_path, dirs_exist_ok=True)
        telegram.bot.mailbox.clear()
        telegram.bot.mailbox.next_id += 100
        place = {"chat": chat.id, "topic": thread, "reply_to": reply_to and reply_to.message_id}
        with closing(sqlite3.connect(tmp_path / "bot.db")) as database, database:
            columns = ", ".join(f"{name} = :{name}" for name in place)
            database.execute(f"UPDATE tasks SET status_message = NULL, due = 0, {columns}", place)
        async with start_here(PRICES="local/camera=2", **settings) as serving:
            yield serving

    return start


@pytest.fixture
async def result(once_rendered, arriving):
    """A video that has just arrived; what is ordered from it stays in the line."""
    async with once_rendered():
        yield await arriving()


@pytest.fixture
def lose(tmp_path):
    """The time of these files is over."""

    def lose(pattern):
        for file in (tmp_path / "media").glob(pattern):
            file.unlink()

    return lose


@pytest.fixture
def arrives(telegram, videos):
    """Wait for the video; gives it, and makes sure that it is the only one."""

    async def wait(number=1):
        await telegram.wait_for(lambda: len(videos()) >= number, timeout=PATIENCE)
        assert len(videos()) == number
        return videos()[-1]

    return wait
