"""Where the real service may behave in more than one documented way."""

from dataclasses import dataclass, field
from typing import Literal

DraftStyle = Literal["i2v", "gen_video"]
IdPlace = Literal["all", "history_record_id", "history_id", "task.history_id", "task.task_id", ""]
RecordPlace = Literal["keyed", "history_list", "history_records"]
UriPlace = Literal["both", "results", "plugin", "store"]
VideoPlace = Literal[
    "origin",
    "transcoded",
    "common_attr",
    "download_url",
    "play_url",
    "url",
    "video_resource",
    "none",
]


@dataclass(slots=True, kw_only=True)
class Switches:
    """All may be changed while the service runs.

    Asking: `draft_style` is the one shape of a draft that is taken; without `check_sign` the Sign
    and its time are not looked at; `clock_tolerance` (seconds) holds for both kinds of signature.

    Limits: `at_once` unfinished jobs an account (then ret 1010); a submit within `gap` seconds of
    the last one gets ret 1057; `price` is taken from the credits (then ret 1006); `largest_file`
    in bytes; upload credentials live `credential_seconds`, result links `link_seconds`.

    Answers: `numbers` gives ret, ids and fail codes as numbers; `nulls` names places that turn
    null, as "generate:data.aigc_data.task" or "history:data.*.item_list.0"; `id_place` and
    `record_place` say where the id of a new job and the record of a known one are;
    `set_cookie` adds a Set-Cookie that a careful client ignores.

    Upload: `single_host` names one UploadHost, `upload_header` demands a further header,
    `silent_upload` answers the bytes with an empty 200, `uri_place` says which of the commit's
    uris are there ("store": none), `uri_status` is shown always if not 0 (2001: the commit failed),
    `service_id` adds that field to the token,
    `imagex_error_status` is the HTTP status of ImageX's refusals (200 is possible).

    Looking: a record is missing for `missing_looks`, a finished one says 42 for `thinking_looks`
    and has no address for `late_address_looks`; `video_place` says where the address is.
    """

    draft_style: DraftStyle = "i2v"
    check_sign: bool = True
    clock_tolerance: float = 300.0

    at_once: int = 1  # the real limit is unknown: the strictest, one
    gap: float = 0.0
    price: int = 0
    largest_file: int = 20_000_000  # undocumented: the smallest that clients report
    credential_seconds: float = 3600.0
    link_seconds: float = 3600.0  # reported as one to two hours

    numbers: bool = False
    nulls: set[str] = field(default_factory=set)
    id_place: IdPlace = "all"
    record_place: RecordPlace = "keyed"
    set_cookie: bool = False

    single_host: bool = False
    upload_header: bool = False
    silent_upload: bool = False
    uri_place: UriPlace = "both"
    uri_status: int = 0
    service_id: bool = False
    imagex_error_status: int = 403

    missing_looks: int = 0
    thinking_looks: int = 0
    late_address_looks: int = 0
    video_place: VideoPlace = "origin"
