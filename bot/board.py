"""Status messages: one per task, edited only on change and no faster than Telegram allows."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from telegram import InlineKeyboardMarkup
from telegram import error as telegram
from telegram.ext import ExtBot

from bot.outbound import Outbound, Urgency
from bot.place import reply_options
from bot.status import View, draw
from bot.stopping import question_of
from bot.tariff import Tariff
from bot.wire import is_unchanged, was_not_sent
from core.capabilities import Capabilities
from core.states import State
from core.task import Task, TaskId
from jobs.estimate import Expected, expect
from jobs.ports import Progress, now
from storage import chats, lines, renders, tasks, wishes
from storage.database import Database

log = structlog.get_logger()

_PRIVATE_PAUSE, _GROUP_PAUSE = 3.0, 15.0  # between two looks at the same task
_RETRY_PAUSE = 5.0
_LATE_EDITS = timedelta(days=1)  # how long after its end a status is still brought up to date
_UNKNOWN = 0  # instead of the number of a message that may have been sent


@dataclass(slots=True)
class _Watch:
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    progress: Progress | None = None
    shown: str = ""
    state: State | None = None  # the one that the shown text tells of
    gone: bool = False  # the message; nothing brings it back
    barred: bool = False  # kept out of the chat, which may open again
    pressed: asyncio.Event = field(default_factory=asyncio.Event)
    asks: bool = False  # whether a video that is billed all the same shall be stopped
    asked: bool = False  # ... as it is shown


class Board:
    """Keeps the status message of every task that runs here; survives restart and deletion."""

    def __init__(
        self,
        bot: ExtBot[Any],
        outbound: Outbound,
        database: Database,
        tariff: Tariff,
        seats: Mapping[str, int],
    ) -> None:
        self._bot = bot
        self._outbound = outbound
        self._database = database
        self._tariff = tariff
        self._catalog = tariff.catalog
        self._seats = seats
        self._watches: dict[TaskId, _Watch] = {}
        self._work: set[asyncio.Task[None]] = set()

    def show(self, task: TaskId, progress: Progress | None = None) -> None:
        """Let a task's status message catch up, soon; the newest progress counts."""
        watch = self._watches.get(task)
        if watch is None:
            watch = self._watches[task] = _Watch()
            work = asyncio.create_task(self._follow(task, watch), name=f"status {task}")
            self._work.add(work)
            work.add_done_callback(self._ended)
        if progress is not None:
            watch.progress = progress
        watch.changed.set()

    def ask(self, task: TaskId, *, asks: bool = True) -> None:
        """Have a status ask whether a video shall be stopped anyway, or no longer; at once."""
        self.show(task)
        self._watches[task].asks = asks
        self._watches[task].pressed.set()

    async def resume(self) -> None:
        """Go on with the tasks that an earlier process left."""
        for task in await self._database.read(tasks.with_status, now() - _LATE_EDITS):
            self.show(task.id)

    async def close(self) -> None:
        for work in list(self._work):
            work.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    def _ended(self, work: "asyncio.Task[None]") -> None:
        self._work.discard(work)
        if not work.cancelled() and (error := work.exception()):
            # The task goes on without its status message; the next start shows it again.
            log.error("status given up", status=work.get_name(), exc_info=error)

    async def _follow(self, number: TaskId, watch: _Watch) -> None:
        try:
            while True:
                watch.changed.clear()
                watch.pressed.clear()
                task = await self._database.read(tasks.get, number)
                if task is None or task.place.silent:
                    return
                if await self._is_behind(task, watch):
                    await self._outbound.turn(task.place.chat, Urgency.PROGRESS)
                    # Others had their turns meanwhile: what is said is how it stands now.
                    task = await self._update(number, watch)
                    if task is None:
                        continue
                if task.is_final:
                    await self._database.write(wishes.set_status_message, number, None)
                    return
                pause = _PRIVATE_PAUSE if task.place.chat > 0 else _GROUP_PAUSE
                with suppress(TimeoutError):  # a button that was pressed is answered at once
                    async with asyncio.timeout(pause):
                        await watch.pressed.wait()
                # Nothing new: look again all the same, for the seconds go by.
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await watch.changed.wait()
        finally:
            self._watches.pop(number, None)

    async def _is_behind(self, task: Task, watch: _Watch) -> bool:
        """Whether there is something to say, and something worth a turn of a busy chat."""
        if watch.gone:
            return False
        if (
            watch.state is task.state
            and watch.asked is watch.asks
            and (
                # If the answer alone was lost, it stands there and tells the truth.
                task.status_message == _UNKNOWN
                or watch.barred
                or self._outbound.is_busy(task.place.chat)
            )
        ):
            return False  # only seconds and places went by
        text, _ = draw(await self._view(task, watch))
        return text != watch.shown

    async def _update(self, number: TaskId, watch: _Watch) -> Task | None:
        """Send or edit once, and remember what is shown.

        Gives the task as it was drawn, None where it must be tried again.
        """
        task = await self._database.read(tasks.get, number)
        if task is None:
            return None
        if task.is_withdrawn:
            return task  # what told of it was taken back with it
        asks = watch.asks
        text, keyboard = draw(await self._view(task, watch))
        watch.barred = False
        try:
            await self._put(task, text, keyboard)
        except telegram.RetryAfter:
            return None  # the next turn comes when the chat may be written to again
        except telegram.ChatMigrated as error:
            await self._database.write(chats.migrate, task.place.chat, error.new_chat_id)
            return None
        except telegram.BadRequest as error:
            # Deleted: the status dies with it, the task does not.
            watch.gone = not is_unchanged(error)
            log.info("status refused", task=task.id, reason=error.message)
        except telegram.Forbidden as error:
            watch.barred = True  # it says what is new, once there is something
            log.info("status refused", task=task.id, reason=error.message)
        except telegram.TelegramError as error:
            log.info("status later", task=task.id, reason=error.message)
            if task.status_message or was_not_sent(error):
                await asyncio.sleep(_RETRY_PAUSE)
                return None
        watch.shown, watch.state, watch.asked = text, task.state, asks
        return task

    async def _put(self, task: Task, text: str, keyboard: InlineKeyboardMarkup | None) -> None:
        if task.status_message:
            await self._bot.edit_message_text(
                text,
                chat_id=task.place.chat,
                message_id=task.status_message,
                reply_markup=keyboard,
                rate_limit_args=Urgency.GRANTED,
            )
        elif not task.is_final or task.status_message == _UNKNOWN:
            if task.status_message is None:
                await self._database.write(wishes.set_status_message, task.id, _UNKNOWN)
            message = await self._bot.send_message(
                text=text,
                reply_markup=keyboard,
                rate_limit_args=Urgency.GRANTED,
                **reply_options(task.place),
            )
            await self._database.write(wishes.set_status_message, task.id, message.message_id)

    async def _view(self, task: Task, watch: _Watch) -> View:
        seats, moment = self._seats.get(task.lane, 0), now()
        return View(
            task=task,
            title=self._catalog.title(task.request.model),
            effect=self._catalog.effect_title(task.request),
            free=self._tariff.is_free,
            now=moment,
            place=await self._database.read(lines.place, task, seats, moment),
            expected=await self._expected(task),
            progress=watch.progress,
            question=question_of(task, self._model(task)) if watch.asks else None,
        )

    def _model(self, task: Task) -> Capabilities | None:
        return self._catalog.model(task.request.model)

    async def _expected(self, task: Task) -> Expected:
        request = task.request
        model = self._model(task)
        past = await self._database.read(
            renders.past, request.model, request.resolution or "", request.seconds or 0
        )
        return expect(past, model.usual if model else 60.0)
