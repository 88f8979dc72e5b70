"""Finding an order whose answer was lost: the list of tasks, and the words of each candidate."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import httpx

from core.errors import ProviderError, UncertainError
from providers.base import Order, Trace
from providers.dashscope.replies import Page, Reply
from providers.web.wire import SOON, parse

_WINDOW = timedelta(minutes=10)
_SKEW = timedelta(seconds=5)
_PAGE = 100


async def search(
    ask: Callable[..., Awaitable[httpx.Response]], name: str, order: Order, trace: Trace
) -> Sequence[str]:
    """Tasks of the same model, moment and words; without words none can be told apart.

    The list has no words and no mark of ours, so every candidate is looked at.
    """
    found = await _listed(ask, name, trace)
    words = order.request.prompt if order.request.effect is None else ""
    if found and not words:
        raise UncertainError("orders without words cannot be told apart")
    replies = await asyncio.gather(*(ask(f"tasks/{task}") for task in found))
    tasks = [parse(Reply, reply).output for reply in replies]
    return [task.task_id for task in tasks if task and task.orig_prompt == words]


async def _listed(
    ask: Callable[..., Awaitable[httpx.Response]], name: str, trace: Trace
) -> list[str]:
    earliest, latest = trace.since - _SKEW, trace.since + _WINDOW
    found: list[str] = []
    number, pages = 1, 1
    while number <= pages:
        query = {"page_no": number, "page_size": _PAGE, "model_name": name}
        reply = await ask("tasks", params=query)
        if not reply.is_success:
            raise ProviderError(f"the list gave HTTP {reply.status_code}", retry_in=SOON)
        page = parse(Page, reply)
        pages, number = page.total_page, number + 1
        found += [
            one.task_id
            for one in page.data
            if earliest <= datetime.fromtimestamp(one.gmt_create / 1000, UTC) <= latest
        ]
    return found
