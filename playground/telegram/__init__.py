"""An emulated Telegram without any network: state, rules and the person's side."""

from playground.telegram.errors import ApiError, ClientRefusalError
from playground.telegram.faults import Fault
from playground.telegram.media import Media, StoredFile, Upload
from playground.telegram.state import Bot, CallbackQuery, Chat, Message, Topic, User
from playground.telegram.telegram import Telegram

__all__ = [
    "ApiError",
    "Bot",
    "CallbackQuery",
    "Chat",
    "ClientRefusalError",
    "Fault",
    "Media",
    "Message",
    "StoredFile",
    "Telegram",
    "Topic",
    "Upload",
    "User",
]
