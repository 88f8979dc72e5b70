"""What stands between a well-formed call and its acceptance: sessions, refusals, limits, credits."""

from dataclasses import dataclass, field

from playground.services.dreamina import refusals
from playground.services.dreamina.refusals import RISKS, RefusedError
from playground.services.dreamina.switches import Switches
from playground.services.studio import ENDED, Studio


@dataclass(slots=True, kw_only=True)
class _Ordered:
    """A refusal ordered in advance; `times` 0 means until `accept_again`."""

    route: str
    ret: str
    errmsg: str
    times: int


@dataclass(slots=True, kw_only=True)
class Credit:
    gift: int = 66
    purchase: int = 0
    vip: int = 0

    @property
    def total(self) -> int:
        return self.gift + self.purchase + self.vip


@dataclass(slots=True)
class Gate:
    """`pressed` counts the submits that came while a risk answer was still in force."""

    sessions: set[str]
    switches: Switches
    studio: Studio
    credit: Credit = field(default_factory=Credit)
    pressed: int = 0
    _ordered: list[_Ordered] = field(default_factory=list)
    _risk: tuple[str, float] = ("", 0.0)
    _last_submit: float | None = None

    def refuse(self, route: str, ret: str, errmsg: str, times: int) -> None:
        self._ordered.append(_Ordered(route=route, ret=ret, errmsg=errmsg, times=times))

    def accept_again(self) -> None:
        self._ordered.clear()
        self._risk = ("", 0.0)

    def begin_risk(self, ret: str, seconds: float) -> None:
        if ret not in RISKS:
            raise ValueError(f"{ret} is no risk answer")
        self._risk = (ret, self.studio.clock() + seconds)

    def check_session(self, session: str, logged_out: str) -> None:
        if session not in self.sessions:
            raise RefusedError(logged_out)

    def check_ordered(self, route: str) -> None:
        for one in self._ordered:
            if one.route == route:
                one.times -= 1
                if not one.times:
                    self._ordered.remove(one)
                raise RefusedError(one.ret, one.errmsg)

    def check_submit(self, session: str) -> None:
        """All that may refuse a well-formed generate call; a pass takes the price."""
        now = self.studio.clock()
        ret, until = self._risk
        if now < until:
            self.pressed += 1
            raise RefusedError(ret)
        last, self._last_submit = self._last_submit, now
        if last is not None and now - last < self.switches.gap:
            raise RefusedError(refusals.BUSY)
        busy = sum(one.key == session and one.stage not in ENDED for one in self.studio.renders)
        if busy >= self.switches.at_once:
            raise RefusedError(refusals.TOO_MANY)
        if self.credit.total < self.switches.price:
            raise RefusedError(refusals.NO_CREDITS)
        self._pay(self.switches.price)

    def _pay(self, price: int) -> None:
        """Gifts first; whether a failed job is paid back is unknown: it is not."""
        for purse in ("gift", "purchase", "vip"):
            part = min(price, getattr(self.credit, purse))
            setattr(self.credit, purse, getattr(self.credit, purse) - part)
            price -= part
