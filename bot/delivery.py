"""Sending what a task came to: the video with its receipt, or the reason why there is none."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
)
from telegram import error as telegram
from telegram.ext import ExtBot

from bot.board import Board
from bot.outbound import Urgency
from bot.outlets import Outlet, Outlets
from bot.receipts import Receipts
from bot.refusals import Refusal, refusal_of
from bot.reports import Reports
from bot.results import keyboard, keyboard_of_failed
from bot.tariff import NOT_CHARGED, Tariff, charged
from bot.translations import translate
from bot.wire import delivering
from core.errors import DeliveryError, StorageError, UnsuitableError
from core.task import Task, TaskId
from core.words import Sentence, Text, say
from jobs.ports import Clip, Front, Progress, Way, now
from storage import accounts, media
from storage.database import Database

log = structlog.get_logger()

_SOON = timedelta(seconds=5)
_UPLOAD_TIMEOUT = 300  # seconds: Telegram answers only after it has taken the video in
_MEGABYTE = 1_000_000
_MESSAGE = 4096  # characters that Telegram takes in a message


class Delivery(Front):
    """The Telegram side of `jobs.ports.Front`; `link` gives a file of "video:12" an address."""

    def __init__(
        self,
        bot: ExtBot[Any],
        board: Board,
        database: Database,
        receipts: Receipts,
        tariff: Tariff,
        *,
        link: Callable[[str, Path], str] | None = None,
        reports: Reports,
    ) -> None:
        self._bot = bot
        self._board = board
        self._database = database
        self._receipts = receipts
        self._tariff = tariff
        self._catalog = tariff.catalog
        self._outlets = Outlets(database)
        self._link = link
        self._reports = reports

    async def deliver(self, task: Task, clip: Clip, way: Way = Way.VIDEO) -> Mapping[str, Any]:
        async def send(outlet: Outlet) -> Message:
            match way:
                case Way.VIDEO:
                    return await self._send_video(task, clip, outlet)
                case Way.DOCUMENT:
                    return await self._send_document(task, clip, outlet)
                case Way.LINK:
                    return await self._send_link(task, clip, outlet)

        try:
            with delivering():
                message = await self._outlets.send(task, send)
        except (OSError, StorageError) as error:
            raise DeliveryError(str(error), retry_in=_SOON) from error  # nothing was sent
        except DeliveryError as error:
            await self._tell_of_puzzles(task, error)
            raise
        log.info("delivered", task=task.id, way=way.value, message=message.message_id)
        # Large groups put a video off until it is encoded: number 0 names no message.
        sent = {"chat": message.chat_id, "message": message.message_id or None}
        return {**sent, "file_id": _file_id(message)}

    async def _send_video(self, task: Task, clip: Clip, outlet: Outlet) -> Message:
        caption = await self._receipts.write(task, *outlet.notes)
        poster = clip.poster.read_bytes()
        with clip.video.open("rb") as video:
            return await self._bot.send_video(
                video=_upload(task, video),
                caption=caption,
                width=clip.width,
                height=clip.height,
                duration=round(clip.seconds),
                thumbnail=poster,
                supports_streaming=True,
                reply_markup=keyboard(task, self._catalog, outlet.place.chat),
                write_timeout=_UPLOAD_TIMEOUT,
                read_timeout=_UPLOAD_TIMEOUT,
                rate_limit_args=Urgency.RESULT,
                **outlet.options,
            )

    async def _send_document(self, task: Task, clip: Clip, outlet: Outlet) -> Message:
        caption = await self._receipts.write(task, *outlet.notes)
        with clip.video.open("rb") as video:
            return await self._bot.send_document(
                document=_upload(task, video),
                caption=caption,
                disable_content_type_detection=True,  # else Telegram makes a video of it again
                reply_markup=keyboard(task, self._catalog, outlet.place.chat),
                write_timeout=_UPLOAD_TIMEOUT,
                read_timeout=_UPLOAD_TIMEOUT,
                rate_limit_args=Urgency.RESULT,
                **outlet.options,
            )

    async def _send_link(self, task: Task, clip: Clip, outlet: Outlet) -> Message:
        until = await self._database.read(media.kept_until, clip.video.name)
        if self._link is None or until is None or until <= now():
            raise UnsuitableError("no way is left")
        offer = say(
            "It has {size} MB, more than Telegram takes from a bot. "
            "Download it here until {day}:\n{address}",
            size=round(clip.size / _MEGABYTE),
            day=f"{until:%Y-%m-%d}",
            address=self._link(f"video:{task.id}", clip.video),
        )
        return await self._bot.send_message(
            text=await self._receipts.write(task, *outlet.notes, offer, limit=_MESSAGE),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_markup=keyboard(task, self._catalog, outlet.place.chat),
            rate_limit_args=Urgency.RESULT,
            **outlet.options,
        )

    async def ask_whether_arrived(self, task: Task) -> None:
        sentence = say(
            "📤 The connection broke while video <b>{number}</b> was being sent. If it is not "
            "here, press the button, and I send it again.",
            number=task.id,
        )
        language = task.place.language
        buttons = _button(task, say("Send again"), f"resend:{task.id}")
        await self._say(task, translate(sentence, language), buttons)

    async def tell_end(self, task: Task, reason: Sentence, *, again: bool) -> None:
        buttons = keyboard_of_failed(task, self._catalog, again=again)
        head = say("❌ Video <b>{number}</b> was not made.", number=task.id)
        if task.is_made:
            head = say("❌ Video <b>{number}</b> was made but could not be sent.", number=task.id)
        lines = [head, reason, *self._charge(task)]
        if task.place.silent:
            channel = await self._database.read(accounts.get, task.place.chat)
            title = channel.name if channel else ""
            name = say("Channel {title} ({chat})", title=title, chat=task.place.chat)
            await self.report(say("{name}: {finding}", name=name, finding=head), *lines[1:])
            return
        text = "\n".join(translate(line, task.place.language) for line in lines)
        await self._say(task, text, buttons)

    def _charge(self, task: Task) -> list[Sentence]:
        """What the end of a task says of its credits: work that was done is charged."""
        if not task.facts.get("failure", {}).get("charged"):
            return [] if self._tariff.is_free else [NOT_CHARGED]
        return [charged(task.cost)] if task.cost else []

    async def report(self, *lines: Text) -> None:
        await self._reports.tell(*lines)

    def show(self, task: TaskId, progress: Progress | None = None) -> None:
        self._board.show(task, progress)

    async def _tell_of_puzzles(self, task: Task, error: DeliveryError) -> None:
        """A refusal that nobody has foreseen is our mistake: the owners learn of it."""
        cause = error.__cause__
        if isinstance(cause, telegram.BadRequest) and refusal_of(cause) is Refusal.OTHER:
            text = say(
                "Telegram refuses video {number}: {reason}", number=task.id, reason=cause.message
            )
            await self.report(text)

    async def _say(self, task: Task, text: str, buttons: InlineKeyboardMarkup | None) -> None:
        async def send(outlet: Outlet) -> Message:
            notes = [translate(note, task.place.language) for note in outlet.notes]
            return await self._bot.send_message(
                text="\n".join([*notes, text]), reply_markup=buttons, **outlet.options
            )

        with delivering():
            await self._outlets.send(task, send)


def _upload(task: Task, video: Any) -> InputFile:
    return InputFile(video, filename=f"firstframe-{task.id}.mp4", read_file_handle=False)


def _button(task: Task, label: Sentence, data: str) -> InlineKeyboardMarkup:
    text = translate(label, task.place.language)
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data)]])


def _file_id(message: Message) -> str | None:
    # A video may come back as an animation (no sound) or be queued for encoding (neither).
    sent = message.video or message.animation or message.document
    return sent.file_id if sent else None
