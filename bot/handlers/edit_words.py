"""Edit words: the words of a video are quoted, and the answer orders it with other ones."""

from dataclasses import replace
from functools import partial

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.answered import answered_video, answers_our_video
from bot.carrying import ask, data_of
from bot.context import Context
from bot.place import sender_of
from bot.pressing import carry_out, owner_press, withdrawn
from bot.questions import AGREEMENT, NO, Question
from bot.quotation import ask_for_words, asked_in
from bot.remaking import PriceUnagreedError, gone, take
from bot.results import in_column
from bot.speech import answer, place_of, redraw, toast
from bot.tidying import answered_by
from bot.translations import translate
from core.errors import UserError
from core.request import VideoRequest
from core.task import Place, Task, TaskId
from core.variations import reworded
from core.words import say
from storage import tasks

AGREED = rf"words:\d{{1,18}}:{AGREEMENT}"
_NO_PRICE = "0x0x00000000"  # was said: one that nobody agrees to


async def press(update: Update, context: Context) -> None:
    pressed = await owner_press(update, context)
    if pressed is None:
        return
    refusal = gone(context.tools, pressed.task)
    await toast(update, refusal)
    if refusal:
        return
    asking = partial(ask_for_words, context, pressed.task, pressed.place)
    again = say("Edit words"), f"words:{pressed.task.id}"
    await carry_out(context, pressed, "asked", again, asking)


async def follow_link(update: Update, context: Context) -> None:
    """/start words_12_...: the link in the question asks it anew."""
    number = (context.args or [""])[0].split("_")[1]
    task, place = await _own(update, context, number), place_of(update)
    if task is None or place is None:
        await answer(update, say("There is no such video of yours."))
    elif refusal := gone(context.tools, task):
        await answer(update, refusal)
    else:
        await ask_for_words(context, task, place)


async def answer_video(update: Update, context: Context) -> None:
    """Words under a video may be a remark: the question tells what they can do."""
    message, place = update.message, place_of(update)
    if message is None or place is None:
        return
    task = await answered_video(update, context, message)
    if task is None or withdrawn(task):
        await answer(update, say("I do not know this video. Answer one of your own."))
    elif refusal := gone(context.tools, task):
        await answer(update, refusal)
    else:
        await ask_for_words(context, task, place)


async def receive(update: Update, context: Context) -> None:
    """Order the video with the words of the answer, at the price that stood in the question.

    An edit counts as long as nothing was ordered, as everywhere.
    """
    message, place, sender = update.effective_message, place_of(update), sender_of(update)
    if message is None or place is None or sender is None:
        return
    asked = asked_in(message)
    task = await _own(update, context, asked.number) if asked else None
    if task is None or asked is None:
        await answer(update, say("There is no such video of yours."))
        return
    request, origin = _meant(context, task, message)
    before = await context.tools.workshop.database.read(tasks.by_origin, origin)
    if before and message.edit_date:
        if before.request.prompt != request.prompt:
            await answer(update, _TOO_LATE)
        return
    try:
        await _order(context, task, message, place, sender, asked.price)
    except Question as question:
        pressed = f"words:{task.id}:{asked.price or _NO_PRICE}"
        await ask(context, place, question, pressed)
    except PriceUnagreedError as error:
        await answer(update, *error.question.texts, keyboard=_prices(task, error.question, place))
    except UserError as error:
        await answer(update, context.tools.tariff.refusal(error))


_TOO_LATE = say(
    "The video is on its way already, so an edit changes nothing. For another one, "
    "answer my question once more."
)


async def decide(update: Update, context: Context) -> None:
    """Order with the words of an answer whose price was asked about, or leave it."""
    pressed, query = await owner_press(update, context), update.callback_query
    if pressed is None or query is None:
        return
    agreed, question = pressed.rest[0], query.message
    words = question.reply_to_message if isinstance(question, Message) else None
    if agreed == NO:
        await toast(update, say("All right, nothing is made."))
        context.tools.tidying.seal(answered_by(update))
        return
    if words is None:
        await toast(update, say("Your words are gone. Press Edit words under the video again."))
        return
    place = replace(pressed.place, reply_to=words.message_id)
    try:
        made = await _order(
            context, pressed.task, words, place, pressed.sender, agreed, pressed.speaker
        )
    except Question as needed:
        await toast(update, say("I have a question first."))
        await ask(context, place, needed, data_of(update))
        context.tools.tidying.seal(answered_by(update))
    except PriceUnagreedError as error:
        await toast(update)
        text = "\n".join(translate(line, place.language) for line in error.question.texts)
        await redraw(update, text, _prices(pressed.task, error.question, place))
    else:
        await toast(update, say("Video {number} is on its way.", number=made.id))
        context.tools.tidying.seal(answered_by(update))


async def _order(
    context: Context,
    task: Task,
    words: Message,
    place: Place,
    sender: int,
    agreed: str,
    speaker: int | None = None,
) -> Task:
    request, origin = _meant(context, task, words)
    return await take(
        context.tools, task, request, place, origin, sender, agreed=agreed, speaker=speaker
    )


def _meant(context: Context, task: Task, words: Message) -> tuple[VideoRequest, str]:
    """What is no option among the words is words; the same message orders once."""
    caption = context.tools.ordering.understand_words(words.text or "")
    request = reworded(task.request, caption.words, caption.options)
    return request, f"words:{task.id}:{words.chat_id}:{words.message_id}"


def _prices(task: Task, question: Question, place: Place) -> InlineKeyboardMarkup:
    answers = [(one.label, f"words:{task.id}:{one.value}") for row in question.rows for one in row]
    return in_column(answers, place.language)


async def _own(update: Update, context: Context, number: str) -> Task | None:
    """The video with this number, if it is the sender's and was not taken back."""
    task = await context.tools.workshop.database.read(tasks.get, TaskId(int(number)))
    mine = task and sender_of(update) == (task.place.user or task.account)
    return task if task and mine and not withdrawn(task) else None


class _Answer(filters.MessageFilter):
    """An answer to the question for other words; anything else is for the next feature."""

    def filter(self, message: Message) -> bool:
        return asked_in(message) is not None


class _UnderVideo(filters.MessageFilter):
    """Words that answer a video of ours."""

    def filter(self, message: Message) -> bool:
        return answers_our_video(message)


_WORDS = filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE
HANDLERS = [
    CallbackQueryHandler(press, pattern=r"^words:\d{1,18}$"),
    CallbackQueryHandler(decide, pattern=rf"^words:\d{{1,18}}:(no|{AGREEMENT})$"),
    MessageHandler(
        filters.TEXT
        & ~filters.COMMAND
        & (filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE)
        & _Answer(),
        receive,
    ),
    MessageHandler(_WORDS & filters.ChatType.PRIVATE & _UnderVideo(), answer_video),
    CommandHandler(
        "start",
        follow_link,
        filters=filters.UpdateType.MESSAGE
        & filters.Regex(rf"^/start(@\w+)? words_\d{{1,18}}(_{AGREEMENT})?$"),
    ),
]
