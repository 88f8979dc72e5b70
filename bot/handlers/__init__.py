"""One file per thing a person does; `FEATURES` is the table of contents of the bot."""

from collections.abc import Sequence
from typing import Any

from telegram.ext import BaseHandler

from bot.context import Context
from bot.handlers import (
    again,
    as_file,
    balance,
    cancel,
    choice,
    consent,
    delete,
    deleteme,
    edit_words,
    effects,
    go_on,
    history,
    loop,
    membership,
    mydata,
    other_model,
    people,
    photo,
    preset,
    privacy,
    remove,
    report,
    start,
    story,
    tasks,
    uncertain,
    unknown,
    voice,
    words,
)

# The first handler that fits a message takes it: commands come before plain words.
FEATURES: tuple[Sequence[BaseHandler[Any, Context, Any]], ...] = (
    edit_words.HANDLERS,
    start.HANDLERS,
    tasks.HANDLERS,
    story.HANDLERS,
    history.HANDLERS,
    cancel.HANDLERS,
    balance.HANDLERS,
    effects.HANDLERS,
    uncertain.HANDLERS,
    privacy.HANDLERS,
    mydata.HANDLERS,
    deleteme.HANDLERS,
    people.HANDLERS,
    again.HANDLERS,
    other_model.HANDLERS,
    go_on.HANDLERS,
    loop.HANDLERS,
    as_file.HANDLERS,
    delete.HANDLERS,
    report.HANDLERS,
    remove.HANDLERS,
    consent.HANDLERS,
    preset.HANDLERS,
    choice.HANDLERS,
    membership.HANDLERS,
    photo.HANDLERS,
    voice.HANDLERS,
    words.HANDLERS,
    unknown.HANDLERS,
)
