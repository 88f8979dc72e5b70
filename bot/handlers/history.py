"""/history: one's delivered videos, page by page, and any of them once more by its file id."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram import error as telegram
from telegram.ext import CallbackQueryHandler

from bot.authority import Where, needs
from bot.commands import command
from bot.context import Context
from bot.copies import hand_out, kept_clip, send_copy, sent_as, was_just_sent
from bot.place import reply_options, sender_of
from bot.pressing import Press, owner_press
from bot.receipts import about
from bot.results import keyboard
from bot.speech import answer, language_of, redraw, shorten, toast
from bot.translations import plain, translate
from core.access import Role
from core.task import Task, TaskId
from core.words import Sentence, Text, say
from jobs.delivering import first_way
from jobs.ports import Clip, Way
from storage import collection
from storage.collection import Page

_SIZE = 5
_WORDS = 60  # characters of a video's words that are shown


@needs(Role.NOBODY, Where.PRIVATE)
async def show(update: Update, context: Context) -> None:
    page = await context.tools.workshop.database.read(
        collection.delivered, sender_of(update) or 0, _SIZE
    )
    if not page.tasks:
        await answer(update, say("You have no videos yet. Send a photo with a caption."))
        return
    language = language_of(update)
    await answer(update, *_lines(context, page), keyboard=_buttons(page, language))


@needs(Role.NOBODY, Where.PRIVATE)
async def turn(update: Update, context: Context) -> None:
    """Go to the page of older or newer videos, in the same message."""
    query = update.callback_query
    if query is None:
        return
    _, way, number = (query.data or "").split(":")
    edge = {"older": "below", "newer": "above"}[way]
    page = await context.tools.workshop.database.read(
        collection.delivered, sender_of(update) or 0, _SIZE, **{edge: TaskId(int(number))}
    )
    if not page.tasks:
        await toast(update, say("There are no more."))
        return
    await toast(update)
    language = language_of(update)
    text = "\n".join(translate(line, language) for line in _lines(context, page))
    await redraw(update, text, _buttons(page, language))


@needs(Role.NOBODY, Where.PRIVATE)
async def send_again(update: Update, context: Context) -> None:
    """Send a video by its file id, else from disk; where it can no longer be had, say so."""
    press = await owner_press(update, context)
    if press is None:
        return
    task = press.task
    film = kept_clip(context, task)
    known = task.facts.get("sent", {}).get("file_id")
    if was_just_sent(task, "replay"):
        await toast(update, say("It was sent just now."))
    elif known or film:
        await toast(update, say("Sending it again."))
        await send_copy(context, press, "replay", partial(_send, context, press, known, film))
    else:
        await toast(update, say("This video is no longer kept here."))


async def _send(
    context: Context, press: Press, known: str | None, film: Clip | None
) -> Mapping[str, Any]:
    if known:
        try:
            return await _send_known(context, press, known)
        except telegram.BadRequest:
            if film is None:
                raise
    assert film
    way = first_way(press.task.facts, film, context.tools.workshop.largest_video)
    return await hand_out(context, press, film, way)


async def _send_known(context: Context, press: Press, file_id: str) -> Mapping[str, Any]:
    """Telegram has the film already; sent by its id it keeps its kind."""
    task, catalog = press.task, context.tools.workshop.catalog
    how: dict[str, Any] = {
        "caption": about(task, catalog),
        "reply_markup": keyboard(task, catalog, press.place.chat),
        **reply_options(press.place),
    }
    if task.facts["sent"].get("way") == Way.DOCUMENT:
        return sent_as(await context.bot.send_document(document=file_id, **how))
    return sent_as(await context.bot.send_video(video=file_id, **how))


def _lines(context: Context, page: Page) -> list[Sentence]:
    head = say("<b>Your videos</b>, the newest first. Press a number to get it again:")
    catalog = context.tools.workshop.catalog
    return [head, *(_line(task, catalog.title(task.request.model)) for task in page.tasks)]


def _line(task: Task, title: Text) -> Sentence:
    request, moment = task.request, f"{task.created:%Y-%m-%d}"
    if not request.prompt.strip():
        return say("<b>{number}</b> · {day} · {model}", number=task.id, day=moment, model=title)
    return say(
        "<b>{number}</b> · {day} · {model}: “{words}”",
        number=task.id,
        day=moment,
        model=title,
        words=shorten(" ".join(request.prompt.split()), _WORDS),
    )


def _buttons(page: Page, language: str) -> InlineKeyboardMarkup:
    numbers = [
        InlineKeyboardButton(str(task.id), callback_data=f"replay:{task.id}")
        for task in page.tasks
    ]
    turns = []
    if page.newer:
        turns.append((say("◀ Newer"), f"history:newer:{page.tasks[0].id}"))
    if page.older:
        turns.append((say("Older ▶"), f"history:older:{page.tasks[-1].id}"))
    row = [
        InlineKeyboardButton(plain(translate(label, language)), callback_data=data)
        for label, data in turns
    ]
    return InlineKeyboardMarkup([numbers, row] if row else [numbers])


HANDLERS = [
    command("history", show),
    CallbackQueryHandler(turn, pattern=r"^history:(older|newer):\d{1,18}$"),
    CallbackQueryHandler(send_again, pattern=r"^replay:\d{1,18}$"),
]
