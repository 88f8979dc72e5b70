"""Edited words: they count as long as nothing was ordered; afterwards they change nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import MessageHandler, filters

from bot.calling import calls, command_of, mentions, words_of
from bot.context import Context
from bot.drafting import AT_ONCE, QUIET
from bot.handlers import photo, video, voice
from bot.place import spot_of
from bot.speech import answer
from core.states import State
from core.task import Task
from core.variations import takes_words
from core.words import Sentence, say
from storage import drafts, tasks
from storage.content import Content
from storage.drafts import Draft, Stage

# Telegram also reports changes that nobody made, even to old messages.
_JUST_SENT = timedelta(minutes=15)


async def receive(update: Update, context: Context) -> None:
    """Give the draft of an edited message its new words; say once where that comes too late."""
    message, spot = update.effective_message, spot_of(update)
    if message is None or spot is None or command_of(message) not in (None, "video"):
        return
    tools, words = context.tools, words_of(message)
    database = tools.workshop.database
    draft = await database.read(drafts.from_message, spot, message.message_id)
    if draft is None:
        await _call(update, context, message)
        return
    # Telegram also reports edits that change no words, such as a link's preview.
    if draft.content.words == words:
        return
    closed = draft.stage is Stage.CLOSED
    task = await database.read(tasks.by_origin, draft.origin) if closed else None
    if draft.is_being_placed or task:
        await _hint(update, context, draft, _too_late(update, context, task))
        return
    if closed and await database.read(drafts.open_draft, spot) is not None:
        await _hint(update, context, draft, [_ELSEWHERE[_is_among_others(update)]])
        return

    def change(_: Draft | None) -> tuple[Content, str | None]:
        # What was refused for its words is tried again with the new ones.
        return replace(draft.content, words=words, answers={}, hinted=False), draft.album

    is_arriving = draft.stage in (Stage.COLLECTING, Stage.WORKING) and draft.album
    card = draft.question if draft.stage is Stage.ASKING else None
    quiet = QUIET if is_arriving else AT_ONCE
    await tools.drafting.receive(spot, change, quiet=quiet, card=card)


async def _call(update: Update, context: Context, message: Message) -> None:
    """Take what an edit has just made a call for a video as if it were sent like that."""
    edited = message.edit_date or message.date
    if not (calls(message) or mentions(message)) or edited - message.date > _JUST_SENT:
        return
    if voice.sound_of(message):
        await voice.receive(update, context)
    elif photo.photo_of(message):
        await photo.receive(update, context)
    else:
        await video.ask(update, context)


# Alone with the person, and where others are as well.
_ANOTHER = (
    say("For another one, answer your photo with the new words."),
    say("For another one, answer the photo with <code>/video</code> and the new words."),
)
_ELSEWHERE = (
    say(
        "I am at something newer by now, so this edit changes nothing. Answer your photo with "
        "the new words."
    ),
    say(
        "I am at something newer by now, so this edit changes nothing. Answer the photo with "
        "<code>/video</code> and the new words."
    ),
)


def _too_late(update: Update, context: Context, task: Task | None) -> list[Sentence]:
    """What an edit meets: a video that is ordered, made, or over."""
    another = _ANOTHER[_is_among_others(update)]
    if task is None or not task.is_final:
        on_its_way = say("The video is on its way already, so an edit changes nothing.")
        return [on_its_way, another]
    model = context.tools.workshop.catalog.model(task.request.model)
    is_there = task.state is State.DELIVERED and not task.is_withdrawn
    if is_there and model and takes_words(task.request, model):
        return [
            say("The video is made already, so an edit changes nothing."),
            say("For another one, press Edit words under it."),
        ]
    return [say("This order is over, so an edit changes nothing."), another]


def _is_among_others(update: Update) -> bool:
    return update.effective_chat is None or update.effective_chat.type != ChatType.PRIVATE


async def _hint(update: Update, context: Context, draft: Draft, lines: Sequence[Sentence]) -> None:
    """Say once that an edit changes nothing, but for the readers of a channel."""
    if draft.content.silent:
        return
    if await context.tools.workshop.database.write(drafts.note_hint, draft):
        await answer(update, *lines)


HANDLERS = [MessageHandler((filters.TEXT | filters.CAPTION) & filters.UpdateType.EDITED, receive)]
