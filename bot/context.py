"""What handlers are given: the bot's tools, and who is speaking where."""

from dataclasses import dataclass, field
from typing import Any

from telegram.ext import CallbackContext, ExtBot

from bot.board import Board
from bot.broadcasting import Broadcasting
from bot.delivery import Delivery
from bot.drafting import Drafting
from bot.live import Live
from bot.ordering import Ordering
from bot.owners import OwnersChat
from bot.reports import Reports
from bot.settings import Settings
from bot.tariff import Tariff
from bot.tidying import Tidying
from core.access import Policy
from jobs.dispatcher import Dispatcher
from jobs.worker import Worker
from jobs.workshop import Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Everything a handler may need, built once in `bot.wiring`."""

    settings: Settings
    policy: Policy
    workshop: Workshop
    dispatcher: Dispatcher
    worker: Worker
    board: Board
    delivery: Delivery
    ordering: Ordering
    drafting: Drafting
    live: Live
    broadcasting: Broadcasting
    reports: Reports
    owners: OwnersChat
    tariff: Tariff
    tidying: Tidying
    failures: dict[int, Exception] = field(default_factory=dict)
    resending: set[int] = field(default_factory=set)


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The library's context, with our tools in reach."""

    @property
    def tools(self) -> Tools:
        tools: Tools = self.bot_data["tools"]
        return tools
