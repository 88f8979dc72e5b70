"""Ordering from a finished video: what it takes, once a press, and what is said of it."""

from dataclasses import replace

from telegram import InlineKeyboardMarkup, Update

from bot.admins import OUTDATED
from bot.carrying import ask, data_of
from bot.context import Context, Tools
from bot.keeping import in_hours
from bot.pressing import Press, restore_buttons, swap_buttons
from bot.questions import NO, Question, ask_consent
from bot.quoting import Quote, agreed_cut, shortened
from bot.results import in_column
from bot.speech import toast
from core.capabilities import Capabilities
from core.errors import DeclinedError, UserError
from core.problems import needs_consent, problems
from core.request import VideoRequest
from core.task import Place, Task
from core.words import Sentence, say, say_many
from jobs.workshop import Workshop
from storage import accounts, tasks, wishes


class PriceUnagreedError(UserError):
    """The person has to agree to a price first: the one of the question."""

    def __init__(self, quote: Quote, question: Question) -> None:
        super().__init__(quote.brief())
        self.quote = quote
        self.question = question


async def remake(
    update: Update, context: Context, press: Press, request: VideoRequest, kind: str
) -> None:
    """Order what a button stands for, and answer the press.

    Where a price has to be agreed to, the buttons give way to those that say it.
    """
    try:
        said = await _order(context, press, request, kind)
    except Question as question:
        await toast(update, say("I have a question first."))
        await ask(context, press.place, question, data_of(update))
    except PriceUnagreedError as error:
        if press.is_left_behind:
            raise UserError(OUTDATED) from error
        await toast(update, error.sentence)
        await swap_buttons(context, press, _prices(press, error, kind))
        return
    except UserError as error:
        await toast(update, context.tools.tariff.refusal(error))
    else:
        await toast(update, said)
    if press.rest:
        await restore_buttons(context, press)


def _prices(press: Press, unagreed: PriceUnagreedError, kind: str) -> InlineKeyboardMarkup:
    """The answers to the question of the price as buttons under the video."""
    quote, number = unagreed.quote, press.task.id
    whole = say_many(
        "Start: {seconds} s, {count} credit",
        "Start: {seconds} s, {count} credits",
        seconds=quote.seconds,
        count=quote.cost,
    )
    labels = {quote.agreement(): whole}
    buttons = [
        (labels.get(answer.value, answer.label), f"{kind}:{number}:{answer.value}")
        for row in unagreed.question.rows
        for answer in row
        if answer.value != NO
    ]
    return in_column([*buttons, (say("Back"), f"back:{number}")], press.place.language)


async def _order(context: Context, press: Press, request: VideoRequest, kind: str) -> Sentence:
    """While a video from the same button of the same video is on its way, there is no second one."""
    tools, database = context.tools, context.tools.workshop.database
    prefix = f"{kind}:{press.task.id}:"
    earlier = await database.read(tasks.repeats, prefix)
    running = next((one for one in earlier if not one.is_final), None)
    # A press that comes again after a crash finds the video it ordered, however far that is.
    running = running or await database.read(tasks.by_origin, prefix + press.id)
    if running:
        return say("Video {number} is on its way already.", number=running.id)
    agreed = press.rest[0] if press.rest else ""
    made = await take(
        tools,
        press.task,
        request,
        press.place,
        prefix + press.id,
        press.sender,
        agreed=agreed,
        speaker=press.speaker,
    )
    return say("Video {number} is on its way.", number=made.id)


async def take(
    tools: Tools,
    task: Task,
    request: VideoRequest,
    place: Place,
    origin: str,
    sender: int,
    *,
    agreed: str = "",
    speaker: int | None = None,
) -> Task:
    """Order a video from what an earlier one was made from; `request` says what is different.

    `agreed` is the price that the person agreed to, `speaker` who of several people speaks. Raises
    UserError with what they can do, and the Question that only they can decide.
    """
    cut = agreed_cut(agreed)
    request = shortened(request, cut)
    model = tools.workshop.catalog.model(request.model)
    if model is None:
        raise UserError(say("{model} is not offered any more.", model=request.model))
    if not model.seed and request.seed == task.request.seed:
        request = request.with_options(seed=None)  # of another model
    if wrong := problems(request, model):
        raise UserError(wrong[0])
    check_files(tools.workshop, task)
    if needs_consent(request, model):
        account = await tools.workshop.database.read(accounts.get, sender)
        if account is None or account.consented is None:
            raise ask_consent()
    quoting = tools.ordering.quoting
    quote = await quoting.quote(request, model, sender=sender, chat=place.chat, cut=cut)
    if not await quoting.is_agreed(quote, agreed, sender):
        raise PriceUnagreedError(quote, quoting.ask_to_start(quote))
    whole = quote.request
    if whole.audio and model.subjects:
        whole = whole.with_options(subject=await _subject(tools, task, whole, model, speaker))
    if (owner := task.place.user) and owner < 0:
        # An admin pressed for an anonymous one, or for a channel, and stays unknown, too.
        sender, place = owner, replace(place, user=owner)
    place = replace(place, silent=task.place.silent)
    return await tools.ordering.take(whole, model, place, origin=origin, sender=sender)


async def _subject(
    tools: Tools, task: Task, request: VideoRequest, model: Capabilities, speaker: int | None
) -> int | None:
    """Who speaks; asked where nobody has looked yet whether there are several people."""
    own = tools.workshop.catalog.model(task.request.model)
    known = request.subject if speaker is None else speaker
    if known is not None or (own and own.subjects):
        return known
    database = tools.workshop.database
    await database.write(wishes.note, task.id, "looking", value=True)
    try:
        await tools.ordering.deciding.check_speaker(request, model, f"look:{task.id}")
    finally:
        await database.write(wishes.note, task.id, "looking", None)
    return None


def gone(tools: Tools, task: Task) -> Sentence | None:
    """Why a video cannot be made again, if so: said before anybody decides how."""
    try:
        check_files(tools.workshop, task)
    except UserError as error:
        return tools.tariff.refusal(error)
    return None


def check_files(workshop: Workshop, task: Task) -> None:
    """Raise DeclinedError where a video cannot be made again: what it was made from is gone."""
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
