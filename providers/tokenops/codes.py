"""What goes wrong at servers of this shape: whose matter it is, and what helps.

Neither codes nor their way through a gateway are written down anywhere: codes of the services
behind one come first, then the HTTP status, then the words.
"""

from collections.abc import Mapping
from datetime import timedelta

import httpx

from core.errors import AccountError, ProviderError, ThrottledError, UncertainError
from core.words import Sentence, say
from providers import verdicts
from providers.base import Blame, Refused
from providers.tokenops.replies import Failure, Video, read
from providers.volcengine.codes import refusal as jimeng_refusal
from providers.web.wire import retry_after

_KEY: Mapping[str, str] = {
    "invalid_api_key": "the key is wrong, expired, or of another server than TOKENOPS_BASE_URL",
    "authentication_error": "the key is wrong or expired",
    "account_deactivated": "the account was closed",
    "billing_not_active": "the account has no billing",
    "billing_hard_limit_reached": "the account's spending limit is reached",
    "insufficient_quota": "the account is out of credit",
    "insufficient_user_quota": "the account is out of credit",
    "insufficient_balance": "the account is out of credit",
    "pre_consume_token_quota_failed": "the key is out of credit",
    "quota_not_enough": "the key is out of credit",
}
_CLOSED: Mapping[str, str] = {
    "50400": "the capability behind the gateway is not opened",
    "50402": "there is no such capability behind the gateway",
    "30403": "the capability behind the gateway is not opened",
    "30404": "there is no such capability behind the gateway",
    "model_not_found": "there is no such model",
    "model_not_available": "the model is not available",
    "unsupported_model": "there is no such model",
    "permission_error": "the key may not use this model",
}
_THROTTLED: Mapping[str, float] = {
    "50429": 2,
    "50430": 20,  # a place becomes free only when another task ends
    "rate_limit_exceeded": 20,
    "rate_limit_error": 20,
}
_BROKEN = ("50500", "50501", "server_error", "internal_error", "internal_server_error")
_FORBIDDEN: Mapping[str, Sentence] = {
    "moderation_blocked": verdicts.CONTENT,
    "content_policy_violation": verdicts.CONTENT,
    "content_filter": verdicts.CONTENT,
    "sensitive_words_detected": verdicts.WORDS,
    "InputTextSensitiveContentDetected": verdicts.WORDS,
    "InputImageSensitiveContentDetected": verdicts.PICTURE,
    "OutputVideoSensitiveContentDetected": verdicts.RESULT,
}
_PERSON = ("InputImageSensitiveContentDetected.PrivacyInformation",)
_WORDS: Mapping[str, tuple[Blame, Sentence]] = {
    "real person": (Blame.PERSON, verdicts.PERSON),
    "real people": (Blame.PERSON, verdicts.PERSON),
    "human face": (Blame.PERSON, verdicts.PERSON),
    "likeness": (Blame.PERSON, verdicts.PERSON),
    "copyright": (Blame.INPUT, verdicts.COPYRIGHT),
    "moderation": (Blame.INPUT, verdicts.CONTENT),
    "content policy": (Blame.INPUT, verdicts.CONTENT),
    "sensitive": (Blame.INPUT, verdicts.CONTENT),
    "safety": (Blame.INPUT, verdicts.CONTENT),
    "risk not pass": (Blame.INPUT, verdicts.CONTENT),
}
# Other redirects may follow on an order that was taken.
_NO_ROUTE = (301, 307, 308, 404, 405, 501)
_LONGEST_PAUSE = timedelta(minutes=10)
_JIMENG_CODE = 5  # digits


def judge(reply: httpx.Response, *, paid: bool) -> Refused:
    """What an error reply to an order means; raises where the call, not the order, was refused."""
    status, failure = reply.status_code, (read(reply) or Video()).failure
    no = check_call(reply) or _known(failure)
    if no and not (no.blame is Blame.BUSY and reply.is_server_error):
        return no
    if status in _NO_ROUTE:
        return _closed(f"TOKENOPS_BASE_URL or TOKENOPS_PROFILE: no such route (HTTP {status})")
    if status == httpx.codes.SERVICE_UNAVAILABLE and failure.name:
        raise ProviderError(f"overloaded ({failure.code})", retry_in=pause(reply, 10))
    if reply.is_server_error or not reply.is_client_error or status == httpx.codes.REQUEST_TIMEOUT:
        text = f"HTTP {status} ({failure.code})"
        raise UncertainError(text) if paid else ProviderError(text, retry_in=pause(reply, 2))
    return _by_words(failure) or _unfit(failure.name or f"HTTP {status}")


def check_call(reply: httpx.Response) -> Refused | None:
    """Raise what concerns our key or our pace, of any call; what it was about is refused."""
    status, failure = reply.status_code, (read(reply) or Video()).failure
    code = failure.code
    if code in _KEY:
        raise AccountError(f"TOKENOPS_API_KEY: {_KEY[code]} ({code})")
    if code in _CLOSED:
        return _closed(f"tokenops: {_CLOSED[code]} ({code})")
    if code in _THROTTLED or status == httpx.codes.TOO_MANY_REQUESTS:
        raise ThrottledError(
            f"throttled ({code})", retry_in=pause(reply, _THROTTLED.get(code, 20))
        )
    if _known(failure):
        return None
    if status == httpx.codes.UNAUTHORIZED:
        raise AccountError(f"TOKENOPS_API_KEY: the key is wrong or expired ({status})")
    if status == httpx.codes.PAYMENT_REQUIRED:
        raise AccountError(f"TOKENOPS_API_KEY: the account is out of credit ({status})")
    if status == httpx.codes.FORBIDDEN and not _by_words(failure):
        return _closed(f"tokenops: the key may not do this ({failure.code or status})")
    return None


def failed(failure: Failure) -> Refused:
    """What the failure of a taken task means; one without a reason may pass another time."""
    if failure.code in _CLOSED:
        return _closed(f"tokenops: {_CLOSED[failure.code]} ({failure.code})")
    if failure.code in _THROTTLED:
        return _broken()
    known = _known(failure) or _by_words(failure)
    if known is None and failure.code.startswith("invalid"):
        return _unfit(failure.name)
    return known or _broken()


def pause(reply: httpx.Response, usual: float) -> timedelta:
    """The wait that a server asks for, in one of two headers."""
    asked = look_in(reply)
    return retry_after(reply.headers, usual if asked is None else asked.total_seconds())


def look_in(reply: httpx.Response) -> timedelta | None:
    """When the server wants to be asked again, where it says so."""
    milliseconds = reply.headers.get("openai-poll-after-ms", "")
    if not (milliseconds.isascii() and milliseconds.isdecimal()):
        return None
    return min(timedelta(seconds=int(milliseconds[:9]) / 1000), _LONGEST_PAUSE)


def _known(failure: Failure) -> Refused | None:
    """A final no by its code, where the code is one that somebody wrote down."""
    code = failure.code
    if code in _BROKEN:
        return _broken()
    if code in _PERSON:
        return Refused(blame=Blame.PERSON, reason=verdicts.PERSON)
    if code in _FORBIDDEN:
        return Refused(blame=Blame.INPUT, reason=_FORBIDDEN[code])
    if code.isdecimal() and len(code) == _JIMENG_CODE:
        return jimeng_refusal(int(code))
    return None


def _by_words(failure: Failure) -> Refused | None:
    text = failure.text.lower()
    for words, (blame, reason) in _WORDS.items():
        if words in text:
            return Refused(blame=blame, reason=reason)
    return None


def _closed(owners: str) -> Refused:
    return Refused(blame=Blame.ACCOUNT, reason=verdicts.OURS, owners=owners)


def _broken() -> Refused:
    return Refused(blame=Blame.BUSY, reason=verdicts.FAILED, once_more=True)


def _unfit(code: str) -> Refused:
    return Refused(blame=Blame.INPUT, reason=say(verdicts.UNFIT.template, code=code))
