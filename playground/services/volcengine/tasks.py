"""The tasks of the visual API: how one is taken, looked at, cancelled and forgotten."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from playground.services.studio import ENDED, Render, Stage, Studio
from playground.services.volcengine import answers
from playground.services.volcengine.capabilities import Capability
from playground.services.volcengine.errors import Failure, Refusal
from playground.services.volcengine.orders import Material

KEPT = 12 * 3600  # seconds that a task can be asked for
_QUARTER = 4  # of its time a talking picture is prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """Where the service is known, or thought, to behave in more than one way.

    `concurrency`: unfinished tasks of a family of req_keys (1 on trial, 2 paid). `unknown_task`:
    the answer to a task that is not there. `link_in_resp_data`: as S2.0 Pro did at times.
    `fresh_links`: every query signs a new link; else the first one after the end stays.
    `failed_with_data`: a failure has the state "done" beside its code, else `data` is null.
    `unseen_looks`: how many first queries miss a task just taken. `refuse_long_sound`: at the
    submit, else the task is taken and fails.
    """

    concurrency: int = 1
    unknown_task: Literal["not_found", "50215"] = "not_found"
    link_in_resp_data: bool = False
    fresh_links: bool = False
    failed_with_data: bool = False
    unseen_looks: int = 0
    refuse_long_sound: bool = False


class Tasks:
    """All tasks of a service; `link` makes the address of a result."""

    def __init__(self, studio: Studio, manner: Manner, link: Callable[[str], str]) -> None:
        self._studio = studio
        self._manner = manner
        self._link = link

    def take(
        self,
        key: str,
        capability: Capability,
        order: dict[str, Any],
        material: Material,
        *,
        seen: int,
    ) -> str:
        """The number of a new task; `seen` is what a recognition will say."""
        if material.too_long and self._manner.refuse_long_sound:
            raise Refusal(50215, "Audio too long")
        unfinished = sum(
            render.key == key
            and render.stage not in ENDED
            and render.extra["family"] == capability.family
            for render in self._studio.renders
        )
        if unfinished >= self._manner.concurrency:
            raise Refusal(50430)
        number = str(7 * 10**18 + secrets.randbelow(10**18))
        self._studio.take(
            number, key, order, family=capability.family, kind=capability.kind, looks=0, seen=seen
        )
        if material.too_long:
            self._studio.fail(number, "50215", "Audio too long")
        return number

    def find(self, key: str, order: dict[str, Any]) -> Render | None:
        """Only the same account with the same req_key, and only for twelve hours."""
        render = self._studio.get(order["task_id"], key)
        if render is None or render.order["req_key"] != order["req_key"]:
            return None
        return render if self._studio.clock() < render.taken + KEPT else None

    def look(self, key: str, order: dict[str, Any], *, label: bool) -> dict[str, Any]:
        """The state of a task; a failure of it is raised."""
        render = self.find(key, order)
        if render is not None:
            render.extra["looks"] += 1
        # What a cancelled task says is not known: it counts as gone.
        if (
            render is None
            or render.stage is Stage.CANCELLED
            or render.extra["looks"] <= self._manner.unseen_looks
        ):
            if self._manner.unknown_task == "50215":
                raise Refusal(50215, "No such task")
            return answers.task("not_found")
        if render.extra.get("expired"):
            return answers.task("expired")
        if render.stage is Stage.FAILED and render.failure:
            raise Failure(int(render.failure[0]), render.failure[1])
        answer = self._answer(render)
        return {**answer, "aigc_meta_tagged": True} if label else answer

    def cancel(self, key: str, order: dict[str, Any]) -> None:
        render = self.find(key, order)
        if render is None or not self._studio.cancel(render.id):
            raise Refusal(50215, "Only a task that waits can be cancelled")

    def _answer(self, render: Render) -> dict[str, Any]:
        if render.stage is Stage.QUEUED:
            return answers.task("in_queue")
        if render.stage is Stage.RUNNING:
            return answers.task("processing" if self._prepares(render) else "generating")
        if render.extra["kind"] == "recognition":
            return answers.task("done", resp_data=json.dumps({"status": render.extra["seen"]}))
        if render.extra.get("withheld"):
            return answers.task("done")
        link = self._link_of(render)
        if render.extra["family"] == "s2.0-pro" and self._manner.link_in_resp_data:
            return answers.task("done", resp_data=json.dumps({"urls": [link]}))
        return answers.task("done", link=link)

    def _prepares(self, render: Render) -> bool:
        began = render.began or 0.0
        talking = render.extra["kind"] == "talking"
        return talking and self._studio.clock() < began + render.lasts / _QUARTER

    def _link_of(self, render: Render) -> str:
        if "link" not in render.extra or self._manner.fresh_links:
            render.extra["link"] = self._link(render.id)
        return str(render.extra["link"])
