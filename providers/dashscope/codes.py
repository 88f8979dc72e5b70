"""DashScope's error codes: whose matter each is, and what helps. The code decides, not the status."""

import httpx
from pydantic import ValidationError

from core.errors import AccountError, ModelError, ProviderError, ThrottledError, UncertainError
from core.words import say
from providers import verdicts
from providers.base import Blame, Refused
from providers.dashscope.replies import Reply
from providers.web.wire import SOON, retry_after

_ACCOUNT = {
    "Arrearage": "the account is in arrears: pay the bill",
    "CommodityNotPurchased": "the service was not bought",
    "PrepaidBillOverdue": "the prepaid bill is overdue",
    "PostpaidBillOverdue": "the bill is overdue",
    "InvalidApiKey": "the key is wrong, expired, or of another region than the base URL",
    "Workspace.AccessDenied": "the key may not use this workspace",
}
_MODEL = {
    "AllocationQuota.FreeTierOnly": "the free quota is used up, and the account stops there",
    "AccessDenied": "the key may not use this model",
    "AccessDenied.Unpurchased": "this model was not bought",
    "Model.AccessDenied": "the key may not use this model",
    "ModelNotFound": "the region of DASHSCOPE_HTTP_BASE_URL has no such model",
    "WorkSpaceNotFound": "there is no such workspace in the region of DASHSCOPE_HTTP_BASE_URL",
    "NotFound": "the region of DASHSCOPE_HTTP_BASE_URL has no such model",
}
_CONTENT = {
    "DataInspectionFailed": verdicts.CONTENT,
    "IPInfringementSuspect": verdicts.COPYRIGHT,
    "CustomRoleBlocked": verdicts.CONTENT,
    "FaqRuleBlocked": verdicts.CONTENT,
}
_ONCE_MORE = (
    "InvalidParameter.DataInspection",
    "InvalidURL.Timeout",
    "BadRequest.InputDownloadFailed",
)
_OVERLOADED = ("ModelServingError", "ModelUnavailable", "ServiceUnavailable")
_BROKEN = ("InternalError", "SystemError", "ModelServiceFailed", "RequestTimeOut", "RewriteFailed")
_UNFIT_SOUND = ("InvalidFile.Duration", "InvalidFile.FPS")  # a picture has neither
_FREE = "AllocationQuota.FreeTierOnly"  # each model has a free quota of its own
_QUOTA = "Throttling.AllocationQuota"  # of this minute, or the free one, as only its text tells


def refusal(code: str) -> Refused:
    """A final no by its code, of an order or of a task that failed."""
    if owners := _ACCOUNT.get(code) or _MODEL.get(code):
        owners = f"DashScope: {owners} ({code})"
        return Refused(blame=Blame.ACCOUNT, reason=verdicts.OURS, owners=owners)
    if code in _CONTENT:
        return Refused(blame=Blame.INPUT, reason=_CONTENT[code])
    if "NoHuman" in code:
        return Refused(blame=Blame.INPUT, reason=verdicts.NOBODY)
    passing = (*_BROKEN, *_OVERLOADED, "Throttling")
    if not code or code in _ONCE_MORE or code.startswith(passing):
        return Refused(blame=Blame.BUSY, reason=verdicts.FAILED, once_more=True)
    pictures = code.startswith(("InvalidFile", "InvalidImage", "InvalidURL"))
    verdict = verdicts.UNFIT
    if pictures and not code.startswith(_UNFIT_SOUND):
        verdict = verdicts.UNFIT_PICTURE
    return Refused(blame=Blame.INPUT, reason=say(verdict.template, code=code))


def judge(reply: httpx.Response, *, paid: bool) -> Refused:
    """What a reply without a task means; raises where the call, not the order, was refused."""
    (code, message), status = _said(reply), reply.status_code
    if code == _FREE or (code == _QUOTA and "free" in message.lower()):
        raise ModelError(f"DASHSCOPE_API_KEY: {_MODEL[_FREE]} ({code})")
    if code in _ACCOUNT or status == httpx.codes.UNAUTHORIZED:
        why = _ACCOUNT.get(code, "the key was refused")
        raise AccountError(f"DASHSCOPE_API_KEY: {why} ({code or status})")
    if code.startswith("Throttling") or status == httpx.codes.TOO_MANY_REQUESTS:
        pause = retry_after(reply.headers, 60 if code == _QUOTA else 20)
        raise ThrottledError(f"throttled ({code})", retry_in=pause)
    # Without its code a 503 may be a gateway's, behind which an order went through.
    if code.startswith(_OVERLOADED) or (status == httpx.codes.SERVICE_UNAVAILABLE and not paid):
        raise ProviderError(f"overloaded ({code})", retry_in=retry_after(reply.headers, 10))
    said_no = reply.is_client_error or (reply.is_success and code)
    is_clear = code or (paid and status != httpx.codes.REQUEST_TIMEOUT)  # 408: a gateway's word
    if said_no and is_clear and not code.startswith(_BROKEN):
        return _of_the_order(code, status)
    if paid:
        raise UncertainError(f"HTTP {status} ({code})")
    raise ProviderError(f"HTTP {status} ({code})", retry_in=SOON)


def _of_the_order(code: str, status: int) -> Refused:
    # Another right that is missing: a 403 is no word on the picture.
    if status == httpx.codes.FORBIDDEN and code not in _MODEL | _CONTENT:
        owners = f"DashScope: the key may not do this ({code or status})"
        return Refused(blame=Blame.ACCOUNT, reason=verdicts.OURS, owners=owners)
    return refusal(code or f"HTTP {status}")


def _said(reply: httpx.Response) -> tuple[str, str]:
    """The code and the message of a reply, as far as it has them."""
    try:
        said = Reply.model_validate_json(reply.content)
    except ValidationError:
        return "", ""
    return said.code or "", said.message or ""
