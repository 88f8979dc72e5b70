"""/jobs: what is on the way and what came of the rest, in one message with buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import CallbackQueryHandler

from bot.commands import command
from bot.context import Context
from bot.handlers.cancel import Doubt, stop_numbered, stop_task
from bot.place import sender_of
from bot.speech import answer, language_of, own_task, redraw, shorten, toast
from bot.stopping import choices
from bot.telling import state_of, story_of
from bot.translations import plain, translate
from core.states import State
from core.task import Task, TaskId
from core.words import Sentence, say, say_many
from jobs.ports import now
from storage import collection, lines

_RUNNING, _ENDED = 8, 5  # shown at most
_WIDE = 5  # buttons in a row
_WORDS = 40  # characters of a video's words that are shown

Row = list[InlineKeyboardButton]


@dataclass(frozen=True, slots=True)
class _List:
    """Somebody's videos as they stand; `places` are those in the lines."""

    who: int
    running: Sequence[Task]
    ended: Sequence[Task]
    places: Mapping[TaskId, int]

    @property
    def waiting(self) -> list[Task]:
        return [task for task in self.running if task.state is State.QUEUED]


async def show(update: Update, context: Context) -> None:
    found = await _read(update, context)
    if not found.running and not found.ended:
        await answer(update, say("You have no videos yet. Send a photo with a caption."))
        return
    language = language_of(update)
    await answer(update, *_lines(found, language), keyboard=_buttons(found, language))


async def press(update: Update, context: Context) -> None:
    """jobs:7 draws the list of person 7 anew; the rest of the data is done first."""
    query = update.callback_query
    _, who, *rest = ((query.data if query else None) or "").split(":")
    if query is None or sender_of(update) != int(who):
        await toast(update, say("This list is not yours: /jobs shows you your own."))
        return
    match rest[:1]:
        case ["story"]:
            task = await own_task(update, context, rest[1])
            if task:
                await _tell(update, context, task, who)
            await toast(update)
            return
        case ["stop" | "anyway" as how]:
            outcome = await stop_numbered(update, context, rest[1], sure=how == "anyway")
            if isinstance(outcome, Doubt):
                await toast(update)
                await _ask(update, outcome, who)
                return
            await toast(update, outcome)
        case ["clear"]:
            await toast(update, await _stop_waiting(update, context))
        case _:
            await toast(update)
    found, language = await _read(update, context), language_of(update)
    await redraw(update, _text(_lines(found, language), language), _buttons(found, language))


async def _read(update: Update, context: Context) -> _List:
    """In a group only what was ordered there is shown: the rest is nobody else's business."""
    database, who = context.tools.workshop.database, sender_of(update) or 0
    chat = update.effective_chat
    place = chat.id if chat and chat.id < 0 else None
    found = await database.read(collection.standing, who, _ENDED, place)
    shown = [task for task in found.on_the_way[:_RUNNING] if task.state is State.QUEUED]
    seats, moment = context.tools.dispatcher.seats(), now()
    places = {
        task.id: await database.read(lines.place, task, seats.get(task.lane, 0), moment)
        for task in shown
    }
    return _List(who, found.on_the_way, found.ended, places)


async def _stop_waiting(update: Update, context: Context) -> Sentence:
    waiting = (await _read(update, context)).waiting
    for task in waiting:
        await stop_task(context, task)
    stopped = say_many(
        "{count} video is cancelled.", "{count} videos are cancelled.", count=len(waiting)
    )
    return context.tools.tariff.uncharged(stopped)


def _lines(found: _List, language: str) -> list[Sentence]:
    texts = [say("Your newest videos; /job 12 tells the story of one:")]
    for task in (*found.running[:_RUNNING], *found.ended):
        state = translate(state_of(task), language)
        if standing := found.places.get(task.id):
            state = plain(
                translate(say("{state}, place {place}", state=state, place=standing), language)
            )
        if words := " ".join(task.request.prompt.split()):
            texts.append(
                say(
                    "<b>{number}</b>: {state} · “{words}”",
                    number=task.id,
                    state=state,
                    words=shorten(words, _WORDS),
                )
            )
        else:
            texts.append(say("<b>{number}</b>: {state}", number=task.id, state=state))
    if (more := len(found.running) - _RUNNING) > 0:
        texts.append(say("… and {count} more on the way.", count=more))
    return texts


def _buttons(found: _List, language: str) -> InlineKeyboardMarkup:
    def button(label: Sentence, what: str) -> InlineKeyboardButton:
        text = translate(label, language)
        return InlineKeyboardButton(text, callback_data=f"jobs:{found.who}{what}")

    rows: list[Row] = []
    for task in found.running[:_RUNNING]:
        row = [button(say("Story of {number}", number=task.id), f":story:{task.id}")]
        if not task.is_made and not task.cancelling:
            row.append(button(say("Cancel {number}", number=task.id), f":stop:{task.id}"))
        rows.append(row)
    stories = [button(say("{number}", number=one.id), f":story:{one.id}") for one in found.ended]
    if stories:
        rows.append(stories[:_WIDE])
    last = [button(say("Refresh"), "")]
    if len(found.waiting) > 1:
        last.append(button(say("Cancel all waiting"), ":clear"))
    return InlineKeyboardMarkup([*rows, last])


async def _tell(update: Update, context: Context, task: Task, who: str) -> None:
    language = language_of(update)
    back = InlineKeyboardButton(translate(say("Back"), language), callback_data=f"jobs:{who}")
    story = story_of(task, context.tools.tariff)
    await redraw(update, _text(story, language), InlineKeyboardMarkup([[back]]))


async def _ask(update: Update, doubt: Doubt, who: str) -> None:
    language, number = language_of(update), doubt.task.id
    buttons = choices(language, stop=f"jobs:{who}:anyway:{number}", let=f"jobs:{who}")
    await redraw(update, translate(doubt.question, language), buttons)


def _text(sentences: Sequence[Sentence], language: str) -> str:
    return "\n".join(translate(one, language) for one in sentences)


HANDLERS = [
    command("jobs", show),
    CallbackQueryHandler(
        press, pattern=r"^jobs:-?\d{1,18}(:(story|stop|anyway):\d{1,18}|:clear)?$"
    ),
]
