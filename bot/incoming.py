"""The shape that an update must have before any feature sees it: what we read, as Telegram documents it."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from telegram import Bot, Update

from core.errors import FirstframeError

# Telegram: identifiers of users and chats have at most 52 significant bits.
Number = Annotated[int, Field(gt=-(2**52), lt=2**52)]
Moment = Annotated[int, Field(ge=0, lt=2**40)]
Count = Annotated[int, Field(ge=0, lt=2**31)]
Text = Annotated[str, Field(max_length=16_384)]
Photos = Annotated[list["Photo"], Field(min_length=1)]


class MalformedUpdateError(FirstframeError):
    """An update that Telegram would not send; the text says what is wrong, and holds no value."""


class _Shape(BaseModel):
    """Extra fields are Telegram's right: the Bot API grows."""

    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


class User(_Shape):
    id: Number
    is_bot: bool
    first_name: Text
    last_name: Text | None = None
    username: Text | None = None
    language_code: Text | None = None


class Chat(_Shape):
    id: Number
    type: Text
    title: Text | None = None
    username: Text | None = None
    is_forum: bool | None = None


class File(_Shape):
    file_id: Text
    file_unique_id: Text
    file_size: Annotated[int, Field(ge=0, lt=2**52)] | None = None
    mime_type: Text | None = None
    file_name: Text | None = None


class Photo(File):
    width: Count
    height: Count


class Sound(File):
    duration: Count


class Sticker(Photo):
    is_animated: bool
    is_video: bool


class Entity(_Shape):
    type: Text
    offset: Count
    length: Count
    user: User | None = None


class Message(_Shape):
    message_id: Count
    date: Moment
    chat: Chat
    sender: User | None = Field(None, alias="from")
    sender_chat: Chat | None = None
    text: Text | None = None
    caption: Text | None = None
    entities: list[Entity] | None = None
    caption_entities: list[Entity] | None = None
    photo: Photos | None = None
    document: File | None = None
    sticker: Sticker | None = None
    voice: Sound | None = None
    audio: Sound | None = None
    reply_to_message: "Message | None" = None
    media_group_id: Text | None = None
    message_thread_id: Count | None = None
    is_topic_message: bool | None = None
    is_automatic_forward: bool | None = None
    migrate_to_chat_id: Number | None = None
    migrate_from_chat_id: Number | None = None


class Press(_Shape):
    id: Text
    sender: User = Field(alias="from")
    chat_instance: Text
    message: Message | None = None
    # The library hands a press without data to any handler of presses; ours all have some.
    data: Annotated[str, Field(min_length=1, max_length=64)]


class Member(_Shape):
    user: User
    status: Text


class MemberChange(_Shape):
    chat: Chat
    sender: User = Field(alias="from")
    date: Moment
    old_chat_member: Member
    new_chat_member: Member


class Incoming(_Shape):
    update_id: Annotated[int, Field(ge=0, lt=2**52)]
    message: Message | None = None
    edited_message: Message | None = None
    channel_post: Message | None = None
    edited_channel_post: Message | None = None
    callback_query: Press | None = None
    my_chat_member: MemberChange | None = None


def is_numbered(payload: Any) -> bool:
    """Whether an update can be kept: without a number it could not be told from another."""
    number = payload.get("update_id") if isinstance(payload, dict) else None
    return type(number) is int and 0 <= number < 2**52  # a bool is no number


def read_update(payload: dict[str, Any], bot: Bot) -> Update:
    """Check an update and hand it to the library; raises MalformedUpdateError.

    Kinds that we did not ask for are left out: they would be read unchecked.
    """
    known = {name: value for name, value in payload.items() if name in Incoming.model_fields}
    try:
        Incoming.model_validate(known)
        return Update.de_json(known, bot)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise MalformedUpdateError(f"{where}: {first['msg']}") from None
    except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError) as error:
        # The library believes whatever it does not read from these fields.
        raise MalformedUpdateError(type(error).__name__) from error
