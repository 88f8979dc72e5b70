"""Sending what a task came to: the video with its receipt, or the reason why there is none."""

import html
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    Message,
)
from telegram import error as telegram

from bot.board import Board
from bot.place import reply_options
from bot.results import keyboard, keyboard_of_failed
from bot.status import summary
from bot.translations import translate
from bot.wire import delivering
from core.access import Policy
from core.credits import day_of
from core.errors import DeliveryError, StorageError
from core.task import Task, TaskId
from core.words import Sentence, say
from jobs.ports import Clip, Front, Progress, now
from providers.base import Catalog
from storage import ledger
from storage.database import Database

log = structlog.get_logger()

_REPORTS = timedelta(hours=1)
_SOON = timedelta(seconds=5)
_UPLOAD_TIMEOUT = 300  # seconds: Telegram answers only after it has taken the video in


class Delivery(Front):
    """The Telegram side of `jobs.ports.Front`."""

    def __init__(
        self,
        bot: Bot,
        board: Board,
        database: Database,
        catalog: Catalog,
        policy: Policy,
        *,
        owners: Collection[int] = (),
    ) -> None:
        self._bot = bot
        self._board = board
        self._database = database
        self._catalog = catalog
        self._policy = policy
        self._owners = owners
        self._reported: dict[str, datetime] = {}

    async def deliver(self, task: Task, clip: Clip) -> Mapping[str, Any]:
        try:
            caption, poster = await self.receipt(task), clip.poster.read_bytes()
        except (OSError, StorageError) as error:
            raise DeliveryError(str(error), retry_in=_SOON) from error  # nothing was sent yet
        with clip.video.open("rb") as video, delivering():
            message = await self._bot.send_video(
                video=InputFile(
                    video, filename=f"firstframe-{task.id}.mp4", read_file_handle=False
                ),
                caption=caption,
                width=clip.width,
                height=clip.height,
                duration=round(clip.seconds),
                thumbnail=poster,
                supports_streaming=True,
                reply_markup=keyboard(task, self._catalog),
                write_timeout=_UPLOAD_TIMEOUT,
                read_timeout=_UPLOAD_TIMEOUT,
                **reply_options(task.place),
            )
        log.info("delivered", task=task.id, message=message.message_id)
        return {"message": message.message_id, "file_id": _file_id(message)}

    async def ask_whether_arrived(self, task: Task) -> None:
        sentence = say(
            "📤 The connection broke while video <b>{number}</b> was being sent. "
            "If it is not here, press the button: sending it again is free.",
            number=task.id,
        )
        await self._send(task, sentence, _button(task, say("Send again"), f"resend:{task.id}"))

    async def tell_end(self, task: Task, reason: Sentence, *, again: bool) -> None:
        buttons = keyboard_of_failed(task, self._catalog, again=again)
        language = task.place.language
        head = translate(say("❌ Video <b>{number}</b> was not made.", number=task.id), language)
        tail = translate(say("Nothing was charged."), language)
        why = translate(reason, language)
        text = f"{head}\n{why}" if tail in why else f"{head}\n{why} {tail}"
        with delivering():
            await self._bot.send_message(
                text=text, reply_markup=buttons, **reply_options(task.place)
            )

    async def report(self, text: str) -> None:
        """Tell the owners; the same matter once an hour."""
        moment = now()
        if moment - self._reported.get(text, moment - _REPORTS) < _REPORTS:
            return
        self._reported[text] = moment
        log.warning("for the owners", text=text)
        for chat in self._owners:
            try:
                await self._bot.send_message(chat, html.escape(text, quote=False))
            except telegram.TelegramError as error:
                log.warning("owner not reached", chat=chat, reason=error.message)

    def show(self, task: TaskId, progress: Progress | None = None) -> None:
        self._board.show(task, progress)

    async def receipt(self, task: Task) -> str:
        """The caption of a result: what it is, what it cost, what is left, and its number."""
        request, language = task.request, task.place.language
        balance = await self._database.read(
            ledger.balance, self._policy, task.account, day_of(now())
        )
        lines = [
            summary(request),
            say(
                "Video <b>{number}</b>: {cost} credits, {left} left.",
                number=task.id,
                cost=task.cost,
                left=balance.free,
            ),
        ]
        model = self._catalog.model(request.model)
        if model and model.ai:
            lines.append(say("🤖 Made by AI: {title}.", title=model.title))
        if model and not model.ai:
            lines.append(say("Camera moves drawn by this bot itself; no AI model was used."))
        if model and request.audio and not model.lips:
            lines.append(say("The picture moves with the sound; the lips do not."))
        return "\n".join(translate(line, language) for line in lines)

    async def _send(
        self, task: Task, sentence: Sentence, buttons: InlineKeyboardMarkup | None
    ) -> None:
        with delivering():
            await self._bot.send_message(
                text=translate(sentence, task.place.language),
                reply_markup=buttons,
                **reply_options(task.place),
            )


def _button(task: Task, label: Sentence, data: str) -> InlineKeyboardMarkup:
    text = translate(label, task.place.language)
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data)]])


def _file_id(message: Message) -> str | None:
    # A video may come back as an animation (no sound) or be queued for encoding (neither).
    sent = message.video or message.animation or message.document
    return sent.file_id if sent else None
