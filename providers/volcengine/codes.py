"""Codes of the gateway and of the visual API: whose matter each is, and what helps."""

from collections.abc import Mapping
from datetime import timedelta

import httpx

from core.errors import AccountError, ProviderError, ThrottledError, UncertainError
from core.words import Sentence, say
from providers import verdicts
from providers.base import Blame, Refused
from providers.volcengine.replies import Reply
from providers.web.wire import SOON, retry_after

UNFIT, BROKEN = 50215, (50500, 50501)

_TOO_FAST, _TOO_MANY = 50429, 50430
_REFUSED: Mapping[int, Sentence] = {
    50218: verdicts.CONTENT,
    50411: verdicts.PICTURE,
    50412: verdicts.WORDS,
    50413: verdicts.WORDS,
    50511: verdicts.RESULT,
    50512: verdicts.RESULT,
    50513: verdicts.CONTENT,
    50514: verdicts.SOUND,
    50516: verdicts.RESULT,
    50517: verdicts.RESULT,
    50518: verdicts.COPYRIGHT,
    50519: verdicts.COPYRIGHT,
    60102: verdicts.NOBODY,
    60208: verdicts.PICTURE,
}
_ONCE_MORE = (50511, 50516, 50517, 50519)  # what came out was blocked: another draw may pass
_UNFIT_PICTURE = (50205, 50206, 50207, 50209, 50210, 50211, 50213, 50214)
_OUT_OF_ORDER = (50520, 50521, 50522)  # its moderation; asking again is said not to help
_ACCOUNT: Mapping[int, str] = {
    50204: "an argument was refused, as it is where the capability was not opened",
    50400: "the capability is not opened, or the key's policy does not allow it",
    50402: "there is no such capability at VOLC_VISUAL_URL",
    30403: "the key has no right to this feature",
    30404: "there is no such feature at VOLC_VISUAL_URL",
}
_GATEWAY: Mapping[str, str] = {
    "SignatureDoesNotMatch": "VOLC_SECRETKEY: it does not belong to the access key",
    "LackPolicy": "VOLC_ACCESSKEY: its owner has no policy that allows the visual API",
}
# No key is at fault where the clock or the address is.
_SURROUNDINGS: Mapping[str, str] = {
    "InvalidTimestamp": "the clock of this machine is wrong",
    "InvalidActionOrVersion": "VOLC_VISUAL_URL does not have this action",
}


def judge(reply: httpx.Response, answer: Reply, req_key: str, *, paid: bool = False) -> Refused:
    """What an error reply means; raises where the call, not the order, was refused."""
    status, code = reply.status_code, answer.code
    if answer.fault is not None and code is None:
        return _at_gateway(reply, answer.fault, paid=paid)
    if code in (_TOO_FAST, _TOO_MANY) or status == httpx.codes.TOO_MANY_REQUESTS:
        # A place becomes free only when another task ends.
        usual = 20 if code == _TOO_MANY else 2
        raise ThrottledError(f"throttled ({code})", retry_in=retry_after(reply.headers, usual))
    if code is None or code in BROKEN or not _known(code, status):
        raise _unclear(reply, code, paid=paid)
    if code in _ACCOUNT:
        owners = f"Volcengine: {_ACCOUNT[code]} ({req_key}, {code})"
        return Refused(blame=Blame.ACCOUNT, reason=verdicts.OURS, owners=owners)
    return refusal(code)


def refusal(code: int) -> Refused:
    """A final no by its code, of an order or of a task that failed."""
    if code in _REFUSED:
        once_more = code in _ONCE_MORE
        return Refused(blame=Blame.INPUT, reason=_REFUSED[code], once_more=once_more)
    if code in _OUT_OF_ORDER:
        return Refused(blame=Blame.BUSY, reason=verdicts.FAILED)
    verdict = verdicts.UNFIT_PICTURE if code in _UNFIT_PICTURE else verdicts.UNFIT
    return Refused(blame=Blame.INPUT, reason=say(verdict.template, code=code))


def _known(code: int, status: int) -> bool:
    """Whether a code tells what became of the call; a new one does, unless the server is broken."""
    named = code in _REFUSED or code in _ACCOUNT or code in (*_UNFIT_PICTURE, *_OUT_OF_ORDER)
    return named or not httpx.codes.is_server_error(status)


def _at_gateway(reply: httpx.Response, fault: str, *, paid: bool) -> Refused:
    if fault in _SURROUNDINGS and not paid:
        raise ProviderError(f"{_SURROUNDINGS[fault]} ({fault})", retry_in=timedelta(minutes=1))
    if fault in _SURROUNDINGS:
        owners = f"Volcengine: {_SURROUNDINGS[fault]} ({fault})"
        return Refused(blame=Blame.ACCOUNT, reason=verdicts.OURS, owners=owners)
    if reply.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        what = _GATEWAY.get(fault, "VOLC_ACCESSKEY: the gateway does not accept this key")
        raise AccountError(f"{what} ({fault})")
    if reply.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise ThrottledError(f"throttled ({fault})", retry_in=retry_after(reply.headers, 2))
    raise _unclear(reply, fault, paid=paid)


def _unclear(reply: httpx.Response, code: object, *, paid: bool) -> ProviderError:
    """A server that does not know its own mind; a client error says that nothing was taken."""
    text = f"HTTP {reply.status_code} ({code})"
    if paid and not reply.is_client_error:
        return UncertainError(text)
    return ProviderError(text, retry_in=SOON)
