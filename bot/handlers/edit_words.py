"""Edit words: the words of a video are quoted, and the answer orders it with other ones."""

from telegram import ForceReply, Message, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.answered import answered_video, answers_our_video
from bot.context import Context
from bot.place import reply_options, sender_of
from bot.pressing import is_new, owner_press, withdrawn
from bot.quotation import link_of, number_asked
from bot.remaking import RightNeededError, ask_for_right, take
from bot.speech import answer, place_of, shorten, toast
from bot.tariff import Tariff
from bot.translations import plain, translate
from core.errors import UserError
from core.task import Place, Task, TaskId
from core.variations import reworded
from core.words import Sentence, say, say_many
from storage import accounts, tasks

_QUOTED = 3000  # characters


async def press(update: Update, context: Context) -> None:
    pressed = await owner_press(update, context)
    if pressed is None:
        return
    await toast(update)
    if await is_new(context, pressed, "asked"):
        await _ask(context, pressed.task, pressed.place)


async def follow_link(update: Update, context: Context) -> None:
    """/start words_12: the link in the question asks it anew."""
    number = (context.args or [""])[0].partition("_")[2]
    task, place = await _own(update, context, number), place_of(update)
    if task is None or place is None:
        await answer(update, say("There is no such video of yours."))
        return
    await _ask(context, task, place)


async def answer_video(update: Update, context: Context) -> None:
    """Words under a video may be a remark: the question tells what they can do."""
    message, place = update.message, place_of(update)
    if message is None or place is None:
        return
    task = await answered_video(update, context, message)
    if task is None or withdrawn(task):
        await answer(update, say("I do not know this video. Answer one of your own."))
        return
    await _ask(context, task, place)


async def receive(update: Update, context: Context) -> None:
    """Order the video with the words of the answer; what is no option among them is words."""
    message, place, sender = update.message, place_of(update), sender_of(update)
    if message is None or place is None or sender is None:
        return
    task = await _own(update, context, number_asked(message))
    if task is None:
        await answer(update, say("There is no such video of yours."))
        return
    caption = context.tools.ordering.understand_words(message.text or "")
    request = reworded(task.request, caption.words, caption.options)
    origin = f"words:{task.id}:{message.chat_id}:{message.message_id}"
    try:
        await take(context.tools, task, request, place, origin, sender)
    except RightNeededError as error:
        await ask_for_right(context, place, error.sentence)
    except UserError as error:
        await answer(update, context.tools.tariff.refusal(error))


async def _ask(context: Context, task: Task, place: Place) -> None:
    link = link_of(task.id, context.bot.username)
    words, language = task.request.prompt.strip(), place.language
    lines = [
        say('✏️ Video <a href="{link}">{number}</a> has these words:', link=link, number=task.id)
        if words
        else say('✏️ Video <a href="{link}">{number}</a> has no words.', link=link, number=task.id)
    ]
    if words:
        lines.append(say("<code>{words}</code>", words=shorten(words, _QUOTED)))
    lines += [
        say(
            "Answer this message with other words for a new video; everything else stays as it is. "
            "Options such as --dur 5 may stand among them."
        ),
        *_price(context.tools.tariff, task),
    ]
    if place.chat < 0 and place.user and place.user > 0:
        # Whom a forced reply is for, Telegram learns from a mention.
        known = await context.tools.workshop.database.read(accounts.get, place.user)
        name = known.name if known and known.name else str(place.user)
        lines.append(
            say('<a href="tg://user?id={user}">{name}</a>, your turn.', user=place.user, name=name)
        )
    hint = plain(translate(say("New words"), language))
    await context.bot.send_message(
        text="\n".join(translate(line, language) for line in lines),
        reply_markup=ForceReply(selective=True, input_field_placeholder=hint),
        **reply_options(place),
    )


def _price(tariff: Tariff, task: Task) -> list[Sentence]:
    """What the same video costs now; options can change that."""
    model = tariff.catalog.model(task.request.model)
    cost = tariff.cost(model, task.request.seconds) if model else 0
    return (
        [say_many("It costs {count} credit.", "It costs {count} credits.", count=cost)]
        if cost
        else []
    )


async def _own(update: Update, context: Context, number: str | None) -> Task | None:
    """The video with this number, if it is the sender's and was not taken back."""
    if not number:
        return None
    task = await context.tools.workshop.database.read(tasks.get, TaskId(int(number)))
    mine = task and sender_of(update) == (task.place.user or task.account)
    return task if task and mine and not withdrawn(task) else None


class _Answer(filters.MessageFilter):
    """An answer to the question for other words; anything else is for the next feature."""

    def filter(self, message: Message) -> bool:
        return number_asked(message) is not None


class _UnderVideo(filters.MessageFilter):
    """Words that answer a video of ours."""

    def filter(self, message: Message) -> bool:
        return answers_our_video(message)


_WORDS = filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE
HANDLERS = [
    CallbackQueryHandler(press, pattern=r"^words:\d{1,18}$"),
    MessageHandler(_WORDS & _Answer(), receive),
    MessageHandler(_WORDS & filters.ChatType.PRIVATE & _UnderVideo(), answer_video),
    CommandHandler(
        "start",
        follow_link,
        filters=filters.UpdateType.MESSAGE & filters.Regex(r"^/start(@\w+)? words_\d{1,18}$"),
    ),
]
