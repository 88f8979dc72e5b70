"""Who speaks where: accounts, topics and reply targets of Telegram messages."""

from typing import Any

from telegram import Message, ReplyParameters, Update

from core.task import Place
from storage.drafts import Draft, Spot

_LARGEST = 2**31 - 1  # of Telegram's message numbers; larger ones are of a chat that has moved


def written(update: Update) -> Message | None:
    """What somebody wrote, new or edited; None for a press, whose message is the bot's."""
    posted = update.channel_post or update.edited_channel_post
    return update.message or update.edited_message or posted


def sender_of(update: Update) -> int | None:
    """The account that speaks: a user, or the chat that an anonymous admin or channel posts as."""
    message = written(update)
    if message and message.sender_chat:
        return message.sender_chat.id
    return update.effective_user.id if update.effective_user else None


def topic_of(message: Message) -> int | None:
    """The forum topic; Telegram also puts a thread id on plain replies, which is none."""
    return message.message_thread_id if message.is_topic_message else None


def spot_of(update: Update) -> Spot | None:
    message, sender = update.effective_message, sender_of(update)
    if message is None or sender is None:
        return None
    return Spot(message.chat_id, sender, topic_of(message))


def answered(draft: Draft) -> int | None:
    """The message that answers belong under: in a group the one that asks, not another's photo."""
    content = draft.content
    return (draft.chat < 0 and content.reply_to) or content.anchor or None


def reply_options(place: Place, *, reply_to: int | None = None) -> dict[str, Any]:
    """Arguments that put an answer under its message and into its topic, if both still exist."""
    options: dict[str, Any] = {"chat_id": place.chat}
    if place.topic is not None:
        options["message_thread_id"] = place.topic
    target = reply_to or place.reply_to
    if target and target <= _LARGEST:
        options["reply_parameters"] = ReplyParameters(target, allow_sending_without_reply=True)
    return options
