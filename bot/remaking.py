"""Ordering from a finished video: what it takes, once a press, and what is said of it."""

from dataclasses import replace

from bot.context import Context, Tools
from bot.keeping import in_hours
from bot.place import reply_options
from bot.pressing import Press
from bot.questions import CONSENT, NO, YES
from bot.results import in_rows
from bot.translations import translate
from core.errors import DeclinedError, UserError
from core.problems import needs_consent, problems, settled
from core.request import VideoRequest
from core.task import Place, Task
from core.words import Sentence, say, say_many
from jobs.workshop import Workshop
from storage import accounts, tasks


class RightNeededError(UserError):
    """A face or a voice of a person comes to life, and nobody has asked yet."""


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
        return say("Video {number} is on its way already.", number=running.id)
    origin = prefix + press.id
    try:
        made = await take(tools, press.task, request, press.place, origin, press.sender)
    except RightNeededError as error:
        await ask_for_right(context, press.place, error.sentence)
        return say("I have a question first.")
    except UserError as error:
        return tools.tariff.refusal(error)
    return say("Video {number} is on its way.", number=made.id)


async def take(
    tools: Tools, task: Task, request: VideoRequest, place: Place, origin: str, sender: int
) -> Task:
    """Order a video from what an earlier one was made from; `request` says what is different.

    Raises UserError with what the person can do about it.
    """
    model = tools.workshop.catalog.model(request.model)
    if model is None:
        raise UserError(say("{model} is not offered any more.", model=request.model))
    if not model.seed and request.seed == task.request.seed:
        request = request.with_options(seed=None)  # of another model
    if wrong := problems(request, model):
        raise UserError(wrong[0])
    _check_files(tools.workshop, task)
    if needs_consent(request, model):
        account = await tools.workshop.database.read(accounts.get, sender)
        if account is None or account.consented is None:
            raise RightNeededError(
                say(
                    "Here a person comes to life. Do you have the right to use this face and this "
                    "voice? I ask only once; a label will say that AI made the video."
                )
            )
    if (owner := task.place.user) and owner < 0:
        # An admin pressed for an anonymous one, or for a channel, and stays unknown, too.
        sender, place = owner, replace(place, user=owner)
    place = replace(place, silent=task.place.silent)
    whole = settled(request, model)
    return await tools.ordering.take(whole, model, place, origin=origin, sender=sender)


async def ask_for_right(context: Context, place: Place, question: Sentence) -> None:
    """Ask in a message of its own; what was pressed or written goes through afterwards."""
    answers = [(say("Yes, I have the right"), f"{CONSENT}:{YES}"), (say("No"), f"{CONSENT}:{NO}")]
    await context.bot.send_message(
        text=translate(question, place.language),
        reply_markup=in_rows(answers, place.language),
        **reply_options(place),
    )


def _check_files(workshop: Workshop, task: Task) -> None:
    request = task.request
    for one in (request.first_frame, request.last_frame, request.audio):
        if one and not workshop.folder.path(one.file).exists():
            count, hours = in_hours(workshop.keep_inputs)
            raise DeclinedError(
                say_many(
                    "The photo of video {number} is gone: photos and sounds are kept for {hours} "
                    "hour. Send it again with your words.",
                    "The photo of video {number} is gone: photos and sounds are kept for {hours} "
                    "hours. Send it again with your words.",
                    count=count,
                    number=task.id,
                    hours=hours,
                )
            )
