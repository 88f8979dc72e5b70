"""One file per thing a person does; `FEATURES` is the table of contents of the bot."""

from collections.abc import Sequence
from typing import Any

from telegram.ext import BaseHandler

from bot.context import Context
from bot.handlers import (
    again,
    audit,
    balance,
    blocking,
    cancel,
    choice,
    deleteme,
    effects,
    granting,
    membership,
    mydata,
    people,
    photo,
    preset,
    privacy,
    queue,
    roles,
    start,
    support,
    tasks,
    uncertain,
    unknown,
    user,
    users,
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
    granting.HANDLERS,
    users.HANDLERS,
    user.HANDLERS,
    roles.HANDLERS,
    audit.HANDLERS,
    blocking.HANDLERS,
    queue.HANDLERS,
    support.HANDLERS,
    again.HANDLERS,
    preset.HANDLERS,
    choice.HANDLERS,
    membership.HANDLERS,
    photo.HANDLERS,
    voice.HANDLERS,
    words.HANDLERS,
    unknown.HANDLERS,
)
