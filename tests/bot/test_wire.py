import socket
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import BadRequest

from bot.wire import delivering, is_unchanged, make_request
from core.errors import DeliveryError, UnclearDeliveryError


@asynccontextmanager
async def connected(url, token):
    async with make_request() as request:
        yield Bot(token, base_url=f"{url}/bot", request=request, get_updates_request=request)


@pytest.fixture
async def bot(playground):
    async with connected(playground.url, playground.token) as one:
        yield one


@pytest.fixture
def chat(telegram):
    telegram.start(telegram.person)
    return telegram.person.id


@pytest.fixture
def trouble(bot, chat):
    """Send something while Telegram is in trouble; gives the error that comes of it."""

    async def trouble(**options):
        with pytest.raises(DeliveryError) as caught, delivering():
            await bot.send_message(chat, "hello", **options)
        return caught.value

    return trouble


async def test_what_telegram_takes_raises_nothing(telegram, bot, chat):
    with delivering():
        await bot.send_message(chat, "hello")

    assert [message.text for message in telegram.from_bot(telegram.person)] == ["hello"]


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize("as_timedelta", ["false", "true"])  # the library tells it in both ways
async def test_a_flood_limit_is_waited_for_as_long_as_telegram_says(
    telegram, trouble, monkeypatch, as_timedelta
):
    monkeypatch.setenv("PTB_TIMEDELTA", as_timedelta)
    telegram.fail("sendMessage", retry_after=7)

    error = await trouble()

    assert type(error) is DeliveryError
    assert error.retry_in == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("code", "description"),
    [
        (400, "Bad Request: message thread not found"),
        (403, "Forbidden: bot was blocked by the user"),
    ],
)
async def test_a_refusal_is_final_and_keeps_its_reason(telegram, trouble, code, description):
    telegram.fail("sendMessage", code, description)

    error = await trouble()

    assert type(error) is DeliveryError
    assert error.retry_in is None
    assert description.removeprefix("Bad Request: ").lower() in str(error).lower()


@pytest.mark.parametrize("code", [500, 502])
async def test_a_failure_inside_telegram_is_tried_again_soon(telegram, trouble, code):
    telegram.fail("sendMessage", code)

    error = await trouble()

    assert type(error) is DeliveryError
    assert error.retry_in == timedelta(seconds=1)


async def test_an_answer_that_does_not_come_leaves_open_whether_it_arrived(telegram, trouble):
    telegram.fail("sendMessage", hold=True)

    error = await trouble(read_timeout=0.1)

    assert type(error) is UnclearDeliveryError
    assert error.retry_in is None


async def test_where_nobody_listens_nothing_was_sent_and_it_is_tried_again_soon():
    with socket.create_server(("127.0.0.1", 0)) as there:
        port = there.getsockname()[1]
    async with connected(f"http://127.0.0.1:{port}", "123456:a-token-like-any") as bot:
        with pytest.raises(DeliveryError) as caught, delivering():
            await bot.send_message(7, "hello")

    assert type(caught.value) is DeliveryError
    assert caught.value.retry_in == timedelta(seconds=1)


async def test_our_own_mistakes_are_not_taken_for_telegrams():
    with pytest.raises(KeyError), delivering():
        {}["missing"]


async def test_an_edit_that_changes_nothing_is_told_from_other_refusals(bot, chat):
    message = await bot.send_message(chat, "hello")

    with pytest.raises(BadRequest) as same:
        await message.edit_text("hello")
    with pytest.raises(BadRequest) as other:
        await bot.edit_message_text("hello", chat, message.message_id + 100)

    assert is_unchanged(same.value)
    assert not is_unchanged(other.value)


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_connection_that_breaks_leaves_open_whether_it_arrived(telegram, trouble, drop):
    telegram.fail("sendMessage", drop=drop)

    error = await trouble()

    assert type(error) is UnclearDeliveryError
    assert error.retry_in is None
