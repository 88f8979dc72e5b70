"""Status messages: one per task, edited only on change and no faster than Telegram allows."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from telegram import Bot, InlineKeyboardMarkup
from telegram import error as telegram

from bot.place import reply_options
from bot.status import View, draw
from bot.wire import is_unchanged
from core.task import Task, TaskId
from jobs.estimate import Expected, expect
from jobs.ports import Progress, now
from providers.base import Catalog
from storage import renders, tasks, wishes
from storage.database import Database

log = structlog.get_logger()

# Telegram counts edits as messages: about one a second in a chat, 20 a minute in a group.
_PRIVATE_PAUSE, _GROUP_PAUSE = 3.0, 15.0
_RETRY_PAUSE = 5.0
_LATE_EDITS = timedelta(days=1)  # how long after its end a status is still brought up to date


@dataclass(slots=True)
class _Watch:
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    progress: Progress | None = None
    shown: str = ""
    gone: bool = False


class Board:
    """Keeps the status message of every task that runs here; survives restart and deletion."""

    def __init__(self, bot: Bot, database: Database, catalog: Catalog) -> None:
        self._bot = bot
        self._database = database
        self._catalog = catalog
        self._watches: dict[TaskId, _Watch] = {}
        self._work: set[asyncio.Task[None]] = set()

    def show(self, task: TaskId, progress: Progress | None = None) -> None:
        """Let a task's status message catch up, soon; the newest progress counts."""
        watch = self._watches.get(task)
        if watch is None:
            watch = self._watches[task] = _Watch()
            work = asyncio.create_task(self._follow(task, watch), name=f"status {task}")
            self._work.add(work)
            work.add_done_callback(self._work.discard)
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

    async def _follow(self, number: TaskId, watch: _Watch) -> None:
        try:
            while True:
                watch.changed.clear()
                task = await self._database.read(tasks.get, number)
                if task is None:
                    return
                refused_for = await self._update(task, watch)
                if refused_for is not None:
                    await asyncio.sleep(refused_for)
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

    async def _update(self, task: Task, watch: _Watch) -> float | None:
        """Send or edit once; gives the seconds to wait before trying again, if it must."""
        text, keyboard = draw(await self._view(task, watch))
        if watch.gone or text == watch.shown:
            return None
        try:
            await self._put(task, text, keyboard)
        except telegram.RetryAfter as error:
            wait = error.retry_after
            return float(wait if isinstance(wait, int | float) else wait.total_seconds())
        except (telegram.BadRequest, telegram.Forbidden) as error:
            # Deleted or blocked: the status dies with it, the task does not.
            watch.gone = not is_unchanged(error)
            log.info("status refused", task=task.id, reason=error.message)
        except telegram.TelegramError as error:
            log.info("status later", task=task.id, reason=error.message)
            return _RETRY_PAUSE
        watch.shown = text
        return None

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
            ahead=await self._database.read(tasks.ahead, task),
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
