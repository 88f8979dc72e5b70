"""Commands as this bot takes them: from new messages, never from edited ones."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import CommandHandler, filters

from bot.context import Context


def command(
    name: str, handler: Callable[[Update, Context], Coroutine[Any, Any, None]]
) -> CommandHandler[Context, None]:
    """A handler of /name; the library's own default runs a command again when it is edited."""
    return CommandHandler(name, handler, filters=filters.UpdateType.MESSAGE)
