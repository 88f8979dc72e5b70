"""Everything that is known of a task, for owners and their helpers."""

from datetime import datetime

from telegram import Update
from telegram.constants import ChatType

from bot.context import Context
from bot.lists import cut
from bot.place import sender_of
from bot.profiles import name_of
from bot.speech import language_of
from bot.status import summary
from bot.telling import NOW
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
            state=translate(NOW[task.state], language),
        ),
        summary(task.request),
        *_words(update, task),
        say(
            "Asked for in chat <code>{chat}</code>; line <code>{lane}</code>, claims: {run}",
            chat=task.place.chat,
            lane=task.lane,
            run=task.run,
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
            moment = f"{datetime.fromisoformat(times[state.value]):%Y-%m-%d %H:%M:%S}"
            what = translate(NOW[state], language)
            lines.append(say("{moment}: {what}", moment=moment, what=what))
    if attempts := facts.get("attempts"):
        lines.append(say_many("Tried again once.", "Tried again {count} times.", count=attempts))
    if failure := facts.get("failure"):
        lines.append(Sentence.from_json(failure))
    return [*lines, *await _credits(context, task)]


def _words(update: Update, task: Task) -> list[Sentence]:
    """The words of other people are for private chats only."""
    request, chat = task.request, update.effective_chat
    texts = [text for text in (request.prompt, request.negative_prompt) if text]
    is_own = sender_of(update) in {task.place.user, task.account}
    if texts and not is_own and chat and chat.type != ChatType.PRIVATE:
        return [say("I show its words in our private chat only.")]
    return [say("“{words}”", words=cut(text, _WORDS)) for text in texts]


_KINDS = {
    "hold": say("{moment}: credits held: {amount}"),
    "capture": say("{moment}: charged"),
    "release": say("{moment}: credits given back: {amount}"),
}


async def _credits(context: Context, task: Task) -> list[Sentence]:
    found = await context.tools.workshop.database.read(ledger.of_task, task.id)
    return [
        say(
            _KINDS[line.kind].template,
            moment=f"{line.created:%Y-%m-%d %H:%M:%S}",
            amount=abs(line.daily + line.granted),
        )
        for line in found
    ]
