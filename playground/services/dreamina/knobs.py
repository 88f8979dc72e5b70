"""What a test turns to make the workbench refuse, fail, forget or expire."""

from typing import Any

from playground.services.dreamina.gate import Credit, Gate
from playground.services.dreamina.history import failure
from playground.services.dreamina.imagex import ImageX
from playground.services.dreamina.links import Links
from playground.services.dreamina.signing import ImageXError
from playground.services.dreamina.tokens import Tokens
from playground.services.studio import Studio


class Knobs:
    """`renders` of the studio have the history id as their id.

    Key invalid: `end_session`. Account in arrears: `credit.vip = 0` and so on with
    `switches.price`, or `refuse_next("1006", times=0)`. Throttled: `refuse_next("1057")`.
    Capability not opened: `refuse_next("3018")`. Moderation before: `refuse_next("2038")` or
    `fail(id, "2038")`; after: `fail(id, "2042")`. Lost: `lose`; deleted: `show(id, status=100)`.
    Link expired: `expire_links`, or `results[id] = Result(status=404)`. No video in a finished
    answer: `switches.video_place = "none"`.
    """

    gate: Gate
    imagex: ImageX
    links: Links
    studio: Studio
    tokens: Tokens

    @property
    def credit(self) -> Credit:
        return self.gate.credit

    def refuse_next(
        self, ret: str, errmsg: str = "", *, route: str = "generate", times: int = 1
    ) -> None:
        """Refuse the next well-formed calls of a route; with `times` 0 until `accept_again`."""
        self.gate.refuse(route, ret, errmsg, times)

    def accept_again(self) -> None:
        """Drop every refusal ordered, and a risk answer in force."""
        self.gate.accept_again()

    def risk(self, ret: str = "1019", seconds: float = 600.0) -> None:
        """Refuse all submits for a while; `gate.pressed` counts those that come meanwhile."""
        self.gate.begin_risk(ret, seconds)

    def end_session(self, session: str) -> None:
        """From now on this session is logged out: 1015, on commerce paths 34010105."""
        self.gate.sessions.discard(session)

    def restore_session(self, session: str) -> None:
        self.gate.sessions.add(session)

    def refuse_imagex_next(self, code: str, message: str = "refused") -> None:
        """The next well-signed apply or commit gets this error."""
        self.imagex.errors.append(ImageXError(code, message))

    def refuse_upload_next(self, message: str = "refused") -> None:
        """The next bytes are not taken."""
        self.imagex.upload_errors.append(message)

    def expire_links(self) -> None:
        """Every result address given so far gives 403; a new look gives a good one."""
        self.links.expire()

    def expire_credentials(self) -> None:
        """As if an hour had passed since every token call."""
        self.tokens.expire()

    def fail(
        self, history_id: str, code: str = "", message: str = "", *, status: int = 0, key: str = ""
    ) -> None:
        """End a job with status 10, 30 or 40; status and key follow from the code if not given."""
        self.studio.fail(history_id, code, message)
        found = self.studio.get(history_id)
        assert found is not None
        found.extra["failure"] = failure(code, message, status, key)

    def show(self, history_id: str, **fields: Any) -> None:
        """Lay these fields over a record, as `status=45` or `task={"status": 50}`."""
        found = self.studio.get(history_id)
        assert found is not None
        found.extra["shown"] |= fields

    def lose(self, history_id: str) -> None:
        """The record is gone for good."""
        self.studio.forget(history_id)
