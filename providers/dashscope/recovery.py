"""Finding an order whose answer was lost: the list of tasks, and the words of each candidate."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import httpx
from pydantic import ValidationError

from core.errors import ProviderError, UncertainError
from providers.base import Order, Pending, Trace
from providers.dashscope.replies import Page, Reply
from providers.web.wire import parse

_WINDOW = timedelta(minutes=10)
_SKEW = timedelta(minutes=2)  # between its clock and ours: an order missed here is paid twice
_PAGE = 100
_LATER = timedelta(minutes=1)
_ENDED = {"SUCCEEDED", "FAILED", "CANCELED"}

Ask = Callable[..., Awaitable[httpx.Response]]
Free = Callable[[str], Awaitable[bool]]


async def search(
    ask: Ask, name: str, order: Order, trace: Trace, is_free: Free
) -> Sequence[str] | Pending:
    """Tasks of the same model, moment and words; without words none can be told apart.

    The list has no words and no mark of ours, so every candidate is looked at. Pending while one
    is unfinished: the words come with the end.
    """
    found = [task for task in await _listed(ask, name, trace) if await is_free(task)]
    words = order.request.prompt if order.request.effect is None else ""
    if found and not words:
        raise UncertainError("orders without words cannot be told apart")
    told = {task: await _words(ask, task) for task in found}
    if any(isinstance(one, Pending) for one in told.values()):
        return Pending()
    alike = [task for task in found if told[task] == words]
    if alike and await trace.has_rival():
        raise UncertainError("another order with the same words may have been taken instead")
    return alike


def is_ended(reply: httpx.Response) -> bool:
    """Whether a look shows a task that will not change any more."""
    try:
        output = Reply.model_validate_json(reply.content).output
    except ValidationError:
        return False
    return bool(reply.is_success and output and output.task_status in _ENDED)


async def _words(ask: Ask, task: str) -> str | Pending | None:
    """The words of a candidate; None for one that has none, or that failed and is not billed."""
    reply = await ask(f"tasks/{task}")
    output = parse(Reply, reply).output if reply.is_success else None
    # One that is listed is there, whatever a look says: it may be the order.
    if output is None or output.task_status in {"", "UNKNOWN"}:
        raise ProviderError(f"a candidate gave HTTP {reply.status_code}", retry_in=_LATER)
    if output.orig_prompt is None and output.task_status not in _ENDED:
        return Pending()
    return output.orig_prompt


async def _listed(ask: Ask, name: str, trace: Trace) -> list[str]:
    earliest, latest = trace.since - _SKEW, trace.since + _WINDOW
    found: list[str] = []
    number, pages = 1, 1
    while number <= pages:
        query = {"page_no": number, "page_size": _PAGE, "model_name": name}
        reply = await ask("tasks", params=query)
        if not reply.is_success:
            raise ProviderError(f"the list gave HTTP {reply.status_code}", retry_in=_LATER)
        page = parse(Page, reply)
        pages, number = page.total_page, number + 1
        found += [
            one.task_id
            for one in page.data
            if earliest <= datetime.fromtimestamp(one.gmt_create / 1000, UTC) <= latest
        ]
    # An order that came in between two pages moves the last line of one to the next.
    return list(dict.fromkeys(found))
