"""Status messages: one per task, edited only on change and no faster than Telegram allows."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from weakref import WeakValueDictionary

import structlog
from telegram import Bot, InlineKeyboardMarkup
from telegram import error as telegram

from bot.pace import Pace
from bot.place import reply_options
from bot.status import View, draw
from bot.wire import is_unchanged, seconds_of
from core.states import State
from core.task import Task, TaskId
from jobs.estimate import Expected, expect
from jobs.ports import Progress, now
from providers.base import Catalog
from storage import lines, renders, tasks, wishes
from storage.database import Database

log = structlog.get_logger()

# Telegram counts edits as messages: about one a second in a chat, 20 a minute in a group, where
# half is left to answers and videos.
_PRIVATE_PACE, _GROUP_PACE = 1.1, 6.0  # seconds
_PRIVATE_PAUSE, _GROUP_PAUSE = 3.0, 15.0  # between two looks at the same task
_RETRY_PAUSE = 5.0
_LATE_EDITS = timedelta(days=1)  # how long after its end a status is still brought up to date


@dataclass(slots=True)
class _Watch:
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    progress: Progress | None = None
    shown: str = ""
    state: State | None = None  # the one that the shown text tells of
    pace: Pace | None = None
    gone: bool = False


class Board:
    """Keeps the status message of every task that runs here; survives restart and deletion."""

    def __init__(self, bot: Bot, database: Database, catalog: Catalog) -> None:
        self._bot = bot
        self._database = database
        self._catalog = catalog
        self._watches: dict[TaskId, _Watch] = {}
        self._paces: WeakValueDictionary[int, Pace] = WeakValueDictionary()
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

    def _pace(self, chat: int) -> Pace:
        pace = self._paces.get(chat)
        if pace is None:
            pace = self._paces[chat] = Pace(_PRIVATE_PACE if chat > 0 else _GROUP_PACE)
        return pace

    async def _follow(self, number: TaskId, watch: _Watch) -> None:
        try:
            while True:
                watch.changed.clear()
                task = await self._database.read(tasks.get, number)
                if task is None or task.place.silent:
                    return
                pace = watch.pace = watch.pace or self._pace(task.place.chat)
                if await self._is_behind(task, watch, pace):
                    async with pace.turn():
                        # Others had their turns meanwhile: what is said is how it stands now.
                        task = await self._update(number, watch, pace)
                    if task is None:
                        continue
                if task.is_final:
                    await self._database.write(wishes.set_status_message, number, None)
                    return
                pause = _PRIVATE_PAUSE if task.place.chat > 0 else _GROUP_PAUSE
                await asyncio.sleep(pause)
                # Nothing new: look again all the same, for the seconds go by.
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await watch.changed.wait()
        finally:
            self._watches.pop(number, None)

    async def _is_behind(self, task: Task, watch: _Watch, pace: Pace) -> bool:
        """Whether there is something to say, and something worth a turn of a busy chat."""
        if watch.gone:
            return False
        if pace.is_taken and watch.state is task.state:
            return False  # only seconds and places went by
        text, _ = draw(await self._view(task, watch))
        return text != watch.shown

    async def _update(self, number: TaskId, watch: _Watch, pace: Pace) -> Task | None:
        """Send or edit once, and remember what is shown.

        Gives the task as it was drawn, None where it must be tried again.
        """
        task = await self._database.read(tasks.get, number)
        if task is None:
            return None
        text, keyboard = draw(await self._view(task, watch))
        try:
            await self._put(task, text, keyboard)
        except telegram.RetryAfter as error:
            pace.rest(seconds_of(error))
            return None
        except (telegram.BadRequest, telegram.Forbidden) as error:
            # Deleted or blocked: the status dies with it, the task does not.
            watch.gone = not is_unchanged(error)
            log.info("status refused", task=task.id, reason=error.message)
        except telegram.TelegramError as error:
            log.info("status later", task=task.id, reason=error.message)
            pace.rest(_RETRY_PAUSE)
            return None
        watch.shown, watch.state = text, task.state
        return task

    async def _put(self, task: Task, text: str, keyboard: InlineKeyboardMarkup | None) -> None:
        if task.status_message is not None:
            await self._bot.edit_message_text(
                text,
                chat_id=task.place.chat,
                message_id=task.status_message,
                reply_markup=keyboard,
            )
        elif not task.is_final:
            message = await self._bot.send_message(
                text=text, reply_markup=keyboard, **reply_options(task.place)
            )
            await self._database.write(wishes.set_status_message, task.id, message.message_id)

    async def _view(self, task: Task, watch: _Watch) -> View:
        return View(
            task=task,
            now=now(),
            ahead=await self._database.read(lines.ahead, task),
            expected=await self._expected(task),
            progress=watch.progress,
        )

    async def _expected(self, task: Task) -> Expected:
        request = task.request
        model = self._catalog.model(request.model)
        past = await self._database.read(
            renders.past, request.model, request.resolution or "", request.seconds or 0
        )
        return expect(past, model.usual if model else 60.0)
