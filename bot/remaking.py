"""Ordering from a button: what is asked first, what it is told by, and once a press."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.context import Context
from bot.place import reply_options
from bot.pressing import Press
from bot.questions import CONSENT, Question
from bot.translations import translate
from core.errors import UserError
from core.request import VideoRequest
from core.task import Place
from core.words import Sentence, say
from storage import tasks


async def remake(context: Context, press: Press, request: VideoRequest, kind: str) -> Sentence:
    """Order what a button stands for, and say what came of it.

    While a video from the same button of the same video is on its way, there is no second one.
    """
    tools, database = context.tools, context.tools.workshop.database
    prefix = f"{kind}:{press.task.id}:"
    earlier = await database.read(tasks.repeats, prefix)
    running = next((one for one in earlier if not one.is_final), None)
    # A press that comes again after a crash finds the video it ordered, however far that is.
    running = running or await database.read(tasks.by_origin, prefix + press.id)
    if running:
        return say("Video {number} is already on its way.", number=running.id)
    try:
        made = await tools.ordering.remake(
            press.task, request, press.place, origin=prefix + press.id, sender=press.sender
        )
    except UserError as error:
        return error.sentence
    except Question as question:
        return await ask_first(context, press.place, question)
    return say("Video {number} is taken.", number=made.id)


async def ask_first(context: Context, place: Place, question: Question) -> Sentence:
    """Ask what must be known before anything is ordered; the same press goes through afterwards."""
    row = [
        InlineKeyboardButton(
            translate(answer.label, place.language), callback_data=f"{CONSENT}:{answer.value}"
        )
        for answer in question.answers
    ]
    await context.bot.send_message(
        text=translate(question.text, place.language),
        reply_markup=InlineKeyboardMarkup([row]),
        **reply_options(place),
    )
    return say("I have a question first.")
