"""One file per thing a person does; `FEATURES` is the table of contents of the bot."""

from collections.abc import Sequence
from typing import Any

from telegram.ext import BaseHandler

from bot.context import Context
from bot.handlers import (
    again,
    balance,
    cancel,
    choice,
    deleteme,
    edit,
    effects,
    membership,
    mydata,
    other,
    people,
    photo,
    preset,
    privacy,
    start,
    tasks,
    uncertain,
    unknown,
    voice,
    words,
)

# The first handler that fits a message takes it: commands come before plain words.
FEATURES: tuple[Sequence[BaseHandler[Any, Context, Any]], ...] = (
    start.HANDLERS,
    tasks.HANDLERS,
    cancel.HANDLERS,
    balance.HANDLERS,
    effects.HANDLERS,
    uncertain.HANDLERS,
    privacy.HANDLERS,
    mydata.HANDLERS,
    deleteme.HANDLERS,
    people.HANDLERS,
    again.HANDLERS,
    preset.HANDLERS,
    choice.HANDLERS,
    membership.HANDLERS,
    photo.HANDLERS,
    voice.HANDLERS,
    words.HANDLERS,
    edit.HANDLERS,
    other.HANDLERS,
    unknown.HANDLERS,
)
