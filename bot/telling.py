"""The story of a video in plain words: what was asked, what happened when, and what it cost."""

from datetime import datetime

from bot.stages import THEN, charge
from bot.status import summary
from core.task import Task
from core.words import Sentence, say


def story_of(task: Task) -> list[Sentence]:
    lines = [say("<b>Video {number}</b>", number=task.id), summary(task.request)]
    if task.request.prompt:
        lines.append(say("“{words}”", words=task.request.prompt))
    times = task.facts.get("times", {})
    for state, text in THEN.items():
        if state.value in times:
            moment = datetime.fromisoformat(times[state.value])
            lines.append(say(text.template, time=moment.strftime("%H:%M:%S")))
    if attempts := task.facts.get("attempts"):
        lines.append(say("Tried again {count} times.", count=attempts))
    if failure := task.facts.get("failure"):
        lines.append(Sentence.from_json(failure))
    lines += _taken_back(task)
    lines.append(charge(task))
    return lines


def _taken_back(task: Task) -> list[Sentence]:
    if "erased" in task.facts:
        return [say("You deleted it, with its words and files.")]
    if "removed" in task.facts:
        return [say("The admins of its group removed it.")]
    return []
