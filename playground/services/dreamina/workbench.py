"""The calls of the workbench host as plain functions from a request to the `data` of its answer."""

import secrets
from collections.abc import Callable
from typing import Any

from playground.services.dreamina import envelope, refusals
from playground.services.dreamina.call import Call
from playground.services.dreamina.envelope import session_of
from playground.services.dreamina.gate import Gate
from playground.services.dreamina.generate import accepted, queue_info, read_submission
from playground.services.dreamina.history import count_look, place_in, placed, read_look, record
from playground.services.dreamina.refusals import RefusedError, answer, refusal
from playground.services.dreamina.shapes import ShapeError, check
from playground.services.dreamina.spoiling import blank, with_numbers
from playground.services.dreamina.switches import Switches
from playground.services.dreamina.tokens import SCENE_PICTURE, Tokens
from playground.services.dreamina.uploads import Uploads
from playground.services.studio import Render, Stage, Studio

TOKEN = "/mweb/v1/get_upload_token"  # noqa: S105  # a path
GENERATE = "/mweb/v1/aigc_draft/generate"
HISTORY = "/mweb/v1/get_history_by_ids"
QUEUE = "/mweb/v1/get_history_queue_info"
CREDITS = "/commerce/v1/benefits/user_credit"


class Workbench:
    """`link` gives the address of a job's video."""

    def __init__(
        self,
        *,
        switches: Switches,
        gate: Gate,
        studio: Studio,
        tokens: Tokens,
        uploads: Uploads,
        link: Callable[[Render], str],
    ) -> None:
        self._switches = switches
        self._gate = gate
        self._studio = studio
        self._tokens = tokens
        self._uploads = uploads
        self._link = link

    def reply(
        self, route: str, work: Callable[[Call], dict[str, Any]], call: Call
    ) -> dict[str, Any]:
        """The whole answer of one of the methods below, also where it refuses."""
        now = self._studio.clock()
        try:
            reply = answer(work(call), now)
        except RefusedError as refused:
            reply = refusal(refused, now)
        if self._switches.numbers:
            reply = with_numbers(reply)
        for path in self._switches.nulls:
            if path.startswith(f"{route}:"):
                blank(reply, path.partition(":")[2])
        return reply

    def token(self, call: Call, imagex_host: str) -> dict[str, Any]:
        session = self._enter(call)
        envelope.check_token(call, self._switches, self._studio.clock())
        _check_body(call, {"scene": SCENE_PICTURE})
        self._gate.check_ordered("token")
        return self._tokens.issue(session, imagex_host, self._studio.clock())

    def generate(self, call: Call) -> dict[str, Any]:
        session = self._enter(call)
        envelope.check_generate(call, self._switches, self._studio.clock())
        order = read_submission(call, self._switches, self._uploads, session)
        body = call.json() or {}
        # What a second submit does is unknown; a refusal is stricter than the same record.
        if any(one.extra["submit_id"] == body["submit_id"] for one in self._studio.renders):
            raise RefusedError(refusals.INVALID, detail="submit_id was used before")
        self._gate.check_ordered("generate")
        self._gate.check_submit(session)
        render = self._studio.take(
            str(7 * 10**18 + secrets.randbelow(10**18)),
            session,
            {
                "prompt": order.prompt,
                "seconds": order.seconds,
                "ratio": order.ratio,
                "resolution": order.resolution,
                "pictures": order.pictures,
                "model": order.model,
            },
            submit_id=body["submit_id"],
            draft_content=body["draft_content"],
            looks=0,
            done_looks=0,
            shown={},
        )
        return accepted(render, self._switches.id_place)

    def history(self, call: Call) -> dict[str, Any]:
        session = self._enter(call)
        envelope.check_history(call, self._switches, self._studio.clock())
        field, asked, batch = read_look(call)
        self._gate.check_ordered("history")
        records = {}
        for name in asked:
            render = self._find(session, field, name)
            if render is None:
                continue
            count_look(render)
            if render.extra["looks"] > self._switches.missing_looks:
                waiting = self._waiting(session)
                records[name] = record(render, self._switches, waiting, self._link(render))
        return placed(records, self._switches.record_place, batch=batch)

    def queue(self, call: Call) -> dict[str, Any]:
        """Like history, but without counting as a look."""
        session = self._enter(call)
        envelope.check_history(call, self._switches, self._studio.clock())
        field, asked, _ = read_look(call)
        if field != "history_ids":
            raise RefusedError(refusals.INVALID, detail="only history_ids can be asked for")
        waiting = self._waiting(session)
        shown = {}
        for name in asked:
            render = self._find(session, field, name)
            if render is not None:
                status = record(render, self._switches, waiting, self._link(render))["status"]
                shown[name] = {
                    "status": status,
                    "queue_info": queue_info(place_in(waiting, render)),
                    "forecast_cost_time": 0,
                }
        return shown

    def credits(self, call: Call) -> dict[str, Any]:
        self._gate.check_session(session_of(call), refusals.COMMERCE_LOGGED_OUT)
        envelope.check_signed(call, self._switches, self._studio.clock())
        if call.json() != {}:
            raise RefusedError(refusals.COMMERCE_INVALID, detail="the body is not {}")
        self._gate.check_ordered("credits")
        credit = self._gate.credit
        amounts = {
            "gift_credit": credit.gift,
            "purchase_credit": credit.purchase,
            "vip_credit": credit.vip,
        }
        return {"credit": amounts, "expiring_credits": [], "credits_detail": amounts}

    def _enter(self, call: Call) -> str:
        session = session_of(call)
        self._gate.check_session(session, refusals.LOGGED_OUT)
        return session

    def _find(self, session: str, field: str, name: str) -> Render | None:
        if field == "history_ids":
            return self._studio.get(name, session)
        mine = (one for one in self._studio.renders if one.key == session)
        return next((one for one in mine if one.extra["submit_id"] == name), None)

    def _waiting(self, session: str) -> list[Render]:
        return [
            one for one in self._studio.renders if one.key == session and one.stage is Stage.QUEUED
        ]


def _check_body(call: Call, shape: dict[str, Any]) -> None:
    try:
        check(call.json(), shape, "body")
    except ShapeError as error:
        raise RefusedError(refusals.INVALID, detail=str(error)) from error
