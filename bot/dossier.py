"""Everything that is known of a task, for owners and their helpers."""

from datetime import datetime

from telegram import Update
from telegram.constants import ChatType

from bot.context import Context
from bot.lists import cut
from bot.place import sender_of
from bot.profiles import name_of
from bot.speech import language_of
from bot.summary import summary
from bot.telling import NOW, state_of, tried_again
from bot.translations import translate
from core.states import State
from core.task import Task
from core.words import Sentence, say, say_many
from storage import accounts, ledger

_WORDS = 1500  # characters


async def payer_of(context: Context, task: Task) -> str:
    known = await context.tools.workshop.database.read(accounts.get, task.account)
    return f"{name_of(known) if known else '-'} ({task.account})"


async def dossier(update: Update, context: Context, task: Task) -> list[Sentence]:
    language, facts = language_of(update), task.facts
    lines = [
        say(
            "<b>Video {number}</b> of {who}: {state}",
            number=task.id,
            who=await payer_of(context, task),
            state=translate(state_of(task), language),
        ),
        summary(task.request, _model(context, task), whole=True),
        *_words(update, task),
        say_many(
            "Asked for in chat <code>{chat}</code>; line <code>{lane}</code>, claimed {count} time",
            "Asked for in chat <code>{chat}</code>; line <code>{lane}</code>, claimed {count} times",
            chat=task.place.chat,
            lane=task.lane,
            count=task.run,
        ),
        say(
            "Our order <code>{key}</code>, the service's <code>{remote}</code>",
            key=facts.get("inputs", {}).get("key", "-"),
            remote=cut(str(facts.get("remote", "-")), 200),
        ),
    ]
    if tried := facts.get("tried"):
        lines.append(say("Refused before by: {models}", models=", ".join(tried)))
    times = facts.get("times", {})
    for state in State:
        if state.value in times:
            moment = f"{datetime.fromisoformat(times[state.value]):%Y-%m-%d %H:%M:%S} UTC"
            what = translate(NOW[state], language)
            lines.append(say("{moment}: {what}", moment=moment, what=what))
    if attempts := facts.get("attempts"):
        lines.append(tried_again(attempts))
    if failure := facts.get("failure"):
        lines.append(Sentence.from_json(failure))
    return [*lines, *await _credits(context, task)]


def _model(context: Context, task: Task) -> Sentence:
    """Whoever runs the bot writes ids."""
    name = task.request.model
    title = context.tools.workshop.catalog.title(name)
    return say("{title} <code>{model}</code>", title=title, model=name)


def _words(update: Update, task: Task) -> list[Sentence]:
    """The words of other people are for private chats only."""
    request, chat = task.request, update.effective_chat
    texts = [text for text in (request.prompt, request.negative_prompt) if text]
    is_own = sender_of(update) in {task.place.user, task.account}
    if texts and not is_own and chat and chat.type != ChatType.PRIVATE:
        return [say("I show its words in our private chat only.")]
    return [say("“{words}”", words=cut(text, _WORDS)) for text in texts]


async def _credits(context: Context, task: Task) -> list[Sentence]:
    if not task.cost:
        return []
    found = await context.tools.workshop.database.read(ledger.of_task, task.id)
    return [
        _entry(line.kind, f"{line.created:%Y-%m-%d %H:%M:%S} UTC", abs(line.daily + line.granted))
        for line in found
    ]


def _entry(kind: str, moment: str, amount: int) -> Sentence:
    """One line of the ledger about a task."""
    if kind == "capture":
        return say("{moment}: charged", moment=moment)
    if kind == "release":
        return say_many(
            "{moment}: {count} credit given back",
            "{moment}: {count} credits given back",
            count=amount,
            moment=moment,
        )
    return say_many(
        "{moment}: {count} credit held",
        "{moment}: {count} credits held",
        count=amount,
        moment=moment,
    )
