"""How each emulated service is made to do what the contract asks about, where the wire differs."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Turn = Callable[[Any, str], None]


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """`submit`, `look` and `video` name routes; `key` the variable that the owners must mend.

    `pool` gives the variables for a key that was retired before one that works, None where a
    second key is not allowed. `taken` and `done` are answers as the service words them, with
    "{link}" for the video's address. The rest turns the knobs of an emulation, for one render
    where it takes its id. `unhurried` takes any number of orders a second; after `name_links`,
    results lie behind addresses that the service names. `restore` undoes `retire`.
    `rests_stay` says that nobody may cut a pause short, `is_asked` that a check asks something.
    """

    submit: str
    look: str
    key: str
    forbid: Callable[[Any], None]
    spoil: Turn
    retire: Callable[[Any], None]
    restore: Callable[[Any], None]
    throttled: bytes
    taken: dict[str, Any]
    done: dict[str, Any]
    strange: dict[str, Any]
    lose: Turn
    withhold: Turn | None
    video: str = "result"
    rests_stay: bool = False
    is_asked: bool = True
    pool: Callable[[dict[str, str]], dict[str, str]] | None = None
    name_links: Callable[[Any], None] = lambda service: None
    unhurried: Callable[[Any], None] = lambda service: None


def also(**retired: str) -> Callable[[dict[str, str]], dict[str, str]]:
    return lambda known: {name: f"{key},{known[name]}" for name, key in retired.items()}


def in_bytes(value: Any) -> bytes:
    return json.dumps(value).encode()


def _hide(service: Any, render: str) -> None:
    service.without_video.add(render)


def _delete(service: Any, render: str) -> None:
    service.show(render, status=100, task={"status": 100})


def _empty(service: Any, _: str) -> None:
    service.switches.video_place = "none"


def _admit(service: Any) -> None:
    known = service.environment
    service.gate.secrets[known["VOLC_ACCESSKEY"]] = known["VOLC_SECRETKEY"]


_JIMENG_TAKEN = {"code": 10000, "data": {"task_id": "7392616336519610409"}, "message": "Success"}

DIALECTS = {
    "dashscope": Dialect(
        submit="create",
        look="look",
        key="DASHSCOPE_API_KEY",
        pool=also(DASHSCOPE_API_KEY="sk-retired"),
        forbid=lambda service: service.refuse_next("DataInspectionFailed"),
        spoil=lambda service, render: service.studio.fail(render, "DataInspectionFailed", "no"),
        retire=lambda service: service.access.keys.clear(),
        restore=lambda service: service.access.keys.update({service.key: "1000000000000001"}),
        throttled=in_bytes({"code": "Throttling.RateQuota", "message": "slower"}),
        taken={"output": {"task_id": "0385dc79", "task_status": "PENDING"}, "request_id": "r"},
        done={
            "output": {"task_id": "0385dc79", "task_status": "SUCCEEDED", "video_url": "{link}"},
            "usage": {"duration": 5},
        },
        strange={"output": {"task_id": "0385dc79", "task_status": "SUSPENDED"}},
        lose=lambda service, render: service.studio.forget(render),
        withhold=_hide,
        unhurried=lambda service: setattr(service.rates, "enforced", False),
    ),
    "volcengine": Dialect(
        submit="submit",
        look="look",
        key="VOLC_ACCESSKEY",
        pool=also(VOLC_ACCESSKEY="AKLTretired", VOLC_SECRETKEY="retired"),
        forbid=lambda service: service.refuse_next(50412),
        spoil=lambda service, render: service.studio.fail(render, "50411", "no"),
        retire=lambda service: service.gate.secrets.clear(),
        restore=_admit,
        throttled=in_bytes({"code": 50429, "data": None, "message": "slower"}),
        taken=_JIMENG_TAKEN,
        done={"code": 10000, "data": {"status": "done", "video_url": "{link}"}, "message": "ok"},
        strange={"code": 10000, "data": {"status": "dreaming"}, "message": "ok"},
        lose=lambda service, render: service.expire(render),
        withhold=lambda service, render: service.withhold(render),
    ),
    "tokenops": Dialect(
        submit="create",
        look="retrieve",
        video="content",
        key="TOKENOPS_API_KEY",
        pool=also(TOKENOPS_API_KEY="sk-retired"),
        forbid=lambda service: service.refuse_next("50412"),
        spoil=lambda service, render: service.studio.fail(render, "50411", "no"),
        retire=lambda service: service.keys.clear(),
        restore=lambda service: service.keys.add(service.environment["TOKENOPS_API_KEY"]),
        throttled=in_bytes({"error": {"code": "rate_limit_exceeded", "message": "slower"}}),
        taken={"id": "7392616336519610409", "object": "video", "status": "in_queue"},
        done={"id": "7392616336519610409", "object": "video", "status": "completed"},
        strange={"id": "7392616336519610409", "object": "video", "status": "dreaming"},
        lose=lambda service, render: service.studio.forget(render),
        withhold=None,  # it names no address
        name_links=lambda service: setattr(service, "redirects", True),
    ),
    "dreamina": Dialect(
        submit="generate",
        look="history",
        key="DREAMINA_SESSIONID",
        forbid=lambda service: service.refuse_next("2038"),
        spoil=lambda service, render: service.fail(render, "2042"),
        retire=lambda service: service.end_session(service.sessions[0]),
        restore=lambda service: service.restore_session(service.sessions[0]),
        rests_stay=True,
        is_asked=False,
        throttled=in_bytes({"ret": "1057", "errmsg": "slower"}),
        taken={"ret": "0", "data": {"aigc_data": {"history_record_id": "71", "status": 20}}},
        done={
            "ret": "0",
            "data": {
                "{render}": {
                    "history_record_id": "{render}",
                    "status": 50,
                    "task": {"status": 50},
                    "item_list": [
                        {"video": {"transcoded_video": {"origin": {"video_url": "{link}"}}}}
                    ],
                }
            },
        },
        strange={
            "ret": "0",
            "data": {"{render}": {"history_record_id": "{render}", "status": 77}},
        },
        lose=_delete,
        withhold=_empty,
    ),
}
