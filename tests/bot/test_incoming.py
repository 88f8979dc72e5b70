"""What an update must look like, and what is said of one that does not."""

import pytest
from telegram import Bot

from bot.incoming import MalformedUpdateError, is_numbered, read_update

BOT = Bot("123456:made-up")
MESSAGE = {
    "message_id": 5,
    "date": 1_790_000_000,
    "chat": {"id": 7, "type": "private"},
    "from": {"id": 7, "is_bot": False, "first_name": "Ann"},
    "text": "Hello",
}


def test_a_message_is_read():
    update = read_update({"update_id": 1, "message": MESSAGE}, BOT)

    assert (update.update_id, update.effective_message.text) == (1, "Hello")


def test_what_the_bot_api_adds_one_day_is_let_through():
    update = read_update({"update_id": 1, "message": MESSAGE | {"aura": 3}}, BOT)

    assert update.effective_message.api_kwargs == {"aura": 3}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"text": 5}, "message.text"),
        ({"text": "x" * 20_000}, "message.text"),
        ({"chat": {"id": "7", "type": "private"}}, "message.chat.id"),
        ({"chat": {"id": 2**60, "type": "private"}}, "message.chat.id"),
        ({"date": -1}, "message.date"),
        ({"photo": []}, "message.photo"),
        ({"photo": [{"file_id": "a"}]}, "message.photo.0.file_unique_id"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named_without_its_value(change, where):
    with pytest.raises(MalformedUpdateError, match=f"^{where}: ") as caught:
        read_update({"update_id": 1, "message": {**MESSAGE, **change}}, BOT)

    assert "x" * 100 not in str(caught.value)


def test_a_kind_that_was_not_asked_for_is_left_out():
    query = {"id": "1", "from": {"id": 7, "is_bot": False}, "query": "", "offset": ""}

    assert read_update({"update_id": 1, "inline_query": query}, BOT).effective_user is None


@pytest.mark.parametrize("data", [{}, {"data": ""}, {"data": "x" * 65}])
def test_a_press_needs_the_data_of_a_button(data):
    press = {"id": "1", "from": MESSAGE["from"], "chat_instance": "1", **data}

    with pytest.raises(MalformedUpdateError, match=r"^callback_query\.data: "):
        read_update({"update_id": 1, "callback_query": press}, BOT)


def test_what_the_library_cannot_read_is_malformed_too():
    with pytest.raises(MalformedUpdateError, match="TypeError"):
        read_update({"update_id": 1, "message": {**MESSAGE, "venue": {"title": 3}}}, BOT)


@pytest.mark.parametrize("number", [None, "5", True, -1, 2**60, 1.0])
def test_an_update_needs_a_number(number):
    assert not is_numbered({"update_id": number})
    assert not is_numbered([number])


def test_a_number_is_enough_to_keep_an_update():
    assert is_numbered({"update_id": 0})
