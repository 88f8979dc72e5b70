"""The workbench's answers: HTTP 200 always, and in `ret` whether it was a yes."""

import secrets
from typing import Any

SUCCESS = "0"
INVALID = "1000"
UNREADABLE = "1002"
NO_CREDITS = "1006"
TOO_MANY = "1010"
BAD_SIGN = "1014"
LOGGED_OUT = "1015"
OLD_VERSION = "3018"
PICTURE_REFUSED = "2003"
BUSY = "1057"
COMMERCE_INVALID = "34010100"
COMMERCE_LOGGED_OUT = "34010105"

# The wording of `errmsg` is ours; what each code means is not.
MEANINGS = {
    **dict.fromkeys(["1", "1057", "2014", "2020", "10020"], "rate limited"),
    **dict.fromkeys(["1000", "1001", COMMERCE_INVALID], "invalid parameter"),
    "1002": "draft cannot be read",
    "1006": "not enough credits",
    "1010": "too many tasks",
    "1014": "sign error",
    **dict.fromkeys(["1015", COMMERCE_LOGGED_OUT], "login error"),
    **dict.fromkeys(["1017", "4003"], "no permission"),
    "3018": "permission denied",
    "3021": "beta only",
    "1018": "account punished",
    **dict.fromkeys(["1019", "1021", "-4", "-6", "4013"], "shark not pass"),
    "4010": "compliance notice not accepted",
    "121101": "daily limit",
    **dict.fromkeys(["1063", "2005", "2038", "2047"], "text risk not pass"),
    **dict.fromkeys(["2003", "2039", "2041", "2048"], "image risk not pass"),
    **dict.fromkeys(["1159", "2050"], "text copyright"),
    **dict.fromkeys(["2004", "2042", "2035", "2046", "2043"], "output risk not pass"),
    **dict.fromkeys(["2002", "100402"], "generate failed"),
    **dict.fromkeys(["1161", "1162"], "language not supported"),
    # Clients disagree about these.
    **dict.fromkeys(["4001", "4002", "5001", "5002", "2203", "2204"], "unknown"),
}
RISKS = frozenset({"1019", "1021", "-4", "-6", "4013"})
# `data` as it was seen: empty fields with these, null with the account's and the session's.
_EMPTY = frozenset({"1000", "1001", "1002"})
_NULL = frozenset({"1014", "1015", "1018", *RISKS, COMMERCE_INVALID, COMMERCE_LOGGED_OUT})


class RefusedError(Exception):
    """A refusal by the workbench."""

    def __init__(self, ret: str, errmsg: str = "", detail: str = "") -> None:
        super().__init__(ret, errmsg, detail)
        self.ret = ret
        self.errmsg = errmsg or MEANINGS.get(ret, "unknown")
        if detail:
            self.errmsg += f": {detail}"


def answer(data: Any, now: float, ret: str = SUCCESS, errmsg: str = "success") -> dict[str, Any]:
    logid = f"{int(now)}{secrets.token_hex(8).upper()}"
    return {"ret": ret, "errmsg": errmsg, "systime": str(int(now)), "logid": logid, "data": data}


def refusal(refused: RefusedError, now: float) -> dict[str, Any]:
    data: dict[str, Any] | None = None
    if refused.ret not in _NULL:
        empty = refused.ret in _EMPTY
        data = {
            "aigc_data": None,
            "fail_code": "" if empty else refused.ret,
            "fail_starling_key": "" if empty else f"web_error_{refused.ret}",
            "fail_starling_message": "" if empty else refused.errmsg,
        }
    return answer(data, now, refused.ret, refused.errmsg)
