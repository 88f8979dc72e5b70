"""The Jimeng web workbench: upload, order, look and find, as its own page does them.

For the owner's own account only: one session, one video at a time, and an order that may have
been taken is never placed again.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

import structlog

from core.errors import AccountError, SettingsError, ThrottledError
from core.words import say
from providers import verdicts
from providers.base import (
    Answer,
    Blame,
    Found,
    Kit,
    Lost,
    Order,
    Pending,
    Ready,
    Refused,
    RemoteId,
    Trace,
)
from providers.dreamina import codes
from providers.dreamina.caution import REST, Sightings, Warnings
from providers.dreamina.drafts import STYLES, Style
from providers.dreamina.imagex_replies import IMAGEX, TokenReply
from providers.dreamina.records import (
    DELETED,
    DONE,
    FINAL,
    PARTLY,
    HistoryReply,
    Record,
    TakenReply,
)
from providers.dreamina.uploads import ImageX, patiently
from providers.dreamina.workbench import AID, GENERATE, HISTORY, OK, SITE, TOKEN, Reply, Workbench
from providers.health import Check
from providers.web.accounts import Account, Clock
from providers.web.keyed import Keyed
from providers.web.wire import parse

log = structlog.get_logger()

_PICTURES = 2  # the site's number for its picture store


class Dreamina(Keyed):
    """A photo and words become a video."""

    name = "dreamina"
    running = 1
    per_second: ClassVar[float] = 0.1
    looks_per_second: ClassVar[float] = 2
    can_find = True

    def __init__(
        self,
        kit: Kit,
        session: str,
        *,
        base: str = SITE,
        store: str | None = None,
        style: Style = STYLES["i2v"],
        clock: Clock = time.monotonic,
    ) -> None:
        super().__init__(kit, [(session,)])
        self.models = (style.model,)
        self._style = style
        self._plain = base.startswith("http:")
        self._bench = Workbench(web=kit.web, base=base, version=style.version, session=session)
        self._store = ImageX(web=kit.web, address=store)
        self._warnings = Warnings(self.accounts, clock)
        self._sightings = Sightings(clock)

    async def order(self, account: Account, order: Order) -> str | Refused:
        """Upload, then order; the task is named by both ids, each of which it can be found by."""
        assert order.first
        reply, response = await patiently(partial(self._bench.call, TOKEN, {"scene": _PICTURES}))
        if reply.ret != OK:
            return self._judge(account, reply)
        token = parse(TokenReply, response).data
        picture = await self._store.upload(token, order.first)
        if isinstance(picture, Refused):
            return picture
        body = self._style.make(order, picture)
        reply, response = await self._bench.call(GENERATE, body, paid=True)
        if reply.ret != OK:
            return self._judge(account, reply)
        self._warnings.forget()
        return f"{parse(TakenReply, response, paid=True).id}/{order.key}"

    async def ask(self, account: Account, task: str, order: Order) -> Answer:  # noqa: ARG002
        record = await self._record(account, *task.split("/", 1))
        if record is None:
            return self._sightings.missing(task)
        self._sightings.seen(task)
        stage, url = record.stage, record.video(plain=self._plain)
        if stage in {DONE, PARTLY} and url:
            return Ready(url=url)
        if stage not in FINAL:
            return Pending(ahead=record.ahead)
        if stage == DONE:
            return self._sightings.empty(task)
        return Lost() if stage == DELETED else self._failure(account, record)

    async def search(self, account: Account, order: Order, trace: Trace) -> Sequence[str]:  # noqa: ARG002
        """By our own id of the order, which no other one has."""
        record = await self._record(account, "", order.key)
        return [f"{record.history_record_id or ''}/{order.key}"] if record else []

    async def find(self, order: Order, trace: Trace) -> Found:
        """What the site does not know is given up, never ordered a second time."""
        # Whichever session placed it: a new one is the same account's.
        found = await super().find(order, replace(trace, account=None))
        reason = say("The service does not know this video. Please try again.")
        return found or Refused(blame=Blame.BUSY, reason=reason)

    def revive(self, key: str | None = None) -> int:
        """What was given up comes back; a rest goes on, for pressing on loses accounts."""
        return self.accounts.revive(key, rests=False)

    async def check(self, patience: float = 15.0) -> tuple[Check, ...]:  # noqa: ARG002
        """Nothing is asked: the site is known to warn of accounts that ask for their credits."""
        text = say("not asked: what could be asked often brings a warning of the site")
        return tuple(Check(ok=None, text=text, key=one.id) for one in self.accounts.all())

    async def _record(self, account: Account, history: str, submit: str) -> Record | None:
        if account.retired == codes.SESSION_EXPIRED:
            raise AccountError(account.retired, retry_in=REST)
        field, asked = ("history_ids", history) if history else ("submit_ids", submit)
        body = {field: [asked], "http_common_info": {"aid": AID}}
        reply, response = await self._bench.call(HISTORY, body)
        if reply.ret == OK:
            return parse(HistoryReply, response).record(asked)
        if reply.ret in codes.RISK:
            self._warnings.heed(account, f"ret {reply.ret}")
            raise ThrottledError(f"risk warning (ret {reply.ret})", retry_in=REST)
        raise codes.failed_look(reply)

    def _judge(self, account: Account, reply: Reply) -> Refused:
        log.warning("refused", provider=self.name, answer=codes.describe(reply))
        if reply.ret in codes.RISK:
            raise self._warnings.heed(account, f"ret {reply.ret}")
        return codes.judge(reply)

    def _failure(self, account: Account, record: Record) -> Refused:
        if codes.is_risk(record.code, record.key):
            owners = f"Dreamina: {self._warnings.heed(account, record.code or 'risk control')}"
            return Refused(blame=Blame.ACCOUNT, reason=verdicts.OURS, owners=owners)
        return codes.failure(record.stage, record.code, record.key)

    def _owner(self, remote: RemoteId) -> tuple[Account | None, str]:
        """A new session is the same account's: it sees what the old one has ordered."""
        return self.accounts.all()[0], remote.partition(":")[2]


def build(kit: Kit) -> Dreamina | None:
    """On with DREAMINA_SESSIONID; raises SettingsError for what is no session or no known style."""
    session = kit.environment.get("DREAMINA_SESSIONID", "").strip()
    if not session:
        return None
    if not re.fullmatch(r"[A-Za-z0-9._%~-]+", session):
        raise SettingsError("DREAMINA_SESSIONID: must be one session id, the cookie's value alone")
    style = kit.environment.get("DREAMINA_DRAFT_STYLE", "").strip() or "i2v"
    if style not in STYLES:
        raise SettingsError(f"DREAMINA_DRAFT_STYLE: must be one of {', '.join(STYLES)}")
    base = kit.address("DREAMINA_BASE_URL", SITE)
    store = kit.address("DREAMINA_IMAGEX_URL", IMAGEX)
    is_set = bool(kit.environment.get("DREAMINA_IMAGEX_URL", "").strip())
    return Dreamina(kit, session, base=base, store=store if is_set else None, style=STYLES[style])
