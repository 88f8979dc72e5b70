"""Checks cookie, headers and query of a workbench call."""

from http.cookies import CookieError, SimpleCookie

from playground.services.dreamina import refusals
from playground.services.dreamina.call import Call
from playground.services.dreamina.refusals import RefusedError
from playground.services.dreamina.signing import check_workbench_sign
from playground.services.dreamina.switches import Switches

AID = 513695
SITE = "https://jimeng.jianying.com"
_HEADERS = {
    "content-type": "application/json",
    "appid": str(AID),
    "pf": "7",
    "origin": SITE,
    "referer": SITE,
}
_VERSION = "3.2.2"
_APPVR = "5.8.0"


def session_of(call: Call) -> str:
    """The session id in the cookie, or nothing."""
    try:
        cookie = SimpleCookie(call.headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookie["sessionid"].value if "sessionid" in cookie else ""


def check_generate(call: Call, switches: Switches, now: float) -> None:
    """The one billable call: in the seed's style nothing more and nothing less than the seed."""
    check_signed(call, switches, now)
    query = dict(call.pairs)
    if switches.draft_style == "i2v":
        wanted = {"aid", "device_platform", "region", "da_version"}
        if query.keys() != wanted or len(call.pairs) != len(wanted):
            raise RefusedError(refusals.INVALID, detail=f"query must have {sorted(wanted)} once")
        if call.headers.get("cookie") != f"sessionid={session_of(call)}":
            raise RefusedError(refusals.INVALID, detail="the seed's only cookie is sessionid")
    _check_query(query, _regions(switches))
    # An old version is a known cause of 3018.
    if not _fits(query.get("da_version", ""), call.headers.get("appvr", ""), switches):
        raise RefusedError(refusals.OLD_VERSION, detail="da_version or Appvr")


def check_history(call: Call, switches: Switches, now: float) -> None:
    """As for generate, but da_version may be missing, and more parameters do not matter."""
    check_signed(call, switches, now)
    _check_query(dict(call.pairs), _regions(switches))


def check_token(call: Call, switches: Switches, now: float) -> None:
    """The cookie is enough, and of the query two parameters; what else is sent must be right."""
    if "sign" in call.headers:
        check_signed(call, switches, now)
    query = dict(call.pairs)
    if "da_version" not in query:
        raise RefusedError(refusals.INVALID, detail="query lacks da_version")
    _check_query({"device_platform": "web", "region": "cn", **query}, {"CN", "cn"})


def check_signed(call: Call, switches: Switches, now: float) -> None:
    """All headers of the seed; for the credits too, where nobody says what may be left out."""
    for name in ("appvr", "device-time", "sign", "sign-ver"):
        if name not in call.headers:
            raise RefusedError(refusals.BAD_SIGN, detail=f"no {name}")
    if switches.check_sign:
        wrong = check_workbench_sign(call, now, switches.clock_tolerance)
        if wrong:
            raise RefusedError(refusals.BAD_SIGN, detail=wrong)
    for name, value in _HEADERS.items():
        if call.headers.get(name, "").removesuffix("/") != value:
            raise RefusedError(refusals.INVALID, detail=f"header {name} is not {value}")


def _check_query(query: dict[str, str], regions: set[str]) -> None:
    wanted = {"aid": {str(AID)}, "device_platform": {"web"}, "region": regions}
    for name, values in wanted.items():
        if query.get(name) not in values:
            raise RefusedError(refusals.INVALID, detail=f"query {name}")


def _regions(switches: Switches) -> set[str]:
    return {"CN"} if switches.draft_style == "i2v" else {"CN", "cn"}


def _fits(version: str, appvr: str, switches: Switches) -> bool:
    if switches.draft_style == "i2v":
        return version == _VERSION and appvr == _APPVR
    return version.startswith("3.3.") and appvr in {_APPVR, "8.4.0"}
