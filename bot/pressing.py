"""A press on a button of somebody's video: which one, whose it is, and who pressed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import structlog
from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update
from telegram import error as telegram

from bot.belonging import is_theirs
from bot.carrying import asked_under, data_of, is_carried, speaker_in
from bot.context import Context
from bot.place import reply_options, sender_of, topic_of
from bot.results import Button, in_rows, keyboard, keyboard_of_failed
from bot.speech import language_of, toast
from bot.translations import translate
from bot.wire import was_not_taken
from core.errors import DeliveryError
from core.states import State
from core.task import Place, Task, TaskId
from core.words import Sentence, say
from storage import tasks, wishes

T = TypeVar("T")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A press by the owner of a video; `sender` is the account that orders what follows.

    `rest` is what the button says after the video's number; `message` is the one it stands under,
    or the one above, where it answers a question. `speaker` is whom such an answer names.
    `is_left_behind`: its group is a supergroup now, and nothing can be changed in what stands there.
    """

    id: str
    task: Task
    sender: int
    message: int
    place: Place
    rest: tuple[str, ...]
    speaker: int | None = None
    is_left_behind: bool = False


async def owner_press(update: Update, context: Context) -> Press | None:
    """Read a press on "name:12..."; anybody but the owner of video 12 is told so.

    Raises ForeignError with whose it is, where the video is shown to others, too.
    """
    query = update.callback_query
    task = await task_of(update, context)
    sender = sender_of(update)
    if query is None or task is None or query.message is None or sender is None:
        await toast(update, say("This button is not yours, or it is too old."))
        return None
    owner = task.place.user or task.account
    if not await is_theirs(update, context, owner=owner, chat=task.place.chat):
        await toast(update, say("This button is not yours, or it is too old."))
        return None
    if owner < 0:
        sender = owner  # an admin acts for an anonymous one, or for a channel
    if gone := withdrawn(task):
        await toast(update, gone)
        return None
    chat, number = query.message.chat.id, query.message.message_id
    under = asked_under(update) if is_carried(update) else None
    return Press(
        # An answer to a question orders once, however often it is pressed.
        id=f"{chat}.{number}" if is_carried(update) else query.id,
        task=task,
        sender=sender,
        message=under or number,
        place=_place(query, task, sender, language_of(update), under or number),
        rest=tuple(data_of(update).split(":")[2:]),
        speaker=speaker_in(update),
        is_left_behind=_is_left_behind(task, chat),
    )


async def task_of(update: Update, context: Context) -> Task | None:
    """The video that a button names, whosever it is; a press without data names none.

    The library gives such a press to any handler, whatever its pattern.
    """
    data = data_of(update)
    if ":" not in data:
        return None
    number = TaskId(int(data.split(":")[1]))
    return await context.tools.workshop.database.read(tasks.get, number)


async def carry_out(
    context: Context, press: Press, mark: str, again: Button, act: Callable[[], Awaitable[T]]
) -> T | None:
    """Do what must not happen twice, also where the press comes again after a crash.

    It comes again, too, where Telegram was in trouble. What it took nothing of is not done yet;
    of what it may have taken nobody knows, so the person is offered the button `again`.
    """
    begun, done = press.task.facts.get(mark), {"done": press.id}
    if begun == done:
        return None

    async def note(value: object) -> None:
        await context.tools.workshop.database.write(wishes.note, press.task.id, mark, value)

    if begun == press.id:
        await _say_it_broke(context, press, again)
        await note(done)
        return None
    await note(press.id)
    try:
        result = await act()
    except (telegram.TelegramError, DeliveryError) as error:
        if _is_untaken(error):
            await note(None)
        raise
    await note(done)
    return result


def _is_untaken(error: Exception) -> bool:
    """Whether nothing was sent, and another try may help."""
    if isinstance(error, DeliveryError):
        return error.retry_in is not None
    return isinstance(error, telegram.RetryAfter) or was_not_taken(error)


async def _say_it_broke(context: Context, press: Press, again: Button) -> None:
    text = say(
        "📤 The connection broke while I was answering “{button}” for video <b>{number}</b>. If "
        "nothing has come, press again.",
        button=again[0],
        number=press.task.id,
    )
    language = press.place.language
    await context.bot.send_message(
        text=translate(text, language),
        reply_markup=in_rows([again], language),
        **reply_options(press.place),
    )


async def swap_buttons(context: Context, press: Press, buttons: InlineKeyboardMarkup) -> None:
    """Put other buttons under the message that was pressed, where it still stands."""
    if press.is_left_behind:
        return  # its number means another message in the new chat
    try:
        await context.bot.edit_message_reply_markup(
            chat_id=press.place.chat, message_id=press.message, reply_markup=buttons
        )
    except (telegram.BadRequest, telegram.Forbidden) as error:
        log.info("buttons not changed", task=press.task.id, reason=error.message)


async def restore_buttons(context: Context, press: Press) -> None:
    """Put back the buttons that belong under the result of a task."""
    task, catalog = press.task, context.tools.workshop.catalog
    if task.state is State.DELIVERED:
        await swap_buttons(context, press, keyboard(task, catalog, press.place.chat))
        return
    again = task.facts.get("failure", {}).get("again", True)
    if buttons := keyboard_of_failed(task, catalog, again=again):
        await swap_buttons(context, press, buttons)


def withdrawn(task: Task) -> Sentence | None:
    """What is said of a video that was taken back."""
    if "erased" in task.facts:
        return say("Video {number} was deleted.", number=task.id)
    if task.is_removed_by_staff:
        return say("Video {number} was removed by the owners of this bot.", number=task.id)
    if "removed" in task.facts and task.place.silent:
        return say("Video {number} was removed by the admins of its channel.", number=task.id)
    if "removed" in task.facts:
        return say("Video {number} was removed by the admins of its group.", number=task.id)
    return None


def _is_left_behind(task: Task, chat: int) -> bool:
    """Whether a video was sent to a group that has got another number since."""
    return chat < 0 and chat != task.place.chat and chat == task.facts.get("sent", {}).get("chat")


def _place(query: CallbackQuery, task: Task, sender: int, language: str, reply_to: int) -> Place:
    """Where what follows belongs: under the message with the button, however old that is.

    What a supergroup has left behind can be answered in the new chat only.
    """
    message = query.message
    assert message
    if _is_left_behind(task, message.chat.id):
        return replace(task.place, reply_to=None, user=sender, language=language)
    if isinstance(message, Message):
        topic = topic_of(message)
    else:
        topic = task.place.topic if message.chat.id == task.place.chat else None
    return replace(
        task.place,
        chat=message.chat.id,
        topic=topic,
        reply_to=reply_to,
        user=sender,
        language=language,
    )
