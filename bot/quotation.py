"""The question for other words carries the number of its video, and a price, in a link.

It comes back with every answer, so an answer is understood after any time and without memory.
"""

import re
from dataclasses import dataclass

from telegram import ForceReply, Message, MessageEntity

from bot.context import Context
from bot.place import reply_options
from bot.questions import AGREEMENT
from bot.quoting import agreement
from bot.speech import shorten
from bot.translations import plain, translate
from core.task import Place, Task
from core.words import Sentence, say, say_many
from storage import accounts

_LINK = re.compile(rf"https?://t\.me/\w+\?start=words_(\d{{1,18}})(?:_({AGREEMENT}))?")
_QUOTED = 3000  # characters


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose words a message answers for: a video's number; `price` is what was said it costs."""

    number: str
    price: str


def asked_in(message: Message) -> Asked | None:
    """What a message answers, if it answers the question for other words."""
    question = message.reply_to_message
    author = question.from_user if question else None
    if question is None or author is None or author.id != message.get_bot().id:
        return None
    links = (one.url for one in question.entities if one.type == MessageEntity.TEXT_LINK)
    found = next(filter(None, (_LINK.fullmatch(url or "") for url in links)), None)
    return Asked(found[1], found[2] or "") if found else None


async def ask_for_words(context: Context, task: Task, place: Place) -> None:
    """Quote the words of a video, and say what other ones will cost."""
    cost, price = _price(context, task)
    link = f"https://t.me/{context.bot.username}?start=words_{task.id}{price and '_'}{price}"
    words, language = task.request.prompt.strip(), place.language
    lines = [
        say('✏️ Video <a href="{link}">{number}</a> has these words:', link=link, number=task.id)
        if words
        else say('✏️ Video <a href="{link}">{number}</a> has no words.', link=link, number=task.id)
    ]
    if words:
        lines.append(say("<code>{words}</code>", words=shorten(words, _QUOTED)))
    lines.append(
        say(
            "Answer this message with other words for a new video; everything else stays as it is. "
            "Options such as --dur 5 may stand among them."
        )
    )
    if cost:
        lines.append(say_many("It costs {count} credit.", "It costs {count} credits.", count=cost))
    if mention := await _mention(context, place):
        lines.append(mention)
    hint = plain(translate(say("New words"), language))
    await context.bot.send_message(
        text="\n".join(translate(line, language) for line in lines),
        reply_markup=ForceReply(selective=True, input_field_placeholder=hint),
        **reply_options(place),
    )


def _price(context: Context, task: Task) -> tuple[int, str]:
    """What the same video costs now, and its mark where an answer agrees to that price.

    Less of a sound may be enough: a talking picture's price is asked about by itself.
    """
    tariff = context.tools.tariff
    model = tariff.catalog.model(task.request.model)
    if model is None:
        return 0, ""
    cost = tariff.cost(model, task.request.seconds)
    return cost, "" if task.request.audio and model.ai else agreement(cost, model)


async def _mention(context: Context, place: Place) -> Sentence | None:
    """Whom a forced reply in a group is for, Telegram learns from a mention."""
    if place.chat > 0 or not place.user or place.user < 0:
        return None
    known = await context.tools.workshop.database.read(accounts.get, place.user)
    name = known.name if known and known.name else str(place.user)
    return say('<a href="tg://user?id={user}">{name}</a>, your turn.', user=place.user, name=name)
