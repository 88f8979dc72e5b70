"""Where something for a task can still be said: its own place, the General topic, or in private."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import structlog
from telegram import Bot, Message
from telegram import error as telegram

from bot.place import reply_options
from bot.refusals import NOT_HERE, Refusal, refusal_of
from bot.translations import translate
from core.task import Place, Task
from core.words import Sentence, say
from storage import chats
from storage.database import Database

log = structlog.get_logger()

T = TypeVar("T")

_SUPERGROUP = "-100"  # begins the numbers of supergroups and channels


@dataclass(frozen=True, slots=True)
class Outlet:
    """A place, with a note for whoever would look for the message elsewhere."""

    place: Place
    note: Sentence | None = None

    @property
    def options(self) -> dict[str, Any]:
        return reply_options(self.place)

    @property
    def notes(self) -> tuple[Sentence, ...]:
        return (self.note,) if self.note else ()


Send = Callable[[Outlet], Awaitable[T]]


class Outlets:
    """Finds the next best place where Telegram refuses one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def send(self, task: Task, send: Send[T]) -> T:
        """Send something for a task; raises Telegram's refusal of the task's own place."""
        outlet = Outlet(task.place)
        refused: telegram.TelegramError | None = None
        while True:
            try:
                return await send(outlet)
            except telegram.ChatMigrated as error:
                outlet = await self._follow(outlet, error)
            except (telegram.BadRequest, telegram.Forbidden) as error:
                refusal = refusal_of(error)
                if refusal is None or refusal not in NOT_HERE:
                    raise
                refused = refused or error
                following = _after(outlet, refusal, task.place)
                if following is None:
                    raise refused from error
                log.info("elsewhere", task=task.id, chat=outlet.place.chat, reason=error.message)
                outlet = following

    async def _follow(self, outlet: Outlet, error: telegram.ChatMigrated) -> Outlet:
        """Go on in the chat that a group has become; its messages and topics are new ones."""
        old, new = outlet.place.chat, error.new_chat_id
        await self._database.write(chats.migrate, old, new)
        log.info("chat moved", old=old, new=new)
        return replace(outlet, place=replace(outlet.place, chat=new, topic=None, reply_to=None))


async def say_in_private(bot: Bot, home: Place, text: str) -> Message | None:
    """Say what a chat does not take to whoever asked for it there, where that is possible."""
    person = home.user or 0
    if person <= 0 or person == home.chat:
        return None
    note = translate(_sent_in_private(home), home.language)
    try:
        return await bot.send_message(person, f"{note}\n{text}")
    except (telegram.BadRequest, telegram.Forbidden) as error:
        log.info("unheard", chat=home.chat, person=person, reason=error.message)
        return None


def _after(outlet: Outlet, refusal: Refusal, home: Place) -> Outlet | None:
    """Where to try next after a topic, or a whole chat, that takes nothing."""
    place = outlet.place
    if refusal is Refusal.TOPIC and place.topic is not None:
        return Outlet(replace(place, topic=None, reply_to=None), _moved_from_topic(home))
    person = home.user or 0
    if person > 0 and place.chat != person:  # anonymous admins have no private chat
        private = replace(place, chat=person, topic=None, reply_to=None)
        return Outlet(private, _sent_in_private(home))
    return None


def _moved_from_topic(home: Place) -> Sentence:
    if address := address_of(home):
        return say(
            'This belongs to <a href="{address}">a topic</a> that takes no messages now.',
            address=address,
        )
    return say("This belongs to a topic that takes no messages now.")


def _sent_in_private(home: Place) -> Sentence:
    if address := address_of(home):
        return say(
            'You asked for this <a href="{address}">in a chat</a> where I cannot send it.',
            address=address,
        )
    return say("You asked for this in a chat where I cannot send it.")


def address_of(place: Place) -> str | None:
    """Where members find what was asked; private chats and basic groups have no such addresses."""
    chat = str(place.chat)
    if not chat.startswith(_SUPERGROUP):
        return None
    parts = [place.topic, place.reply_to]
    path = "/".join(str(part) for part in parts if part)
    return f"https://t.me/c/{chat.removeprefix(_SUPERGROUP)}/{path}" if path else None
